# SPDX-License-Identifier: Apache-2.0
"""The one code (全程一码): terminal (5 digits), counter (6), check digit by ISO 7064 MOD 11,10."""

from __future__ import annotations

import re

from contract.errors import ContractError


class TrackingError(ContractError):
    """A code that no terminal has given out."""


def _check(digits: str) -> str:
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def make_tracking_code(terminal: int, counter: int) -> str:
    """The 12 digits. Raises TrackingError when a part is out of its range."""
    if not (0 < terminal <= 99_999 and 0 < counter <= 999_999):
        raise TrackingError("tracking-range", "terminal is 1-99999 and counter 1-999999")
    digits = f"{terminal:05d}{counter:06d}"
    return digits + _check(digits)


def check_tracking_code(text: str) -> str:
    """The bare digits of a code typed with or without spaces. Raises TrackingError."""
    digits = re.sub(r"[\s\-]", "", text)
    if not re.fullmatch(r"\d{12}", digits, re.ASCII):
        raise TrackingError("tracking-length", "a tracking code has 12 digits")
    if _check(digits[:11]) != digits[11]:
        raise TrackingError("tracking-check", "the code has a wrong digit; compare it with the receipt")
    return digits


def code_of_number(number: int) -> str:
    """The code whose first eleven digits are `number`: as formats carry it. Raises TrackingError."""
    return make_tracking_code(*divmod(number, 1_000_000))


def group_code(code: str) -> str:
    """As people read it: 0042 1000 1375."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def split_code(code: str) -> tuple[int, int]:
    """Terminal and counter of a checked code."""
    digits = check_tracking_code(code)
    return int(digits[:5]), int(digits[5:11])


def tracking_url(public_url: str, code: str) -> str:
    """What the QR code on a receipt says."""
    return f"{public_url.rstrip('/')}/t/{code}"


def code_from_scan(text: str) -> str:
    """The code in a scanned URL or in bare digits. Raises TrackingError."""
    found = re.search(r"/t/(\d{12})(?:[/?#]|$)", text.strip())
    return check_tracking_code(found[1] if found else text)

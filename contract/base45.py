# SPDX-License-Identifier: Apache-2.0
"""Base45 (RFC 9285): bytes in the characters of a QR code's alphanumeric mode, three for two bytes."""

from __future__ import annotations

from contract.errors import ContractError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


class Base45Error(ContractError):
    """Text that is no base45: base45-malformed."""


def encode_base45(data: bytes) -> str:
    """The text of `data`: 3 characters for 2 bytes, 2 for a last single one."""
    out: list[str] = []
    for place in range(0, len(data) - 1, 2):
        high, low = divmod(data[place] << 8 | data[place + 1], 45 * 45)
        out += (ALPHABET[low % 45], ALPHABET[low // 45], ALPHABET[high])
    if len(data) % 2:
        out += (ALPHABET[data[-1] % 45], ALPHABET[data[-1] // 45])
    return "".join(out)


def decode_base45(text: str) -> bytes:
    """Raises Base45Error."""
    try:
        values = [_VALUE[character] for character in text]
    except KeyError as fault:
        raise Base45Error("base45-malformed", f"{fault.args[0]!r} is no character of base45") from None
    out = bytearray()
    for place in range(0, len(values), 3):
        group = values[place : place + 3]
        number = sum(value * 45**power for power, value in enumerate(group))
        size = len(group) - 1
        if size == 0 or number >= 256**size:
            raise Base45Error("base45-malformed", "the text is cut off, or not all of it is base45")
        out += number.to_bytes(size, "big")
    return bytes(out)

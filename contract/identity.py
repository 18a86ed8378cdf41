# SPDX-License-Identifier: Apache-2.0
"""People and bodies: ID numbers (GB 11643), social credit codes (GB 32100), names, validity of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from contract.errors import ContractError

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.2
_CHECK = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: without I O S V Z
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_NAME = re.compile(r"[一-鿿㐀-䶿豈-﫿\U00020000-\U000323af\ue000-\uf8ff〇⺀-⿟·•‧A-Za-z .'\-]+")
ASSURANCES = ("card", "staff-witnessed", "document-copy")
DOCUMENTS = ("resident-id", "hkmt-permit", "foreigner-2017", "foreigner-2023", "social-security")


class IdentityError(ContractError):
    """An identity that cannot be right."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A checked number. `sex` is 1 (male) or 2 (female), GB/T 2261.1."""

    number: str
    region: str
    birth: date
    sex: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of a person. Dates are ISO; `valid_to` None means long-term."""

    name: str
    id_number: str
    sex: str
    ethnic: str
    birth: str
    address: str
    issuer: str
    valid_from: str
    valid_to: str | None
    document: str = "resident-id"
    assurance: str = "card"

    def to_dict(self) -> dict[str, Any]:
        """Only types that CBOR and JSON know."""
        return asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> Identity:
        """Raises IdentityError when a part is missing, unknown or of another type."""
        names = {f.name for f in fields(Identity)}
        if set(values) - names or not all(isinstance(values.get(n, ""), str) or n == "valid_to" for n in names):
            raise IdentityError("identity-malformed", "the identity has unknown or ill-typed parts")
        try:
            identity = Identity(**values)
        except TypeError as fault:
            raise IdentityError("identity-malformed", "the identity lacks a part") from fault
        if identity.assurance not in ASSURANCES or identity.document not in DOCUMENTS:
            raise IdentityError("identity-malformed", "unknown document or assurance")
        return identity


def check_digit(first17: str) -> str:
    """The 18th character of an ID number."""
    if not re.fullmatch(r"\d{17}", first17, re.ASCII):
        raise IdentityError("id-characters", "the first 17 characters of an ID number are digits")
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def check_id_number(number: str) -> IdNumber:
    """The parts of a right number. Raises IdentityError: id-length, id-characters, id-birth-date, id-check-digit."""
    number = number.strip().upper()
    if len(number) != 18:
        raise IdentityError("id-length", "an ID number has 18 characters")
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise IdentityError("id-characters", "an ID number is 17 digits and a digit or X")
    # A foreigner's number of 2023 is 9, province(2), country(3), birth(8), sequence(3), check.
    text = number[6:14]
    try:
        birth = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as fault:
        raise IdentityError("id-birth-date", "the birth date inside the ID number does not exist") from fault
    if check_digit(number[:17]) != number[17]:
        raise IdentityError("id-check-digit", "the last character of the ID number does not fit; read it again")
    return IdNumber(number, number[:6], birth, "1" if int(number[16]) % 2 else "2")


def make_id_number(region: str, birth: date, sequence: int) -> str:
    """A number with a right check digit, for samples and tests."""
    first17 = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def mask_id(number: str) -> str:
    """The number as it may stand on a receipt."""
    return number[:4] + "*" * max(len(number) - 8, 0) + number[-4:] if len(number) > 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """王秀英 as 王*英, 王英 as 王*; a name with · keeps its first part's first character."""
    if len(name) <= 1:
        return "*"
    return name[0] + "*" * (len(name) - 2) + name[-1] if len(name) > 2 else name[0] + "*"


def age_on(birth: date, day: date) -> int:
    """Whole years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def check_name(name: str) -> str:
    """The name, unchanged: nothing is trimmed and no character replaced. Raises IdentityError name-invalid."""
    if not 1 <= len(name) <= 50 or not _NAME.fullmatch(name) or name != name.strip():
        raise IdentityError("name-invalid", "a name is 1 to 50 Han characters, rare ones too, or ·")
    return name


def check_uscc(code: str) -> str:
    """A unified social credit code (GB 32100-2015). Raises IdentityError uscc-invalid."""
    if len(code) != 18 or any(c not in _USCC_ALPHABET for c in code):
        raise IdentityError("uscc-invalid", f"{code!r} is no unified social credit code")
    rest = (31 - sum(_USCC_ALPHABET.index(c) * w for c, w in zip(code[:17], _USCC_WEIGHTS, strict=True)) % 31) % 31
    if _USCC_ALPHABET[rest] != code[17]:
        raise IdentityError("uscc-invalid", f"the check character of {code!r} does not fit")
    return code


def check_validity(identity: Identity, today: date) -> None:
    """Raises IdentityError card-not-yet-valid or card-expired."""
    if identity.valid_from and date.fromisoformat(identity.valid_from) > today:
        raise IdentityError("card-not-yet-valid", "the card is not valid yet")
    if identity.valid_to is not None and identity.valid_to and date.fromisoformat(identity.valid_to) < today:
        raise IdentityError("card-expired", "the card has expired")

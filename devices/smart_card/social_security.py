# SPDX-License-Identifier: Apache-2.0
"""The social-security card: who its holder is, from the files EF05 and EF06, which need no PIN.

Files and tags as drivers in the field use them; the text of the standard (LD/T 32) was not at hand, so that a real
card of each region has to confirm them. Text is GBK (read as GB18030, which contains it) ended by NUL; codes and
dates are decimal digits, two a byte, filled up with F.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contract.codes import ETHNIC
from contract.identity import Identity, IdentityError, check_id_number
from devices.card_text import is_text
from devices.errors import CardError
from devices.smart_card.apdu import CardRefused, Transmit, command, exchange

APPLICATION = b"sx1.sh." + "社会保障".encode("gbk")
CARD_FILE, HOLDER_FILE = 0xEF05, 0xEF06
CARD_ID, VERSION, ISSUED, EXPIRES, CARD_NUMBER = 0x01, 0x03, 0x05, 0x06, 0x07
NUMBER, NAME, NAME_REST, SEX, NATION, BIRTH = 0x08, 0x09, 0x4E, 0x0A, 0x0B, 0x0D
CARD_RECORDS = {CARD_ID: 1, VERSION: 3, ISSUED: 5, EXPIRES: 6, CARD_NUMBER: 7}
HOLDER_RECORDS = {NUMBER: 1, NAME: 2, NAME_REST: 3, SEX: 4, NATION: 5, BIRTH: 7}


@dataclass(frozen=True, slots=True)
class SocialSecurityCard:
    """What the card says of itself and its holder. `region` is where it was issued, 6 digits."""

    identity: Identity
    card_number: str
    region: str
    version: str


def is_social_security(transmit: Transmit) -> bool:
    """Whether the card knows the application; it is selected then."""
    try:
        exchange(transmit, command(0, 0xA4, 4, 0, APPLICATION, expect=0))
    except CardRefused:
        return False
    return True


def read_social_security(transmit: Transmit) -> SocialSecurityCard:
    """After `is_social_security`. Raises CardError: card-malformed, card-check-digit, card-refused."""
    card = _read_file(transmit, CARD_FILE, CARD_RECORDS)
    holder = _read_file(transmit, HOLDER_FILE, HOLDER_RECORDS)
    number = _text(holder, NUMBER).upper()
    try:
        known = check_id_number(number)
    except IdentityError as fault:
        code = "card-check-digit" if fault.code == "id-check-digit" else "card-malformed"
        raise CardError(code, "the number on the card cannot be right") from fault
    name = _text(holder, NAME) + _text(holder, NAME_REST)
    if not name:
        raise CardError("card-malformed", "the card names nobody")
    nation = _digits(holder, NATION)
    if nation and nation not in ETHNIC:
        raise CardError("card-malformed", "the card's nationality code is not known")
    identity = Identity(
        name=name,
        id_number=number,
        sex=_text(holder, SEX) or known.sex,
        ethnic=nation,
        birth=_date(_digits(holder, BIRTH)) or known.birth.isoformat(),
        address="",
        issuer="",
        valid_from=_date(_digits(card, ISSUED)),
        valid_to=_date(_digits(card, EXPIRES)) or None,
        document="social-security",
    )
    return SocialSecurityCard(identity, _text(card, CARD_NUMBER), _digits(card, CARD_ID)[:6], _text(card, VERSION))


def _read_file(transmit: Transmit, name: int, records: dict[int, int]) -> dict[int, bytes]:
    exchange(transmit, command(0, 0xA4, 2, 0, name.to_bytes(2, "big"), expect=0))
    return {tag: _record(transmit, tag, number) for tag, number in records.items()}


def _record(transmit: Transmit, tag: int, number: int) -> bytes:
    """By number; where the card has none of that number, by tag. A record that is missing is empty."""
    for p1, p2 in ((number, 4), (tag, 0)):
        try:
            answer = exchange(transmit, command(0, 0xB2, p1, p2, expect=0))
        except CardRefused:
            continue
        if len(answer) >= 2 and answer[0] == tag:
            size = answer[1]
            if len(answer) < 2 + size:
                raise CardError("card-malformed", "the card sent only part of a record")
            return answer[2 : 2 + size]
    return b""


def _text(found: dict[int, bytes], tag: int) -> str:
    try:
        text = found[tag].split(b"\0", 1)[0].decode("gb18030").strip()
    except UnicodeDecodeError as fault:
        raise CardError("card-malformed", "the card's text is damaged") from fault
    if not is_text(text):
        raise CardError("card-malformed", "the card's text is damaged")
    return text


def _digits(found: dict[int, bytes], tag: int) -> str:
    text = found[tag].hex().upper().rstrip("F")
    if text and not text.isdigit():
        raise CardError("card-malformed", "a number on the card is damaged")
    return text


def _date(digits: str) -> str:
    if not digits.strip("0"):
        return ""
    try:
        if len(digits) != 8:
            raise ValueError(digits)
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError as fault:
        raise CardError("card-malformed", "a date on the card does not exist") from fault

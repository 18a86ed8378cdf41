# SPDX-License-Identifier: Apache-2.0
"""The 256-byte text block of a card: four layouts, UTF-16LE padded with spaces, the kind's letter at byte 248."""

from __future__ import annotations

from collections.abc import Mapping

from contract.codes import ETHNIC
from contract.identity import Identity, IdentityError, check_id_number
from devices.base import IdCard
from devices.card_text import is_text
from devices.errors import CardError

SIZE = 256
LONG_TERM = "长期"
_KIND_AT = 248
ADDRESS_SIZE = 70
_REGIONS_BESIDE = ("810000", "820000", "830000")  # Hong Kong, Macao, Taiwan: not in the list of divisions
_KINDS = {" ": "resident-id", "J": "hkmt-permit", "I": "foreigner-2017", "Y": "foreigner-2023"}
_EXTRA: Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]] = {
    "hkmt-permit": {"pass_number": ((220, 18),), "issue_count": ((238, 4),)},
    "foreigner-2017": {"english_name": ((0, 120),), "country": ((152, 6),)},
    "foreigner-2023": {"english_name": ((52, 70), (220, 22)), "country": ((242, 6),), "old_number": ((250, 6),)},
}


def parse_text_block(block: bytes) -> Identity:
    """The identity of a card. Raises CardError card-malformed, card-check-digit."""
    if len(block) != SIZE:
        raise CardError("card-malformed", f"the card's text has {SIZE} bytes, {len(block)} came")
    kind = _KINDS.get(_text(block, _KIND_AT, 2) or " ")
    if kind is None:
        raise CardError("card-malformed", "this kind of card is not known")
    identity = _foreigner_2017(block) if kind == "foreigner-2017" else _numbered(block, kind)
    if not identity.name:
        raise CardError("card-malformed", "the card names nobody")
    return identity


def _numbered(block: bytes, kind: str) -> Identity:
    """Layouts with an 18-character number: resident, HK/Macao/Taiwan, foreigner 2023."""
    number = _text(block, 122, 36)
    try:
        check_id_number(number)
    except IdentityError as fault:
        code = "card-check-digit" if fault.code == "id-check-digit" else "card-malformed"
        raise CardError(code, "the ID number on the card cannot be right") from fault
    foreign = kind == "foreigner-2023"
    ethnic = _text(block, 32, 4) if kind == "resident-id" else ""
    if ethnic and ethnic not in ETHNIC:
        raise CardError("card-malformed", "the card's nationality code is not known")
    name = _text(block, 0, 30)
    if foreign and not name:
        name = _text(block, 52, 70) + _text(block, 220, 22)
    return Identity(
        name=name,
        id_number=number,
        sex=_text(block, 30, 2),
        ethnic=ethnic,
        birth=_date(_text(block, 36, 16)),
        address="" if foreign else _text(block, 52, 70),
        issuer="" if foreign else _text(block, 158, 30),
        valid_from=_date(_text(block, 188, 16)),
        valid_to=_until(_text(block, 204, 16)),
        document=kind,
    )


def _foreigner_2017(block: bytes) -> Identity:
    chinese = _text(block, 158, 30)
    return Identity(
        name=chinese or _text(block, 0, 120),
        id_number=_text(block, 122, 30),
        sex=_text(block, 120, 2),
        ethnic="",
        birth=_date(_text(block, 220, 16)),
        address="",
        issuer=_text(block, 240, 8),
        valid_from=_date(_text(block, 188, 16)),
        valid_to=_until(_text(block, 204, 16)),
        document="foreigner-2017",
    )


def _text(block: bytes, start: int, size: int) -> str:
    try:
        text = block[start : start + size].decode("utf-16-le").strip(" \x00")
    except UnicodeDecodeError as fault:
        raise CardError("card-malformed", "the card's text is damaged; lay it down again") from fault
    if not is_text(text):
        raise CardError("card-malformed", "the card's text is damaged; lay it down again")
    return text


def _date(digits: str) -> str:
    from datetime import date

    try:
        if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
            raise ValueError(digits)
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError as fault:
        raise CardError("card-malformed", "a date on the card does not exist") from fault


def _until(text: str) -> str | None:
    return None if text == LONG_TERM else _date(text)


def build_text_block(identity: Identity) -> bytes:
    """The block of a card with an 18-character number, for the simulated reader. Raises ValueError where a part does
    not fit."""
    letter = next(k for k, v in _KINDS.items() if v == identity.document)
    block = bytearray(" ".encode("utf-16-le") * (SIZE // 2))

    def put(start: int, size: int, text: str) -> None:
        data = text.encode("utf-16-le")
        if len(data) > size:
            raise ValueError(f"{len(data)} bytes do not fit into {size}")
        block[start : start + len(data)] = data

    for start, size, text in (
        (0, 30, identity.name),
        (30, 2, identity.sex),
        (32, 4, identity.ethnic),
        (36, 16, identity.birth.replace("-", "")),
        (52, 70, identity.address),
        (122, 36, identity.id_number),
        (158, 30, identity.issuer),
        (188, 16, identity.valid_from.replace("-", "")),
        (204, 16, LONG_TERM if identity.valid_to is None else identity.valid_to.replace("-", "")),
        (_KIND_AT, 2, letter),
    ):
        put(start, size, text)
    return bytes(block)


def parse_base(content: bytes, *, with_fingerprint: bool = False) -> IdCard:
    """The answer to "read base": status, lengths, text, photo. Raises CardError card-malformed, card-check-digit.

    A fingerprint, where the command sends one, is never looked at.
    """
    data = content[3:]
    head = 6 if with_fingerprint else 4
    if len(data) < head:
        raise CardError("card-malformed", "the reader sent no card data")
    text_size, photo_size = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    if text_size != SIZE or len(data) < head + text_size + photo_size:
        raise CardError("card-malformed", "the reader sent only part of the card")
    block = data[head : head + SIZE]
    identity = parse_text_block(block)
    photo = data[head + SIZE : head + SIZE + photo_size]
    return IdCard(identity, photo, parse_extra(block), warnings_of(identity))


def parse_extra(block: bytes) -> Mapping[str, str]:
    """What some layouts say beside the identity: pass_number, issue_count, english_name, country, old_number."""
    places = _EXTRA.get(_KINDS.get(_text(block, _KIND_AT, 2) or " ", ""), {})
    found = {name: "".join(_text(block, at, size) for at, size in parts) for name, parts in places.items()}
    return {name: text for name, text in found.items() if text}


def warnings_of(identity: Identity) -> tuple[str, ...]:
    """region-unknown: the first six digits are in no list of divisions since 2002; no reason to refuse the card."""
    region = identity.id_number[:6]
    if identity.document.startswith("foreigner") or region in _REGIONS_BESIDE:
        return ()
    from gb2260 import Division

    return () if region.isdigit() and Division.search(region) is not None else ("region-unknown",)


def parse_address(content: bytes) -> str:
    """The answer to "read new address". Raises CardError card-malformed."""
    data = content[3:]
    if len(data) < ADDRESS_SIZE:
        raise CardError("card-malformed", "the reader sent only part of the address")
    return _text(data, 0, ADDRESS_SIZE)


def parse_sam_id(content: bytes) -> str:
    """05.01-20141212-0001234567-0987654321: two bytes, then three little-endian numbers. Raises CardError."""
    data = content[3:]
    if len(data) < 16:
        raise CardError("card-malformed", "the reader sent only part of its number")
    maker, kind = data[0], data[2]
    day, first, second = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{maker:02d}.{kind:02d}-{day:08d}-{first:010d}-{second:010d}"

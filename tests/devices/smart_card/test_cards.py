# SPDX-License-Identifier: Apache-2.0
"""Commands and contents, without a reader: what cards may answer, and whatever else they may."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import CardError
from devices.smart_card import piv, social_security
from devices.smart_card.apdu import CardRefused, build_item, command, exchange, item, items
from devices.smart_card.applets import SocialSecurityApplet
from tests.devices.conftest import person
from tests.fuzzing import examples


class Scripted:
    """A card that answers from a list, and then not at all."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []

    def __call__(self, apdu: bytes) -> bytes:
        self.asked.append(apdu)
        return self.answers.pop(0) if self.answers else b"\x6f\x00"


def test_answers_in_pieces_are_put_together() -> None:
    card = Scripted(b"ab\x61\x02", b"cd\x61\x01", b"e\x90\x00")
    assert exchange(card, command(0, 0xCB, 0x3F, 0xFF, b"x", expect=0)) == b"abcde"
    assert card.asked[1:] == [bytes.fromhex("00C0000002"), bytes.fromhex("00C0000001")]


def test_a_wrong_length_is_asked_again() -> None:
    card = Scripted(b"\x6c\x03", b"abc\x90\x00")
    assert exchange(card, bytes.fromhex("00B2010400")) == b"abc"
    assert card.asked == [bytes.fromhex("00B2010400"), bytes.fromhex("00B2010403")]


def test_a_refusal_has_its_status() -> None:
    with pytest.raises(CardRefused, match="6A82") as fault:
        exchange(Scripted(b"\x6a\x82"), command(0, 0xA4, 4, 0, b"x"))
    assert fault.value.status == 0x6A82


@given(st.integers(1, 0xFFFE).filter(lambda t: t < 0x100 and t & 0x1F != 0x1F), st.binary(max_size=400))
def test_items_survive_building_and_reading(tag: int, value: bytes) -> None:
    built = build_item(tag, value)
    assert item(built, tag) == value
    assert list(items(built + built)) == [(tag, value)] * 2


def test_records_are_also_found_by_tag() -> None:
    applet = SocialSecurityApplet(person())

    def by_tag_only(apdu: bytes) -> bytes:
        return b"\x6a\x81" if apdu[1] == 0xB2 and apdu[3] == 4 else applet.respond(apdu)

    assert social_security.is_social_security(by_tag_only)
    assert social_security.read_social_security(by_tag_only).identity.name == "王秀英"


@settings(max_examples=examples(200))
@given(st.lists(st.binary(max_size=60), max_size=30))
def test_whatever_a_card_answers_reading_it_ends_with_a_card_error(answers: list[bytes]) -> None:
    for read in (social_security.read_social_security, piv.certificate):
        try:
            read(Scripted(*[a + b"\x90\x00" for a in answers]))
        except CardError:
            continue
        raise AssertionError("random bytes were taken for a card")


@settings(max_examples=examples(200))
@given(st.lists(st.binary(max_size=300), max_size=30))
def test_whatever_comes_back_with_any_status_is_a_card_error(answers: list[bytes]) -> None:
    for read in (
        social_security.is_social_security,
        piv.is_piv,
        piv.certificate,
        lambda card: piv.prove(card, "258036"),
    ):
        try:
            read(Scripted(*answers))  # type: ignore[operator]
        except CardError:
            continue

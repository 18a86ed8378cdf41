# SPDX-License-Identifier: Apache-2.0
"""The text block of a card: four layouts, rare names, and whatever a damaged card may hold."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.identity import check_id_number
from devices.errors import CardError
from devices.id_card.record import SIZE, build_text_block, parse_base, parse_extra, parse_text_block
from tests.devices.conftest import person


@pytest.mark.parametrize("name", ["王秀英", "\U00020bb7野文斌", "阿依古丽·买买提", "欧阳\ue863"])
def test_a_resident_card_is_read_as_it_was_written(name: str) -> None:
    identity = person(name)
    assert parse_text_block(build_text_block(identity)) == identity


def test_long_term_and_dated_validity() -> None:
    assert parse_text_block(build_text_block(person())).valid_to is None
    dated = person(valid_to="2036-01-01")
    assert parse_text_block(build_text_block(dated)).valid_to == "2036-01-01"


def test_hong_kong_macao_taiwan_permit() -> None:
    permit = person(document="hkmt-permit", ethnic="")
    assert parse_text_block(build_text_block(permit)) == permit


def test_foreigner_2023_has_a_number_and_no_address() -> None:
    block = bytearray(build_text_block(person("示例", ethnic="", address="", issuer="", document="foreigner-2023")))
    found = parse_text_block(bytes(block))
    assert (found.document, found.address, found.name) == ("foreigner-2023", "", "示例")


def put(block: bytearray, start: int, text: str) -> None:
    data = text.encode("utf-16-le")
    block[start : start + len(data)] = data


def test_foreigner_2017_has_its_own_places() -> None:
    block = bytearray(" ".encode("utf-16-le") * (SIZE // 2))
    for start, text in (
        (0, "EXAMPLE, ANNA MARIA"), (120, "2"), (122, "ZZZ990185060112"), (152, "ZZZ"), (158, "安娜"),
        (188, "20180501"), (204, "20280501"), (220, "19850601"), (248, "I"),
    ):  # fmt: skip
        put(block, start, text)
    found = parse_text_block(bytes(block))
    assert (found.name, found.sex, found.id_number) == ("安娜", "2", "ZZZ990185060112")
    assert (found.birth, found.valid_from, found.valid_to) == ("1985-06-01", "2018-05-01", "2028-05-01")


def test_what_a_kind_of_card_says_beside_the_identity() -> None:
    permit = bytearray(build_text_block(person(document="hkmt-permit", ethnic="")))
    put(permit, 220, "H12345678")
    put(permit, 238, "02")
    assert parse_extra(bytes(permit)) == {"pass_number": "H12345678", "issue_count": "02"}
    foreign = bytearray(build_text_block(person("示例", ethnic="", address="", document="foreigner-2023")))
    put(foreign, 52, "EXAMPLE, ANNA MARIA")
    put(foreign, 242, "ZZZ")
    assert parse_extra(bytes(foreign)) == {"english_name": "EXAMPLE, ANNA MARIA", "country": "ZZZ"}
    assert parse_extra(build_text_block(person())) == {}


def test_a_wrong_check_digit_is_named() -> None:
    right = person()
    wrong = dataclasses.replace(right, id_number=right.id_number[:-1] + ("1" if right.id_number[-1] != "1" else "2"))
    with pytest.raises(CardError) as fault:
        parse_text_block(build_text_block(wrong))
    assert fault.value.code == "card-check-digit"


@given(st.binary(min_size=SIZE, max_size=SIZE))
def test_any_block_is_a_card_or_a_clear_fault(block: bytes) -> None:
    try:
        found = parse_text_block(block)
    except CardError:
        return
    assert found.name
    if found.document != "foreigner-2017":
        check_id_number(found.id_number)


@given(st.binary(max_size=700))
def test_any_answer_to_read_is_a_card_or_a_clear_fault(data: bytes) -> None:
    with pytest.raises(CardError):
        parse_base(b"\x00\x00\x90" + data[:2] + b"\x00" + data[2:])


@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_a_flipped_byte_never_yields_another_number(place: int, flip: int) -> None:
    block = bytearray(build_text_block(person()))
    block[place] ^= flip
    try:
        found = parse_text_block(bytes(block))
    except CardError:
        return
    if found.document != "foreigner-2017":
        check_id_number(found.id_number)

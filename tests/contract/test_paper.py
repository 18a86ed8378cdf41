# SPDX-License-Identifier: Apache-2.0
"""A record as QR texts: any order, twice, mixed up, missing, misread."""

from __future__ import annotations

import os
import random

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from contract.base45 import ALPHABET, Base45Error, decode_base45, encode_base45
from contract.paper import (
    MAX_RECORD_ON_PAPER,
    MAX_TEXT,
    PIECE,
    Assembly,
    PaperError,
    read_symbol,
    sort_symbols,
    to_symbols,
)  # fmt: skip
from tests.contract.sealed import HYBRID, sealed
from tests.fuzzing import examples


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")])
def test_base45_is_that_of_the_standard(data: bytes, text: str) -> None:
    assert encode_base45(data) == text  # RFC 9285, 4.3
    assert decode_base45(text) == data


@pytest.mark.fuzz
@given(st.binary(max_size=99))
def test_base45_comes_back(data: bytes) -> None:
    assert decode_base45(encode_base45(data)) == data


@pytest.mark.parametrize("text", ["A", "AAAA", "GGX", ":::", "::", "ab8", "Ａ00"])
def test_what_is_no_base45(text: str) -> None:
    with pytest.raises(Base45Error):
        decode_base45(text)


@pytest.mark.parametrize("size", [1, 2, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 5 * PIECE + 7, MAX_RECORD_ON_PAPER])
def test_any_order_and_twice(size: int) -> None:
    record = os.urandom(size)
    texts = to_symbols(record)
    assert len(texts) == -(-size // PIECE)
    assert max(map(len, texts)) <= MAX_TEXT
    assert set("".join(texts)) <= set(ALPHABET)
    pile = texts * 2
    random.Random(size).shuffle(pile)
    whole = Assembly()
    assert whole.record is None
    assert sum(whole.add(text) for text in pile) == len(texts)
    assert whole.record == record
    assert whole.missing == ()


def test_a_real_symbol_holds_the_longest_text() -> None:
    texts = to_symbols(os.urandom(PIECE))
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(QRData(texts[0], mode=MODE_ALPHA_NUM))
    assert code.best_fit() == 25
    (found,) = zxingcpp.read_barcodes(code.make_image().get_image())
    assert found.text == texts[0]


def test_a_real_record_fits_one_or_two() -> None:
    assert len(to_symbols(sealed().encode())) == 1
    assert len(to_symbols(sealed(platform=HYBRID).encode())) == 2


def test_missing_ones_are_named() -> None:
    texts = to_symbols(os.urandom(4 * PIECE))
    some = Assembly()
    for text in (texts[2], texts[0]):
        some.add(text)
    assert (some.missing, some.total, some.record) == ((2, 4), 4, None)


def test_another_records_symbol_is_told_apart() -> None:
    one, two = to_symbols(os.urandom(2 * PIECE)), to_symbols(os.urandom(2 * PIECE))
    some = Assembly()
    some.add(one[0])
    with pytest.raises(PaperError) as refused:
        some.add(two[1])
    assert refused.value.code == "paper-other-record"
    assert some.missing == (2,)


def test_a_pile_is_sorted() -> None:
    records = [os.urandom(2 * PIECE - n) for n in range(3)]
    pile = [text for record in records for text in to_symbols(record)]
    missing = pile.pop()
    pile += ["http://127.0.0.1/t/004210001372", pile[0][:-3] + "000", "DS7/ABC"]
    random.Random(7).shuffle(pile)
    assemblies, refused = sort_symbols(pile)
    assert {a.record for a in assemblies} == {records[0], records[1], None}
    assert sorted(r.code for r in refused) == ["paper-damaged", "paper-version"]
    (waiting,) = (a for a in assemblies if a.record is None)
    assert waiting.missing == (read_symbol(missing).number,)


def test_no_misread_character_is_taken() -> None:
    (text,) = to_symbols(os.urandom(60))
    for place in range(len(text)):
        for other in "0A:":
            if text[place] != other:
                with pytest.raises(PaperError):
                    read_symbol(text[:place] + other + text[place + 1 :])


def test_blanks_around_do_not_matter() -> None:
    (text,) = to_symbols(b"record")
    assert read_symbol(f" {text}\r\n").piece == b"record"
    assert not text.endswith(" ")
    assert read_symbol(text.swapcase()).piece == b"record"  # typed by a code scanner while capitals are locked


def test_too_large_is_said() -> None:
    with pytest.raises(PaperError) as refused:
        to_symbols(bytes(MAX_RECORD_ON_PAPER + 1))
    assert refused.value.code == "paper-too-large"


@pytest.mark.fuzz
@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=60) | st.text(ALPHABET, max_size=60).map(lambda t: "DS1/" + t))
def test_hostile_text_ends_in_a_clear_error(text: str) -> None:
    try:
        Assembly().add(text)
    except PaperError as fault:
        assert fault.code.startswith("paper-")

# SPDX-License-Identifier: Apache-2.0
"""Compression dictionaries: a platform publishes new ones, old records stay readable, a terminal takes no bad ones."""

from __future__ import annotations

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.packing import MAX_DICTIONARY, Dictionaries, PackingError, pack, to_cbor, unpack
from contract.record import RecordError, open_record
from tests.contract.sealed import RING, sealed
from tests.fuzzing import examples


@pytest.fixture(scope="module")
def trained() -> list[bytes]:
    samples = [to_cbor({"name": f"n{n}", "values": list(range(n % 40)), "kind": "fresh"}) for n in range(4000)]
    return [zstandard.train_dictionary(size, samples).as_bytes() for size in (2048, 4096)]


def test_old_records_open_after_a_new_one_came(trained: list[bytes]) -> None:
    shelf = Dictionaries()
    value = {"name": "n1", "values": [1, 2, 3], "kind": "fresh"}
    packed = {1: pack(value)}
    for number, data in zip((16, 300), trained, strict=True):
        shelf.add(number, data)
        assert shelf.newest == number
        packed[number] = pack(value, dictionary=number, dictionaries=shelf)
        assert unpack(packed[number], dictionaries=shelf) == value
    shelf.add(16, trained[0])
    for old in packed.values():
        assert unpack(old, dictionaries=shelf) == value
    for number in (16, 300):
        with pytest.raises(PackingError) as refused:
            unpack(packed[number])
        assert refused.value.code == "dictionary-unknown"
    assert 300 in shelf
    assert 17 not in shelf
    assert shelf.bytes_of(16) == trained[0]


def test_a_whole_record_with_a_published_one(trained: list[bytes]) -> None:
    shelf = Dictionaries()
    shelf.add(16, trained[0])
    record = sealed(dictionary=16, dictionaries=shelf)
    assert open_record(record, RING, shelf)
    with pytest.raises(RecordError) as refused:
        open_record(record, RING)
    assert refused.value.code == "dictionary-unknown"


def test_a_number_keeps_its_bytes(trained: list[bytes]) -> None:
    shelf = Dictionaries()
    shelf.add(16, trained[0])
    with pytest.raises(PackingError) as refused:
        shelf.add(16, trained[1])
    assert refused.value.code == "dictionary-differs"
    assert shelf.bytes_of(16) == trained[0]


def test_what_is_no_dictionary(trained: list[bytes]) -> None:
    good = trained[0]
    for number, data in (
        *((16, bad) for bad in (b"", b"hello" * 99, good[:40], good[:4] + bytes(MAX_DICTIONARY))),
        *((number, good) for number in (0, 1, 15, -5, 0x8000)),
    ):
        shelf = Dictionaries()
        with pytest.raises(PackingError) as refused:
            shelf.add(number, data)
        assert refused.value.code == "dictionary-malformed"
        assert shelf.newest == 1


@pytest.mark.fuzz
@settings(max_examples=examples(40), deadline=None)
@given(st.data())
def test_a_damaged_one_is_refused_or_harmless(trained: list[bytes], change: st.DataObject) -> None:
    data = bytearray(trained[0])
    for _ in range(change.draw(st.integers(1, 4))):
        data[change.draw(st.integers(0, 200))] = change.draw(st.integers(0, 255))
    shelf = Dictionaries()
    try:
        shelf.add(16, bytes(data))
    except PackingError as fault:
        assert fault.code == "dictionary-malformed"
        return
    assert unpack(pack([1, "x"], dictionary=16, dictionaries=shelf), dictionaries=shelf) == [1, "x"]

# SPDX-License-Identifier: Apache-2.0
"""What stores say of themselves: nothing a newer program noted is taken back, nothing damaged keeps a store shut."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from contract.stores import PROGRAM, StoreNote, decode_notes, encode_notes, merge_notes, newer_stores, newer_words

NOTES = st.dictionaries(
    st.sampled_from(["vault.db", "spool", "key", "其他"]),
    st.builds(StoreNote, st.integers(1, 9), st.integers(1, 9), st.sampled_from(["0.1.0", "0.2.0"])),
)


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == PROGRAM


@given(NOTES)
def test_notes_are_read_as_they_were_written(notes: dict[str, StoreNote]) -> None:
    assert decode_notes(encode_notes(notes)) == notes


@given(st.binary() | st.from_regex(rb'\{"vault\.db": \{"format": .*, "oldest_reader": .*\}\}'))
def test_damaged_notes_are_none(raw: bytes) -> None:
    assert all(isinstance(note, StoreNote) for note in decode_notes(raw).values())


def test_only_what_is_whole_of_a_note_counts() -> None:
    raw = b'{"a": {"format": 1, "oldest_reader": 1, "written_by": "0.1.0", "more": []}, "b": {"format": "1"}, "c": 7}'
    assert decode_notes(raw) == {"a": StoreNote(1, 1, "0.1.0")}
    assert decode_notes(b"[" * 100_000) == {}


@given(NOTES, NOTES)
def test_merging_takes_nothing_back(found: dict[str, StoreNote], ours: dict[str, StoreNote]) -> None:
    merged = merge_notes(found, ours)
    assert merged.keys() == found.keys() | ours.keys()
    for name, note in found.items():
        assert merged[name].format >= note.format
        assert merged[name].oldest_reader >= note.oldest_reader
    assert merge_notes(merged, ours) == merged


def test_a_store_is_refused_by_what_it_asks_for_not_by_what_it_is() -> None:
    known = {"vault.db": StoreNote(3, 3), "key": StoreNote(1, 1)}
    assert newer_stores({"vault.db": StoreNote(5, 3), "other": StoreNote(9, 9)}, known) == {}
    asks = StoreNote(5, 4, "0.3.0")
    assert newer_stores({"vault.db": asks}, known) == {"vault.db": asks}
    assert "install doorstep 0.3.0 again" in newer_words("vault.db", asks, 3)

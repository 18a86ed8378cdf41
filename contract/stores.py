# SPDX-License-Identifier: Apache-2.0
"""What a store on disk says of itself: its format, who wrote it, and from which format on a program can read it.

Formats are counted per store. A step that only adds (expand) raises `format` and leaves `oldest_reader`: the release
before still opens the store, so an update can be rolled back. A step that takes away (contract) comes a release later
and raises `oldest_reader`. See docs/decisions/0005-stores-say-who-may-read-them.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

PROGRAM = "0.1.0"
"""This program's version, as in pyproject.toml."""

MANIFEST = "stores.json"
"""The file that holds the notes of one data directory."""


@dataclass(frozen=True, slots=True)
class StoreNote:
    """`written_by` is the version of the newest program that wrote the store; the numbers are formats of that store.

    A program that knows a format from `oldest_reader` on reads it, even where `format` is newer than all it knows.
    """

    format: int
    oldest_reader: int
    written_by: str = PROGRAM

    def is_readable_by(self, known: int) -> bool:
        """Whether a program whose newest format of this store is `known` can read it."""
        return self.oldest_reader <= known


Notes = Mapping[str, StoreNote]
"""By the store's name in its data directory."""


def encode_notes(notes: Notes) -> bytes:
    """The manifest's bytes: JSON, one store a line."""
    lines = [f" {json.dumps(name)}: {json.dumps(asdict(note))}" for name, note in sorted(notes.items())]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def decode_notes(raw: bytes) -> dict[str, StoreNote]:
    """What a manifest says; what of it cannot be read, is left out: a store is not refused for a damaged note."""
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    notes = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        match value:
            case {"format": int(format_), "oldest_reader": int(oldest), "written_by": str(program)}:
                notes[name] = StoreNote(format_, oldest, program)
    return notes


def newer_stores(found: Notes, known: Notes) -> dict[str, StoreNote]:
    """Of the stores a program knows, those that it must not touch."""
    return {n: note for n, note in found.items() if n in known and not note.is_readable_by(known[n].format)}


def merge_notes(found: Notes, ours: Notes) -> dict[str, StoreNote]:
    """What to write once this program has written: nothing that a newer one noted is taken back."""
    merged = dict(found)
    for name, note in ours.items():
        there = found.get(name)
        if there is None or there.format <= note.format:
            oldest = max(note.oldest_reader, there.oldest_reader if there else 0)
            merged[name] = StoreNote(note.format, oldest, note.written_by)
    return merged


def newer_words(name: str, note: StoreNote, known: int) -> str:
    """What a program says of a store that it must not touch, and what to do about it."""
    writer = f"doorstep {note.written_by}" if note.written_by else "the program that wrote it"
    return (
        f"{name} was written by a newer program and needs one that knows its format {note.oldest_reader}; "
        f"this is doorstep {PROGRAM}, which knows {known}: install {writer} again"
    )

# SPDX-License-Identifier: Apache-2.0
"""A power cut: takes from a directory what no sync had made durable, by the log that disk.c has kept.

What a disk may have written on its own before the cut is its own choice: for each page any of the states it has had
since its last sync, for the names any number of the changes since theirs, in order; pages may be torn at a sector.
"""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE = 4096
SECTOR = 512
_NUMBERS = struct.Struct("<7Q")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: see disk.c."""

    op: str
    inode: int
    offset: int
    size: int
    length: int
    old: bytes
    path: str
    second: str


def read_log(log: Path) -> list[Entry]:
    """All whole entries."""
    return list(_entries(log.read_bytes())) if log.exists() else []


def _entries(data: bytes) -> Iterator[Entry]:
    at = 0
    while at + 1 + _NUMBERS.size <= len(data):
        op = chr(data[at])
        inode, offset, size, length, old, path, second = _NUMBERS.unpack_from(data, at + 1)
        body = at + 1 + _NUMBERS.size
        at = body + old + path + second
        if at > len(data):
            return
        yield Entry(
            op, inode, offset, size, length, data[body : body + old],
            data[body + old : body + old + path].decode(), data[body + old + path : at].decode(),
        )  # fmt: skip


@dataclass(slots=True)
class Lost:
    """What a cut took: changes of contents and of names."""

    contents: int = 0
    names: int = 0


def cut_power(directory: Path, log: Path, side: Path, rng: random.Random) -> Lost:
    """Leaves the directory as it may be found after the cut. `log` and `side` are used up."""
    entries = read_log(log)
    style = rng.choice(("nothing more", "everything", "some", "some", "torn"))
    paths = {path.stat().st_ino: path for path in [*directory.rglob("*"), *side.glob("*")] if path.is_file()}
    lost = Lost()
    for inode in {e.inode for e in entries if e.op in "WT"}:
        path = paths.get(inode)
        if path is not None:
            lost.contents += _undo_contents(path, _unsynced(entries, inode), style, rng)
    lost.names = _undo_names(entries, style, rng)
    for memory in directory.rglob("*-shm"):
        memory.unlink()
    for path in side.glob("*"):
        path.unlink()
    log.unlink(missing_ok=True)
    return lost


def _unsynced(entries: list[Entry], inode: int) -> tuple[list[Entry], int]:
    """The changes that no sync followed, oldest first, and how many of them a failed sync has lost for certain."""
    found: list[Entry] = []
    certain = 0
    for entry in entries:
        if entry.op != "A" and entry.inode != inode:
            continue
        if entry.op in "SA":
            found = found[:certain]  # a later sync says yes, but not for what the failed one has dropped
        elif entry.op == "L":
            certain = len(found)
        elif entry.op in "WT":
            found.append(entry)
    return found, certain


def _undo_contents(path: Path, unsynced: tuple[list[Entry], int], style: str, rng: random.Random) -> int:
    changes, certain = unsynced
    if not changes or (style == "everything" and not certain):
        return 0
    # Sizes are kept in order: up to some change of the size everything stands, behind it pages choose for themselves.
    sizes = [n for n, e in enumerate(changes) if e.op == "T" or e.offset + e.length > e.size]
    if style == "everything":
        first = certain
    elif style == "nothing more":
        first = 0
    else:
        first = rng.choice([0, *[n + 1 for n in sizes], len(changes)])
    kept: dict[int, int] = {}
    undone = 0
    with path.open("r+b") as stream:
        for number in range(len(changes) - 1, -1, -1):
            entry = changes[number]
            if entry.op == "T":
                if number >= first or number < certain:
                    _restore(stream.fileno(), entry)
                    undone += 1
                continue
            for start, end in _pieces(entry, SECTOR if style == "torn" else PAGE):
                state = kept.setdefault(start, rng.randint(0, number + 1) if style in ("some", "torn") else 0)
                if number < certain or (number >= state and style != "everything"):
                    old = entry.old[start - entry.offset : end - entry.offset] if start >= entry.offset else b""
                    _write_over(stream.fileno(), start, end, old)
                    undone += 1
            if number >= first and entry.offset + entry.length > entry.size:
                os.ftruncate(stream.fileno(), entry.size)
    return undone


def _restore(handle: int, entry: Entry) -> None:
    os.ftruncate(handle, entry.size)
    os.pwrite(handle, entry.old, entry.offset)


def _write_over(handle: int, start: int, end: int, old: bytes) -> None:
    """The bytes that were there; zeros where nothing was, without making the file longer."""
    end = min(end, os.fstat(handle).st_size)
    if end > start:
        os.pwrite(handle, old.ljust(end - start, b"\0")[: end - start], start)


def _pieces(entry: Entry, grain: int) -> Iterator[tuple[int, int]]:
    at, end = entry.offset, entry.offset + entry.length
    while at < end:
        border = min(end, (at // grain + 1) * grain)
        yield at, border
        at = border


def _undo_names(entries: list[Entry], style: str, rng: random.Random) -> int:
    pending: list[Entry] = []
    for entry in entries:
        if entry.op in "CRU":
            pending.append(entry)
        elif entry.op == "A":
            pending = []
        elif entry.op == "D":
            pending = [e for e in pending if str(Path(e.path).parent) != entry.path]
    keep = {"everything": len(pending), "nothing more": 0}.get(style, rng.randint(0, len(pending)))
    for entry in reversed(pending[keep:]):
        _undo_name(entry)
    return len(pending) - keep


def _undo_name(entry: Entry) -> None:
    path, old = Path(entry.path), Path(entry.old.decode()) if entry.old else None
    with suppress(FileNotFoundError):
        if entry.op == "C":
            path.unlink()
        elif entry.op == "R":
            target = Path(entry.second)
            if target.stat().st_ino != entry.inode:
                return  # killed before it was done
            target.rename(path)
            if old is not None:
                os.link(old, target)
        elif old is not None and not path.exists():
            os.link(old, path)

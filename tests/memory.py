# SPDX-License-Identifier: Apache-2.0
"""Looks into another process for words that should not be there: `search(pid, ["王秀英", ...])`.

It reads every page the process holds (proc(5): maps, pagemap, mem), also those it may not read itself, and files that
only live in memory (memfd). What is found may lie in freed memory: such bytes go into a core file like all others.

Needs root, or the same user and a process that is dumpable. Our own processes are not (kiosk.process.walls): without
root, run the tests under `unshare --map-root-user`, whose root may look into what it starts.

Seen are words in one piece: not base64 broken into lines, not what is compressed or sealed, not the kernel's buffers of
pipes and sockets.
"""

from __future__ import annotations

import base64
import os
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
PIECE = 8 << 20  # bytes read at once
SHORTEST = 6  # bytes of a form: shorter ones are found by chance
_DEVICES = re.compile(r"/dev/(?!shm/|zero)|\[(?:vvar|vsyscall|vdso|vvar_vclock)\]")
_HELD = 3 << 62  # pagemap: present, or in swap


@dataclass(frozen=True, slots=True)
class Hit:
    """One place. `around`: the bytes before and after it, where they were asked for."""

    needle: str
    encoding: str
    mapping: str
    address: int
    around: bytes = b""


@dataclass(frozen=True, slots=True)
class _Mapping:
    start: int
    end: int
    shared: bool
    name: str


def forms(needle: str) -> Mapping[bytes, str]:
    """How a text may lie in memory; equal forms carry all their names. Raises ValueError for one too short."""
    utf8 = needle.encode()
    found = [(name, needle.encode(name)) for name in ("utf-8", "gb18030")]
    # NULs at the ends are no part of the form: so one form finds ASCII in both byte orders.
    found += [(name, needle.encode(name).strip(b"\0")) for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")]
    escaped = "".join(c if c.isascii() else _escape(c) for c in needle)
    upper = re.sub(r"\\u....", lambda m: rf"\u{m[0][2:].upper()}", escaped)
    found += [("json-lower", escaped.encode()), ("json-upper", upper.encode())]
    found += [("hex-lower", utf8.hex().encode()), ("hex-upper", utf8.hex().upper().encode())]
    for offset in range(3):
        inner = _base64_middle(utf8, offset)
        found += [(f"base64-{offset}", inner), (f"base64url-{offset}", inner.translate(_URL))]
    if all(ord(c) < 256 for c in needle):
        found.append(("latin-1", needle.encode("latin-1")))
    known: dict[bytes, str] = {}
    for name, form in found:
        if len(form) < SHORTEST:
            raise ValueError(f"{needle!r} is too short to look for: {len(form)} bytes in {name}")
        known[form] = f"{known[form]} {name}" if form in known else name
    return known


_URL = bytes.maketrans(b"+/", b"-_")


def _escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _base64_middle(data: bytes, offset: int) -> bytes:
    """The characters that hold nothing but bits of `data`, if it begins `offset` bytes into a group of three."""
    coded = base64.b64encode(b"\0" * offset + data)
    last = 0 if (offset + len(data)) % 3 == 0 else coded.count(b"=") + 1
    return coded[(0, 2, 3)[offset] : len(coded) - last]


def search(pid: int, needles: Sequence[str], *, around: int = 0) -> list[Hit]:
    """Every place where one of `needles` lies in the process `pid`, in the order of addresses.

    Raises PermissionError where it may not look, ProcessLookupError where there is no such process, ValueError for a
    needle too short, and for the own process: there the needles lie anyway.
    """
    if pid == os.getpid():
        raise ValueError("the process that searches holds what it looks for")
    wanted = [(form, needle, name) for needle in needles for form, name in forms(needle).items()]
    found: list[Hit] = []
    for name, base, data, carried in _pieces(pid, max((len(form) for form, *_ in wanted), default=1) - 1):
        for form, needle, encoding in wanted:
            at = data.find(form)
            while at >= 0:
                if at + len(form) > carried:  # else it was found in the piece before
                    near = data[max(0, at - around) : at + len(form) + around] if around else b""
                    found.append(Hit(needle, encoding, name, base + at, near))
                at = data.find(form, at + 1)
    return found


def table(hits: Iterable[Hit]) -> Mapping[tuple[str, str, str], int]:
    """How many of each needle, encoding and mapping."""
    return Counter((hit.needle, hit.encoding, hit.mapping) for hit in hits)


def described(hits: Iterable[Hit]) -> str:
    """For the message of a failed test."""
    return "\n".join(
        f"{hit.needle} as {hit.encoding} at {hit.address:#x} in {hit.mapping}: {hit.around!r}" for hit in hits
    )


def size(pid: int) -> int:
    """Bytes that `search` looks at."""
    return sum(len(data) - carried for _, _, data, carried in _pieces(pid, 0))


def _pieces(pid: int, overlap: int) -> Iterator[tuple[str, int, bytes, int]]:
    """(mapping, address, bytes, how many of them are the end of the piece before)."""
    maps = _mappings(pid)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as mem, open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pages:
        for mapping in maps:
            for start, end in _held(pages.fileno(), mapping):
                yield from _read(mem.fileno(), mapping.name, start, end, overlap)
    for name, file in _memory_files(pid):
        try:
            yield from _read(file, name, 0, os.fstat(file).st_size, overlap)
        finally:
            os.close(file)


def _mappings(pid: int) -> list[_Mapping]:
    try:
        lines = Path(f"/proc/{pid}/maps").read_text(errors="replace").splitlines()
    except FileNotFoundError as fault:
        raise ProcessLookupError(f"no process {pid}") from fault
    found = []
    for line in lines:
        place, mode, _offset, _device, _inode, *name = line.split(maxsplit=5)
        start, end = (int(part, 16) for part in place.split("-"))
        if not (name and _DEVICES.match(name[0])):
            found.append(_Mapping(start, end, mode[3] == "s", name[0] if name else f"anonymous {mode}"))
    return found


def _held(pagemap: int, mapping: _Mapping) -> Iterator[tuple[int, int]]:
    """Runs of pages that hold something. Shared mappings are read wholly: their pages need not be mapped to be held."""
    if mapping.shared:
        yield mapping.start, mapping.end
        return
    count = (mapping.end - mapping.start) // PAGE
    begun: int | None = None
    for first in range(0, count, 1 << 16):
        try:
            raw = os.pread(pagemap, min(1 << 16, count - first) * 8, (mapping.start // PAGE + first) * 8)
        except OSError:
            raw = b""  # the mapping went away
        entries = struct.unpack(f"{len(raw) // 8}Q", raw)
        for page, entry in enumerate(entries, first):
            if entry & _HELD and begun is None:
                begun = page
            elif not entry & _HELD and begun is not None:
                yield mapping.start + begun * PAGE, mapping.start + page * PAGE
                begun = None
    if begun is not None:
        yield mapping.start + begun * PAGE, mapping.end


def _read(file: int, name: str, start: int, end: int, overlap: int) -> Iterator[tuple[str, int, bytes, int]]:
    tail = b""
    while start < end:
        try:
            data = os.pread(file, min(PIECE, end - start), start)
        except OSError:
            data = b""
        if not data:  # a page that went away, or that the kernel does not give: go on behind it
            start, tail = (start // PAGE + 1) * PAGE, b""
            continue
        yield name, start - len(tail), tail + data, len(tail)
        start += len(data)
        tail = (tail + data)[-overlap:] if overlap else b""


def _memory_files(pid: int) -> Iterator[tuple[str, int]]:
    """Open files that have no disk behind them, whether they are mapped or not."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(link)
            if target.startswith(("/memfd:", "/dev/shm/")):
                yield target, os.open(link, os.O_RDONLY)
        except OSError:
            continue  # closed meanwhile

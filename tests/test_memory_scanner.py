# SPDX-License-Identifier: Apache-2.0
"""The scanner finds what a process does hold, in each form and place, and nothing in one that does not."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import memory

NAME = "示例家门甲子丙"
RARE = "𠮷野示例家门"
ACCOUNT = "6217990123000123456"
ACCENTED = "Señor Ejemplo Ñandú"
MASK = 0x5A

# The bytes come masked, so that what the pipe and its buffers keep is not what is looked for.
HOLDS = f"""
    import sys
    kept = bytearray(b ^ {MASK} for b in sys.stdin.buffer.read())
"""
WAITS = """
    print("ready", flush=True)
    import signal
    signal.pause()
"""


@contextmanager
def child(program: str, given: bytes = b"") -> Iterator[int]:
    """Its pid, once it has said ready."""
    code = textwrap.dedent(program) + textwrap.dedent(WAITS)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        try:
            running.stdin.write(bytes(b ^ MASK for b in given))
            running.stdin.close()
            assert running.stdout.readline() == b"ready\n"
            yield running.pid
        finally:
            running.kill()


def base64_at(text: str, offset: int) -> bytes:
    return base64.b64encode(b"xy"[:offset] + text.encode() + b"and more of it")


CODED = {
    "utf-8": NAME.encode(),
    "utf-16-le": NAME.encode("utf-16-le"),
    "utf-16-be": NAME.encode("utf-16-be"),
    "utf-32-le": NAME.encode("utf-32-le"),
    "utf-32-be": NAME.encode("utf-32-be"),
    "gb18030": NAME.encode("gb18030"),
    "json-lower": json.dumps(NAME).encode(),
    "json-upper": json.dumps(NAME).upper().replace("\\U", "\\u").encode(),
    "hex-lower": NAME.encode().hex().encode(),
    "hex-upper": NAME.encode().hex().upper().encode(),
    "base64-0": base64_at(NAME, 0),
    "base64-1": base64_at(NAME, 1),
    "base64-2": base64_at(NAME, 2),
}


@pytest.mark.parametrize("encoding", CODED)
def test_each_encoding_is_found_and_told_by_its_name(encoding: str) -> None:
    with child(HOLDS, CODED[encoding]) as pid:
        hits = memory.search(pid, [NAME, ACCOUNT], around=8)
    assert hits
    assert {hit.needle for hit in hits} == {NAME}
    assert {name for hit in hits for name in hit.encoding.split()} >= {encoding}
    assert all(len(hit.around) > 8 for hit in hits)
    assert NAME in memory.described(hits)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030"])
@pytest.mark.parametrize("needle", [ACCOUNT, RARE])
def test_digits_and_rare_characters_are_found_in_each(needle: str, encoding: str) -> None:
    with child(HOLDS, needle.encode(encoding)) as pid:
        assert {hit.needle for hit in memory.search(pid, [needle])} == {needle}


@pytest.mark.parametrize("needle", [ACCOUNT, NAME, RARE, ACCENTED], ids=["ascii", "ucs2", "ucs4", "latin-1"])
def test_strings_of_python_are_found(needle: str) -> None:
    width = max(1, len(f"{max(map(ord, needle)):x}") + 1 >> 1)
    wanted = {1: "latin-1", 2: f"utf-16-{sys.byteorder[0]}e", 3: f"utf-32-{sys.byteorder[0]}e"}[width]
    with child(HOLDS + "\n    kept = kept.decode()", needle.encode()) as pid:
        hits = memory.search(pid, [needle])
    assert wanted in {name for hit in hits for name in hit.encoding.split()}


@pytest.mark.parametrize("size", range(9, 18))
def test_base64_is_found_at_every_length_and_place(size: int) -> None:
    needle = ("9Zk>?~" * 3)[:size]
    for offset in range(3):
        coded = base64_at(needle, offset)
        for text in (coded, coded.translate(bytes.maketrans(b"+/", b"-_"))):
            assert any(form in text for form, name in memory.forms(needle).items() if f"-{offset}" in name)


def test_a_process_that_holds_nothing_gives_nothing() -> None:
    with child(
        "import json, base64, ssl, sqlite3\n    kept = bytes(range(256)) * 400_000".replace("\n    ", "\n")
    ) as pid:
        assert memory.size(pid) > 100_000_000
        assert memory.search(pid, [NAME, RARE, ACCOUNT, ACCENTED, "13900990123990123"]) == []


def test_what_lies_across_two_pieces_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "PIECE", 3 * memory.PAGE)
    place = f"""
        import mmap, sys
        given = bytes(b ^ {MASK} for b in sys.stdin.buffer.read())
        kept = mmap.mmap(-1, 64 * {memory.PAGE}, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for page in range(64):
            kept[page * {memory.PAGE}] = 1
        for page in range(1, 60):
            at = page * {memory.PAGE} - 5
            kept[at : at + len(given)] = given
        del given
    """
    with child(place, NAME.encode()) as pid:
        hits = [hit for hit in memory.search(pid, [NAME]) if hit.address % memory.PAGE == memory.PAGE - 5]
    assert len({hit.address for hit in hits}) == len(hits)
    assert len(hits) >= 59


MEMFD = """
    import os
    file = os.memfd_create("page")
    os.write(file, kept)
    kept = None
"""
SHARED = """
    import mmap
    shared = mmap.mmap(-1, 4096)
    shared[: len(kept)] = kept
    kept = None
"""
UNREADABLE = """
    import ctypes, mmap
    hidden = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    hidden[: len(kept)] = kept
    kept = None
    address = ctypes.addressof(ctypes.c_char.from_buffer(hidden))
    assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), 4096, 0) == 0
"""


@pytest.mark.parametrize(
    ("program", "mapping"), [(MEMFD, "/memfd:page"), (SHARED, "/dev/zero"), (UNREADABLE, "anonymous ---p")]
)
def test_memory_that_is_no_plain_heap_is_looked_at(program: str, mapping: str) -> None:
    with child(HOLDS + program, NAME.encode()) as pid:
        assert any(hit.mapping.startswith(mapping) for hit in memory.search(pid, [NAME]))


def test_mappings_that_come_and_go_do_not_disturb() -> None:
    restless = """
        import mmap, threading
        def work():
            while True:
                mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).write(b"x" * (1 << 20))
        threading.Thread(target=work, daemon=True).start()
    """
    with child(textwrap.dedent(HOLDS) + textwrap.dedent(restless), NAME.encode()) as pid:
        for _ in range(10):
            assert memory.search(pid, [NAME])


def test_a_table_counts_by_needle_encoding_and_mapping() -> None:
    with child(HOLDS, NAME.encode("gb18030")) as pid:
        hits = memory.search(pid, [NAME])
    counts = memory.table(hits)
    assert sum(counts.values()) == len(hits)
    assert {key[:2] for key in counts} == {(NAME, "gb18030")}


def test_words_that_would_be_found_by_chance_are_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        memory.forms("王五")


def test_the_searching_process_is_not_searched() -> None:
    with pytest.raises(ValueError, match="holds what it looks for"):
        memory.search(os.getpid(), [NAME])


def test_a_process_that_is_gone_is_said_to_be() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    with pytest.raises(ProcessLookupError):
        memory.search(gone.pid, [NAME])

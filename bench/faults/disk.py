# SPDX-License-Identifier: Apache-2.0
"""The disk that fails when told to (disk.c): built once, loaded into a process by LD_PRELOAD, driven from inside it."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")


class NoCompiler(Exception):
    """gcc is missing: apt-get install gcc libc6-dev."""


def build() -> Path:
    """The shared object; built again only when its source changed. Raises NoCompiler."""
    mark = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    built = Path(tempfile.gettempdir()) / f"doorstep-disk-{os.getuid()}-{mark}.so"
    if not built.exists():
        draft = built.with_suffix(f".{os.getpid()}")
        command = ["gcc", "-O2", "-shared", "-fPIC", "-o", str(draft), str(SOURCE), "-ldl", "-lpthread"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except FileNotFoundError as fault:
            raise NoCompiler("gcc is missing: apt-get install gcc libc6-dev") from fault
        draft.rename(built)
    return built


def environment() -> dict[str, str]:
    """For a process that is to live on this disk."""
    return {**os.environ, "LD_PRELOAD": str(build())}


def live_on_it() -> None:
    """Starts the running program again on this disk, unless it is there already. Call it first of all."""
    if not is_loaded():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment())


def is_loaded() -> bool:
    """Whether this process lives on it."""
    return hasattr(ctypes.CDLL(None), "disk_begin")


class Disk:
    """Watches a directory from now on. `syncs` False leaves out the real ones: a killed process does not need them."""

    def __init__(self, directory: Path, log: Path, side: Path, *, syncs: bool = False) -> None:
        side.mkdir(exist_ok=True)
        self._library = ctypes.CDLL(None)
        self._library.disk_begin(os.fsencode(directory), os.fsencode(log), os.fsencode(side), int(syncs))
        self._library.disk_count.restype = ctypes.c_long

    def fail(self, kind: str, at: int, error: int, *, stays: bool = False, drops: bool = False) -> None:
        """The at-th change ("w"), sync ("s") or either ("a") from now on fails with an errno; with `stays` all after
        it too; with `drops` a failed sync loses what it should have kept. "h": the change is cut to its half."""
        self._library.disk_fault(
            ctypes.c_char(kind.encode()), ctypes.c_long(at), ctypes.c_int(error), ctypes.c_int(stays),
            ctypes.c_int(drops),
        )  # fmt: skip

    def kill(self, at: int) -> None:
        """This process is killed at its at-th change or sync from now on."""
        self.fail("a", at, 0)

    def heal(self) -> None:
        """Nothing fails any more; counts from 0 again."""
        self._library.disk_fault(ctypes.c_char(b"\0"), ctypes.c_long(0), 0, 0, 0)

    def count(self, kind: str) -> int:
        """How many there were since the last `fail` or `heal`."""
        return int(self._library.disk_count(ctypes.c_char(kind.encode())))

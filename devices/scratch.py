# SPDX-License-Identifier: Apache-2.0
"""The one place for bytes of people outside of a process's own memory: a file system in memory, never a disk.

What programs hand us in files (pages of `scanimage`), and what libraries put into temporary files, goes there. Each
folder is locked by the process that made it; `sweep` removes those whose process is gone.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PREFIX = "doorstep-scratch-"
_IN_MEMORY = ("tmpfs", "ramfs")
_settled = ExitStack()


class NoScratch(OSError):
    """This machine has no file system in memory that we may write to."""


def in_memory(path: Path) -> bool:
    """Whether a path lies on no disk: proc(5), mountinfo, by the number of its file system."""
    try:
        device = path.stat().st_dev
        lines = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
    except OSError:
        return False
    number = f"{os.major(device)}:{os.minor(device)}"
    kinds = [line.partition(" - ")[2].split()[0] for line in lines if line.split(maxsplit=3)[2] == number]
    return bool(kinds) and all(kind in _IN_MEMORY for kind in kinds)


def places() -> list[Path]:
    """Where it may be, best first: what systemd made for the unit or the session, then what every Linux has."""
    units = os.environ.get("RUNTIME_DIRECTORY", "").split(":")
    named = [*units, os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"]
    found = [Path(name) for name in named if name.startswith("/")]
    return [place for place in found if os.access(place, os.W_OK | os.X_OK) and in_memory(place)]


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder of this process alone; gone with all that is in it at the end. Raises NoScratch."""
    with ExitStack() as ends:
        yield _make(ends)


def _make(ends: ExitStack) -> Path:
    for place in places():
        with suppress(OSError):  # a full one
            return _make_in(place, ends)
    raise NoScratch("no file system in memory: the unit needs RuntimeDirectory=, or the machine /dev/shm")


def _make_in(place: Path, ends: ExitStack) -> Path:
    new = Path(tempfile.mkdtemp(prefix="doorstep-new-", dir=place))
    held = os.open(new, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    ends.callback(os.close, held)
    fcntl.flock(held, fcntl.LOCK_EX)  # before it has its name, so that no sweep comes in between
    named = new.rename(place / f"{PREFIX}{new.name.removeprefix('doorstep-new-')}")
    ends.callback(shutil.rmtree, named, ignore_errors=True)
    return named


def memory_file(name: str) -> BinaryIO:
    """A file without a name in any file system, for a program's output; memfd_create(2)."""
    return open(os.memfd_create(name, os.MFD_CLOEXEC), "w+b", buffering=0)


def settle() -> Path:
    """For a process's start: its temporary files, and those of all it starts, are made in memory from now on.

    Removes what processes that are gone left behind. Raises NoScratch.
    """
    sweep()
    _settled.close()
    place = _make(_settled)
    atexit.register(_settled.close)
    tempfile.tempdir = os.environ["TMPDIR"] = str(place)
    return place


def sweep() -> int:
    """Removes the folders whose process is gone; how many. For processes that outlive one that crashed."""
    removed = 0
    for left in (path for place in places() for path in place.glob(f"{PREFIX}*")):
        with suppress(OSError):
            held = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
                removed += 1
            finally:
                os.close(held)
    return removed

# SPDX-License-Identifier: Apache-2.0
"""Removable media: which are there, how much fits, and when it is safe to take one out.

Read from the kernel (proc(5) mountinfo, sysfs-block `removable`), so that no desktop service is needed. `root` is
where proc and sys are looked for.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from offline.errors import OfflineError
from offline.files import sync_directory

_ESCAPE = re.compile(r"\\([0-7]{3})")
_GONE = (errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ESTALE, errno.ENOTCONN, errno.ENOMEDIUM, errno.ESHUTDOWN)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class MediumFault(OfflineError):
    """The stick did not do it: medium-gone, medium-full, medium-read-only, medium-failed, medium-damaged (what was
    read back is not what was written). On the terminal nothing was changed."""

    code = "medium-failed"


@dataclass(frozen=True, slots=True)
class Medium:
    """A mounted removable medium. `label` names it to people; `free` and `size` are bytes."""

    device: str
    mount: Path
    label: str
    free: int
    size: int
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A removable medium with something in it that is not mounted: no file system that is known here, or still busy."""

    device: str
    label: str


@dataclass(frozen=True, slots=True)
class _Mount:
    number: str
    place: Path
    read_only: bool


def find_media(root: Path = Path("/")) -> tuple[Medium, ...]:
    """What can be written to or read from now, in the order it was mounted. A medium mounted twice counts once."""
    found: dict[str, Medium] = {}
    for mount in _mounts(root):
        device = _device(root, mount.number)
        if mount.number in found or device is None or not _is_removable(device):
            continue
        try:
            room = os.statvfs(mount.place)
        except OSError:
            continue  # pulled out between the two looks
        found[mount.number] = Medium(
            device.name, mount.place, _label(device), room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize,
            mount.read_only,
        )  # fmt: skip
    return tuple(found.values())


def find_unreadable(root: Path = Path("/")) -> tuple[Unreadable, ...]:
    """Removable media that hold something and are not mounted, so that no one waits for a stick that will not come."""
    mounted = {found.resolve() for m in _mounts(root) if (found := _device(root, m.number)) is not None}
    blocks = root / "sys" / "block"
    lost = []
    for disk in sorted(blocks.iterdir()) if blocks.is_dir() else ():
        parts = {disk.resolve(), *(p.parent.resolve() for p in disk.glob("*/partition"))}
        if _is_removable(disk.resolve()) and _number(disk / "size") > 0 and not parts & mounted:
            lost.append(Unreadable(disk.name, _label(disk.resolve())))
    return tuple(lost)


def _mounts(root: Path) -> Iterator[_Mount]:
    try:
        lines = (root / "proc" / "self" / "mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        front, _, back = line.partition(" - ")
        fields, of_disk = front.split(" "), back.split(" ")
        if len(fields) < 6 or len(of_disk) < 3:
            continue
        place = Path(_ESCAPE.sub(lambda m: chr(int(m[1], 8)), fields[4]))
        read_only = "ro" in fields[5].split(",") or "ro" in of_disk[2].split(",")
        yield _Mount(fields[2], place, read_only)


def _device(root: Path, number: str) -> Path | None:
    """The sysfs directory of a device "major:minor"; None for what is no block device."""
    link = root / "sys" / "dev" / "block" / number
    return link.resolve() if link.exists() else None


def _disk(device: Path) -> Path:
    """A partition's disk; a disk itself."""
    return device.parent if (device / "partition").exists() else device


def _is_removable(device: Path) -> bool:
    """Sticks say so themselves; a hard disk in a USB case does not, and is known by its bus."""
    disk = _disk(device)
    return _number(disk / "removable") == 1 or any(re.fullmatch(r"usb\d+", part) for part in disk.parts)


def _number(path: Path) -> int:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _label(device: Path) -> str:
    words = []
    for name in ("vendor", "model"):
        try:
            words.append((_disk(device) / "device" / name).read_text("ascii", "replace").strip())
        except OSError:
            continue
    return " ".join(w for w in words if w) or device.name


@contextmanager
def medium_faults() -> Iterator[None]:
    """The operating system's errors as the medium's."""
    try:
        yield
    except OSError as fault:
        raise medium_fault(fault) from fault


def medium_fault(fault: OSError) -> MediumFault:
    """What went wrong, and what to do."""
    if fault.errno in _FULL:
        return MediumFault("the stick is full; delete something on it or take another", "medium-full")
    if fault.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return MediumFault("the stick cannot be written; look for its lock switch or take another", "medium-read-only")
    if fault.errno in _GONE:
        return MediumFault("the stick was taken out too early; put it in again and start anew", "medium-gone")
    return MediumFault(f"the stick failed ({fault.strerror}); put it in again or take another", "medium-failed")


def sync_medium(directory: Path) -> None:
    """Everything of the directory's file system is on the medium when this returns. Raises OSError."""
    sync_directory(directory)
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _libc.syncfs(handle) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    finally:
        os.close(handle)


_libc = ctypes.CDLL(None, use_errno=True)

# SPDX-License-Identifier: Apache-2.0
"""A camera that shows pictures from files, one after the other: for the demo, for tests, and to try a page out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.errors import ScanFailed
from devices.page.picture import decode

if TYPE_CHECKING:
    from devices.page.picture import Picture

DEVICE = "document-camera"
FAULTS = ("no-frames", "black", "blurred", "unplug")


class StillCamera:
    """`folder` holds pictures; each is shown `times` times, in the order of their names, then from the first again.

    A file named "fault" in the folder says one of FAULTS: anybody may spoil it while it runs.
    """

    def __init__(self, folder: str, times: int = 1) -> None:
        self._folder, self._times = Path(folder), max(1, times)
        self._shown = 0
        self._last: tuple[Path, float] | None = None
        self._picture: Picture | None = None

    def _fault(self) -> str:
        try:
            return (self._folder / "fault").read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def status(self) -> DeviceStatus:
        """Absent without its folder."""
        there = self._folder.is_dir() and self._fault() != "unplug"
        return status(DEVICE, State.READY if there else State.ABSENT)

    def frame(self) -> Picture:
        """The next picture, spoilt as "fault" says."""
        if not self.status().usable:
            raise ScanFailed("scanner-absent", "the document camera is not there; check its cable")
        files = sorted(p for p in self._folder.iterdir() if p.suffix in (".jpg", ".jpeg", ".png"))
        fault = self._fault()
        if not files or fault == "no-frames":
            raise ScanFailed("scanner-fault", "the document camera sends no picture; unplug it and plug it in again")
        path = files[self._shown // self._times % len(files)]
        self._shown += 1
        return _spoilt(self._read(path), fault)

    def _read(self, path: Path) -> Picture:
        known = (path, path.stat().st_mtime)
        if self._picture is None or self._last != known:
            self._picture, self._last = decode(path.read_bytes()), known
        return self._picture

    def close(self) -> None:
        """Begins with the first picture again."""
        self._shown = 0


def _spoilt(picture: Picture, fault: str) -> Picture:
    import cv2
    import numpy as np

    if fault == "black":
        return np.zeros_like(picture)
    if fault == "blurred":
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), picture.shape[1] / 300), dtype=np.uint8)
    return picture


DRIVER = Driver("camera", "stills", StillCamera, words="pictures from a folder instead of a camera")

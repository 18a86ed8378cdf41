# SPDX-License-Identifier: Apache-2.0
"""A document camera on USB (UVC), through OpenCV over V4L2."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.errors import DeviceError, ScanFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from devices.page.picture import Picture

DEVICE = "document-camera"
ANSWER = 6.0  # seconds; switching on takes a camera up to three
SETTLING = 4  # frames after switching on, in which exposure and focus settle
_LINKS = Path("/dev/v4l/by-id")
T = TypeVar("T")


class UvcCamera:
    """One thread owns it. `device` is a path; one below /dev/v4l/by-id stays the same whatever else is plugged in.

    `turn`: degrees clockwise by which its picture must be turned, as it is built in: 0, 90, 180 or 270.

    OpenCV's calls run on a thread beside and are given up after ANSWER: a camera that was unplugged may block them.
    """

    def __init__(self, device: str, width: int = 2592, height: int = 1944, turn: int = 0) -> None:
        if turn not in (0, 90, 180, 270):
            raise DeviceError("profile-wrong", "[camera] turn must be 0, 90, 180 or 270")
        self._device, self._size, self._quarters = device, (width, height), turn // 90
        self._capture: Any = None
        self._beside: ThreadPoolExecutor | None = None

    def status(self) -> DeviceStatus:
        """Looks whether the device is there and may be used."""
        if not os.path.exists(self._device):
            return status(DEVICE, State.ABSENT, self._device)
        if not os.access(self._device, os.R_OK | os.W_OK):
            return status(DEVICE, State.FAULT, "this user may not use the camera; add it to the group video")
        return status(DEVICE, State.READY)

    def frame(self) -> Picture:
        """Switches it on at the first call."""
        if not self.status().usable:
            self.close()
            raise ScanFailed("scanner-absent", "the document camera is not there; check its cable")
        return self._within(self._read)

    def _read(self) -> Picture:
        import numpy as np

        skip = 0
        if self._capture is None:
            self._capture = self._open()
            skip = SETTLING
        for _ in range(skip):
            self._capture.grab()
        good, picture = self._capture.read()
        if not good or picture is None or picture.ndim != 3:
            self._capture.release()
            self._capture = None
            raise ScanFailed("scanner-fault", "the document camera sends no picture; unplug it and plug it in again")
        return np.ascontiguousarray(np.rot90(picture, -self._quarters), dtype=np.uint8)

    def _open(self) -> Any:
        import cv2

        capture = cv2.VideoCapture(self._device, cv2.CAP_V4L2)
        # Uncompressed frames of this size pass USB 2 at two a second: every such camera also gives Motion JPEG.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if not capture.isOpened():
            raise ScanFailed("scanner-fault", "the document camera cannot be opened; is another program using it?")
        return capture

    def _within(self, work: Callable[[], T]) -> T:
        if self._beside is None:
            self._beside = ThreadPoolExecutor(1, "document-camera-call")
        running: Future[T] = self._beside.submit(work)
        try:
            return running.result(ANSWER)
        except Late:
            self._beside.shutdown(wait=False, cancel_futures=True)
            self._beside = self._capture = None
            raise ScanFailed(
                "timeout", "the document camera stopped answering; unplug it and plug it in again"
            ) from None

    def close(self) -> None:
        """Switches it off."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None
        if self._beside is not None:
            self._beside.shutdown(wait=False, cancel_futures=True)
            self._beside = None


def find() -> list[dict[str, Any]]:
    """Cameras by their lasting names; the first video node of each gives pictures, the others metadata."""
    return [{"device": str(link)} for link in sorted(_LINKS.glob("*-video-index0"))] if _LINKS.is_dir() else []


DRIVER = Driver("camera", "uvc", UvcCamera, find, "document camera on USB (UVC)")

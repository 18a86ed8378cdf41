# SPDX-License-Identifier: Apache-2.0
"""Watches the table through a document camera while a page shows it, and takes pictures of pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from devices.base import Camera, DeviceStatus
from devices.errors import ScanFailed
from devices.events import CameraSeen, CodeScanned, DeviceEvent, PictureTaken

if TYPE_CHECKING:
    from devices.camera.capture import Taken

PAUSE = 0.03  # seconds between frames: the other threads of a small machine want to live
AGAIN = 1.0  # seconds until a camera that gave no frame is asked again
SAME_CODE = 3.0  # seconds in which a code that stays under the camera is reported once


class CameraWatch:
    """`begin` and `end` from any thread; all else on the camera's own, where `put` brings it."""

    def __init__(
        self, camera: Camera, tell: Callable[[DeviceEvent], None], put: Callable[[Callable[[], None]], None]
    ) -> None:
        self._camera, self._tell, self._put = camera, tell, put
        self._watching = threading.Event()
        self._waking = threading.Event()
        self._codes: dict[str, float] = {}

    def begin(self) -> None:
        """CameraSeen events come, until `end`."""
        if not self._watching.is_set():
            self._waking.clear()
            self._watching.set()
            self._put(self._frame)

    def end(self) -> None:
        """The camera is switched off."""
        if self._watching.is_set():
            self._watching.clear()
            self._waking.set()
            self._put(self._rest)

    def look(self) -> DeviceStatus:
        """For the device's thread: whether it is there."""
        return self._camera.status()

    def close(self) -> None:
        """At the thread's end."""
        self._watching.clear()
        self._camera.close()

    def _rest(self) -> None:
        if not self._watching.is_set():
            self._camera.close()

    def _frame(self) -> None:
        if not self._watching.is_set():
            return
        from devices.camera.capture import look

        try:
            view = look(self._camera)
        except ScanFailed as fault:
            self._tell(CameraSeen(None, fault.code))
            self._waking.wait(AGAIN)
        else:
            self._tell(CameraSeen(view))
            for text in view.codes:
                self._code(text)
            self._waking.wait(PAUSE)
        if self._watching.is_set():
            self._put(self._frame)

    def _code(self, text: str) -> None:
        now = time.monotonic()
        if now - self._codes.get(text, -SAME_CODE) >= SAME_CODE:
            self._tell(CodeScanned(text))
        self._codes = {t: at for t, at in self._codes.items() if now - at < SAME_CODE} | {text: now}

    def take(self, job_id: str, answer: Callable[[DeviceEvent], None]) -> None:
        """A picture for a page; `answer` gets its PictureTaken."""
        from devices.camera.capture import take

        try:
            taken: Taken = take(self._camera)
        except ScanFailed as fault:
            answer(PictureTaken(job_id, code=fault.code))
        except Exception:
            answer(PictureTaken(job_id, code="scanner-fault"))
            raise
        else:
            answer(PictureTaken(job_id, taken))

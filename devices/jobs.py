# SPDX-License-Identifier: Apache-2.0
"""What is asked of a device: work for its thread, whose one answer is an event, also where it cannot be done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from devices.base import Scanner
from devices.camera_watch import CameraWatch
from devices.errors import DeviceError, PrintFailed, ScanFailed
from devices.events import DeviceEvent, PictureTaken, PrintFinished, ScanFinished, StaffCardProved

Tell = Callable[[DeviceEvent], None]


@dataclass(frozen=True, slots=True)
class Job:
    """`given_up` answers where the work is not done in time, from any thread; `absent` where nobody can do it."""

    work: Callable[[], None]
    given_up: Callable[[], None]
    absent: Callable[[], None]


class _Once:
    """Tells the first event it is given: a job that was given up may end after all."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._open = threading.Lock()

    def __call__(self, event: DeviceEvent) -> None:
        if self._open.acquire(blocking=False):
            self._tell(event)


def print_job(job_id: str, device: str, printing: Callable[[], None], tell: Tell) -> Job:
    """Answered by PrintFinished. `printing` raises PrintFailed."""
    answer = _Once(tell)

    def ended(code: str) -> None:
        answer(PrintFinished(job_id, device, not code, code))

    def work() -> None:
        try:
            printing()
        except PrintFailed as fault:
            ended(fault.code)
        except Exception:
            ended("printer-fault")
            raise
        else:
            ended("")

    return Job(work, lambda: ended("timeout"), lambda: ended("printer-absent"))


def scan_job(job_id: str, scanner: Scanner | None, tell: Tell) -> Job:
    """Answered by ScanFinished."""
    answer = _Once(tell)

    def failed(code: str) -> None:
        answer(ScanFinished(job_id, False, code=code))

    def work() -> None:
        assert scanner is not None
        try:
            pages = scanner.scan()
        except ScanFailed as fault:
            failed(fault.code)
        except Exception:
            failed("scanner-fault")
            raise
        else:
            answer(ScanFinished(job_id, True, tuple(pages)))

    return Job(work, lambda: failed("timeout"), lambda: failed("scanner-absent"))


def proof_job(job_id: str, reader: Any, pin: str, tell: Tell) -> Job:
    """The staff card in the reader proves itself. Answered by StaffCardProved."""
    answer = _Once(tell)

    def failed(code: str, remaining: int = -1) -> None:
        answer(StaffCardProved(job_id, code=code, remaining=remaining))

    def work() -> None:
        try:
            key = reader.prove(pin)
        except DeviceError as fault:
            failed(fault.code, getattr(fault, "remaining", -1))
        except Exception:
            failed("reader-fault")
            raise
        else:
            answer(StaffCardProved(job_id, key))

    return Job(work, lambda: failed("reader-busy"), lambda: failed("reader-absent"))


def picture_job(job_id: str, camera: CameraWatch | None, tell: Tell) -> Job:
    """Answered by PictureTaken."""
    answer = _Once(tell)

    def failed(code: str) -> None:
        answer(PictureTaken(job_id, code=code))

    def work() -> None:
        assert camera is not None
        camera.take(job_id, answer)

    return Job(work, lambda: failed("timeout"), lambda: failed("scanner-absent"))

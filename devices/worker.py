# SPDX-License-Identifier: Apache-2.0
"""One plain thread that owns one device: a mailbox of jobs, and a look at the device when nothing is asked."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from devices.base import DeviceStatus, State, status

log = logging.getLogger(__name__)


class DeviceWorker:
    """`look` is called every `interval` seconds and returns the device's status; jobs come in between.

    `calm`: seconds between looks while the device is ready, where that may be longer.
    """

    def __init__(
        self,
        device: str,
        look: Callable[[], DeviceStatus],
        changed: Callable[[DeviceStatus], None],
        *,
        interval: float,
        calm: float | None = None,
        finish: Callable[[], None] | None = None,
    ) -> None:
        self.device = device
        self.status = status(device, State.ABSENT, "not looked at yet")
        self._look = look
        self._changed = changed
        self._interval = interval
        self._calm = calm if calm is not None else interval
        self._finish = finish or (lambda: None)
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"device-{device}", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def put(self, job: Callable[[], None]) -> None:
        """A job for the device's thread."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Asks for the end; `join` waits for it."""
        self._stopping.set()
        self._jobs.put(None)

    def join(self, patience: float) -> bool:
        """Whether it ended."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._update()
        while not self._stopping.is_set():
            try:
                wait = self._calm if self.status.state is State.READY else self._interval
                job = self._jobs.get(timeout=wait)
            except queue.Empty:
                self._update()
                continue
            if job is not None:
                self._guard(job)
                self._update()
        self._guard(self._finish)

    def _update(self) -> None:
        before = self.status
        try:
            self.status = self._look()
        except Exception as fault:  # a driver must not take its thread down; it is our bug, and logged as one
            log.exception("the %s driver failed", self.device)
            self.status = status(self.device, State.FAULT, type(fault).__name__)
        if self.status != before:
            log.info("%s: %s %s", self.device, self.status.state, self.status.detail)
            self._guard(lambda: self._changed(self.status))

    def _guard(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:
            log.exception("a job of the %s failed", self.device)

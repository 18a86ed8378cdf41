# SPDX-License-Identifier: Apache-2.0
"""One plain thread that owns one device: a mailbox of jobs, and a look at the device when nothing is asked."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from devices.base import DeviceStatus, State, status

log = logging.getLogger(__name__)
WAITING = 70.0  # seconds a job waits for a device not taken yet; the visit before may print for 60
GRACE = 5.0  # seconds in which a job that was taken back may end by itself


def _nothing() -> None:
    pass


class _Job:
    """Work that is begun once or given up; `given_up` answers for it, from any thread."""

    def __init__(self, work: Callable[[], None], given_up: Callable[[], None]) -> None:
        self.work = work
        self.given_up = given_up
        self.timer: threading.Timer | None = None


class DeviceWorker:
    """`look` is called every `interval` seconds and returns the device's status; jobs come in between.

    `calm`: seconds between looks while the device is ready, where that may be longer. `begin` and `finish` are called
    on the thread, first and last; `cancel` from another thread, to take the job under way back. `released(free)` is
    reported once after `let_go`: not free is a device whose driver hangs, which keeps it until the process ends.

    The thread begins with `start`. Before, the device is another's: it is busy, and jobs wait for it.
    """

    def __init__(
        self,
        device: str,
        look: Callable[[], DeviceStatus],
        changed: Callable[[DeviceStatus], None],
        *,
        interval: float,
        calm: float | None = None,
        begin: Callable[[], None] = _nothing,
        finish: Callable[[], None] = _nothing,
        cancel: Callable[[], None] = _nothing,
        released: Callable[[bool], None] = lambda _free: None,
    ) -> None:
        self.device = device
        self.status = status(device, State.BUSY, "being handed over")
        self._look, self._changed = look, changed
        self._interval = interval
        self._calm = calm if calm is not None else interval
        self._begin, self._finish, self._cancel = begin, finish, cancel
        self._released = released
        self._news = threading.Condition()
        self._mail: deque[_Job] = deque()
        self._current: _Job | None = None
        self._started = self._leaving = self._told = False
        self._over = threading.Event()
        self._deadline: threading.Timer | None = None
        self._thread = threading.Thread(target=self._run, name=f"device-{device}", daemon=True)

    def start(self, *, handed_over: bool = True) -> bool:
        """Begins; False where it has begun already, or was released. Handed over, it stays busy until a look."""
        with self._news:
            if self._started or self._leaving:
                return False
            self._started = True
            if not handed_over:
                self.status = status(self.device, State.ABSENT, "not looked at yet")
            for job in self._mail:
                if job.timer is not None:
                    job.timer.cancel()
        self._thread.start()
        return True

    def put(self, work: Callable[[], None], given_up: Callable[[], None] | None = None) -> bool:
        """A job for the device's thread; False once the device is released.

        `given_up` is called where the job cannot be done in time. Without it a job waits for its device for ever.
        """
        job = _Job(work, given_up or _nothing)
        with self._news:
            if self._leaving:
                return False
            self._mail.append(job)
            if not self._started and given_up is not None:
                job.timer = _timer(WAITING, lambda: self._waited(job))
            self._news.notify()
        return True

    def _waited(self, job: _Job) -> None:
        with self._news:
            if self._started or job not in self._mail:
                return
            self._mail.remove(job)
        self._guard(job.given_up)

    def let_go(self, patience: float) -> bool:
        """Takes no more jobs, does those that wait, closes the device. Returns at once; False if it was said before.

        What is not done after `patience` seconds is taken back, and GRACE later given up with the device.
        """
        with self._news:
            if self._leaving:
                return False
            self._leaving = True
            if self._started:
                self._deadline = _timer(patience, self._late)
                self._news.notify()
                return True
        self._drop()
        self._guard(self._finish)
        self._over.set()
        self._tell(True)
        return True

    def join(self, patience: float) -> bool:
        """Whether its thread ended."""
        if self._started:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _late(self) -> None:
        with self._news:
            current = self._current
        self._drop()
        if current is not None:
            self._guard(self._cancel)
        if self._over.wait(GRACE):
            return
        log.warning("the %s driver hangs; the device is free once this process has ended", self.device)
        if current is not None:
            self._guard(current.given_up)
        self._tell(False)

    def _drop(self) -> None:
        with self._news:
            dropped = list(self._mail)
            self._mail.clear()
        for job in dropped:
            if job.timer is not None:
                job.timer.cancel()
            self._guard(job.given_up)

    def _run(self) -> None:
        self._guard(self._begin)
        self._update()
        while (job := self._next()) is not None:
            if job.work is not _nothing:
                self._guard(job.work)
            with self._news:
                self._current = None
            self._update()
        self._guard(self._finish)
        self._over.set()
        if self._deadline is not None:
            self._deadline.cancel()
        self._tell(True)

    def _next(self) -> _Job | None:
        """The next job, an empty one when it is time for a look, None at the end."""
        with self._news:
            if not self._mail and not self._leaving:
                self._news.wait(self._calm if self.status.state is State.READY else self._interval)
            if self._mail:
                self._current = self._mail.popleft()
                return self._current
            return None if self._leaving else _Job(_nothing, _nothing)

    def _tell(self, free: bool) -> None:
        with self._news:
            if self._told:
                return
            self._told = True
        self.status = status(self.device, State.BUSY, "handed over")
        self._released(free)

    def _update(self) -> None:
        if self._leaving:
            return
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


def _timer(seconds: float, work: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()
    return timer

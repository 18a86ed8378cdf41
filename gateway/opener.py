# SPDX-License-Identifier: Apache-2.0
"""The background worker that opens what is in custody: one thread, which steps back while records come in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from gateway.opening import Opening

log = logging.getLogger(__name__)
_LOOK_EVERY = 1.0  # seconds: another process may have queued something
_REST_AFTER_FAULT = 5.0
_STEP = 0.01
_LONGEST_STEP_BACK = 0.5  # seconds that opening waits for custody to be idle
_STRIDE = 0.1  # seconds that it then goes on whatever comes in: it never stands still, and no lease runs out


class Opener:
    """Runs until it is stopped."""

    def __init__(self, opening: Opening, busy: Callable[[], bool] = lambda: False) -> None:
        self._opening = opening
        self._busy = busy
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._go_on_until = 0.0

    def start(self) -> None:
        """Begins."""
        self._thread = threading.Thread(target=self._run, name="opener")
        self._thread.start()

    def wake(self) -> None:
        """Something was queued. Never blocks."""
        self._wake.set()

    def stop(self) -> None:
        """Ends after the record in hand; what is unfinished stays queued."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                if self._opening.open_some(self._breathe) == 0:
                    self._wake.wait(_LOOK_EVERY)
            except _Stopped:
                return
            except DBAPIError as fault:
                log.error("opening waits: the database does not answer: %s", fault.orig)
                self._stop.wait(_REST_AFTER_FAULT)

    def _breathe(self) -> None:
        if self._busy() and time.monotonic() > self._go_on_until:
            waited = 0.0
            while self._busy() and waited < _LONGEST_STEP_BACK and not self._stop.wait(_STEP):
                waited += _STEP
            self._go_on_until = time.monotonic() + _STRIDE
        if self._stop.is_set():
            raise _Stopped


class _Stopped(BaseException):
    """Out of the middle of a batch, without an outcome."""

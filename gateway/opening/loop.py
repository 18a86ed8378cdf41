# SPDX-License-Identifier: Apache-2.0
"""The background worker that opens what is in custody: one thread, which steps back while records come in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from gateway.errors import DATABASE_AWAY, GatewayError
from gateway.opening.rounds import Opening
from gateway.supervised import Finished, Supervised

_LOOK_EVERY = 1.0  # seconds: another process may have queued something
_LONGEST_PAUSE = 10.0  # seconds after a fault
_LONGEST_ROUND = 60.0  # seconds: twice the lease of a row
_STEP = 0.01
_LONGEST_STEP_BACK = 0.5  # seconds that opening waits for custody to be idle
_STRIDE = 0.1  # seconds that it then goes on whatever comes in: it never stands still, and no lease runs out


class Opener:
    """Runs until it is stopped, whatever happens. `clock` (seconds) is what `stuck` is measured by."""

    def __init__(
        self,
        opening: Opening,
        busy: Callable[[], bool] = lambda: False,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._opening = opening
        self._busy = busy
        self._wake = threading.Event()
        self._thread = Supervised(
            "opener", self._round, away=(*DATABASE_AWAY, GatewayError), longest=_LONGEST_PAUSE, clock=clock
        )
        self._go_on_until = 0.0

    @property
    def stuck(self) -> bool:
        """Whether it has not gone round for a minute: every round failed, or one does not end."""
        return self._thread.silence > _LONGEST_ROUND

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def wake(self) -> None:
        """Something was queued. Never blocks."""
        self._wake.set()

    def stop(self) -> None:
        """Ends after the record in hand; what is unfinished stays queued."""
        self._thread.stopping.set()
        self._wake.set()
        self._thread.stop()

    def _round(self) -> None:
        self._wake.clear()
        if self._thread.stopping.is_set():  # asked just before, by the event that was cleared
            raise Finished
        if self._opening.open_some(self._breathe) == 0:
            self._wake.wait(_LOOK_EVERY)

    def _breathe(self) -> None:
        stopping = self._thread.stopping
        if self._busy() and time.monotonic() > self._go_on_until:
            waited = 0.0
            while self._busy() and waited < _LONGEST_STEP_BACK and not stopping.wait(_STEP):
                waited += _STEP
            self._go_on_until = time.monotonic() + _STRIDE
        if stopping.is_set():  # out of the middle of a batch, without an outcome
            raise Finished

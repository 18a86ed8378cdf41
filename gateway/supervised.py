# SPDX-License-Identifier: Apache-2.0
"""The loop under every long-lived thread of the gateway: what its work raises is logged, remembered and survived."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
_FIRST_PAUSE = 0.5  # seconds after the first fault; doubled with each that follows


class Finished(BaseException):
    """Raised by the work when its thread shall end: it was asked to stop, or has done all there was to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the last round ended with."""

    kind: str  # name of the exception's class
    rounds: int  # that ended with one, in a row
    away: bool  # the environment's fault, as far as can be told


class Supervised(threading.Thread):
    """Calls `work` again and again until it is stopped. A thread of another class is not supervised: a test looks.

    Exceptions of the classes in `away` are the environment's fault and logged as one line, all others with their
    traceback. `longest` is the longest pause after a fault, in seconds.
    """

    def __init__(
        self, name: str, work: Callable[[], None], *, away: tuple[type[Exception], ...] = (), longest: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        super().__init__(name=name, daemon=True)  # a call that never returns must not keep a process from ending
        self.stopping = threading.Event()
        self.fault: Fault | None = None
        self._work, self._away, self._longest = work, away, longest
        self._clock, self._round_at = clock, clock()

    @property
    def silence(self) -> float:
        """Seconds since a round last ended without a fault; before the first, since the thread was made."""
        return self._clock() - self._round_at

    def run(self) -> None:
        """The thread. Use `start`."""
        while not self.stopping.is_set():
            try:
                self._work()
            except Finished:
                return
            except BaseException as fault:  # SystemExit too: it would end a thread without a word
                self._survive(fault)
            else:
                self.fault = None
                self._round_at = self._clock()

    def _survive(self, fault: BaseException) -> None:
        rounds = self.fault.rounds + 1 if self.fault is not None else 1
        self.fault = Fault(type(fault).__name__, rounds, isinstance(fault, self._away))
        pause = min(self._longest, _FIRST_PAUSE * 2 ** min(rounds - 1, 20)) * random.uniform(0.5, 1)
        if self.fault.away:
            log.error("%s goes on in %.1f s: %s", self.name, pause, str(fault).partition("\n")[0])
        else:
            log.error("%s goes on in %.1f s after a fault of ours", self.name, pause, exc_info=fault)
        self.stopping.wait(pause)

    def stop(self, patience: float = 5.0) -> bool:
        """Asks for the end and waits so many seconds for it; whether it came. Nothing happens when it never began."""
        self.stopping.set()
        if self.is_alive():
            self.join(patience)
        return not self.is_alive()

# SPDX-License-Identifier: Apache-2.0
"""Threads that outlive an unforeseen exception: it is logged and reported, and after a pause the work goes on."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from weakref import WeakSet

from offline.errors import problem_code

log = logging.getLogger(__name__)
PAUSE_FROM, PAUSE_TO = 1.0, 60.0  # seconds, the upper end of the first pause and of all pauses
_supervised: WeakSet[threading.Thread] = WeakSet()


def is_supervised(thread: threading.Thread) -> bool:
    """Whether this thread outlives an unforeseen exception."""
    return thread in _supervised


def supervise(thread: threading.Thread) -> None:
    """A promise of the caller's that nothing ends this thread."""
    _supervised.add(thread)


class SupervisedThread:
    """Calls `work` again and again until it returns False or `stop` is called.

    `listener` hears the code of what went wrong, on this thread. Between a failure and the next round the thread waits
    in `pause(seconds)`, which may return early; full jitter, ever longer while every round fails.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], bool],
        *,
        listener: Callable[[str], None] = lambda _code: None,
        pause: Callable[[float], object] | None = None,
        rng: random.Random | None = None,
        daemon: bool = True,
    ) -> None:
        self._work = work
        self._listener = listener
        self._stopping = threading.Event()
        self._pause = pause or self._stopping.wait
        self._rng = rng or random.Random()
        self._thread = threading.Thread(target=self._run, name=name, daemon=daemon)
        supervise(self._thread)

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stopping.is_set()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begins, once."""
        self._thread.start()

    def stop(self) -> None:
        """Asks for the end: a pause ends at once (a `pause` that was given is ended by who gave it)."""
        self._stopping.set()

    def join(self, patience: float | None = None) -> bool:
        """Whether it ended within so many seconds."""
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                if not self._work():
                    return
                failures = 0
            except Exception as fault:
                failures += 1
                log.exception("%s failed; it goes on", self._thread.name)
                self._after(problem_code(fault), failures)

    def _after(self, code: str, failures: int) -> None:
        seconds = self._rng.uniform(0.0, min(PAUSE_TO, PAUSE_FROM * 2 ** min(failures - 1, 12)))
        try:
            self._listener(code)
            if not self._stopping.is_set():
                self._pause(seconds)
        except Exception:
            log.exception("%s could not say what failed", self._thread.name)
            self._stopping.wait(seconds)

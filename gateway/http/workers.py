# SPDX-License-Identifier: Apache-2.0
"""The process that has others serve: one that dies, hangs or cannot start is replaced, and never ends the others."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from socket import socket

import uvicorn
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

log = logging.getLogger(__name__)
_GRACE = 60.0  # seconds until a new process must answer: it loads its program first, on a busy machine
_STEADY = 60.0  # seconds after which an earlier death counts no more
_LONGEST_PAUSE = 30.0
_GLANCE = 0.05  # seconds to wait for the answer of a process that may still be loading


@dataclass(slots=True)
class _Life:
    started: float
    deaths: int = 0  # of its predecessors in a row, and its own
    asked: bool = False  # and has not answered yet: one question at a time, else answers would be old ones
    answered: bool = False
    ready: bool = False  # it said so
    due: float | None = None  # when it is replaced, once it is dead


class Workers(Multiprocess):
    """uvicorn's supervisor, which would end everything when one process cannot start, made to try again.

    Prints `gateway ready on URL` once all serve.
    """

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket], url: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(config, sockets)
        self._url = url
        self._clock = clock
        self._lives: dict[Process, _Life] = {}
        self._announced = False

    def keep_subprocess_alive(self) -> None:
        """Called twice a second."""
        if self.should_exit.is_set():
            return
        for place, process in enumerate(self.processes):
            life = self._lives.setdefault(process, _Life(self._clock()))
            try:
                self._look_after(place, process, life)
            except Exception:  # no memory, no more processes: the others go on, and it is tried again
                log.exception("worker %s cannot be looked after now", process.pid)
                if life.due is not None:
                    life.deaths += 1
                    life.due = self._clock() + _pause(life.deaths)
        self._lives = {process: life for process, life in self._lives.items() if process in self.processes}
        self._announce()

    def handle_signals(self) -> None:
        """Called twice a second too."""
        try:
            super().handle_signals()
        except Exception:  # one that wants a process more, where there is no room for it
            log.exception("a signal could not be answered")

    def _look_after(self, place: int, process: Process, life: _Life) -> None:
        now = self._clock()
        if life.due is None:
            if self._lives_on(process, life):
                if now - life.started > _STEADY:
                    life.deaths = 0
                return
            process.kill()  # it may only hang
            process.join()
            life.deaths += 1
            pause = _pause(life.deaths)
            life.due = now + pause
            log.error("worker %s ended (%s); another starts in %.1f s", process.pid, process.exitcode, pause)
        if now >= life.due:
            fresh = Process(self.config, self.sockets)
            fresh.start()
            self.processes[place] = fresh
            self._lives[fresh] = _Life(now, life.deaths)

    def _lives_on(self, process: Process, life: _Life) -> bool:
        if not process.process.is_alive():
            return False
        if self._asked(process, life, self.config.timeout_worker_healthcheck if life.answered else _GLANCE):
            life.answered = True
            return True
        return not life.answered and self._clock() - life.started < _GRACE

    def _asked(self, process: Process, life: _Life, patience: float) -> bool:
        """Whether it answers within so many seconds."""
        try:
            if not life.asked:
                process.parent_conn.send(b"ping")
                life.asked = True
            if not process.parent_conn.poll(patience):
                return False
            life.ready = bool(process.parent_conn.recv())
        except (OSError, EOFError):
            return False
        life.asked = False
        return True

    def _announce(self) -> None:
        if not self._announced and all(self._lives[p].ready for p in self.processes if p in self._lives):
            self._announced = True
            print(f"gateway ready on {self._url}", flush=True)


def _pause(deaths: int) -> float:
    """Seconds: none after the first death."""
    return 0.0 if deaths <= 1 else min(_LONGEST_PAUSE, 0.5 * 2 ** min(deaths - 1, 20)) * random.uniform(0.5, 1)

# SPDX-License-Identifier: Apache-2.0
"""Tells the keeper that the window answers and what becomes of this process; the window never waits for it."""

from __future__ import annotations

import logging
import queue
import time

from offline.client.port import KeeperGone, Port
from offline.errors import OfflineError
from offline.port.messages import Done, Request
from offline.port.stage import Beat
from offline.supervised import SupervisedThread

log = logging.getLogger(__name__)
BEAT = 0.25  # seconds between two signs of life
FRESH = 0.6  # seconds that the window's last sign counts


class Heart:
    """`alive` is called by the window's own timer; `say` from any thread, in order, never blocks."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._said: queue.SimpleQueue[Request[Done] | None] = queue.SimpleQueue()
        self._alive_at = time.monotonic()
        self._thread = SupervisedThread("heart", self._beat)

    def start(self) -> None:
        """Begins to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Beats no more; what was said before is still told."""
        self._said.put(None)
        self._thread.join(5)
        self._thread.stop()

    def alive(self) -> None:
        """The window's thread goes round."""
        self._alive_at = time.monotonic()

    def say(self, request: Request[Done]) -> None:
        """Tells the keeper."""
        self._said.put(request)

    def _beat(self) -> bool:
        try:
            request = self._said.get(timeout=BEAT)
        except queue.Empty:
            if time.monotonic() - self._alive_at > FRESH:
                return True
            request = Beat()
        if request is None:
            return False
        try:
            self._port.ask(request)
        except KeeperGone:
            return False
        except OfflineError as fault:
            log.warning("the keeper did not take %s: %s", type(request).__name__, fault.code)
        return True

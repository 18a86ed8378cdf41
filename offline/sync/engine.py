# SPDX-License-Identifier: Apache-2.0
"""The sync engine: exchanges with the platform, on its own thread: when something waits, a network came, or in turn.

Network down is no failure and spends no retry.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Any

from offline.errors import GatewayRefused, LinkDown, OfflineError
from offline.sync.backoff import PATIENCE, backoff
from offline.sync.exchanging import Exchanging
from offline.sync.kept import Kept
from offline.sync.network import NetworkChanges
from offline.sync.progress import SyncState, Teller
from offline.sync.report import SyncReport
from offline.terminal import Terminal

log = logging.getLogger(__name__)
CLOSING = 15.0  # seconds to wait for the thread at the end
QUIET_INTERVAL = 10  # times the interval on a metered link


class SyncEngine:
    """Exchanges with the platform, on its own thread (`start`) or once (`run_once`).

    `listener` is called with every change of state, on the engine's thread. `patience`: seconds without a sign of the
    platform after which an exchange is given up until later.
    """

    def __init__(
        self,
        terminal: Terminal,
        *,
        listener: Callable[[SyncState], None] | None = None,
        interval: float = 30.0,
        rng: random.Random | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._terminal = terminal
        self._interval = interval
        self._rng = rng or random.Random()
        self._patience = patience
        self._teller = Teller(terminal.data, listener)
        self._network: NetworkChanges | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._running: Exchanging | None = None
        self._kept = Kept(terminal)

    def start(self) -> None:
        """Begins the thread."""
        self._network = NetworkChanges()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what is under way is resumed another time."""
        self._stop.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(CLOSING)
        if self._network is not None:
            self._network.close()

    def wake(self) -> None:
        """Something waits, or the network changed: do not wait for the timer."""
        if self._network is not None:
            self._network.wake()
        running = self._running
        if running is not None:
            running.wake()

    def _run(self) -> None:
        failures = 0
        assert self._network is not None
        while not self._stop.is_set():
            report = self.run_once()
            failures = 0 if report.problem is None else failures + 1
            wait = self._interval * (QUIET_INTERVAL if self._kept.metered and not failures else 1)
            if failures:
                wait = backoff(failures, self._rng, report.retry_after)
            if self._network.wait(wait):
                failures = 0

    def run_once(self) -> SyncReport:
        """One exchange. Never raises for the network; `problem` says why it ended early."""
        report = SyncReport()
        exchanging: Exchanging | None = None
        told: dict[str, Any] = {"phase": "idle", "problem": None, "online": True}
        try:
            exchanging = self._running = Exchanging(
                self._terminal, report, self._teller, self._kept, self._patience, self._stop
            )
            exchanging.run()
        except LinkDown as fault:
            report.problem, report.retry_after = fault.code, fault.retry_after
            told = {"phase": "offline", "problem": fault.code, "online": False}
        except GatewayRefused as fault:
            report.problem, report.retry_after = fault.code, fault.retry_after
            told = {"phase": "idle", "problem": fault.code, "online": True}
        except OfflineError as fault:
            report.problem = fault.code
            told = {"phase": "idle", "problem": fault.code}
        finally:
            self._running = None
            if exchanging is not None:
                exchanging.close()
            self._terminal.ask(lambda outbox, _i, _s: outbox.not_sent())
        if exchanging is not None:
            exchanging.tell(**told)
        self._terminal.remember("online", "1" if self._teller.state.online else "0")
        return report

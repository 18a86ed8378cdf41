# SPDX-License-Identifier: Apache-2.0
"""The sync engine: exchanges with the platform, on its own thread: when something waits, a network came, or in turn.

Network down is no failure and spends no retry.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from offline.errors import AnswerDamaged, GatewayRefused, LinkDown, OfflineError
from offline.supervised import SupervisedThread
from offline.sync.backoff import PATIENCE, backoff
from offline.sync.exchange import Exchange
from offline.sync.network_changes import NetworkChanges
from offline.sync.report import SyncReport
from offline.sync.session import SyncSession
from offline.sync.state import RENEW, SyncState, Teller
from offline.terminal import Terminal

CLOSING = 15.0  # seconds to wait for the thread at the end
QUIET_INTERVAL = 10  # times the interval on a metered link


class SyncEngine:
    """Exchanges with the platform, on its own thread (`start`) or once (`run_once`).

    `listener` is called with every change of state and at least every `RENEW` seconds while the thread lives, on that
    thread. `patience`: seconds without a sign of the platform after which an exchange is given up until later.
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
        self._thread: SupervisedThread | None = None
        self._running: Exchange | None = None
        self._session = SyncSession(terminal)
        self._failures = 0
        self._asked: list[Future[SyncReport]] = []

    def start(self) -> None:
        """Begins the thread."""
        self._network = NetworkChanges()
        self._teller.begin(self._now())
        self._thread = SupervisedThread("sync", self._round, listener=self._trouble, pause=self._wait, rng=self._rng)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what is under way is resumed another time."""
        self._stop.set()
        if self._thread is not None:
            self._thread.stop()
        self.wake()
        if self._thread is not None:
            self._thread.join(CLOSING)
        for one in self._asked:
            one.set_exception(LinkDown("the terminal ends"))
        if self._network is not None:
            self._network.close()

    def wake(self) -> None:
        """Something waits, or the network changed: do not wait for the timer."""
        if self._network is not None:
            self._network.wake()
        running = self._running
        if running is not None:
            running.wake()

    def exchange(self) -> SyncReport:
        """The next exchange of a thread that runs, which begins at once, or after the one under way."""
        asked: Future[SyncReport] = Future()
        self._asked.append(asked)
        self.wake()
        return asked.result()

    @property
    def state(self) -> SyncState:
        """What was reported last; silence counts from `start`."""
        return self._teller.state

    def _round(self) -> bool:
        asked, self._asked = self._asked, []
        try:
            report = self.run_once()
        except BaseException:
            self._asked = asked + self._asked
            raise
        for one in asked:
            one.set_result(report)
        self._failures = 0 if report.problem is None else self._failures + 1
        wait = self._interval * (QUIET_INTERVAL if self._session.metered and not self._failures else 1)
        if self._failures:
            wait = backoff(self._failures, self._rng, report.retry_after)
        if self._wait(wait):
            self._failures = 0
        return not self._stop.is_set()

    def _wait(self, seconds: float) -> bool:
        """True when it ended early. Meanwhile the thread shows that it lives."""
        assert self._network is not None
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._network.wait(min(left, RENEW)):
                return True
            self._teller.renew()
        return False

    def _trouble(self, code: str) -> None:
        """What ended an exchange, or kept it from beginning."""
        self._teller.tell(replace(self._teller.state, phase="idle", problem=code, seconds_left=None), self._now())

    def _now(self) -> str:
        return self._terminal.clock.now().isoformat(timespec="seconds")

    def run_once(self) -> SyncReport:
        """One exchange. Never raises for network, platform or disk; `problem` says why it ended early."""
        report = SyncReport()
        fault = self._exchange(report)
        if fault is not None:
            report.problem = fault.code
            report.retry_after = fault.retry_after if isinstance(fault, LinkDown | GatewayRefused) else 0.0
        return report

    def _exchange(self, report: SyncReport) -> OfflineError | None:
        found: list[OfflineError] = []
        try:
            exchange = Exchange(self._terminal, report, self._teller, self._session, self._patience, self._stop)
        except OfflineError as fault:
            self._trouble(fault.code)
            return fault
        self._running = exchange
        try:
            with _noted(found):
                exchange.run()
        finally:
            self._running = None
            with _noted(found):
                exchange.close()
            with _noted(found):
                self._terminal.ask(lambda outbox, _i, _s: outbox.not_sent())
        try:
            exchange.tell(**_told(found))
            self._terminal.remember("online", "1" if self._teller.state.online else "0")
        except OfflineError as fault:
            found.append(fault)
            self._trouble(_worst(found).code)
        return _worst(found) if found else None


@contextmanager
def _noted(found: list[OfflineError]) -> Iterator[None]:
    try:
        yield
    except OfflineError as fault:
        found.append(fault)


def _worst(found: list[OfflineError]) -> OfflineError:
    """A dead link mends itself; what else went wrong is the news."""
    return next((fault for fault in found if not isinstance(fault, LinkDown)), found[0])


def _told(found: list[OfflineError]) -> dict[str, Any]:
    """What faults say of the link: a disk's, for one, says nothing."""
    if not found:
        return {"phase": "idle", "problem": None, "online": True}
    problem = _worst(found).code
    if any(isinstance(fault, LinkDown) for fault in found):
        return {"phase": "offline", "problem": problem, "online": False}
    if any(isinstance(fault, GatewayRefused | AnswerDamaged) for fault in found):
        return {"phase": "idle", "problem": problem, "online": True}
    return {"phase": "idle", "problem": problem}

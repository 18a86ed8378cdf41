# SPDX-License-Identifier: Apache-2.0
"""The sync engine: all waiting records first, in batches; attachments as the link has room; the feed beside them.

Network down is no failure and spends no retry. A refused record is parked and the others go on.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from offline.errors import GatewayRefused, LinkDown, OfflineError
from offline.outbox import Left
from offline.sync.attachments import AttachmentFlow, Known
from offline.sync.backoff import PATIENCE, backoff
from offline.sync.budget import Budget
from offline.sync.exchange import Answer
from offline.sync.link import Link
from offline.sync.network import NetworkChanges
from offline.sync.news import News
from offline.sync.pace import Window
from offline.sync.progress import SyncState, Teller, Throughput, estimate
from offline.sync.records import BATCH, RecordFlow
from offline.sync.report import SyncReport
from offline.terminal import Terminal

if TYPE_CHECKING:
    from offline.transport import Token

log = logging.getLogger(__name__)
SKEW = 120.0  # seconds between the platform's clock and ours that make ours unsure
CLOSING = 15.0  # seconds to wait for the thread at the end
FEED_EVERY = 60.0  # seconds between two looks at the feed while attachments take long
TELL_EVERY = 0.5  # seconds between two reports of progress
LOOK_EVERY = 2.0  # seconds between two looks into the outbox where nobody called
SAVE_EVERY = 5.0  # seconds between two notes of the bytes spent
QUIET_INTERVAL = 10  # times the interval on a metered link
WARM = 4  # connections while attachments go: three for them, and one for what comes in between
ROOM = 2920  # bytes: with two segments of room left in the window another attachment is begun


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
        self._window = Window()
        self._known = Known()
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
                self._terminal, report, self._teller, self._window, self._known, self._kept, self._patience, self._stop
            )
            exchanging.run()
        except LinkDown as fault:
            report.problem = fault.code
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


class Kept:
    """What an engine keeps from one exchange to the next: the token, and how far the platform's clock is ahead."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._token: Token | None = None
        self._for: tuple[str, str] | None = None
        self.skew = float(terminal.fact("skew") or 0)
        self.metered = False

    def platform_time(self) -> float:
        """Unix seconds: our clock, corrected by what the platform's answers said."""
        return self._terminal.clock.now().timestamp() + self.skew

    def token(self) -> Token:
        """Of the present enrolment. Raises NotEnrolled."""
        from offline.transport import Token

        enrolment = self._terminal.require_enrolment()
        mine = (enrolment.client_id, enrolment.gateway_url)
        if self._token is None or self._for != mine:
            self._token, self._for = Token(enrolment, self._terminal.keys, self.platform_time), mine
        return self._token


class Exchanging:
    """One exchange, on the thread that runs it; small calls go beside it on a thread of their own."""

    def __init__(
        self,
        terminal: Terminal,
        report: SyncReport,
        teller: Teller,
        window: Window,
        known: Known,
        kept: Kept,
        patience: float,
        stop: threading.Event,
    ) -> None:
        from offline.transport import Calls

        self._terminal = terminal
        self._report = report
        self._teller = teller
        self._throughput = Throughput()
        self._kept = kept
        self._stop = stop
        enrolment = terminal.require_enrolment()
        self._token = kept.token()
        self._budget = Budget(terminal.data, terminal.clock.now())
        kept.metered = self._budget.metered
        self._window = window
        self._link = Link(enrolment.gateway_url, window=window, patience=patience, on_answer=self._note)
        self._calls = Calls(enrolment.gateway_url, self._token, self._link)
        self._beside = ThreadPoolExecutor(1, "sync-calls")
        self._asked: Future[Any] | None = None
        self._attachments = AttachmentFlow(terminal, self._token, report, known, lambda: window.rate)
        self._records = RecordFlow(terminal, self._token, report, self._attachments.learn)
        self._fed = time.monotonic()
        self._feed_again = True
        self._looked = self._told = self._saved = 0.0
        self._woken = False

    def wake(self) -> None:
        """From any thread."""
        self._woken = True
        self._link.at_once()
        self._link.wake()

    def close(self) -> None:
        """Ends what is under way."""
        self._link.close()
        self._beside.shutdown()
        self._calls.close()
        self._count()
        self._budget.save()

    def run(self) -> None:
        """Until nothing is left to do. Raises LinkDown, GatewayRefused, OfflineError.

        After a receipt that we do not believe the feed is read: where the platform has new keys, it says so there under
        the old ones, and the next exchange believes.
        """
        try:
            self._work()
        except GatewayRefused as fault:
            if fault.code == "receipt-wrong":
                self._ask_and_wait(self._read_news)
            raise

    def _work(self) -> None:
        self._warm()
        self._dispatch()
        self.tell(phase="records")
        while not self._finished():
            if self._stop.is_set():
                raise LinkDown("stopping", "stopping")
            self._link.turn()
            self._beside_done()
            self._look_again()
            self._dispatch()
            self._count()
            self._tell_sometimes()

    # what is to be done

    def _finished(self) -> bool:
        if self._records.active or self._asked is not None or self._feed_again:
            return False
        return not self._attachments.under_way and (self._held_back() is not None or not self._attachments.active)

    def _held_back(self) -> str | None:
        held = self._budget.holds_back(self._terminal.clock.now()) if self._attachments.active else None
        self._report.held_back = held
        return held

    def _look_again(self) -> None:
        """Into the outbox: when called, and now and then."""
        now = time.monotonic()
        if self._woken or now - self._looked > LOOK_EVERY:
            self._woken, self._looked = False, now
            self._records.maybe_more = True
            self._attachments.maybe_more = True
        if now - self._fed > FEED_EVERY:
            self._feed_again = True

    def _dispatch(self) -> None:
        if not self._token.value:
            self._ask(self._calls.token)
            return
        sending = False
        while (batch := self._records.next()) is not None:
            self._link.add(batch)
            sending = True
        if sending:
            self._feed_again = True
            self._warm()
        if self._feed_again and not self._records.active:
            self._ask(self._read_news)
        begun = False
        while not begun and self._link.room() > ROOM and self._held_back() is None:
            upload = self._attachments.next()
            if upload is None:
                break
            self._link.add(upload)
            begun = True
        if begun:
            self._warm()

    def _warm(self) -> None:
        """As many connections as there will be flows, and one for what comes in between."""
        left = self._left()
        flows = min(3, -(-left.record_bytes // BATCH))
        if left.attachments and self._budget.holds_back(self._terminal.clock.now()) is None:
            flows = WARM
        self._link.warm(max(1, flows))

    # beside

    def _ask(self, work: Callable[[], Any]) -> None:
        if self._asked is None:
            self._asked = self._beside.submit(work)
            self._asked.add_done_callback(lambda _f: self._link.wake())

    def _ask_and_wait(self, work: Callable[[], Any]) -> None:
        for each in (lambda: None, work):  # what was being asked ends first
            self._ask(each)
            while self._asked is not None:
                self._link.turn()
                self._beside_done()

    def _beside_done(self) -> None:
        if self._asked is not None and self._asked.done():
            done, self._asked = self._asked, None
            done.result()

    def _read_news(self) -> None:
        self._feed_again, self._fed = False, time.monotonic()
        news = News(self._terminal, self._calls, self._report)
        news.read()
        if news.missed:
            self._woken = self._feed_again = True

    # what is told

    def _note(self, answer: Answer) -> None:
        """Every answer of the platform tells the time."""
        now = self._terminal.clock.now()
        with suppress(ValueError, TypeError):
            skew = (parsedate_to_datetime(answer.headers.get("date", "")) - now).total_seconds()
            unsure = "unsure" if abs(skew) > SKEW else "good"
            if self._terminal.fact("clock") != unsure:
                self._terminal.remember("clock", unsure)
            skew = skew if abs(skew) > SKEW else 0.0
            if abs(skew - self._kept.skew) > 5:
                self._kept.skew = skew
                self._terminal.remember("skew", str(int(skew)))
        at = now.isoformat(timespec="seconds")
        if self._teller.state.last_contact != at:
            self._terminal.remember("last_contact", at)
            self.tell(online=True, last_contact=at)

    def _count(self) -> None:
        self._report.wire_up, self._report.wire_down = self._link.bytes_up, self._link.bytes_down
        self._report.cuts = self._link.cuts
        self._budget.spent(self._report.wire_up + self._report.wire_down, self._terminal.clock.now())
        now = time.monotonic()
        if now - self._saved > SAVE_EVERY:
            self._saved = now
            self._budget.save()

    def _tell_sometimes(self) -> None:
        now = time.monotonic()
        if now - self._told > TELL_EVERY:
            self._told = now
            self.tell(phase="records" if self._records.active else "attachments")

    def _left(self) -> Left:
        return self._terminal.ask(lambda outbox, _i, _s: outbox.left())

    def tell(self, **changes: Any) -> None:
        """The state as it is now."""
        left = self._left()
        total = left.record_bytes + max(0, left.attachment_bytes - self._attachments.reached)
        self._throughput.note(time.monotonic(), self._report.bytes_sent)
        rate = self._throughput.rate(self._window.rate)
        state = replace(
            self._teller.state,
            waiting=left.records,
            attachments_waiting=left.attachments,
            bytes_left=total,
            parked=left.parked,
            bytes_done=self._report.bytes_sent,
            rate=int(rate),
            held_back=self._report.held_back,
            bytes_today=self._budget.used,
            skew=int(self._kept.skew),
            **changes,
        )
        moving = state.online and state.held_back is None
        state = replace(state, seconds_left=estimate(total, rate) if moving else None)
        self._teller.tell(state, self._terminal.clock.now().isoformat(timespec="seconds"))

# SPDX-License-Identifier: Apache-2.0
"""One exchange: all waiting records first, in batches; attachments as the link has room; the feed beside them.

A refused record is parked and the others go on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from offline.errors import GatewayRefused, LinkDown, OfflineError
from offline.jobs import SupervisedExecutor
from offline.store.tallies import Left
from offline.sync.attachments import AttachmentFlow
from offline.sync.budget import Budget
from offline.sync.feed import FeedReader
from offline.sync.link.link import Link
from offline.sync.link.transfer import Answer
from offline.sync.progress import Throughput, estimate
from offline.sync.records import BATCH, RecordFlow
from offline.sync.refusals import http_date
from offline.sync.report import SyncReport
from offline.sync.session import SyncSession
from offline.sync.state import Teller

if TYPE_CHECKING:
    from offline.terminal import Terminal

log = logging.getLogger(__name__)
SKEW = 120.0  # seconds between the platform's clock and ours that make ours unsure
FEED_EVERY = 60.0  # seconds between two looks at the feed while attachments take long
TELL_EVERY = 0.5  # seconds between two reports of progress
LOOK_EVERY = 2.0  # seconds between two looks into the outbox where nobody called
SAVE_EVERY = 5.0  # seconds between two notes of the bytes spent
WARM = 4  # connections while attachments go: three for them, and one for what comes in between
ROOM = 2920  # bytes: with two segments of room left in the window another attachment is begun


class Exchange:
    """One exchange, on the thread that runs it; small calls go beside it on a thread of their own."""

    def __init__(
        self,
        terminal: Terminal,
        report: SyncReport,
        teller: Teller,
        session: SyncSession,
        patience: float,
        stop: threading.Event,
    ) -> None:
        from offline.sync.calls import Calls

        self._terminal = terminal
        self._report = report
        self._teller = teller
        self._throughput = Throughput()
        self._session = session
        self._stop = stop
        enrolment = terminal.require_enrolment()
        self._token = session.token()
        self._budget = Budget(terminal.data, terminal.clock.now())
        session.metered = self._budget.metered
        self._window = session.window
        self._link = Link(enrolment.gateway_url, window=session.window, patience=patience, on_answer=self._note)
        self._calls = Calls(enrolment.gateway_url, self._token, self._link)
        self._beside = SupervisedExecutor("sync-calls")
        self._asked: Future[Any] | None = None
        self._attachments = AttachmentFlow(terminal, self._token, report, session.known, lambda: session.window.rate)
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
        """Ends what is under way, all of it whatever fails, and keeps what was spent. Raises DiskFull, DiskReadOnly."""
        with ExitStack() as last:
            last.callback(self._budget.save)
            last.callback(self._count)
            last.callback(self._calls.close)
            last.callback(self._abandon)
            last.callback(self._beside.shutdown)
            last.callback(self._link.close)

    def _abandon(self) -> None:
        """What was asked and nobody waits for any more: the end of the link is no news, anything else is."""
        asked, self._asked = self._asked, None
        fault = asked.exception() if asked is not None else None
        if fault is not None and not isinstance(fault, OfflineError):
            log.error("a call that was given up had failed", exc_info=fault)

    def run(self) -> None:
        """Until nothing is left to do. Raises LinkDown, GatewayRefused, AnswerDamaged, OfflineError.

        After a receipt that we do not believe the feed is read: where the platform has new keys, it says so there under
        the old ones, and the next exchange believes.
        """
        try:
            self._work()
        except GatewayRefused as fault:
            if fault.code == "receipt-wrong":
                self._ask_and_wait(self._read_feed)
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
            self._ask(self._read_feed)
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
                self._teller.renew()

    def _beside_done(self) -> None:
        if self._asked is not None and self._asked.done():
            done, self._asked = self._asked, None
            done.result()

    def _read_feed(self) -> None:
        self._feed_again, self._fed = False, time.monotonic()
        feed = FeedReader(self._terminal, self._calls, self._report)
        feed.read()
        if feed.missed:
            self._woken = self._feed_again = True

    # what is reported

    def _note(self, answer: Answer) -> None:
        """Every answer of the platform tells the time."""
        now = self._terminal.clock.now()
        if (said := http_date(answer.headers.get("date", ""))) is not None:
            skew = (said - now).total_seconds()
            unsure = "unsure" if abs(skew) > SKEW else "good"
            if self._terminal.fact("clock") != unsure:
                self._terminal.remember("clock", unsure)
            skew = skew if abs(skew) > SKEW else 0.0
            if abs(skew - self._session.skew) > 5:
                self._session.skew = skew
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
            with suppress(OfflineError):  # a full disk is no reason to send nothing; the last save of all tells it
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
            bytes_left=total,
            bytes_done=self._report.bytes_sent,
            rate=int(rate),
            held_back=self._report.held_back,
            bytes_today=self._budget.used,
            skew=int(self._session.skew),
            **changes,
        )
        moving = state.online and state.held_back is None
        state = replace(state, seconds_left=estimate(total, rate) if moving else None)
        self._teller.tell(state, self._terminal.clock.now().isoformat(timespec="seconds"))

# SPDX-License-Identifier: Apache-2.0
"""Which process has the screen: one visit on stage, one spare behind it, and those whose last paper is still printed.

A visit that held something of somebody ends with its process: the spare takes the stage at once, devices pass over one
by one. The same where the process on stage crashes, or its window answers no more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal, assert_never

from devices import scratch
from kiosk.keeper.child import COMMAND, Begun, begin
from kiosk.keeper.keeper import Keeper
from kiosk.keeper.process import Part, VisitProcess
from offline.port.server import Connection
from offline.port.stage import (
    Beat,
    DeviceFree,
    DevicesAre,
    LeaveStage,
    OnStage,
    Ready,
    Released,
    StageAsked,
    Stop,
    TakeStage,
    VisitOver,
    WindowClosed,
)
from offline.supervised import SupervisedThread

log = logging.getLogger(__name__)
LOOK = 0.1  # seconds between two looks at the processes
LAG = 0.5  # seconds by which a look that comes late excuses everybody else, too
START_WITHIN = 60.0  # seconds until a process must be ready
LEAVE_WITHIN = 75.0  # seconds after its visit until a process must have ended: its papers have 60
STOP_WITHIN = 20.0  # seconds that an orderly end may take
PAUSE_MOST = 30.0  # seconds between two starts while every one of them fails
After = Literal["start", "visit", "crash", "hang"]


class Stage:
    """Begin with `start`, end with `stop`. `first` is a process that was begun beforehand. `closed` is called when
    somebody closed the window, `failed` when not even the first process could show one; both on a thread of the
    stage's."""

    def __init__(
        self,
        keeper: Keeper,
        devices: Sequence[str],
        *,
        first: Begun | None = None,
        command: Sequence[str] = COMMAND,
        closed: Callable[[], None] = lambda: None,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._keeper = keeper
        self._devices = tuple(devices)
        self._first = first
        self._command = command
        self._closed = closed
        self._failed = failed
        self._lock = threading.RLock()
        self._processes: list[VisitProcess] = []
        self._current: VisitProcess | None = None
        self._cards: set[str] = set()  # readers on which a card lies that has been seen
        self._after: After = "start"
        self._card_lies = False
        self._failures = 0
        self._not_before = 0.0
        self._looked = time.monotonic()
        self._ever_ready = self._stopping = False
        self._thread = SupervisedThread("stage", self._round, pause=lambda _seconds: time.sleep(LOOK))

    def start(self) -> None:
        """The first process begins; its window comes when it is ready."""
        self._thread.start()

    def stop(self) -> None:
        """Every process ends in good order; who does not in time is killed."""
        with self._lock:
            self._stopping = True
            left = list(self._processes)
            if self._first is not None:
                self._first.give_up()
        self._thread.stop()
        self._thread.join(5)
        for process in left:
            process.tell(Stop())
        ends = time.monotonic() + STOP_WITHIN
        for process in left:
            if not process.wait(max(0.1, ends - time.monotonic())):
                log.error("visit %d did not end and is killed", process.pid)
                process.kill()
                process.wait(5)
            process.connection.close()

    @property
    def current(self) -> VisitProcess | None:
        """Who has the stage."""
        with self._lock:
            return self._current

    @property
    def processes(self) -> list[VisitProcess]:
        """All that have been begun and not ended."""
        with self._lock:
            return list(self._processes)

    # what processes say, on their connections' threads

    def _said(self, connection: Connection, asked: StageAsked) -> None:
        if isinstance(asked, Beat):
            return
        with self._lock:
            process = next((p for p in self._processes if p.connection is connection), None)
            if process is None or self._stopping:
                return
            match asked:
                case Ready():
                    process.ready = self._ever_ready = True
                    self._failures = 0
                case OnStage():
                    self._painted(process)
                case VisitOver(card_lies=card_lies):
                    process.over = True
                    self._after, self._card_lies = "visit", card_lies
                case Released(device=device, card_lies=card_lies):
                    self._released(process, device, card_lies)
                case DevicesAre(devices=devices):
                    if process is self._current:
                        self._keeper.devices_are(devices)
                    return
                case WindowClosed():
                    self._closed()
                    return
                case _:
                    assert_never(asked)
            self._arrange()

    def _painted(self, process: VisitProcess) -> None:
        process.painted = True
        for other in self._processes:
            if other.part is Part.LEAVING and other is not process:
                other.tell(LeaveStage())

    def _released(self, process: VisitProcess, device: str, card_lies: bool) -> None:
        process.devices.discard(device)
        (self._cards.add if card_lies else self._cards.discard)(device)

    # the order of things

    def _arrange(self) -> None:
        """The stage is never left empty while somebody can take it, and everybody who has it gets what is free."""
        current = self._current
        if current is None or current.over:
            ready = next((p for p in self._processes if p.ready and p.part is Part.SPARE and not p.ended), None)
            if ready is not None:
                self._promote(ready)
        if self._current is not None:
            self._hand_over(self._current)
        spare = any(p.part is Part.SPARE for p in self._processes)
        settled = self._current is None or self._current.painted
        if not spare and settled and time.monotonic() >= self._not_before:
            self._begin()

    def _promote(self, process: VisitProcess) -> None:
        old, self._current = self._current, process
        process.part = Part.STAGE
        if old is not None:
            old.part, old.left_at = Part.LEAVING, time.monotonic()
        log.info("visit %d takes the stage after: %s", process.pid, self._after)
        process.connection.heard_at = process.taken_at = time.monotonic()
        process.tell(TakeStage(self._after, self._card_lies))
        self._card_lies = False

    def _hand_over(self, process: VisitProcess) -> None:
        held = {device for other in self._processes for device in other.devices}
        for device in self._devices:
            if device not in held:
                process.devices.add(device)
                process.tell(DeviceFree(device, device in self._cards))

    def _begin(self) -> None:
        begun, self._first = self._first, None
        if begun is None:
            try:
                begun = begin(self._command, behind=self._current is not None)
            except OSError as fault:
                log.error("no process for a visit can be begun: %s", fault.strerror)
                self._failed_once()
                return
        self._processes.append(VisitProcess(begun, self._keeper.serve(begun.ours, self._said)))

    def _failed_once(self) -> None:
        self._failures += 1
        self._not_before = time.monotonic() + min(PAUSE_MOST, 0.25 * 2**self._failures)

    # looking after them

    def _round(self) -> bool:
        time.sleep(LOOK)
        with self._lock:
            if self._stopping:
                return False
            now = time.monotonic()
            late = now - self._looked > LOOK + LAG  # the whole machine stood still: nobody is to blame
            self._looked = now
            for process in list(self._processes):
                if process.ended:
                    self._gone(process)
                elif not late:
                    self._judge(process, now)
            self._arrange()
        return True

    def _gone(self, process: VisitProcess) -> None:
        self._processes.remove(process)
        process.connection.cut()  # its thread may be waiting for this very lock
        scratch.sweep()  # what a crash left of it in memory
        if process is self._current:
            log.error("the visit on stage ended: %s", "hung" if process.hung else f"code {process.code}")
            self._current, self._after = None, "hang" if process.hung else "crash"
            self._keeper.devices_are(None)
            if not process.painted:
                self._failed_once()
        elif process.part is Part.SPARE:
            log.error("a spare visit ended before its time: code %s", process.code)
            self._failed_once()
            if not self._ever_ready:
                self._failed()

    def _judge(self, process: VisitProcess, now: float) -> None:
        match process.part:
            case Part.STAGE:
                hung = process.is_hung(now) or (not process.painted and now - process.taken_at > START_WITHIN)
            case Part.LEAVING:
                hung = now - process.left_at > LEAVE_WITHIN
            case Part.SPARE:
                # one that froze while it waited would keep the screen dark when it is needed
                hung = process.is_hung(now) if process.ready else now - process.began > START_WITHIN
            case _:
                assert_never(process.part)
        if hung:
            log.error("visit %d answers no more and is killed", process.pid)
            process.hung = True
            process.kill()

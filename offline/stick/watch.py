# SPDX-License-Identifier: Apache-2.0
"""The stick's own thread: looks for one while its page is shown, takes what it brings, writes what waits."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from offline.errors import OfflineError
from offline.stick.export import Exported, Progress, Stopped, export
from offline.stick.medium import find_media, find_unreadable
from offline.stick.parcels import ParcelsTaken, take_parcels
from offline.stick.returns import ReturnsRead, take_returns
from offline.stick.state import StickPhase, StickResult, StickState
from offline.supervised import SupervisedThread
from offline.terminal import Terminal

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between two looks
STEPS = 100  # of progress that are told
LEAST_MEASURED = 2.0  # seconds before an estimate means anything
WORTH_TELLING = 15  # seconds


class StickWork:
    """No call blocks. On the stick's thread `tell` hears how it stands, and `taken` is called when something came
    back. `root` is where the kernel's view of media is looked for."""

    def __init__(
        self,
        terminal: Terminal,
        tell: Callable[[StickState], None],
        taken: Callable[[], None],
        *,
        root: Path = Path("/"),
    ) -> None:
        self._terminal = terminal
        self._tell = tell
        self._taken = taken
        self._root = root
        self._thread: SupervisedThread | None = None
        self._wake = threading.Condition()
        self._watching = self._asked = self._closing = False
        self._mount: Path | None = None
        self._state = StickState()
        self._told = -1
        self._began = (0.0, 0)

    def watch(self) -> None:
        """Looks for a stick until `leave`."""
        with self._wake:
            self._watching = True
            if not self._state.busy:
                self._state = StickState()
            if self._thread is None:
                self._thread = SupervisedThread(
                    "stick", self._round, listener=self._trouble, pause=self._pause, daemon=False
                )
                self._thread.start()
            self._wake.notify()

    def run(self) -> None:
        """Now, with the stick that was found last."""
        with self._wake:
            self._asked = True
            self._wake.notify()

    def leave(self) -> None:
        """Looks no more; what is being written is finished."""
        with self._wake:
            self._watching = False
            self._wake.notify()

    def close(self) -> None:
        """Ends the thread; a parcel that is not whole is taken back from the stick."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _round(self) -> bool:
        with self._wake:
            if self._closing or not (self._watching or self._asked):
                self._thread = None
                return False
            asked, self._asked = self._asked, False
        if asked and self._mount is not None:
            self._exchange(self._mount)
        else:
            self._look()
        self._pause(LOOK)
        return True

    def _pause(self, seconds: float) -> None:
        with self._wake:
            if not (self._asked or self._closing) and self._watching:
                self._wake.wait(seconds)

    def _trouble(self, code: str) -> None:
        self._say(dataclasses.replace(self._state, phase="failed", code=code))

    def _say(self, state: StickState) -> None:
        if state != self._state:
            self._state = state
            self._tell(state)

    # looking

    def _look(self) -> None:
        media = find_media(self._root)
        if self._state.phase == "failed":
            self._mount = media[-1].mount if media else None
            label, free = (media[-1].label, media[-1].free) if media else ("", 0)
            self._say(dataclasses.replace(self._state, label=label, free=free))  # what was said stands
            return
        if self._state.phase == "done":
            if not any(found.mount == self._mount for found in media):
                self._mount = None  # pulled out; what was said stands until one is put in
            if self._mount is not None or not media:
                return
        waiting = self._waiting()
        if media:
            found = media[-1]
            self._mount = found.mount
            self._say(dataclasses.replace(waiting, phase="ready", label=found.label, free=found.free))
            return
        self._mount = None
        phase: StickPhase = "unreadable" if find_unreadable(self._root) else "absent"
        self._say(dataclasses.replace(waiting, phase=phase))

    def _waiting(self) -> StickState:
        try:
            status = self._terminal.outbox()
        except OfflineError:
            return StickState()
        records = status.waiting + status.sending + status.carried_waiting
        return StickState(records=records, attachments=status.attachments_waiting, size=status.bytes_waiting)

    # the exchange

    def _exchange(self, mount: Path) -> None:
        self._told = -1
        self._say(dataclasses.replace(self._waiting(), phase="working", stage="taking"))
        came = ReturnsRead()
        try:
            came = take_returns(self._terminal, mount)
            if came.of("taken"):
                self._taken()
            went = export(self._terminal, mount, watch=self._progress)
            along = self._take_along(mount)
        except Stopped:
            return
        except OfflineError as fault:
            log.warning("the stick was not written: %s", fault.code)
            taken = _result(came, Exported(), None) if came.of("taken") else None
            self._say(dataclasses.replace(self._waiting(), phase="failed", code=fault.code, result=taken))
        except Exception:
            log.exception("the stick was not written")
            self._say(dataclasses.replace(self._waiting(), phase="failed", code="internal"))
        else:
            self._say(dataclasses.replace(self._waiting(), phase="done", result=_result(came, went, along)))

    def _take_along(self, mount: Path) -> ParcelsTaken | None:
        """What other terminals wrote, where it can be sent from here; None where there is no network either.

        The stick has been written and read back by then: a fault here takes nothing of that back.
        """
        if not self._terminal.outbox().online:
            return None
        try:
            along = take_parcels(
                self._terminal, mount, watch=lambda r: self._progress(Progress("carrying", r.done, r.total))
            )
        except OfflineError as fault:
            log.warning("what other terminals wrote was not all taken along: %s", fault.code)
            return ParcelsTaken(damaged=1)
        if along.records or along.attachments:
            self._taken()
        return along

    def _progress(self, progress: Progress) -> None:
        if self._closing:
            raise Stopped
        step = progress.done * STEPS // max(1, progress.total)
        if progress.stage == self._state.stage and step == self._told:
            return
        if progress.stage != self._state.stage:
            self._began = (monotonic(), progress.done)
        self._told = step
        self._say(
            dataclasses.replace(
                self._state,
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                seconds_left=self._estimate(progress),
            )
        )

    def _estimate(self, progress: Progress) -> int | None:
        """From how fast this stage has gone; nothing before there is something to go by, or near its end."""
        since, start = self._began
        took, moved = monotonic() - since, progress.done - start
        if took < LEAST_MEASURED or moved <= 0:
            return None
        seconds = int((progress.total - progress.done) * took / moved)
        return seconds if seconds >= WORTH_TELLING else None


def _result(came: ReturnsRead, went: Exported, along: ParcelsTaken | None) -> StickResult:
    return StickResult(
        records=went.records,
        attachments=went.attachments,
        left=went.left_records + went.left_attachments + went.damaged,
        delivered=came.delivered,
        events=came.events,
        published=came.catalogue or came.calendar,
        refused=len(came.of("refused")),
        foreign=came.foreign if along is None else 0,
        foreign_returns=len(came.of("other-terminal")),
        carried=along.records if along is not None else 0,
        not_carried=along.left + along.refused + along.damaged if along is not None else 0,
    )

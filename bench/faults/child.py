# SPDX-License-Identifier: Apache-2.0
"""What the process does that is about to be killed: takes applications, syncs, writes and reads sticks, frees disk."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from bench.faults.history import Promise
from contract.application import Application, Consent, MaterialAnswer, Value
from contract.sample import sample_catalogue
from contract.sample.people import example_values
from offline.clock import SystemClock
from offline.registration import Attachment
from offline.terminal import Terminal

EVERYTHING = 2**40  # a sequence above all
TEMPLATES = 8  # different people


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: intake, sync, both, export, import, settle, look or finish; with the lines that it takes."""

    name: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Orders:
    """One round's work: the terminal's data, its stick, promises not yet looked after; `clock`: seconds by which the
    wall clock is wrong this time."""

    steps: tuple[Step, ...]
    data: Path
    stick: Path
    unchecked: tuple[Promise, ...] = ()
    clock: float = 0.0


class WrongClock(SystemClock):
    """Off by so many seconds."""

    def __init__(self, off: float) -> None:
        self._off = timedelta(seconds=off)

    def now(self) -> datetime:
        """The wall clock as somebody has set it."""
        return super().now() + self._off


class Child:
    """Tells each thing through `tell` only when it is true. `changes` counts those of the disk so far."""

    def __init__(self, orders: Orders, tell: Callable[[str], None], changes: Callable[[], int] = lambda: 0) -> None:
        self._orders = orders
        self._tell = tell
        self._changes = changes
        self._began, self._before = time.monotonic(), 0

    def run(self) -> None:
        """Everything, in order."""
        with Terminal.open(self._orders.data, clock=WrongClock(self._orders.clock)) as terminal:
            self._look_after(terminal)
            self._done("open", 1)
            for step in self._orders.steps:
                getattr(self, f"_{step.name}")(terminal, step.lines)
                self._done(step.name, max(1, len(step.lines)))

    def _done(self, name: str, units: int) -> None:
        """How long a step took and how many changes it made, a unit: where to kill the next one follows from that."""
        now, changes = time.monotonic(), self._changes()
        self._tell(f"took {name} {(now - self._began) / units:.5f} {(changes - self._before) / units:.2f}")
        self._began, self._before = time.monotonic(), changes

    def _look_after(self, terminal: Terminal) -> None:
        for promise in self._orders.unchecked:
            case = terminal.case(promise.code)
            if case is None or case.record_id != promise.record_id:
                self._tell(f"missing {promise.line} {promise.code}")
            elif not case.applicant_masked:
                self._tell(f"missing {promise.line} {promise.code} cannot be found by its person")
        self._tell(f"checked {len(self._orders.unchecked)}")

    def _intake(self, terminal: Terminal, lines: tuple[int, ...]) -> None:
        for line in lines:
            code = terminal.new_tracking_code()
            self._tell(f"code {line} {code}")
            files = [picture(line)] if line % 3 == 0 else []
            done = terminal.submit(application_of(line, code), files)
            self._tell(f"confirmed {line} {done.record_id} {done.tracking_code}")

    def _sync(self, terminal: Terminal, _lines: tuple[int, ...] = ()) -> None:
        from offline.sync.engine import SyncEngine

        SyncEngine(terminal).run_once()

    def _both(self, terminal: Terminal, lines: tuple[int, ...]) -> None:
        """Intake while the engine's thread is at work."""
        from offline.sync.engine import SyncEngine

        engine = SyncEngine(terminal, interval=0.01)
        engine.start()
        try:
            self._intake(terminal, lines)
            engine.wake()
            time.sleep(0.02)
        finally:
            engine.stop()

    def _export(self, terminal: Terminal, _lines: tuple[int, ...]) -> None:
        from offline.stick.export import export

        export(terminal, self._orders.stick)

    def _import(self, terminal: Terminal, _lines: tuple[int, ...]) -> None:
        from offline.stick.returns import take_returns

        found = take_returns(terminal, self._orders.stick)
        for file in found.of("refused"):
            self._tell(f"failed the return {file.name} was refused: {file.code}")

    def _settle(self, terminal: Terminal, _lines: tuple[int, ...]) -> None:
        terminal.settle(EVERYTHING)  # only what was delivered whole may go by this

    def _look(self, terminal: Terminal, _lines: tuple[int, ...]) -> None:
        """Nothing more."""

    def _finish(self, terminal: Terminal, _lines: tuple[int, ...]) -> None:
        """The end of a life: everything leaves."""
        for _ in range(60):
            self._sync(terminal)
            now = terminal.outbox()
            if not now.waiting + now.sending + now.attachments_waiting:
                break
        now = terminal.outbox()
        self._tell(f"left {now.waiting + now.sending} {now.attachments_waiting} {now.parked}")


@cache
def template(seed: int) -> Application:
    """An application of a fictional person, its code to be put in."""
    item = sample_catalogue().item("old80")
    identity, values = example_values(item, random.Random(seed), date(2026, 11, 23))
    return Application(
        item.id, item.version, item.content_hash, "0" * 12, identity,
        {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
        Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
        signature={"width": 9, "height": 9, "strokes": [[[1, 1, 0, 0.5]]]},
    )  # fmt: skip


def application_of(line: int, code: str) -> Application:
    """A line's application; which line it is stands in the address, sealed with all else."""
    made = template(line % TEMPLATES)
    return replace(made, tracking_code=code, applicant=replace(made.applicant, address=f"示例县{line}号"))


def line_of(application: Application) -> int:
    """Which line an application was made from."""
    return int(application.applicant.address.removeprefix("示例县").removesuffix("号"))


def picture(seed: int) -> Attachment:
    """Bytes like those of a small one."""
    return Attachment(f"{seed:064x}", random.Random(seed).randbytes(20_000 + seed % 7 * 9_000), "image/jpeg", "idcard")


def teller(pipe: int) -> Callable[[str], None]:
    """Lines into a pipe, each whole."""

    def tell(text: str) -> None:
        os.write(pipe, f"{text}\n".encode())

    return tell

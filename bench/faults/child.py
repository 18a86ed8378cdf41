# SPDX-License-Identifier: Apache-2.0
"""What the process does that is about to be killed: takes applications, syncs, writes and reads sticks, frees disk."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from bench.faults.history import Promise
from contract.application import Application, Consent, MaterialAnswer, Value
from contract.people import example_values
from contract.sample import sample_catalogue
from offline.terminal import Attachment, Terminal

TASKS = ("intake", "intake", "sync", "both", "export", "import", "settle")
EVERYTHING = 2**40  # a sequence above all


@dataclass(frozen=True, slots=True)
class Orders:
    """One round's work: the terminal's data, its stick, the lines to take, promises not yet looked after."""

    task: str
    data: Path
    stick: Path
    lines: tuple[int, ...]
    unchecked: tuple[Promise, ...]
    seed: int


class Child:
    """Tells each step through `tell` only when it is true."""

    def __init__(self, orders: Orders, tell: Callable[[str], None]) -> None:
        self._orders = orders
        self._tell = tell
        self._rng = random.Random(orders.seed)

    def run(self) -> None:
        """Everything, in order."""
        with Terminal.open(self._orders.data) as terminal:
            self._look_after(terminal)
            getattr(self, f"_{self._orders.task}")(terminal)

    def _look_after(self, terminal: Terminal) -> None:
        for promise in self._orders.unchecked:
            case = terminal.case(promise.code)
            if case is None or case.record_id != promise.record_id:
                self._tell(f"missing {promise.line} {promise.code}")
            elif not case.applicant_masked:
                self._tell(f"missing {promise.line} {promise.code} cannot be found by its person")
        self._tell(f"checked {len(self._orders.unchecked)}")

    def _intake(self, terminal: Terminal) -> None:
        for line in self._orders.lines:
            code = terminal.new_tracking_code()
            self._tell(f"code {line} {code}")
            files = [picture(line)] if line % 3 == 0 else []
            done = terminal.submit(replace(template(line % 8), tracking_code=code), files)
            self._tell(f"confirmed {line} {done.record_id} {done.tracking_code}")

    def _sync(self, terminal: Terminal) -> None:
        from offline.sync import SyncEngine

        SyncEngine(terminal).run_once()

    def _both(self, terminal: Terminal) -> None:
        from offline.sync import SyncEngine

        engine = SyncEngine(terminal, interval=0.01)
        engine.start()
        self._intake(terminal)
        engine.wake()
        time.sleep(0.02)
        engine.stop()

    def _export(self, terminal: Terminal) -> None:
        from offline.ferry import export

        self._intake(terminal)
        export(terminal, self._orders.stick)

    def _import(self, terminal: Terminal) -> None:
        from offline.returned import take_returns

        take_returns(terminal, self._orders.stick)

    def _settle(self, terminal: Terminal) -> None:
        self._sync(terminal)
        terminal.settle(EVERYTHING)  # only what was delivered whole may go by this

    def _look(self, terminal: Terminal) -> None:
        """Nothing more."""

    def _finish(self, terminal: Terminal) -> None:
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


def picture(seed: int) -> Attachment:
    """Bytes like those of a small one."""
    return Attachment(f"{seed:064x}", random.Random(seed).randbytes(20_000 + seed % 7 * 9_000), "image/jpeg", "idcard")


def teller(pipe: int) -> Callable[[str], None]:
    """Lines into a pipe, each whole."""
    return lambda text: void(os.write(pipe, f"{text}\n".encode()))


def void(_: object) -> None:
    """Nothing."""

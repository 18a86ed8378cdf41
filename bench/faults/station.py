# SPDX-License-Identifier: Apache-2.0
"""The campaign's lives: one terminal after the other at one gateway, round by round, and the table at the end."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from bench.faults.campaign import LIFE, SEGMENT, Ended, Tally, run_child
from bench.faults.child import TASKS, Child, Orders, template
from bench.faults.disk import Disk
from bench.faults.failing import Sweep
from bench.faults.history import History, Promise
from bench.faults.platform import LivePlatform
from bench.faults.power import cut_power
from bench.faults.relay import Relay
from contract.sample import sample_catalogue
from offline import spool
from offline.terminal import Terminal

POINTS = 600  # about so many there are


class Life:
    """One terminal from its enrolment to its last exchange."""

    def __init__(self, folder: Path) -> None:
        self.data, self.stick = folder / "terminal", folder / "stick"
        self.log, self.side = folder / "disk.log", folder / "disk-side"
        self.stick.mkdir(parents=True)
        self.unchecked: list[Promise] = []
        self.rounds = 0


class Campaign:
    """All modes over one gateway."""

    def __init__(self, folder: Path, seed: int, lives: int, *, finishes: bool = True) -> None:
        self._folder = folder
        self._finishes = finishes
        self._rng = random.Random(seed)
        self._history = History()
        self._rows: list[Tally] = []
        self._lives = 0
        self._lines = 0
        _import_everything()
        (folder / "gateway").mkdir()
        self._platform = LivePlatform(folder / "gateway", lives)
        self._relay = Relay(self._platform.port, seed)

    def __enter__(self) -> Campaign:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._relay.close()
        self._platform.close()

    def run(self, mode: str, rounds: int, seconds: float) -> Tally:
        """So many rounds, or until the time is over."""
        row = Tally(mode)
        self._rows.append(row)
        began, cuts = time.monotonic(), self._relay.cuts
        life = self._begin(mode)
        while self._count(row) < rounds and time.monotonic() - began < seconds:
            if life.rounds >= LIFE:
                self._end(life)
                life = self._begin(mode)
            self._round(mode, life, row)
            row.cuts = self._relay.cuts - cuts
        self._end(life)
        row.seconds = time.monotonic() - began
        return row

    def sweep(self, mode: str, rounds: int, _seconds: float) -> Tally:
        """The failing disk, at about so many points."""
        row = Tally(mode)
        self._rows.append(row)
        began = time.monotonic()
        (self._folder / mode).mkdir()
        swept = Sweep(self._folder / mode).run(max(1, POINTS // rounds))
        self._history.failures += swept.violations
        row.rounds, row.seconds = swept.points, time.monotonic() - began
        return row

    @staticmethod
    def _count(row: Tally) -> int:
        return row.cuts if row.mode == "link" else row.rounds

    def _begin(self, mode: str) -> Life:
        life = Life(self._folder / f"life-{self._lives}")
        code = self._platform.codes[self._lives]
        self._lives += 1
        self._relay.cutting(False)

        def enrol(_tell: Callable[[str], None]) -> None:
            with Terminal.open(life.data) as terminal:
                terminal.enrol(self._relay.url, code)

        self._take(life, run_child(enrol, None))
        self._relay.cutting(mode == "link")
        return life

    def _end(self, life: Life) -> None:
        """Everything leaves over a quiet link; what was promised is looked for once more."""
        self._relay.cutting(False)
        task = "finish" if self._finishes else "look"
        orders = Orders(task, life.data, life.stick, (), tuple(life.unchecked), 0)
        ended = run_child(lambda tell: Child(orders, tell).run(), None)
        self._take(life, ended)
        left = [line for line in ended.lines if line.startswith("left ")]
        if self._finishes and left != ["left 0 0 0"]:
            self._history.failures.append(f"{life.data.parent.name} ended with {left or 'nothing said'}")

    def _round(self, mode: str, life: Life, row: Tally) -> None:
        task = self._rng.choice(("both", "sync", "sync") if mode == "link" else TASKS)
        count = self._rng.randint(1, 4) if task in ("intake", "both", "export") else 0
        lines = tuple(range(self._lines, self._lines + count))
        self._lines += count
        orders = Orders(task, life.data, life.stick, lines, tuple(life.unchecked), self._rng.getrandbits(32))
        seconds, changes = row.took.get(task, (0.05, 60))
        kill_at = kill_after = None
        if mode != "link":
            if self._rng.random() < 0.6:
                kill_at = self._rng.randint(1, int(changes * 1.05) + 1)
            else:
                kill_after = self._rng.random() * seconds * 1.1

        def work(tell: Callable[[str], None]) -> None:
            watched = Disk(life.data, life.log, life.side)
            if kill_at is not None:
                watched.kill(kill_at)
            else:
                watched.heal()
            Child(orders, tell).run()
            tell(f"changes {watched.count('a')}")

        ended = run_child(work, kill_after)
        self._take(life, ended)
        life.rounds += 1
        row.rounds += 1
        row.kills += ended.killed
        _learn(row, task, ended)
        if mode == "power":
            lost = cut_power(life.data, life.log, life.side, self._rng)
            row.lost_changes += lost.contents + lost.names
        else:
            _forget(life)

    def _take(self, life: Life, ended: Ended) -> None:
        history = self._history
        for line in ended.lines:
            match line.split(" "):
                case ["code", number, code]:
                    history.gave(int(number), code)
                case ["confirmed", number, record_id, code]:
                    promise = Promise(int(number), record_id, code)
                    history.confirmed(promise)
                    life.unchecked.append(promise)
                case ["checked", number]:
                    del life.unchecked[: int(number)]
                case ["missing", *rest]:
                    history.missing.append(f"{life.data.parent.name}: line and code {' '.join(rest)}")
                case ["failed", *rest]:
                    history.failures.append(f"{life.data.parent.name}: {' '.join(rest)}")

    def report(self) -> int:
        """Asks the gateway what it has; prints the table; 1 where anything was violated."""
        if self._finishes:
            self._history.check_arrived(self._platform.listing())
        found = self._history
        print(
            f"{'mode':8}{'rounds':>8}{'kills':>8}{'link cuts':>11}{'changes lost':>14}{'seconds':>9}{'ms a round':>12}"
        )
        for row in self._rows:
            each = row.seconds / max(1, row.rounds) * 1000
            print(
                f"{row.mode:8}{row.rounds:8}{row.kills:8}{row.cuts:11}{row.lost_changes:14}{row.seconds:9.1f}{each:12.0f}"
            )
        print(
            f"numbers given {len(found.given)}, confirmed {len(found.promises)}, kept although the confirmation was "
            f"cut off {found.unpromised}"
        )
        print(
            f"confirmed and missing {len(found.missing)}, duplicates {len(found.duplicates)}, numbers used twice "
            f"{len(found.twice)}, failures {len(found.failures)}"
        )
        for violation in found.violations[:20]:
            print("VIOLATION", violation)
        return 1 if found.violations else 0


def _learn(row: Tally, task: str, ended: Ended) -> None:
    """How long a task takes and how many changes it makes, from those that ran to their end."""
    changes = [int(line.split()[1]) for line in ended.lines if line.startswith("changes ")]
    if changes:
        seconds, before = row.took.get(task, (ended.seconds, changes[0]))
        row.took[task] = (0.7 * seconds + 0.3 * ended.seconds, int(0.7 * before + 0.3 * changes[0]))


def _forget(life: Life) -> None:
    life.log.unlink(missing_ok=True)
    if life.side.exists():
        for kept in life.side.iterdir():
            kept.unlink()


def _import_everything() -> None:
    """Once, before the first fork: a round must cost little."""
    import jwt  # noqa: F401
    import requests  # noqa: F401
    import sqlite_utils  # noqa: F401

    import offline.ferry
    import offline.returned
    import offline.sync  # noqa: F401

    logging.disable(logging.WARNING)  # kills make the terminal tell a lot
    spool.SEGMENT_SIZE = SEGMENT
    sample_catalogue()
    for seed in range(8):
        template(seed)

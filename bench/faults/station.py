# SPDX-License-Identifier: Apache-2.0
"""The campaign's lives: one terminal after the other at one gateway, round by round."""

from __future__ import annotations

import gc
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from bench.faults.child import TEMPLATES, Child, Orders, Step, template
from bench.faults.disk import Disk
from bench.faults.failing import Sweep
from bench.faults.forked import Ended, run_child
from bench.faults.history import History, Promise
from bench.faults.platform import LivePlatform, carry
from bench.faults.power import cut_power
from bench.faults.relay import Relay
from bench.faults.rot import rot
from contract.sample import sample_catalogue
from offline.store import spool
from offline.sync.enrol import enrol
from offline.sync.link.transfer import Transfer
from offline.terminal import Terminal

LIFE = 250  # rounds of one terminal
SEGMENT = 96 * 1024  # bytes of a segment here: many are begun, and freed
STEPS = {  # what a round is made of
    "kill": ("intake", "intake", "intake", "sync", "both", "export", "import", "settle"),
    "rot": ("intake", "intake", "sync", "export", "import"),  # settled records are not in the spool any more
    "link": ("both", "intake", "sync", "sync"),
    "gateway": ("both", "sync", "sync"),
}
PATIENCE = 1.0  # seconds that an answer may take here: a hanging relay's kernel acknowledges all that it is sent
SPARED = {"rot": 0.5, "link": 1.0, "gateway": 1.0}  # rounds that are let through, where something else is the fault
TAKES_LINES = ("intake", "both")
YEAR = 365 * 86400.0


@dataclass(slots=True)
class Tally:
    """A row of the table."""

    mode: str
    rounds: int = 0
    kills: int = 0
    cuts: int = 0
    lost_changes: int = 0
    carried: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Life:
    """One terminal from its enrolment to its last exchange."""

    folder: Path
    unchecked: list[Promise] = field(default_factory=list)
    rounds: int = 0

    def __post_init__(self) -> None:
        self.stick.mkdir(parents=True)

    @property
    def place(self) -> Path:
        """What a power cut takes from."""
        return self.folder / "place"

    @property
    def data(self) -> Path:
        """The terminal's."""
        return self.place / "terminal"

    @property
    def stick(self) -> Path:
        """What is carried to the platform and back."""
        return self.place / "stick"

    @property
    def log(self) -> Path:
        """What the disk remembers, outside of it."""
        return self.folder / "disk.log"

    @property
    def side(self) -> Path:
        """Files that were replaced or removed."""
        return self.folder / "side"

    def forget(self) -> None:
        """The power was not cut: what the disk remembers is not needed."""
        self.log.unlink(missing_ok=True)
        if self.side.exists():
            for kept in self.side.iterdir():
                kept.unlink()


class Campaign:
    """All modes over one gateway."""

    def __init__(self, folder: Path, seed: str, lives: int, *, finishes: bool = True) -> None:
        self._folder = folder
        self._finishes = finishes
        self._rng = random.Random(seed)
        self.history = History()
        self.rows: list[Tally] = []
        self._took: dict[str, tuple[float, float]] = {}  # of a step, a unit: seconds, changes of the disk
        self._lives = 0
        self._lines = 0
        _prepare()
        (folder / "gateway").mkdir(parents=True)
        self._platform = LivePlatform(folder / "gateway", lives)
        self._relay = Relay(self._platform.port, self._rng.getrandbits(32))

    def __enter__(self) -> Campaign:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._relay.close()
        self._platform.close()

    def run(self, mode: str, rounds: int, seconds: float) -> None:
        """So many rounds (in mode link: cuts), or until the time is over."""
        with self._row(mode) as row:
            until, cuts = time.monotonic() + seconds, self._relay.cuts
            life = self._begin(mode)
            while (row.cuts if mode == "link" else row.rounds) < rounds and time.monotonic() < until:
                if life.rounds >= LIFE:
                    self._end(life)
                    life = self._begin(mode)
                self._round(mode, life, row)
                row.cuts = self._relay.cuts - cuts
            self._end(life)

    def sweep(self, mode: str, every: int) -> None:
        """The failing disk, at each so-manieth point."""
        with self._row(mode) as row:
            (self._folder / mode).mkdir()
            swept = Sweep(self._folder / mode).run(every)
            self.history.failures += swept.violations
            row.rounds = swept.points

    @contextmanager
    def _row(self, mode: str) -> Iterator[Tally]:
        row, began = Tally(mode), time.monotonic()
        self.rows.append(row)
        yield row
        row.seconds = time.monotonic() - began

    def check_arrived(self) -> None:
        """Asks the platform what it has."""
        self.history.check_arrived(self._platform.arrived())

    def _begin(self, mode: str) -> Life:
        life = Life(self._folder / f"life-{self._lives}")
        code = self._platform.codes[self._lives]
        self._lives += 1
        self._relay.cutting(False)

        def enrolment(_tell: Callable[[str], None]) -> None:
            with Terminal.open(life.data) as terminal:
                enrol(terminal, self._relay.url, code)

        self._take(life, run_child(enrolment, None))
        self._relay.cutting(mode == "link")
        return life

    def _end(self, life: Life) -> None:
        """Everything leaves over a quiet link; what was promised is looked for once more."""
        self._relay.cutting(False)
        step = Step("finish" if self._finishes else "look")
        orders = Orders((step,), life.data, life.stick, tuple(life.unchecked))
        ended = run_child(lambda tell: Child(orders, tell).run(), None)
        self._take(life, ended)
        left = [line for line in ended.lines if line.startswith("left ")]
        if self._finishes and left != ["left 0 0 0"]:
            self.history.failures.append(f"{life.folder.name} ended with {left or 'nothing said'}")

    def _steps(self, mode: str) -> tuple[Step, ...]:
        names = self._rng.choices(STEPS.get(mode, STEPS["kill"]), k=self._rng.randint(1, 3))
        made = []
        for name in names:
            count = self._rng.randint(1, 5) if name in TAKES_LINES else 0
            made.append(Step(name, tuple(range(self._lines, self._lines + count))))
            self._lines += count
        return tuple(made)

    def _round(self, mode: str, life: Life, row: Tally) -> None:
        steps = self._steps(mode)
        off = self._rng.uniform(-YEAR, YEAR) if self._rng.random() < 0.1 else 0.0
        orders = Orders(steps, life.data, life.stick, tuple(life.unchecked), off)
        spared = self._rng.random() < SPARED.get(mode, 0.0)
        kill_at, kill_after = (None, None) if spared else self._when(steps)

        def work(tell: Callable[[str], None]) -> None:
            watched = Disk(life.place, life.log, life.side)
            if kill_at is not None:
                watched.kill(kill_at)
            else:
                watched.heal()
            Child(orders, tell, lambda: watched.count("a")).run()

        ended = self._while_the_gateway_dies(work, steps) if mode == "gateway" else run_child(work, kill_after)
        self._take(life, ended)
        life.rounds += 1
        row.rounds += 1
        row.kills += ended.killed or mode == "gateway"
        if mode == "power":
            lost = cut_power(life.place, life.log, life.side, self._rng)
            row.lost_changes += lost.contents + lost.names
        else:
            life.forget()
        if mode == "rot":
            rot(life.data, self._rng)
        if any(step.name == "export" for step in steps) and self._rng.random() < 0.6:
            row.carried += self._carry(life)

    def _when(self, steps: tuple[Step, ...]) -> tuple[int | None, float | None]:
        """At which change of the disk, or after how long: anywhere in what these steps take. A step that was never
        seen whole is let through once."""
        names = ("open", *(s.name for s in steps))
        if any(name not in self._took for name in names):
            return None, None
        units = (1, *(max(1, len(s.lines)) for s in steps))
        seconds = sum(self._took[name][0] * n for name, n in zip(names, units, strict=True))
        changes = sum(self._took[name][1] * n for name, n in zip(names, units, strict=True))
        if self._rng.random() < 0.5:
            return self._rng.randint(1, int(changes * 1.02) + 1), None
        return None, self._rng.random() * seconds * 1.05

    def _while_the_gateway_dies(self, work: Callable[[Callable[[str], None]], None], steps: tuple[Step, ...]) -> Ended:
        """The gateway is killed at a random moment of the child's work, and is there again before the child ends."""
        seconds = sum(self._took.get(s.name, (0.1, 0.0))[0] * max(1, len(s.lines)) for s in steps)
        delay = 0.01 + self._rng.random() * seconds

        def restart() -> None:
            self._platform.kill()
            self._platform.start()

        return run_child(work, None, meanwhile=(delay, restart))

    def _carry(self, life: Life) -> bool:
        """To the platform's computer, which may be switched off meanwhile. True where it answered."""
        took = self._took.get("carry")
        kill_after = self._rng.random() * took[0] * 1.2 if took and self._rng.random() < 0.5 else None
        ended = run_child(lambda tell: carry(self._platform.data, life.stick, tell), kill_after)
        self._take(life, ended)
        old = sorted(life.stick.glob("*.return"), key=lambda path: path.stat().st_mtime_ns)[:-3]
        for path in old:
            path.unlink()
        return not ended.killed

    def _take(self, life: Life, ended: Ended) -> None:
        history = self.history
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
                case ["took", name, seconds, changes]:
                    self._learn(name, float(seconds), float(changes))
                case ["missing", *rest]:
                    history.missing.append(f"{life.folder.name}: line and code {' '.join(rest)}")
                case ["failed", *rest]:
                    history.failures.append(f"{life.folder.name}: {' '.join(rest)}")

    def _learn(self, name: str, seconds: float, changes: float) -> None:
        before = self._took.get(name, (seconds, changes))
        self._took[name] = (0.8 * before[0] + 0.2 * seconds, 0.8 * before[1] + 0.2 * changes)


def _prepare() -> None:
    """Everything is loaded once, before the first fork: a round must cost little."""
    import jwt  # noqa: F401
    import requests  # noqa: F401
    import sqlite_utils  # noqa: F401

    import offline.stick.export
    import offline.stick.returns
    import offline.sync.engine  # noqa: F401

    logging.disable(logging.WARNING)  # kills make the terminal tell a lot
    spool.SEGMENT_SIZE = SEGMENT
    Transfer.patience = PATIENCE
    sample_catalogue()
    for seed in range(TEMPLATES):
        template(seed)
    gc.collect()
    gc.freeze()  # so that a child does not copy what it only inherits

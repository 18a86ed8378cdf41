# SPDX-License-Identifier: Apache-2.0
"""A failing disk: one intake again and again, each time another write or sync fails, in each of seven ways.

As a program: `python -m bench.faults.failing FOLDER [EVERY]` prints a JSON object: how many points there were, in how
many something was refused, and every promise that was broken.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import random
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bench.faults import disk
from bench.faults.child import picture, teller, template
from bench.faults.power import cut_power
from bench.submit import new_terminal
from offline.errors import OfflineError
from offline.terminal import Terminal


@dataclass(frozen=True)
class Fault:
    """How the disk fails, and whether the power goes after it."""

    name: str
    kind: str
    error: int
    stays: bool = False
    drops: bool = False
    power: bool = False


FAULTS = (
    Fault("a write fails once", "w", errno.EIO),
    Fault("the disk dies", "a", errno.EIO, stays=True),
    Fault("full from here on", "w", errno.ENOSPC, stays=True),
    Fault("a write is cut to its half, then full", "h", errno.ENOSPC),
    Fault("a sync fails once and loses what it had", "s", errno.EIO, drops=True),
    Fault("a sync fails once, the next one lies, the power goes", "s", errno.EIO, power=True),
    Fault("read-only from here on", "a", errno.EROFS, stays=True),
)


def forked(work: Callable[[Callable[[str], None]], None]) -> list[str]:
    """What a child has told; "failed ..." where it fell over."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            work(teller(writer))
        except BaseException:
            os.write(writer, ("failed " + traceback.format_exc().replace("\n", " | ") + "\n").encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        lines = told.read().splitlines()
    os.waitpid(pid, 0)
    return lines


def intake(data: Path, tell: Callable[[str], None]) -> None:
    """What a morning at the terminal is. The environment's faults end a step, never the program."""
    try:
        terminal = Terminal.open(data)
    except OfflineError as fault:
        tell(f"no {fault.code}")
        return
    code = "0" * 12
    for seed in range(3):
        try:
            code = terminal.new_tracking_code()
            tell(f"code {code}")
            done = terminal.submit(replace(template(seed), tracking_code=code), [picture(seed)] if seed == 1 else [])
            tell(f"confirmed {done.record_id} {done.tracking_code}")
        except OfflineError as fault:
            tell(f"no {fault.code}")
    try:
        terminal.case(code)
        terminal.outbox()
    except OfflineError as fault:
        tell(f"no {fault.code}")
    terminal.close()


def look(data: Path, tell: Callable[[str], None]) -> None:
    """With a sound disk: what is there."""
    with Terminal.open(data) as terminal:
        for line in terminal.records(100):
            tell(f"kept {line.id} {line.tracking_code}")
        status = terminal.outbox()
        tell(f"counts {status.waiting} {status.attachments_waiting}")
        tell(f"next {terminal.new_tracking_code()}")
        places = terminal.ask(lambda outbox, _i, _s: [r.place for r in outbox.waiting_records(100)])
        whole = terminal.ask(lambda _o, _i, spool: all(len(spool.read(p)) == p.size for p in places))
        tell(f"readable {whole}")


def broken(told: list[str], seen: list[str]) -> list[str]:
    """The promises that were not kept."""
    words = [line.split() for line in [*told, *seen]]
    confirmed = {w[1]: w[2] for w in words if w[0] == "confirmed"}
    kept = [(w[1], w[2]) for w in words if w[0] == "kept"]
    codes = [w[1] for w in words if w[0] in ("code", "next")]
    problems = [f"{code} is missing" for one, code in confirmed.items() if (one, code) not in kept]
    problems += [" ".join(w) for w in words if w[0] == "failed"]
    problems += ["a number was given twice"] if len(set(codes)) < len(codes) else []
    problems += ["a code is kept twice"] if len({code for _, code in kept}) < len(kept) else []
    problems += [] if ["readable", "True"] in words else ["a record cannot be read"]
    problems += [] if ["counts", str(len(kept))] in [w[:2] for w in words] else ["the counts are wrong"]
    return problems


@dataclass(slots=True)
class Swept:
    """What a sweep has found."""

    points: int = 0
    refused: int = 0
    violations: list[str] = field(default_factory=list)


class Sweep:
    """In a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._base, self._data = folder / "base", folder / "data"
        self._log, self._side = folder / "log", folder / "side"
        with new_terminal(self._base) as terminal:
            terminal.submit(replace(template(7), tracking_code=terminal.new_tracking_code()))
        found = next(line.split() for line in self._run(None, 0) if line.startswith("points"))
        self._writes, self._syncs = int(found[1]), int(found[2])

    def run(self, every: int) -> Swept:
        """Every write once; of the other faults every so-manieth point (1: all)."""
        swept = Swept()
        for number, fault in enumerate(FAULTS):
            most = {"s": self._syncs, "a": self._writes + self._syncs}.get(fault.kind, self._writes)
            step = every if number else 1
            for at in range(1 + number % step, most + 1, step):
                told = self._run(fault, at)
                if fault.power:
                    cut_power(self._data, self._log, self._side, random.Random(at))
                found = broken(told, forked(self._look))
                swept.violations += [f"{fault.name}, point {at}: {problem}" for problem in found]
                swept.points += 1
                swept.refused += any(line.startswith("no ") for line in told)
        return swept

    def _look(self, tell: Callable[[str], None]) -> None:
        disk.Disk(self._data, self._log, self._side)  # sound again; and no real sync, which would only take time
        look(self._data, tell)

    def _run(self, fault: Fault | None, at: int) -> list[str]:
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.copytree(self._base, self._data)
        self._log.unlink(missing_ok=True)

        def once(tell: Callable[[str], None]) -> None:
            watched = disk.Disk(self._data, self._log, self._side)
            watched.heal()
            if fault is not None:
                watched.fail(fault.kind, at, fault.error, stays=fault.stays, drops=fault.drops)
            intake(self._data, tell)
            tell(f"points {watched.count('w')} {watched.count('s')}")

        return forked(once)


def main(folder: Path, every: int) -> None:
    """By command."""
    disk.live_on_it()
    logging.disable(logging.CRITICAL)
    print(json.dumps(asdict(Sweep(folder).run(every))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)

# SPDX-License-Identifier: Apache-2.0
"""The fault campaign: a terminal is killed, its power cut or its link cut at random moments, for as long as asked.

Each round a child takes applications, exchanges with a real gateway through a relay, writes or reads a stick, or frees
its disk; now and then with a clock that is wrong by months. It tells of each confirmation only once it has it.

  kill     kill -9 at a random moment, or at one change of the disk chosen at random; the stick's import at the gateway
           is killed too
  power    the same, and the disk loses what was not synced (disk.c, power.py), the stick too
  rot      the same, and then vault, write-ahead log or counter are damaged, cut or gone (rot.py)
  gateway  the gateway is killed while terminals send
  link     connections are reset, or hang, after a few bytes either way
  disk     each write and each sync of an intake fails, in each of seven ways (failing.py)

The next child looks for what was promised; at the end of a terminal's life everything is sent, and at the end of the
campaign the gateway is asked what it has, opened. Exit status 1 when anything is lost, doubled or numbered wrongly.
With --jobs N there are N campaigns side by side, each with its own gateway and its part of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.faults import disk
from bench.figures import Figure, keep

_WORK = {
    "kill": "kill -9 at random moments of intake, sync, export, import",
    "power": "power cuts: what was not synced is gone",
    "rot": "an index that rots on the disk",
    "gateway": "the gateway killed",
    "link": "link cuts",
    "disk": "a disk that fails at one change",
}
MODES = ("kill", "power", "rot", "gateway", "link", "disk")


@dataclass(slots=True)
class Found:
    """What the campaigns have found, put together."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def add(self, one: dict[str, Any]) -> None:
        """One campaign's."""
        for row in one["rows"]:
            known = self.rows.setdefault(row["mode"], {"mode": row["mode"]})
            for name, value in row.items():
                if name == "seconds":
                    known[name] = max(known.get(name, 0.0), value)
                elif name != "mode":
                    known[name] = known.get(name, 0) + value
        for name, count in one["counts"].items():
            self.counts[name] = self.counts.get(name, 0) + count
        self.violations += one["violations"]

    def figures(self) -> list[Figure]:
        """A row for each kind of fault."""
        count = self.counts
        wrong = {name: count[name] for name in ("missing", "duplicates", "wrong", "failures")}
        said = ", ".join(f"{name} {n}" for name, n in wrong.items())
        met = not any(wrong.values()) and not self.violations
        times = {mode: row["cuts"] if mode == "link" else row["rounds"] for mode, row in self.rows.items()}
        return [
            Figure(_WORK[mode], "0 lost, 0 doubled", f"{n:,} times; of all kinds: {said}", "-", "0", met)
            for mode, n in times.items()
        ]

    def tell(self) -> None:
        """The table."""
        print(f"{'mode':8}{'rounds':>8}{'kills':>8}{'link cuts':>11}{'changes lost':>14}{'sticks':>8}{'seconds':>9}"
              f"{'rounds/s':>10}")  # fmt: skip
        for row in self.rows.values():
            rate = row["rounds"] / max(0.001, row["seconds"])
            print(f"{row['mode']:8}{row['rounds']:8}{row['kills']:8}{row['cuts']:11}{row['lost_changes']:14}"
                  f"{row['carried']:8}{row['seconds']:9.1f}{rate:10.1f}")  # fmt: skip
        count = self.counts
        print(
            f"numbers given {count['given']}, confirmed {count['confirmed']}, at the platform {count['arrived']}, kept "
            f"although the confirmation was cut off {count['unpromised']}"
        )
        print(
            f"confirmed and missing {count['missing']}, duplicates {count['duplicates']}, wrong numbers "
            f"{count['wrong']}, failures {count['failures']}"
        )
        for violation in self.violations[:20]:
            print("VIOLATION", violation)


def run(given: argparse.Namespace, folder: Path, modes: dict[str, int], lane: int) -> dict[str, Any]:
    """One campaign with its part of the rounds."""
    from bench.faults.station import LIFE, Campaign

    mine = {mode: rounds // given.jobs + (lane < rounds % given.jobs) for mode, rounds in modes.items()}
    lives = sum(rounds // LIFE + 2 for rounds in mine.values())
    with Campaign(folder / f"{lane}", f"{given.seed} {lane}", lives, finishes=not given.no_finish) as campaign:
        for mode, rounds in mine.items():
            if mode != "disk":
                campaign.run(mode, rounds, given.seconds)
            elif lane == 0:
                campaign.sweep(mode, given.every)
        if not given.no_finish:
            campaign.check_arrived()
        history = campaign.history
        counts = {name: len(getattr(history, name)) for name in ("given", "missing", "duplicates", "wrong", "failures")}
        counts |= {
            "confirmed": len(history.promises), "arrived": history.arrived, "unpromised": history.unpromised,
        }  # fmt: skip
        return {"rows": [asdict(row) for row in campaign.rows], "counts": counts, "violations": history.violations}


def side_by_side(given: argparse.Namespace, folder: Path, modes: dict[str, int]) -> Found:
    """As many campaigns as asked for, each in a process of its own."""
    found, lanes = Found(), []
    for lane in range(given.jobs):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                with os.fdopen(writer, "w") as told:
                    json.dump(run(given, folder, modes, lane), told)
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(writer)
        lanes.append((reader, pid))
    for reader, pid in lanes:
        with os.fdopen(reader) as told:
            said = told.read()
        os.waitpid(pid, 0)
        if not said:
            raise SystemExit("a campaign fell over; see above")
        found.add(json.loads(said))
    return found


def main() -> int:
    """By command."""
    disk.live_on_it()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mode", default="all", help=f"all, or some of {','.join(MODES)}; kill=500: so many")
    options.add_argument("--rounds", type=int, default=300, help="of each mode; in mode link: connections cut")
    options.add_argument("--seconds", type=float, default=float("inf"), help="end each mode after so long")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--jobs", type=int, default=1, help="campaigns side by side")
    options.add_argument("--every", type=int, default=1, help="in mode disk: each so-manieth point")
    options.add_argument("--keep", type=Path, help="leave all files here for a look")
    options.add_argument("--no-finish", action="store_true", help="check each start only, not what arrives in the end")
    given = options.parse_args()
    named = MODES if given.mode == "all" else given.mode.split(",")
    modes = {name: int(count or given.rounds) for name, _, count in (one.partition("=") for one in named)}
    if unknown := set(modes) - set(MODES):
        options.error(f"no such mode: {', '.join(sorted(unknown))}")
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-faults-")))
        told = ", ".join(f"{mode} {rounds}" for mode, rounds in modes.items())
        print(f"seed {given.seed}; rounds: {told}; {given.jobs} side by side", flush=True)
        found = side_by_side(given, folder, modes)
    found.tell()
    keep("faults", found.figures())
    return 1 if found.violations else 0


if __name__ == "__main__":
    sys.exit(main())

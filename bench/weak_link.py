# SPDX-License-Identifier: Apache-2.0
"""The same applications over the same weak link: our terminal and gateway beside its peers and the physical limit.

Every contender runs on its own emulated link (bench/link), all of a row at once, between real TCP ends. A cell is
seconds until the sender knew that all had arrived, and IP bytes that the link carried up for each byte of the
applications as JSON and pictures. The limit is what the link needs for these bytes with the headers of full packets,
the share lost sent again, two round trips, and the cuts between.

    python bench/weak_link.py [--quick] [--rows rst,hang] [--peers "doorstep,tus x3"] [--seed 1] [--bound 2.6] [--tls]

With `--tls` only ours runs, behind nginx, and every byte of TLS counts.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, keep
from bench.link.flows import Mode
from bench.link.namespaces import forbidden
from bench.link.path import Profile
from bench.link.schedule import Cuts
from bench.peers.contenders import CONTENDERS, Contender, Doorstep
from bench.peers.install import PLACE, ROOT
from bench.peers.race import Race, Result
from bench.peers.workload import Workload

SEGMENT = 1448 / 1500  # what TCP with timestamps carries of a full packet
OURS = "doorstep"
WEAK = Profile(up=256_000, down=512_000, delay=0.3)
CUT = Cuts(20, 3)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of link and load. `aim` is for ours: seconds, goodput, times the limit, or seconds for a late record."""

    key: str
    title: str
    profile: Profile
    load: Workload
    aim: str
    late: int = 0

    @property
    def limit(self) -> float:
        """Seconds that the raw bytes need at least."""
        return self.limit_for(self.load.payload())

    def limit_for(self, size: int) -> float:
        """Seconds that so many bytes need at least."""
        p = self.profile
        moving = size / SEGMENT * 8 / p.up / (1 - p.loss)
        return p.cuts.time_for(moving + 4 * p.delay)


WHOLE = (
    Row("rst", "10 applications, 256 kbit/s, 600 ms, cut 3 s every 20 s, flows reset",
        replace(WEAK, cuts=CUT, mode=Mode.RST), Workload(10), "240 s, 1.08 x"),
    Row("hang", "the same, flows hang",
        replace(WEAK, cuts=CUT, mode=Mode.HANG), Workload(10), "240 s, 1.08 x"),
    Row("clean", "50 applications, 1 Mbit/s, 600 ms, no cuts",
        replace(WEAK, up=1e6, down=2e6), Workload(50), "258 s"),
    Row("loss3", "10 applications, 256 kbit/s, 600 ms, 3 % lost",
        replace(WEAK, loss=0.03), Workload(10), "goodput 0.90"),
    Row("loss10", "the same, 10 % lost",
        replace(WEAK, loss=0.10), Workload(10), "goodput 0.75"),
    Row("data", "1,000 applications, data only, 256 kbit/s, 600 ms",
        WEAK, Workload(1000, attachments=0), "1.15 x sealed"),
    Row("late", "a record while attachments upload, 256 kbit/s, 600 ms",
        WEAK, Workload(6), "2 s", late=5),
)  # fmt: skip
SMALL = Workload(4, size=50_000)
QUICK_CUT = Cuts(8, 2)
QUICK = (
    Row("rst", "4 small applications, 256 kbit/s, 600 ms, cut 2 s every 8 s, flows reset",
        replace(WEAK, cuts=QUICK_CUT, mode=Mode.RST), SMALL, ""),
    Row("hang", "the same, flows hang",
        replace(WEAK, cuts=QUICK_CUT, mode=Mode.HANG), SMALL, ""),
    Row("clean", "12 small applications, 1 Mbit/s, 600 ms, no cuts",
        replace(WEAK, up=1e6, down=2e6), replace(SMALL, applications=12), ""),
    Row("loss10", "2 small applications, 256 kbit/s, 600 ms, 10 % lost",
        replace(WEAK, loss=0.10), replace(SMALL, applications=2), ""),
    Row("data", "200 applications, data only, 256 kbit/s, 600 ms",
        WEAK, Workload(200, attachments=0), "1.15 x sealed"),
    Row("late", "a record while attachments upload, 256 kbit/s, 600 ms",
        WEAK, Workload(3), "2 s", late=2),
)  # fmt: skip


class Table:
    """One table, row by row as they come."""

    def __init__(self, contenders: list[Contender], bound: float, kept_as: str) -> None:
        self._bound = bound
        self._kept_as = kept_as
        self._names = [c.name for c in contenders]
        self._notes: list[str] = []
        self.figures: list[Figure] = []

    def head(self) -> None:
        """The names."""
        print(f"{'':74}{'limit':>8}  {'aim':14}" + "".join(f"{name:>15}" for name in self._names))

    def row(self, row: Row, results: list[Result]) -> None:
        """A line, and its notes for below."""
        payload = row.load.payload()
        limit, cells = row.limit, [self._cell(row, r, payload) for r in results]
        shown = 4 * row.profile.delay if row.late else limit
        print(f"{row.title:74}{shown:7.1f}s  {row.aim:14}" + "".join(f"{cell:>15}" for cell in cells), flush=True)
        offered = [f"{r.name} {r.bytes_offered / payload:.3f}" for r in results if r.bytes_offered and not row.late]
        if offered:
            self._notes.append(f"{row.key}: put out by the sender / payload: {', '.join(offered)}")
        for result in results:
            self._note(row, result)
        self.figures.append(self._figure(row, results))
        keep(self._kept_as, self.figures)

    def _cell(self, row: Row, result: Result, payload: int) -> str:
        if result.problem and result.seconds is None and not result.bytes_up:
            return "not here"
        if row.late:
            waited = sorted(result.facts.get("late", ()))
            return f"{waited[len(waited) // 2]:.2f}s <{waited[-1]:.2f}" if waited else "-"
        ratio = result.bytes_up / payload
        if result.seconds is None:
            return f"no {result.arrived.applications}/{row.load.applications} {ratio:.2f}"
        return f"{result.seconds:.1f}s {ratio:.3f}"

    def _note(self, row: Row, result: Result) -> None:
        about = f"{row.key}, {result.name}"
        if result.problem:
            self._notes.append(f"{about}: {result.problem}")
        if result.arrived.doubled:
            self._notes.append(f"{about}: {result.arrived.doubled} doubled at the platform's end")
        ended = result.seconds is not None and not row.late
        if ended and (lost := row.load.applications - result.arrived.applications):
            self._notes.append(f"{about}: {lost} LOST: acknowledged, and not whole at the platform's end")
        if ended and row.profile.loss:
            goodput = row.load.payload() * 8 / row.profile.up / float(result.seconds or 1)
            best = SEGMENT * (1 - row.profile.loss)
            self._notes.append(f"{about}: goodput {goodput:.3f} of the link (limit {best:.3f})")
        if ended and result.name == OURS:
            self._ours(row, result, about)

    def _ours(self, row: Row, result: Result, about: str) -> None:
        records = result.facts.get("records_after")
        if records is not None and row.load.attachments:
            self._notes.append(f"{about}: all records acknowledged after {records:.2f} s")
        if not row.load.attachments:
            sealed = int(result.facts["sealed"])
            floor = row.limit_for(sealed) + 2 * row.profile.delay  # three round trips
            self._notes.append(
                f"{about}: {sealed / row.load.applications:.0f} bytes a sealed record; "
                f"{float(result.seconds or 0) / floor:.2f} x sealed bytes / rate + 3 RTT ({floor:.1f} s)"
            )

    def _figure(self, row: Row, results: list[Result]) -> Figure:
        """Ours beside the quickest other that came to its end."""
        payload, ours = row.load.payload(), next((r for r in results if r.name == OURS), None)
        others = [r for r in results if r.name != OURS]
        ended = [r for r in others if r.seconds is not None and r.arrived.applications == row.load.applications]
        best = min(ended, key=lambda r: float(r.seconds or 0), default=None)
        beside = f"{best.name} {self._cell(row, best, payload)}" if best else "none came to its end" if others else "-"
        limit = f"{4 * row.profile.delay if row.late else row.limit:.1f}s"
        return Figure(row.title, row.aim or "-", self._cell(row, ours, payload) if ours else "not run", beside, limit,
                      self._reached(row, ours) if ours and row.aim else None)  # fmt: skip

    @staticmethod
    def _reached(row: Row, ours: Result) -> bool:
        """Whether the aim of the row is reached."""
        if row.late:
            return max(ours.facts.get("late") or [float("inf")]) <= float(row.aim.split()[0])
        if ours.seconds is None or ours.arrived.doubled or ours.arrived.applications < row.load.applications:
            return False
        match row.aim.split():
            case ["goodput", least]:
                return row.load.payload() * 8 / row.profile.up / ours.seconds >= float(least)
            case [times, "x", "sealed"]:
                floor = row.limit_for(int(ours.facts["sealed"])) + 2 * row.profile.delay
                return ours.seconds <= float(times) * floor
            case [seconds, "s,", times, "x"]:
                return ours.seconds <= float(seconds) and ours.bytes_up <= float(times) * row.load.payload()
            case [seconds, "s"]:
                return ours.seconds <= float(seconds)
        raise ValueError(row.aim)

    def foot(self) -> None:
        """What the cells could not hold."""
        print(
            "Cells: seconds and bytes up / payload; no: not ended at the bound, with the applications that had arrived."
        )
        print("Put out: with what the full queue and the cuts threw away before it used the link.")
        print("Nothing lost and nothing doubled where no note says so.")
        for note in self._notes:
            print(f"  {note}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="The same applications over the same weak link.")
    parser.add_argument("--quick", action="store_true", help="scaled down, for every day")
    parser.add_argument("--rows", default="", help="some rows only, by their keys: " + ",".join(r.key for r in WHOLE))
    parser.add_argument("--peers", default="", help="some only: " + ",".join(c.name for c in CONTENDERS))
    parser.add_argument("--seed", type=int, default=1, help="of losses and of the applications")
    parser.add_argument("--bound", type=float, default=2.6, help="a row ends after so many times its limit")
    parser.add_argument("--tls", action="store_true", help="ours alone, over TLS to nginx before the gateway")
    parser.add_argument(
        "--keep", type=Path, help="keep the contenders' folders, logs and each second of their links here"
    )
    options = parser.parse_args()
    if reason := forbidden():
        print(f"no link can be made here: {reason}")
        return
    if not PLACE.exists():
        PLACE.mkdir(parents=True)
    wanted = [name.strip() for name in options.peers.split(",") if name.strip()]
    contenders = [Doorstep(secure=True)] if options.tls else [c for c in CONTENDERS if not wanted or c.name in wanted]
    rows = [r for r in (QUICK if options.quick else WHOLE) if not options.rows or r.key in options.rows.split(",")]
    table = Table(contenders, options.bound, "weak_link_tls" if options.tls else "weak_link")
    table.head()
    for row in rows:
        table.row(row, measure(row, contenders, options))
    table.foot()


def measure(row: Row, contenders: list[Contender], options: argparse.Namespace) -> list[Result]:
    """All contenders of one row; for a late record, ours."""
    load, profile = replace(row.load, seed=options.seed), replace(row.profile, seed=options.seed)
    running = [c for c in contenders if not row.late or c.name == OURS]
    folder = Path(tempfile.mkdtemp(prefix=f"{row.key}-", dir=options.keep or ROOT / "build"))
    try:
        race = Race(profile, load, options.bound * row.limit, folder, late=row.late)
        found = {result.name: result for result in race.run(running)}
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    return [found.get(c.name) or Result(c.name) for c in contenders]


if __name__ == "__main__":
    main()

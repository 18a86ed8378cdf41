# SPDX-License-Identifier: Apache-2.0
"""The fault campaign: a terminal is killed, its power cut or its link cut at random moments, for as long as asked.

Each round a child takes applications, exchanges with a real gateway through a relay, writes or reads a stick, or frees
its disk; it tells of each confirmation only once it has it. Then it is killed (at a random moment, or at one change of
the disk chosen at random), in mode "power" the disk also loses what was not synced, in mode "link" connections are cut
after a few bytes either way, in mode "disk" each write and sync of an intake fails in seven ways (failing.py). The next
child looks for what was promised; at the end of a terminal's life everything is sent, and at the end of the campaign
the gateway is asked what it has. Exit status 1 when anything is lost, doubled or numbered twice.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults import disk

MODES = ("kill", "power", "link", "disk")
LIFE = 250  # rounds of one terminal
HANGING = 120.0  # seconds after which a child does not come back
SEGMENT = 96 * 1024  # bytes of a segment here: many are begun, and freed


@dataclass(slots=True)
class Tally:
    """A row of the table."""

    mode: str
    rounds: int = 0
    kills: int = 0
    cuts: int = 0
    lost_changes: int = 0
    seconds: float = 0.0
    took: dict[str, tuple[float, int]] = field(default_factory=dict)  # of a task that ran to its end: seconds, changes


def main() -> int:
    """By command."""
    disk.live_on_it()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mode", choices=(*MODES, "all"), default="all")
    options.add_argument(
        "--rounds",
        type=int,
        default=300,
        help="rounds of each mode (in mode link: connections cut; in mode disk: at most all points there are)",
    )
    options.add_argument("--seconds", type=float, default=float("inf"), help="end each mode after so long")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--keep", type=Path, help="leave all files here for a look")
    options.add_argument("--no-finish", action="store_true", help="check each start only, not what arrives in the end")
    given = options.parse_args()
    from bench.faults.station import Campaign

    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-faults-")))
        folder.mkdir(parents=True, exist_ok=True)
        modes = MODES if given.mode == "all" else (given.mode,)
        print(f"seed {given.seed}; {given.rounds} rounds of: {', '.join(modes)}", flush=True)
        lives = 3 * (given.rounds * 2 // LIFE + 2)
        campaign = stack.enter_context(Campaign(folder, given.seed, lives, finishes=not given.no_finish))
        for mode in modes:
            (campaign.sweep if mode == "disk" else campaign.run)(mode, given.rounds, given.seconds)
        return campaign.report()


@dataclass(slots=True)
class Ended:
    """How a child ended, and what it had told."""

    lines: list[str]
    status: int
    seconds: float
    killed: bool


def run_child(work: object, kill_after: float | None) -> Ended:
    """Forks, lets `work(tell)` run, kills it after so many seconds where it is told to."""
    from bench.faults.child import teller

    reader, writer = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        status = 3
        try:
            work(teller(writer))  # type: ignore[operator]
            status = 0
        except BaseException:
            os.write(writer, ("failed " + traceback.format_exc()[-1500:].replace("\n", " | ") + "\n").encode())
        finally:
            os._exit(status)
    os.close(writer)
    told = bytearray()
    deadline = began + (HANGING if kill_after is None else kill_after)
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + HANGING
            if kill_after is None:
                told += b"failed it hung\n"
        elif data := os.read(reader, 65536):
            told += data
        else:
            break
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    return Ended(told.decode().splitlines(), status, time.monotonic() - began, os.WIFSIGNALED(status))


if __name__ == "__main__":
    sys.exit(main())

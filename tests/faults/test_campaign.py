# SPDX-License-Identifier: Apache-2.0
"""The fault campaign, short and seeded; and that it would tell if a promise were broken."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench.faults import disk
from bench.faults.history import Arrived, History, Promise
from bench.faults.power import cut_power, read_log

ROOT = Path(__file__).parents[2]


def run(code: str, *arguments: str, on_disk: bool = True) -> subprocess.CompletedProcess[str]:
    env = disk.environment() if on_disk else dict(os.environ)
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=env, cwd=ROOT)


CAMPAIGN = "import sys; from bench.faults.campaign import main; raise SystemExit(main())"
# A terminal that confirms what no sync has made durable: the disk is told that all is well.
FORGETFUL = """
import os, offline.store.spool
class System:
    def __getattr__(self, name):
        return getattr(os, name)
    def fdatasync(self, handle):
        return None
offline.store.spool.os = System()
import bench.faults.station
bench.faults.station.STEPS["kill"] = ("intake",)
"""
# One that gives the same numbers out again after each start.
REPEATING = """
from offline.store.numbering import Numbering
def forget(self, path, book, **_known):
    self._path, self._book, self._reserved, self._next = path, book, 0, 1
    self._resting = self._at_odds = False
Numbering.__init__ = forget
"""


def test_nothing_is_lost_doubled_or_numbered_wrongly(tmp_path: Path) -> None:
    modes = ("kill", "power", "rot", "gateway", "link")
    asked = "kill=10,power=10,rot=5,gateway=2,link=3"
    done = run(CAMPAIGN, "--mode", asked, "--seed", "4", "--keep", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "confirmed and missing 0, duplicates 0, wrong numbers 0, failures 0" in done.stdout
    rows = {line.split()[0]: [int(word) for word in line.split()[1:5]] for line in done.stdout.splitlines()[2:7]}
    assert tuple(rows) == modes
    assert rows["kill"][1] >= 2
    assert rows["gateway"][1] == 2
    assert rows["link"][2] >= 3  # connections cut
    assert rows["power"][3] > 0  # changes that the disk has lost


@pytest.mark.parametrize(
    ("fault", "mode", "told"),
    [(FORGETFUL, "power", "confirmed and missing"), (REPEATING, "kill", "wrong numbers")],
)
def test_a_terminal_that_breaks_its_word_is_caught(fault: str, mode: str, told: str, tmp_path: Path) -> None:
    done = run(
        fault + CAMPAIGN, "--mode", mode, "--rounds", "15", "--seed", "4", "--keep", str(tmp_path), "--no-finish"
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert told in done.stdout
    assert f"{told} 0" not in done.stdout


def test_an_intake_meets_a_failing_disk_at_every_kind_of_point(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults.failing", str(tmp_path), "40"],
        capture_output=True, text=True, timeout=300, cwd=ROOT,
    )  # fmt: skip
    swept = json.loads(done.stdout)
    assert swept["violations"] == []
    assert swept["points"] > 50
    assert swept["refused"] > 15


POWER = """
import os, sys
from pathlib import Path
from bench.faults.disk import Disk
folder = Path(sys.argv[1])
Disk(folder / "data", folder / "log", folder / "side")
path = folder / "data" / "file"
with path.open("wb", buffering=0) as out:
    out.write(b"a" * 5000)
    os.fsync(out.fileno())
handle = os.open(folder / "data", os.O_RDONLY)
os.fsync(handle)
os.close(handle)
with path.open("r+b", buffering=0) as out:
    out.seek(4096)
    out.write(b"b" * 5000)
(folder / "data" / "new").write_bytes(b"new")
os.replace(folder / "data" / "old", folder / "data" / "moved") if sys.argv[2] == "move" else None
"""


@pytest.mark.parametrize("seed", range(6))
def test_the_power_cut_takes_what_no_sync_has_kept_and_nothing_else(seed: int, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "old").write_bytes(b"old")
    assert run(POWER, str(tmp_path), "stay").returncode == 0
    assert [e.op for e in read_log(tmp_path / "log")] == ["C", "W", "S", "D", "W", "C", "W"]
    cut_power(data, tmp_path / "log", tmp_path / "side", random.Random(seed))
    content = (data / "file").read_bytes()
    assert content[:4096] == b"a" * 4096
    assert len(content) in (5000, 9096)
    assert set(content[4096:]) <= set(b"ab\0")
    assert (data / "old").read_bytes() == b"old"
    assert not (data / "new").exists() or (data / "new").read_bytes() in (b"", b"new", b"\0\0\0")


def test_nothing_that_changes_a_file_goes_past_the_disk(tmp_path: Path) -> None:
    """A whole intake without one sync: when all that is taken back that was never synced, nothing is there."""
    done = run(UNSYNCED, str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "True"]


UNSYNCED = """
import sys
from pathlib import Path
import bench.faults.power as power
from bench.faults import disk
from bench.faults.child import application_of, picture
from bench.faults.forked import run_child
from bench.submit import new_terminal
from offline.terminal import Terminal

folder = Path(sys.argv[1])
data, log, side = folder / "data", folder / "log", folder / "side"
new_terminal(data).close()

def content():
    files = [p for p in sorted(data.rglob("*")) if p.is_file() and p.suffix != ".db-shm"]
    return {p.relative_to(data): p.read_bytes() for p in files}

def intake(tell):
    disk.Disk(data, log, side)
    with Terminal.open(data) as terminal:
        for line in range(4):
            terminal.submit(application_of(line, terminal.new_tracking_code()), [picture(line)])

class Nothing:
    def choice(self, of): return "nothing more"
    def randint(self, low, high): return low

before = content()
assert not [line for line in run_child(intake, None).lines if line.startswith("failed")]
print(content() != before)
entries = power.read_log
power.read_log = lambda path: [e for e in entries(path) if e.op not in "SDA"]  # as if nothing had been synced
power.cut_power(data, log, side, Nothing())
print(content() == before)
"""


def test_the_checker_tells_each_kind_of_broken_promise() -> None:
    history = History()
    for line, code in ((1, "A"), (2, "B"), (3, "C"), (4, "C"), (5, "D"), (6, "E")):
        history.gave(line, code)
    for line, code in ((1, "A"), (2, "B")):
        history.confirmed(Promise(line, f"id-{code}", code))
    assert len(history.wrong) == 1  # C was given twice
    history.check_arrived(
        [
            Arrived("id-B", "B", 1, 1, 2, whole=False),
            Arrived("id-C", "C", 1, 2, 4),
            Arrived("id-D", "C", 1, 3, 4),
            Arrived("id-E", "D", 1, 5, 6),
            Arrived("id-F", "E", 2, 1, -1, refusal="record-signature"),
        ]
    )
    assert len(history.missing) == 2  # A is not there, B lacks a picture
    assert len(history.duplicates) == 2  # the code C and the line 4
    assert len(history.wrong) == 3  # D holds what is of another line, and terminal 1 has no number 4
    assert history.failures == ["code E: the platform refused it: record-signature"]
    assert (history.arrived, history.unpromised) == (5, 3)

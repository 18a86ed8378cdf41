# SPDX-License-Identifier: Apache-2.0
"""A file system of one's own that really is full, and one that really was mounted read-only; in a mount namespace."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@cache
def may_mount() -> bool:
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


def on_a_disk(tmp_path: Path, code: str) -> list[str]:
    """What a program prints that lives on 12 MB of its own, mounted at its first argument."""
    if not may_mount():
        pytest.skip("needs to mount: root, or a user namespace")
    place = tmp_path / "disk"
    place.mkdir()
    shell = 'mount -t tmpfs -o size=12m none "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", shell, "sh", str(place), sys.executable, code],
        capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


FULL = """
import sys
from pathlib import Path
from bench.faults.child import application_of, picture
from bench.submit import new_terminal
from offline.errors import OfflineError
disk = Path(sys.argv[1])
with new_terminal(disk / "data") as terminal:
    first = terminal.submit(application_of(1, terminal.new_tracking_code()))
    codes = [terminal.new_tracking_code() for _ in range(40)]
    ballast = (disk / "ballast").open("wb", buffering=0)
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError:
        pass
    for line, code in enumerate(codes):  # the room that the spool had reserved is used up first
        try:
            terminal.submit(application_of(line, code), [picture(6)] * 5)
        except OfflineError as fault:
            print(fault.code)
            break
    print(terminal.can_intake().code)
    (disk / "ballast").unlink()
    ballast.close()
    kept = {line.tracking_code for line in terminal.records(1000)}
    print(first.tracking_code in kept, code in kept)
    terminal.submit(application_of(300, code))
    print(code in {line.tracking_code for line in terminal.records(1000)})
"""


def test_a_disk_that_really_is_full_says_so_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    assert on_a_disk(tmp_path, FULL) == ["disk-full", "disk-full", "True False", "True"]


READ_ONLY = """
import subprocess, sys
from pathlib import Path
from bench.faults.child import application_of
from bench.submit import new_terminal
from offline.errors import OfflineError
from offline.terminal import Terminal
disk = Path(sys.argv[1])
with new_terminal(disk / "data") as terminal:
    done = terminal.submit(application_of(1, terminal.new_tracking_code()))
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
try:
    Terminal.open(disk / "data")
except OfflineError as fault:
    print(fault.code)
subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
with Terminal.open(disk / "data") as terminal:
    print(terminal.case(done.tracking_code).record_id == done.record_id)
    print(list((disk / "data").glob("*.damaged*")))
"""


def test_a_read_only_remount_is_told_and_taken_for_no_damage(tmp_path: Path) -> None:
    assert on_a_disk(tmp_path, READ_ONLY) == ["disk-failed", "True", "[]"]


SECOND = """
import sys
from pathlib import Path
from offline.errors import OfflineError
from offline.terminal import Terminal
try:
    Terminal.open(Path(sys.argv[1]))
except OfflineError as fault:
    print(fault.code, fault)
"""


def test_a_second_process_is_told_and_harms_nothing(tmp_path: Path) -> None:
    from bench.submit import new_terminal

    with new_terminal(tmp_path / "data") as terminal:
        done = subprocess.run(
            [sys.executable, "-c", SECOND, str(tmp_path / "data")],
            capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
        )  # fmt: skip
        said = r"data-in-use process \d+ \(doorstep.*\) works with .*; let it end or stop it.*\n"
        assert re.fullmatch(said, done.stdout), done
        assert terminal.can_intake().ok

# SPDX-License-Identifier: Apache-2.0
"""No core, no look from outside, no file for others: each is there without the walls, and gone with them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.process.walls import dumpable
from tests import memory

# As any user but root: root may look into everything. A changed user makes a process undumpable; execve undoes that.
NOBODY = """
import ctypes, os, signal, sys
from kiosk.process.walls import dumpable, raise_walls
if os.getuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
"""
LOOKS = """
for name in ("environ", "maps", "mem"):
    try:
        with open(f"/proc/{sys.argv[1]}/{name}", "rb") as file:
            name == "mem" or file.read()
        print(name)
    except PermissionError:
        pass
"""
PLAIN, WALLED = "pass\n", "raise_walls()\n"
WAITS = "print(dumpable(), flush=True)\nsignal.pause()\n"


@contextmanager
def running(code: str) -> Iterator[tuple[int, str]]:
    """Its pid, and the line it says first."""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.pid, process.stdout.readline().strip()
        finally:
            process.kill()


def seen_by_the_same_user(pid: int) -> list[str]:
    looked = subprocess.run(
        [sys.executable, "-c", NOBODY + LOOKS, str(pid)], capture_output=True, text=True, check=True
    )
    return looked.stdout.split()


def test_without_walls_the_same_user_looks_in() -> None:
    with running(NOBODY + PLAIN + WAITS) as (pid, said):
        assert said == "True"
        assert {"environ", "maps"} <= set(seen_by_the_same_user(pid))


def test_with_walls_nobody_but_root_looks_in() -> None:
    with running(NOBODY + WALLED + WAITS) as (pid, said):
        assert said == "False"
        assert seen_by_the_same_user(pid) == []


@pytest.mark.skipif(os.getuid() != 0, reason="run under `unshare --map-root-user` to look into walled processes")
def test_root_may_search_a_walled_process_for_the_proof() -> None:
    held = "kept = bytes(b ^ 1 for b in bytes.fromhex('6d786d606a7374737c6e6a6d6c'))\n"
    word = bytes(b ^ 1 for b in bytes.fromhex("6d786d606a7374737c6e6a6d6c")).decode()
    with running(NOBODY + WALLED + held + WAITS) as (pid, _said):
        assert memory.search(pid, [word])


def dumped(code: str, folder: Path) -> bool:
    """Whether a process that ends itself leaves a core."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    head = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_CORE, ({hard}, {hard})); "
    head += f"os.chdir({str(folder)!r}); from kiosk.process.walls import raise_walls\n"
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", head + code], os.environ)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status)
    return os.WCOREDUMP(status) or any(folder.iterdir())


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    assert not dumped(WALLED + "os.abort()", tmp_path)


def test_nor_does_a_crash_of_a_program_that_it_started(tmp_path: Path) -> None:
    starts = "os.execv(sys.executable, [sys.executable, '-c', 'import os; os.abort()'])"
    assert not dumped(WALLED + starts, tmp_path)


@pytest.mark.skipif(
    resource.getrlimit(resource.RLIMIT_CORE)[1] == 0
    or Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/")),
    reason="this machine writes no core into the working directory",
)
def test_without_walls_a_crash_leaves_one(tmp_path: Path) -> None:
    assert dumped(PLAIN + "os.abort()", tmp_path)


def test_what_a_walled_process_writes_is_its_own(tmp_path: Path) -> None:
    code = WALLED + f"open({str(tmp_path / 'file')!r}, 'w').close(); os.mkdir({str(tmp_path / 'folder')!r})"
    subprocess.run(
        [sys.executable, "-c", f"import os; from kiosk.process.walls import raise_walls\n{code}"], check=True
    )
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("file", "folder")] == [0o600, 0o700]


def test_a_window_opens_behind_walls() -> None:
    code = (
        "from kiosk.process.walls import raise_walls; raise_walls()\n"
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([]); label = QLabel('家门口'); label.show(); app.processEvents()\n"
        "print(not label.grab().isNull())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_the_process_of_the_tests_has_none() -> None:
    assert dumpable()

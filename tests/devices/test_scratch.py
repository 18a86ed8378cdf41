# SPDX-License-Identifier: Apache-2.0
"""Scratch space is in memory, refuses a disk, and is swept when its process is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices import scratch


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the unit, in memory."""
    with scratch.folder() as found:
        unit = found / "unit"
        unit.mkdir()
        monkeypatch.setenv("RUNTIME_DIRECTORY", str(unit))
        yield unit


def test_a_folder_is_in_memory_for_us_alone_and_goes(place: Path) -> None:
    with scratch.folder() as found:
        assert found.parent == place
        assert scratch.in_memory(found)
        assert found.stat().st_mode & 0o777 == 0o700
        (found / "page").write_text("示例")
    assert list(place.iterdir()) == []


def test_it_goes_also_after_a_fault(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch.folder() as found:
        (found / "page").write_text(str(1 // 0))
    assert list(place.iterdir()) == []


def kind(place: Path) -> str:
    """As coreutils tells it from statfs(2)."""
    told = subprocess.run(["stat", "-f", "-c", "%T", str(place)], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def test_a_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {place: kind(place) for place in (Path(__file__).parent, Path("/usr"))}
    here = next(place for place, found in kinds.items() if found != "tmpfs")
    assert not scratch.in_memory(here)
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(here))
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")
    assert here not in scratch.places()


def test_without_any_place_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "in_memory", lambda _path: False)
    with pytest.raises(scratch.NoScratch, match="RuntimeDirectory"), scratch.folder():
        pass


def test_a_file_without_a_name_is_in_memory() -> None:
    with scratch.memory_file("page") as file:
        file.write(b"x")
        assert os.readlink(f"/proc/self/fd/{file.fileno()}").startswith("/memfd:page")


DIES = """
import os, sys
from devices import scratch
place = scratch.settle()
with scratch.folder() as other:
    for folder in (place, other):
        (folder / "page").write_text("示例")
    os.kill(os.getpid(), 9)
"""


@pytest.mark.usefixtures("place")
def test_what_a_killed_process_left_is_swept_and_nothing_else(place: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", DIES], check=False)
    assert killed.returncode == -9
    assert len(list(place.iterdir())) == 2
    with scratch.folder() as ours:
        assert scratch.sweep() == 2
        assert list(place.iterdir()) == [ours]
        assert scratch.sweep() == 0


SETTLES = """
import os, subprocess, sys, tempfile
from devices import scratch
place = scratch.settle()
with tempfile.NamedTemporaryFile() as file:
    print(os.path.dirname(file.name) == str(place))
print(subprocess.run([sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"],
                     capture_output=True, text=True).stdout.strip() == str(place))
import escpos.printer
print(len(os.listdir(place)))
"""


def test_temporary_files_of_libraries_and_children_are_in_memory_and_go_with_the_process(place: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SETTLES], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "1"], "python-escpos makes a folder when it is loaded"
    assert list(place.iterdir()) == []

# SPDX-License-Identifier: Apache-2.0
"""A terminal of real processes: keeper here or in a process of its own, visits that can be driven, real devices."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.profile import DeviceProfile
from devices.simulation import SimulatedDevices
from kiosk.config import KioskConfig
from kiosk.keeper.keeper import Keeper
from kiosk.keeper.process import VisitProcess
from kiosk.keeper.settings import device_names, settings_of
from kiosk.keeper.stage import Stage
from offline.terminal import Terminal
from tests.live import LiveGateway, enrolled_terminal, live_gateway

PATIENCE = 60.0  # seconds that a loaded machine may take for anything
CONFIG = KioskConfig(full_screen=False, speech=False, sync_seconds=0.5, idle_seconds=900.0)


def until(what: Callable[[], Any], why: str, patience: float = PATIENCE) -> Any:
    ends = time.monotonic() + patience
    while not (found := what()):
        assert time.monotonic() < ends, f"waited for {why}"
        time.sleep(0.02)
    return found


class Driven:
    """Somebody before the window of one process."""

    def __init__(self, drives: Path, pid: int) -> None:
        self.pid = pid
        self._socket = drives / f"{pid}.sock"

    def do(self, what: str, value: Any = None) -> Any:
        until(self._socket.exists, f"visit {self.pid}")
        here = os.open(self._socket.parent, os.O_PATH)
        try:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.settimeout(PATIENCE)
                sock.connect(f"/proc/self/fd/{here}/{self._socket.name}")
                with sock.makefile("rw", encoding="utf-8") as lines:
                    lines.write(json.dumps({"what": what, "value": value}) + "\n")
                    lines.flush()
                    answer = lines.readline()
        finally:
            os.close(here)
        return json.loads(answer) if answer else None

    def say(self, name: str, *arguments: Any) -> None:
        self.do("say", [name, list(arguments)])

    @property
    def state(self) -> dict[str, Any]:
        found = self.do("state")
        assert isinstance(found, dict)
        return found

    @property
    def screen(self) -> str:
        return str(self.state["screen"])

    def at(self, *screens: str) -> str:
        until(lambda: self.screen in screens, f"{screens}, is {self.screen}")
        return self.screen


class House:
    """Keeper and stage in the test's process; the visits are processes."""

    def __init__(self, terminal: Terminal, drives: Path, profile: DeviceProfile | None) -> None:
        import sys

        self.drives = drives
        self.keeper = Keeper(terminal, sync_seconds=0.5, settings=settings_of(CONFIG, profile))
        command = (sys.executable, "-m", "tests.kiosk.keeper.driven", str(drives))
        self.stage = Stage(self.keeper, device_names(profile), command=command)

    @contextmanager
    def open(self) -> Iterator[House]:
        self.keeper.start()
        self.stage.start()
        try:
            yield self
        finally:
            self.stage.stop()
            self.keeper.stop()

    def on_stage(self) -> Driven:
        """Who has the stage, once its window is painted."""
        process = until(lambda: (p := self.stage.current) is not None and p.painted and p, "a window on stage")
        assert isinstance(process, VisitProcess)
        return Driven(self.drives, process.pid)

    def spare(self) -> VisitProcess:
        """The one behind the stage, once it could take it."""

        def waiting() -> VisitProcess | None:
            others = (p for p in self.stage.processes if p is not self.stage.current)
            return next((p for p in others if p.ready and not p.over), None)

        found = until(waiting, "a spare")
        assert isinstance(found, VisitProcess)
        return found


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[LiveGateway]:
    with live_gateway(tmp_path / "gateway") as live:
        yield live


@pytest.fixture
def terminal(tmp_path: Path, gateway: LiveGateway) -> Iterator[Terminal]:
    with enrolled_terminal(tmp_path / "terminal", gateway) as enrolled:
        yield enrolled


@pytest.fixture
def devices() -> Iterator[SimulatedDevices]:
    with SimulatedDevices() as simulated:
        yield simulated


@pytest.fixture
def drives(tmp_path: Path) -> Path:
    path = tmp_path / "drives"
    path.mkdir()
    return path


@pytest.fixture
def house(terminal: Terminal, drives: Path, devices: SimulatedDevices) -> Iterator[House]:
    with House(terminal, drives, devices.profile).open() as opened:
        yield opened

# SPDX-License-Identifier: Apache-2.0
"""The processes of a terminal: memory of keeper, visit and spare; how long the screen is without a visit.

A real keeper's stage with real visit processes and a simulated card reader. A visit is ended by its idle clock after a
card was read, and by SIGKILL in the middle. Beside it, as a measure of the machine: a process that shows an empty
window of the same toolkit, from its start to its first frame.

"To the next window": from the end of the visit (its wiped screen, or its death) to the painted window of the next
process. "To a reader that reads": from there until the next process has the card reader.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.cold_start import EMPTY_WINDOW, start
from devices.simulation import SimulatedDevices
from kiosk.config import KioskConfig
from kiosk.demo.people import GRANDMOTHER
from kiosk.demo.stage import set_stage
from kiosk.keeper.keeper import Keeper
from kiosk.keeper.settings import device_names, settings_of
from kiosk.keeper.stage import Stage
from offline.port.server import Connection
from offline.port.stage import DevicesAre, OnStage, StageAsked, VisitOver

ROUNDS = 5
IDLE = 1.5  # seconds
AIM = 2.0  # seconds after a crash


class Watched(Stage):
    """Remembers when each process said what."""

    def __init__(self, keeper: Keeper, devices: tuple[str, ...]) -> None:
        super().__init__(keeper, devices)
        self.said: list[tuple[float, type[StageAsked], StageAsked]] = []

    def _said(self, connection: Connection, asked: StageAsked) -> None:
        self.said.append((time.monotonic(), type(asked), asked))
        super()._said(connection, asked)

    def first(
        self, kind: type[StageAsked], since: float, like: Callable[[StageAsked], bool] = lambda _a: True
    ) -> float:
        """When such a thing was said first after `since`; waits for it."""
        while True:
            for at, said, asked in self.said:
                if at > since and said is kind and like(asked):
                    return at
            time.sleep(0.005)


def _reader_ready(asked: StageAsked) -> bool:
    return isinstance(asked, DevicesAre) and any(
        d["device"] == "id-card" and d["state"] == "ready" for d in asked.devices
    )


def _with_spare(stage: Stage) -> None:
    while sum(p.ready and not p.over for p in stage.processes) < 2 or len(stage.processes) != 2:
        time.sleep(0.02)


def memory(pid: int) -> float:
    """Proportional set size in MB (proc(5), smaps_rollup)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(folder: Path) -> dict[str, list[float]]:
    """Seconds and MB by what they are of."""
    rows: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        rows.setdefault(name, []).append(value)

    config = KioskConfig(
        full_screen=False, speech=False, idle_seconds=IDLE, idle_seconds_slow=IDLE, warning_seconds=0.5
    )
    with set_stage(folder) as scene, SimulatedDevices() as devices:
        keeper = Keeper(scene.terminal, settings=settings_of(config, devices.profile))
        stage = Watched(keeper, device_names(devices.profile))
        keeper.start()
        stage.start()
        try:
            for _ in range(ROUNDS):
                _with_spare(stage)
                began = time.monotonic()
                devices.present_card(GRANDMOTHER)
                time.sleep(0.5)
                devices.remove_card()
                over = stage.first(VisitOver, began)
                shown = stage.first(OnStage, over)
                note("end of a visit to the next window", shown - over)
                note("to a reader that reads", max(0.0, stage.first(DevicesAre, over, _reader_ready) - shown))
                _with_spare(stage)
                current = stage.current
                assert current is not None
                spare = next(p for p in stage.processes if p is not current)
                note("MB, visit on stage", memory(current.pid))
                note("MB, spare", memory(spare.pid))
                killed = time.monotonic()
                current.kill()
                note("a crash to the next window", stage.first(OnStage, killed) - killed)
            note("MB, this process as keeper, with gateway's link and devices", memory(os.getpid()))
        finally:
            stage.stop()
            keeper.stop()
    return rows


def main() -> None:
    """Measures and prints."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        empty = statistics.median(start(EMPTY_WINDOW, Path(folder)) for _ in range(5))
        scene = Path(folder) / "scene"
        scene.mkdir()
        rows = measure(scene)
    print(f"{'':62}{'median':>9}{'worst':>9}{'x empty window':>16}")
    for name, found in rows.items():
        median = statistics.median(found)
        ratio = "" if name.startswith("MB") else f"{median / empty:16.2f}"
        print(f"{name:62}{median:9.3f}{max(found):9.3f}{ratio}")
    print(f"{'an empty window, from the start of its process':62}{empty:9.3f}")
    print(f"aim: a window again within {AIM} s of a crash")


if __name__ == "__main__":
    sys.exit(main())

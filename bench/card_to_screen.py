# SPDX-License-Identifier: Apache-2.0
"""Card laid down to its record in the UI thread: what we add to the reader's own waits.

The real driver on a real line (a pseudo-terminal at 115,200 baud), the device's thread, the bridge into Qt. The
simulated reader answers at once, so that all that is measured is ours: from its "there is a card" to the slot in
the UI thread, and how long the card lay before it was looked for. Beside it: the same commands asked bare, one after
the other, on the same kind of line, and a bare posting into the UI thread.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from devices.events import CardPresented, CardRemoved, DeviceEvent
from devices.id_card.frames import FIND, READ_ADDRESS, READ_BASE, SELECT
from devices.id_card.serial_reader import SerialLine
from devices.id_card.simulator import SimulatedSamReader
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from kiosk.demo.people import GRANDMOTHER
from kiosk.workers.bridge import Bridge, Posted

ROUNDS = 60
AIM = 30.0  # milliseconds of ours
PATIENCE = 5000  # milliseconds


class TimedReader(SimulatedSamReader):
    """Remembers when it first said that a card lies there."""

    found_at = 0.0

    def answer(self, command: bytes) -> bytes:
        """As a reader does, noting the time."""
        frame = super().answer(command)
        if command == FIND and not self.found_at and frame[9] == 0x9F:
            self.found_at = time.perf_counter()
        return frame


class Desk:
    """The UI thread's end: waits in Qt's own loop until something of a kind arrives."""

    def __init__(self, bridge: Bridge) -> None:
        self._loop = QEventLoop()
        self._wanted: type | None = None
        self.at = 0.0
        bridge.arrived.connect(self._arrived)

    def _arrived(self, posted: Posted) -> None:
        if self._wanted is not None and isinstance(posted.message, self._wanted):
            self.at = time.perf_counter()
            self._loop.quit()

    def wait(self, kind: type) -> None:
        """Raises TimeoutError."""
        self._wanted, self.at = kind, 0.0
        late = QTimer()
        late.setSingleShot(True)
        late.timeout.connect(self._loop.quit)
        late.start(PATIENCE)
        self._loop.exec()
        if not self.at:
            raise TimeoutError(kind.__name__)


def laid_down(reader: TimedReader, desk: Desk) -> tuple[float, float]:
    """Milliseconds until the reader was asked, and from its answer to the UI thread."""
    reader.found_at = 0.0
    laid = time.perf_counter()
    reader.present_card(GRANDMOTHER)
    desk.wait(CardPresented)
    waited, ours = reader.found_at - laid, desk.at - reader.found_at
    reader.remove_card()
    desk.wait(CardRemoved)
    return waited * 1000, ours * 1000


def bare_commands(reader: SimulatedSamReader) -> float:
    """Milliseconds for the four commands alone."""
    line = SerialLine(reader.port, 115200)
    line.open()
    reader.present_card(GRANDMOTHER)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for command in (FIND, SELECT, READ_BASE, READ_ADDRESS):
            line.ask(command, 1.0)
        times.append((time.perf_counter() - began) * 1000)
    line.close()
    return statistics.median(times)


def bare_posting(bridge: Bridge, desk: Desk) -> float:
    """Milliseconds from a worker's call to the UI thread, nothing else."""
    from threading import Timer

    times = []
    for _ in range(ROUNDS):
        began = 0.0

        def post() -> None:
            nonlocal began
            began = time.perf_counter()
            bridge.post(CardRemoved())

        Timer(0.005, post).start()
        desk.wait(CardRemoved)
        times.append((desk.at - began) * 1000)
    return statistics.median(times)


def row(name: str, values: Sequence[float]) -> str:
    """Median, 95th percentile, worst."""
    ordered = sorted(values)
    return f"{name:44}{statistics.median(values):10.1f}{ordered[int(len(ordered) * 0.95)]:8.1f}{ordered[-1]:8.1f}"


def main() -> None:
    """Measures and prints."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QCoreApplication([])
    bridge = Bridge()
    desk = Desk(bridge)
    reader = TimedReader()

    def told(event: DeviceEvent) -> None:
        bridge.post(event)

    manager = DeviceManager(DeviceProfile({"driver": "sam-serial", "port": reader.port}), told)
    manager.start()
    try:
        found = [laid_down(reader, desk) for _ in range(ROUNDS)]
    finally:
        manager.stop()
    posting = bare_posting(bridge, desk)
    commands = bare_commands(reader)
    reader.close()
    bridge.close()
    app.processEvents()
    waited, ours = [w for w, _ in found], [o for _, o in found]
    print(f"{'':44}{'median ms':>10}{'p95':>8}{'worst':>8}")
    print(row("card lies there until it is looked for", waited))
    print(row("found until its record is in the UI thread", ours))
    print(row("both", [a + b for a, b in found]))
    print(f"the four commands alone {commands:.1f} ms, a bare posting {posting:.2f} ms; ours is ", end="")
    print(f"{statistics.median(ours) / commands:.2f} x the commands alone")
    print(f"aim: under {AIM:.0f} ms beside the reader's own waits; worst of {ROUNDS}: {max(ours):.1f} ms")


if __name__ == "__main__":
    main()

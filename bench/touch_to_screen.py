# SPDX-License-Identifier: Apache-2.0
"""Touch to screen: from lifting the finger to the painted answer, over whole visits through the real window.

The demo's first resident applies, every character typed by touch, with a real store and devices that speak their
protocols. Each touch is timed until the window has painted what it changed. Beside it, as a measure of the machine: the
same window size painted plainly.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.app import KioskApp
from kiosk.application import application
from kiosk.config import KioskConfig
from kiosk.demo.director import Director
from kiosk.demo.finger import Finger
from kiosk.demo.gallery import offscreen_platform
from kiosk.demo.stage import set_stage
from kiosk.demo.writer import Writer

VISITS = 5
AIM = 50.0  # milliseconds, 99th percentile
NO_ANSWER = 0.25  # seconds: touches that change nothing, such as a finger's way over the signature pad


class Painted(QObject):
    """Whether anything was painted since it was last asked."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if event.type() == QEvent.Type.Paint:
            self.seen = True
        return False


class TimedFinger(Finger):
    """Remembers how long each single touch took until its answer was painted, and whether the screen changed."""

    def __init__(self, kiosk: KioskApp, painted: Painted) -> None:
        super().__init__(kiosk.shell)
        self._kiosk = kiosk
        self._painted = painted
        self.turned: list[tuple[float, str]] = []
        self.stayed: list[tuple[float, str]] = []

    def draw(self, points: Sequence[QPoint]) -> None:
        if len(points) > 1:
            super().draw(points)
            return
        self.touches += 1
        target = self._window.childAt(points[0]) or self._window
        local = target.mapFrom(self._window, points[0])
        QTest.touchEvent(target, self._device).press(0, local, target).commit()
        self.breathe(0.06)  # a finger stays a moment; what pressing paints is painted
        screen, page = self._kiosk.machine.screen, self._kiosk.shell.page
        self._painted.seen = False
        began = time.perf_counter()
        QTest.touchEvent(target, self._device).release(0, local, target).commit()
        while not self._painted.seen and time.perf_counter() - began < NO_ANSWER:
            QApplication.processEvents()
        took = (time.perf_counter() - began) * 1000
        if not self._painted.seen:
            return
        new = self._kiosk.machine.screen != screen or self._kiosk.shell.page is not page
        (self.turned if new else self.stayed).append((took, f"{screen} -> {self._kiosk.machine.screen}"))
        self.breathe(0.02)


class NoCamera:
    """Pictures would be in the way of what is timed."""

    def take(self, name: str) -> None:
        """None."""


def visit(painted: Painted) -> TimedFinger:
    """One resident's whole visit."""
    with tempfile.TemporaryDirectory() as folder, set_stage(Path(folder)) as stage:
        config = KioskConfig(full_screen=False, speech=False, idle_seconds=900.0)
        kiosk = KioskApp(stage.terminal, stage.devices.profile, config)
        director = Director(kiosk, stage.devices, stage.link, stage.platform, NoCamera())  # type: ignore[arg-type]
        finger = director.finger = TimedFinger(kiosk, painted)
        director.writer = Writer(kiosk, finger)
        kiosk.start()
        try:
            director.grandmother_applies_without_network()
        finally:
            kiosk.stop()
            kiosk.shell.deleteLater()
            finger.breathe(0)
    return finger


def plain_paint() -> float:
    """Milliseconds to paint an empty window of the same size."""
    window = QWidget()
    window.resize(1080, 1920)
    window.show()
    QApplication.processEvents()
    times = []
    for _ in range(30):
        began = time.perf_counter()
        window.repaint()
        times.append((time.perf_counter() - began) * 1000)
    window.close()
    return statistics.median(times)


def percentile(values: Sequence[float], part: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("QT_QPA_PLATFORM", offscreen_platform(Path(folder)))
        app = application()
    painted = Painted()
    app.installEventFilter(painted)
    plain = plain_paint()
    turned: list[tuple[float, str]] = []
    stayed: list[tuple[float, str]] = []
    for _visit in range(VISITS):
        finger = visit(painted)
        turned += finger.turned
        stayed += finger.stayed
    print(f"{'':22}{'touches':>8}{'median ms':>11}{'p95':>8}{'p99':>8}{'worst':>8}{'x plain paint':>15}")
    for name, found in (("to the next screen", turned), ("within a screen", stayed)):
        times = [took for took, _where in found]
        cells = [statistics.median(times), percentile(times, 0.95), percentile(times, 0.99), max(times)]
        print(f"{name:22}{len(times):8}{cells[0]:11.1f}" + "".join(f"{c:8.1f}" for c in cells[1:]), end="")
        print(f"{cells[0] / plain:15.1f}")
    print(f"aim: under {AIM:.0f} ms at the 99th percentile; plain paint {plain:.2f} ms")
    if "--slowest" in sys.argv:
        for took, where in sorted(turned + stayed, reverse=True)[:15]:
            print(f"  {took:6.1f} ms  {where}")


if __name__ == "__main__":
    main()

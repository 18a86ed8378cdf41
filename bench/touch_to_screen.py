# SPDX-License-Identifier: Apache-2.0
"""Touch to screen: from lifting the finger to the painted answer, over whole visits through the real window.

The demo's first resident applies, every character typed by touch, with a real store and devices that speak their
protocols. Each touch is timed until the window has painted what it changed. Beside it, as a measure of the machine, a
plain window of the same size is painted after every touch, so that a busy moment of the machine meets both.

`--slowest` lists the slowest touches, `--cpu` counts processor time of the window's thread instead of the clock's (for
finding out what costs, on a machine that others use).
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.app.app import KioskApp
from kiosk.config import KioskConfig
from kiosk.demo.camera import Camera
from kiosk.demo.director import Director
from kiosk.demo.finger import Finger
from kiosk.demo.gallery.samples import offscreen_platform
from kiosk.demo.stage import set_stage
from kiosk.demo.writer import Writer
from kiosk.keeper.in_process import keeper_beside
from kiosk.process.application import application

VISITS = 6
AIM_MEDIAN, AIM_P99 = 12.0, 30.0  # times a plain paint, to the next screen
NO_ANSWER = 0.25  # seconds: touches that change nothing, such as a finger's way over the signature pad
clock = time.thread_time if "--cpu" in sys.argv else time.perf_counter


class Painted(QObject):
    """When the window had last painted what it was asked to. What Qt does after that is not the screen's answer."""

    def __init__(self) -> None:
        super().__init__()
        self.at: float | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        watched.event(event)  # paints everything that is due
        self.at = clock()
        return True


class PlainWindow(QWidget):
    """The yardstick, painted by one widget: the ground alone, or also six rectangles with a line of words in each."""

    def __init__(self, *, bare: bool) -> None:
        super().__init__()
        self._bare = bare
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.resize(1080, 1920)
        self.words = QFont(["Noto Sans CJK SC"])
        self.words.setPixelSize(28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#F6F3EC"))
        painter.setFont(self.words)
        for row in range(0 if self._bare else 6):
            box = QRect(48, 100 + 300 * row, self.width() - 96, 240)
            painter.fillRect(box, QColor("#FFFFFF"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "办事不用跑远路，这里就能办")
        painter.end()

    def timed(self) -> float:
        """Milliseconds for one."""
        began = clock()
        self.repaint()
        return (clock() - began) * 1000


class Yardsticks:
    """Both plain windows, painted and timed in turn."""

    def __init__(self) -> None:
        self._windows = (PlainWindow(bare=False), PlainWindow(bare=True))
        self.plain: list[float] = []
        self.bare: list[float] = []
        for window in self._windows:
            window.show()
        QApplication.processEvents()

    def measure(self) -> None:
        """Once each."""
        for window, times in zip(self._windows, (self.plain, self.bare), strict=True):
            times.append(window.timed())


class TimedFinger(Finger):
    """Remembers how long each single touch took until its answer was painted, and whether the screen changed."""

    def __init__(self, kiosk: KioskApp, plain: Yardsticks) -> None:
        super().__init__(kiosk.shell)
        self._kiosk = kiosk
        self._painted = Painted()
        kiosk.shell.installEventFilter(self._painted)
        self._plain = plain
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
        self._painted.at = None
        began, given_up = clock(), time.perf_counter() + NO_ANSWER
        QTest.touchEvent(target, self._device).release(0, local, target).commit()
        while self._painted.at is None and time.perf_counter() < given_up:
            # What is thrown away goes before anything is painted, as it does in the application's own loop.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
        if self._painted.at is None:
            return
        took = (self._painted.at - began) * 1000
        new = self._kiosk.machine.screen != screen or self._kiosk.shell.page is not page
        (self.turned if new else self.stayed).append((took, f"{screen} -> {self._kiosk.machine.screen}"))
        self._plain.measure()
        self.breathe(0.02)


class NoCamera:
    """Pictures would be in the way of what is timed."""

    def take(self, name: str) -> None:
        """None."""


def visit(plain: Yardsticks) -> TimedFinger:
    """One resident's whole visit."""
    with (
        tempfile.TemporaryDirectory() as folder,
        set_stage(Path(folder)) as stage,
        keeper_beside(stage.terminal) as (keeper, client),
    ):
        config = KioskConfig(full_screen=False, speech=False, idle_seconds=900.0)
        kiosk = KioskApp(client, stage.devices.profile, config)
        camera = cast(Camera, NoCamera())
        director = Director(kiosk, keeper, stage.devices, stage.link, stage.platform, camera)
        finger = director.finger = TimedFinger(kiosk, plain)
        director.writer = Writer(kiosk, finger)
        kiosk.start()
        try:
            director.grandmother_applies_without_network()
        finally:
            kiosk.stop()
            kiosk.shell.deleteLater()
            finger.breathe(0)
    return finger


def percentile(values: Sequence[float], part: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("QT_QPA_PLATFORM", offscreen_platform(Path(folder)))
        application()
    yardsticks = Yardsticks()
    turned: list[tuple[float, str]] = []
    stayed: list[tuple[float, str]] = []
    for _visit in range(VISITS):
        finger = visit(yardsticks)
        turned += finger.turned
        stayed += finger.stayed
    plain, bare = statistics.median(yardsticks.plain), statistics.median(yardsticks.bare)
    print(f"{'':20}{'number':>7}{'median ms':>11}{'p95':>8}{'p99':>8}{'worst':>8}", end="")
    print(f"{'median x plain':>16}{'p99 x plain':>13}{'(x bare)':>14}")
    touches = {"to the next screen": [took for took, _ in turned], "within a screen": [took for took, _ in stayed]}
    for name, times in {"a bare ground": yardsticks.bare, "a plain paint": yardsticks.plain, **touches}.items():
        median, p99 = statistics.median(times), percentile(times, 0.99)
        print(f"{name:20}{len(times):7}{median:11.2f}{percentile(times, 0.95):8.2f}{p99:8.2f}{max(times):8.2f}", end="")
        print(f"{median / plain:16.1f}{p99 / plain:13.1f}{median / bare:7.1f}{p99 / bare:7.1f}")
    print(f"aim, to the next screen: at most {AIM_MEDIAN:.0f} x a plain paint at the median, {AIM_P99:.0f} x at p99")
    if "--slowest" in sys.argv:
        for took, where in sorted(turned + stayed, reverse=True)[:20]:
            print(f"  {took:6.1f} ms  {where}")


if __name__ == "__main__":
    main()

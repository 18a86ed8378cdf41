# SPDX-License-Identifier: Apache-2.0
"""A finger on the glass: touches what can be seen, by the words on it, and waits as a person would."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QInputDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

PATIENCE = 15.0  # seconds until something that should appear is given up


class NotThereError(Exception):
    """What should be on the screen is not; the message lists what is."""


class Finger:
    """Touches widgets of one window. Every touch is a real touch sequence, delivered by Qt to whatever lies there."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._device = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)
        self.touches = 0

    # --- looking ---------------------------------------------------------------------------------------------

    def wait(self, what: Callable[[], object], why: str, patience: float = PATIENCE) -> None:
        """Lets the application run until `what` is true. Raises NotThereError."""
        deadline = time.monotonic() + patience
        while not what():
            if time.monotonic() > deadline:
                raise NotThereError(f"waited in vain: {why}; on screen: {', '.join(self.words())}")
            self.breathe(0.01)

    @staticmethod
    def breathe(seconds: float) -> None:
        """Lets the application run."""
        deadline = time.monotonic() + seconds
        while True:
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            left = deadline - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.004))

    def find(self, words: str, kind: type[QWidget] = QAbstractButton, *, exact: bool = True) -> QWidget | None:
        """The widget that says `words` (or is named so) and can be touched now."""
        for widget in self._reachable(kind):
            said = self._said(widget)
            if words in said or (not exact and any(words in s for s in said)):
                return widget
        return None

    def words(self) -> list[str]:
        """What can be touched now, for messages."""
        return [" / ".join(dict.fromkeys(s for s in self._said(w) if s)) for w in self._reachable(QAbstractButton)][:60]

    @staticmethod
    def _said(widget: QWidget) -> tuple[str, ...]:
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        return text, widget.accessibleName(), widget.objectName()

    def _reachable(self, kind: type[Any]) -> Iterable[QWidget]:
        for widget in self._window.findChildren(kind):
            if (
                widget.isVisible()
                and widget.isEnabled()
                and not widget.visibleRegion().isEmpty()
                and self._on_top(widget)
            ):
                yield widget

    def _on_top(self, widget: QWidget) -> bool:
        """Nothing lies above its middle."""
        hit = self._window.childAt(self._middle(widget))
        return hit is not None and (hit is widget or widget.isAncestorOf(hit))

    def _middle(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self._window, widget.rect().center())

    # --- touching --------------------------------------------------------------------------------------------

    def tap(self, words: str, *, exact: bool = True, patience: float = PATIENCE) -> None:
        """Touches the button that says `words`, when it is there and can be touched."""
        self.wait(lambda: self.find(words, exact=exact), f"the button {words!r}", patience)
        widget = self.find(words, exact=exact)
        assert widget is not None
        self.touch(widget)

    def tap_any(self, *choices: str) -> str:
        """Touches the first of these that is there; says which."""
        self.wait(lambda: any(self.find(c) for c in choices), f"one of {choices}")
        chosen = next(c for c in choices if self.find(c))
        self.tap(chosen)
        return chosen

    def type(self, keys: str) -> None:
        """Touches one key after another, of a keypad or keyboard."""
        for key in keys:
            self.tap(key)

    def touch(self, widget: QWidget) -> None:
        """One touch in the middle of a widget."""
        self.touch_at(self._middle(widget))

    def touch_at(self, point: QPoint) -> None:
        """One touch at a point of the window."""
        self.draw([point])

    def draw(self, points: Sequence[QPoint]) -> None:
        """Finger down at the first point, along the others, up at the last."""
        self.touches += 1
        target = self._window.childAt(points[0]) or self._window
        QTest.touchEvent(target, self._device).press(0, target.mapFrom(self._window, points[0]), target).commit()
        for point in points[1:]:
            QTest.touchEvent(target, self._device).move(0, target.mapFrom(self._window, point), target).commit()
            self.breathe(0.002)
        QTest.touchEvent(target, self._device).release(0, target.mapFrom(self._window, points[-1]), target).commit()
        self.breathe(0.0)

    def sign(self, pad: QWidget) -> None:
        """Writes something like a name on a signature pad."""
        box = pad.rect()
        left, top, width, height = box.left(), box.top(), box.width(), box.height()
        strokes = (
            ((0.20, 0.30), (0.45, 0.28)),
            ((0.18, 0.50), (0.47, 0.48)),
            ((0.15, 0.74), (0.50, 0.70)),
            ((0.32, 0.30), (0.33, 0.50), (0.32, 0.72)),
            ((0.58, 0.30), (0.66, 0.26), (0.80, 0.30), (0.70, 0.45), (0.58, 0.55)),
            ((0.68, 0.40), (0.70, 0.60), (0.66, 0.78)),
            ((0.72, 0.55), (0.80, 0.66), (0.88, 0.76)),
        )
        for stroke in strokes:
            places = [QPoint(round(left + x * width), round(top + y * height)) for x, y in stroke]
            self.draw([pad.mapTo(self._window, p) for p in _smooth(places)])


def _smooth(points: Sequence[QPoint], pieces: int = 6) -> list[QPoint]:
    """Points between the corners, as a digitizer reports them."""
    found = [points[0]]
    for before, after in itertools.pairwise(points):
        for piece in range(1, pieces + 1):
            part = piece / pieces
            found.append(
                QPoint(
                    round(before.x() + (after.x() - before.x()) * part),
                    round(before.y() + (after.y() - before.y()) * part),
                )
            )
    return found

# SPDX-License-Identifier: Apache-2.0
"""Our own simple line drawings (SVG, two colours), re-coloured from the theme."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.theme.current import theme_of

FOLDER = Path(__file__).parent.parent / "theme" / "illustrations"
STEPS, STEP_MS = 24, 70
"""The slow arrow: 24 steps of 70 ms down, so it takes about as long as a hand does."""


@lru_cache(maxsize=16)
def _source(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise KeyError(f"there is no illustration {name!r} in kiosk/theme/illustrations")
    return path.read_text(encoding="utf-8")


class Illustration(QWidget):
    """A drawing by name ("card-and-reader", "village-office", "usb-stick"), scaled into its place.

    The drawings use the words LINE, FILL and ACCENT for colours, and ARROW for the arrow's way down in the
    card's drawing; with `moving` the arrow travels slowly and pauses while the widget is hidden.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, moving: bool = False) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self._name, self._phase = name, 0
        self._renderers: dict[int, QSvgRenderer] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._step)
        self._moving = moving

    def _step(self) -> None:
        self._phase = (self._phase + 1) % (STEPS + STEPS // 2)
        if self._phase <= STEPS:
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        if self._moving:
            self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _renderer(self) -> QSvgRenderer:
        phase = min(self._phase, STEPS)
        if phase not in self._renderers:
            t = self.tokens
            source = _source(self._name).replace("LINE", t.jade).replace("FILL", t.card)
            source = source.replace("ACCENT", t.vermilion).replace("ARROW", str(round(16 * phase / STEPS, 2)))
            self._renderers[phase] = QSvgRenderer(QByteArray(source.encode()), self)
        return self._renderers[phase]

    def sizeHint(self) -> QSize:
        size = self._renderer().defaultSize()
        width = self.tokens.space(100)
        return QSize(width, width * size.height() // max(1, size.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.tokens.space(20), self.tokens.space(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        renderer = self._renderer()
        size = renderer.defaultSize()
        factor = min(self.width() / size.width(), self.height() / size.height())
        width, height = size.width() * factor, size.height() * factor
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height))
        painter.end()

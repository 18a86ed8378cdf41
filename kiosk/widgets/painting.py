# SPDX-License-Identifier: Apache-2.0
"""Laying out and painting words inside the controls that draw themselves."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from kiosk.theme.current import font as theme_font

SHRINK = (1.0, 0.92, 0.85, 0.78)
"""How far words may shrink, step by step, before they are elided: never below 0.78 of the token."""


class TextBlock:
    """Words broken into lines of at most `width` pixels. `height` is what they need."""

    def __init__(
        self, text: str, size_px: int, width: float, *, bold: bool = False, align: Qt.AlignmentFlag | None = None
    ) -> None:
        self.width = max(1.0, width)
        font = theme_font(size_px, bold=bold)
        option = QTextOption(align or Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout = QTextLayout(text.replace("\n", "\u2028"), font)
        self._layout.setTextOption(option)
        self.line_count, self.height, self.natural_width = 0, 0.0, 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(self.width)
            line.setPosition(QPointF(0, self.height))
            self.height += line.height()
            self.line_count += 1
            self.natural_width = max(self.natural_width, line.naturalTextWidth())
        self._layout.endLayout()

    def draw(self, painter: QPainter, x: float, y: float, colour: str) -> None:
        """Paint with the top left corner at (x, y)."""
        painter.setPen(QColor(colour))
        self._layout.draw(painter, QPointF(x, y))


def text_width(text: str, size_px: int, *, bold: bool = False) -> int:
    """Pixels the longest line of `text` needs unbroken."""
    metrics = QFontMetricsF(theme_font(size_px, bold=bold))
    return math.ceil(max((metrics.horizontalAdvance(line) for line in text.split("\n")), default=0) + 1)


def fit_text(
    text: str, size_px: int, width: float, height: float, *, bold: bool = False, align: Qt.AlignmentFlag | None = None
) -> tuple[TextBlock, bool]:
    """The largest allowed size at which `text` fits the box, and whether it had to be elided even so."""
    block = TextBlock(text, size_px, width, bold=bold, align=align)
    for factor in SHRINK[1:]:
        if block.height <= height + 1:
            return block, False
        block = TextBlock(text, round(size_px * factor), width, bold=bold, align=align)
    if block.height <= height + 1:
        return block, False
    shown = text
    while len(shown) > 1 and block.height > height + 1:
        shown = shown[: max(1, len(shown) * 9 // 10 - 1)]
        block = TextBlock(shown + "…", round(size_px * SHRINK[-1]), width, bold=bold, align=align)
    return block, True


def rounded_box(
    painter: QPainter, rect: QRectF, radius: float, fill: str | None, line: str | None = None, line_width: float = 1.0
) -> None:
    """A flat rounded rectangle; the border lies inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if line is not None:
        half = line_width / 2
        rect = rect.adjusted(half, half, -half, -half)
        painter.setPen(QPen(QColor(line), line_width))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(QColor(fill)) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, radius, radius)


def font_of(size_px: int, *, bold: bool = False) -> QFont:
    """The theme's font (here so that widgets need one import)."""
    return theme_font(size_px, bold=bold)

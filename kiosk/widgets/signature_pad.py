# SPDX-License-Identifier: Apache-2.0
"""A field to sign in with the finger or a pen: strokes with time and pressure, drawn as they are made."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEventPoint, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.painting import TextBlock, rounded_box

MOST_POINTS = 20_000
"""A name has a few hundred; an arm that rests on the glass must not fill the record."""
NEAREST = 2.0
"""Pixels below which a movement is the digitizer's noise."""

Point = list[float]


class SignaturePad(QWidget):
    """`signed(value)` after every stroke: width, height (pixels) and strokes of [x, y, milliseconds, pressure 0-1].

    None when cleared. Only the first finger writes; what it draws outside the field is cut to its edge.
    """

    signed = Signal(object)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self._hint = hint
        self._strokes: list[list[Point]] = []
        self._size = QSize()
        self._began = 0.0
        self._writing = False
        self.setAccessibleName(hint)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(self.tokens.space(40))

    @property
    def value(self) -> dict[str, Any] | None:
        """The signature as it is, or None."""
        if not self._strokes:
            return None
        return {"width": self._size.width(), "height": self._size.height(), "strokes": self._strokes}

    def clear(self) -> None:
        """Begin anew."""
        self._strokes, self._writing = [], False
        self.update()
        self.signed.emit(None)

    def show_value(self, value: Mapping[str, Any] | None) -> None:
        """Show what was signed before; says nothing."""
        if self._writing or (dict(value) if value is not None else None) == self.value:
            return
        self._strokes = [[list(p) for p in stroke] for stroke in (value or {}).get("strokes", [])]
        if value is not None:
            self._size = QSize(int(value["width"]), int(value["height"]))
        self.update()

    # --- the finger ---------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            points = event.points()
            if points:
                self._touch(points[0], event.type())
            event.accept()
            return True
        return super().event(event)

    def _touch(self, point: QEventPoint, kind: QEvent.Type) -> None:
        if kind == QEvent.Type.TouchBegin:
            self._down(point.position(), point.pressure())
        elif (
            kind == QEvent.Type.TouchCancel
            or point.state() == QEventPoint.State.Released
            or kind == QEvent.Type.TouchEnd
        ):
            self._up()
        else:
            self._move(point.position(), point.pressure())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._down(event.position(), 0.5)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), 0.5)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._up()

    def _down(self, place: QPointF, pressure: float) -> None:
        if not self._strokes:
            self._began = time.monotonic()
            self._size = self.size()
        self._writing = True
        self._strokes.append([self._point(place, pressure)])
        self.update()

    def _move(self, place: QPointF, pressure: float) -> None:
        if not self._writing or sum(map(len, self._strokes)) >= MOST_POINTS:
            return
        new, last = self._point(place, pressure), self._strokes[-1][-1]
        if abs(new[0] - last[0]) < NEAREST and abs(new[1] - last[1]) < NEAREST:
            return
        self._strokes[-1].append(new)
        self.update()

    def _up(self) -> None:
        if self._writing:
            self._writing = False
            self.signed.emit(self.value)

    def _point(self, place: QPointF, pressure: float) -> Point:
        """Cut to the field, in the pixels of the signature's own size."""
        across = self._size.width() / max(1, self.width())
        down = self._size.height() / max(1, self.height())
        x = min(max(place.x(), 0.0), self.width()) * across
        y = min(max(place.y(), 0.0), self.height()) * down
        spent = round((time.monotonic() - self._began) * 1000) if self._began else 0
        return [round(x, 1), round(y, 1), float(spent), round(min(max(pressure, 0.0), 1.0), 2)]

    # --- drawing ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        rounded_box(painter, QRectF(self.rect()), t.radius, t.card, t.line, t.border)
        if not self._strokes:
            self._paint_hint(painter)
        else:
            self._paint_strokes(painter)
        painter.end()

    def _paint_hint(self, painter: QPainter) -> None:
        t = self.tokens
        line = self.height() * 0.72
        painter.setPen(QPen(QColor(t.line), max(2, t.border), Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(t.space(12), line), QPointF(self.width() - t.space(12), line))
        block = TextBlock(self._hint, t.body, self.width() - 2 * t.space(12), align=Qt.AlignmentFlag.AlignHCenter)
        block.draw(painter, t.space(12), line + t.space(3), t.muted)

    def _paint_strokes(self, painter: QPainter) -> None:
        # The same signature in another window size keeps its proportions.
        factor = min(self.width() / max(1, self._size.width()), self.height() / max(1, self._size.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(factor, factor)
        ink = QColor(self.tokens.ink)
        thick = self.tokens.space(1.5) / factor
        painter.setPen(QPen(ink, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for stroke in self._strokes:
            painter.drawPath(_smooth(stroke))


def _smooth(stroke: list[Point]) -> QPainterPath:
    """A curve through the middles of a stroke's points; a single point becomes a dot."""
    places = [QPointF(p[0], p[1]) for p in stroke]
    path = QPainterPath(places[0])
    if len(places) == 1:
        path.lineTo(places[0] + QPointF(0.1, 0.1))
    for corner, after in itertools.pairwise(places[1:]):
        path.quadTo(corner, (corner + after) / 2)
    path.lineTo(places[-1])
    return path

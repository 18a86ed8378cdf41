# SPDX-License-Identifier: Apache-2.0
"""What the document camera sees, with the page's outline; and four corners that a finger can move."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.painting import TextBlock, rounded_box

Shares = tuple[tuple[float, float], ...]
WHOLE: Shares = ((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94))
HANDLE_MM, REACH_MM, LOUPE_MM = 5.0, 14.0, 26.0
MAGNIFIED = 2.5


class CameraPicture(QWidget):
    """`corners`: shares of width and height, clockwise from the page's top left. A touch moves the nearest one.

    While a corner is moved its surroundings are shown enlarged, as the finger hides them.
    """

    moved = Signal()

    def __init__(self, waiting: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self._waiting = waiting
        self._pixmap = QPixmap()
        self._sure = False
        self._editable = False
        self._held: int | None = None
        self.corners: Shares = ()
        self.setAccessibleName(waiting)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(self.tokens.space(60))

    def show_picture(self, jpeg: bytes, corners: Sequence[tuple[float, float]], *, sure: bool, editable: bool) -> None:
        """A frame. `sure` draws the outline firm. Corners given for an editable picture are taken over once."""
        if not jpeg:
            self._pixmap = QPixmap()
        else:
            self._pixmap.loadFromData(jpeg)
        self._sure, self._editable, self._held = sure, editable, None
        self.corners = tuple((float(x), float(y)) for x, y in corners)
        if editable and _useless(self.corners):
            self.corners = WHOLE
        self.update()

    def say(self, waiting: str) -> None:
        """What stands there while nothing is seen."""
        self._waiting = waiting
        self.setAccessibleName(waiting)
        self.update()

    @property
    def empty(self) -> bool:
        """Whether nothing is seen yet."""
        return self._pixmap.isNull()

    def _room(self) -> QRectF:
        """Where the picture is drawn."""
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def place_of(self, corner: int) -> QPointF:
        """A corner in this widget's pixels."""
        room, (x, y) = self._room(), self.corners[corner]
        return QPointF(room.left() + x * room.width(), room.top() + y * room.height())

    # --- the finger ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._editable or len(self.corners) != 4:
            return
        at = event.position()
        away = [((self.place_of(k) - at).manhattanLength(), k) for k in range(4)]
        nearest = min(away)
        if nearest[0] <= self.tokens.space(REACH_MM) * 1.4:
            self._held = nearest[1]
            self._move(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._move(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._held is not None:
            self._held = None
            self.update()
            self.moved.emit()

    def _move(self, at: QPointF) -> None:
        room = self._room()
        x = min(1.0, max(0.0, (at.x() - room.left()) / max(1.0, room.width())))
        y = min(1.0, max(0.0, (at.y() - room.top()) / max(1.0, room.height())))
        self.corners = tuple((x, y) if k == self._held else corner for k, corner in enumerate(self.corners))
        self.update()

    # --- drawing ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.empty:
            rounded_box(painter, QRectF(self.rect()), t.radius, t.card, t.line, t.border)
            block = TextBlock(self._waiting, t.body, self.width() - 2 * t.gap, align=Qt.AlignmentFlag.AlignHCenter)
            block.draw(painter, t.gap, (self.height() - block.height) / 2, t.muted)
            return
        room = self._room()
        shape = QPainterPath()
        shape.addRoundedRect(room, t.radius, t.radius)
        painter.setClipPath(shape)
        painter.drawPixmap(room, self._pixmap, QRectF(self._pixmap.rect()))
        if len(self.corners) == 4:
            self._outline(painter, room)
        painter.setClipping(False)
        if self._held is not None:
            self._loupe(painter, room)

    def _outline(self, painter: QPainter, room: QRectF) -> None:
        t = self.tokens
        polygon = QPolygonF([self.place_of(k) for k in range(4)])
        outside = QPainterPath()
        outside.addRect(room)
        inside = QPainterPath()
        inside.addPolygon(polygon)
        inside.closeSubpath()
        painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, 110))
        firm = self._sure or self._editable
        painter.setPen(QPen(QColor("#FFFFFF"), t.space(1.6), Qt.PenStyle.SolidLine))
        painter.drawPolygon(polygon)
        colour = QColor("#0A7A70" if firm else "#C77800")  # on a picture, whatever the contrast chosen
        painter.setPen(QPen(colour, t.space(0.9), Qt.PenStyle.SolidLine if firm else Qt.PenStyle.DashLine))
        painter.drawPolygon(polygon)
        if self._editable:
            painter.setBrush(QColor("#FFFFFF"))
            painter.setPen(QPen(colour, t.space(1.2)))
            for corner in range(4):
                painter.drawEllipse(self.place_of(corner), t.space(HANDLE_MM), t.space(HANDLE_MM))
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _loupe(self, painter: QPainter, room: QRectF) -> None:
        assert self._held is not None
        t, at = self.tokens, self.place_of(self._held)
        radius = t.space(LOUPE_MM) / 2 * 1.2
        left = at.x() > room.center().x()
        middle = QPointF(
            room.left() + radius + t.gap if left else room.right() - radius - t.gap, room.top() + radius + t.gap
        )
        shape = QPainterPath()
        shape.addEllipse(middle, radius, radius)
        painter.setClipPath(shape)
        painter.fillPath(shape, QColor("#000000"))
        factor = self._pixmap.width() / room.width()
        reach = radius / MAGNIFIED * factor
        centre = QPointF((at.x() - room.left()) * factor, (at.y() - room.top()) * factor)
        source = QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
        painter.drawPixmap(
            QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius), self._pixmap, source
        )
        painter.setClipping(False)
        painter.setPen(QPen(QColor("#FFFFFF"), t.space(0.9)))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(QColor("#0A7A70"), t.space(0.6)))
        painter.drawLine(QPointF(middle.x() - radius / 3, middle.y()), QPointF(middle.x() + radius / 3, middle.y()))
        painter.drawLine(QPointF(middle.x(), middle.y() - radius / 3), QPointF(middle.x(), middle.y() + radius / 3))


def _useless(corners: Shares) -> bool:
    """Nothing was found, the picture's own corners, or something smaller than a finger."""
    if len(corners) != 4 or all(min(x, 1 - x) < 0.01 and min(y, 1 - y) < 0.01 for x, y in corners):
        return True
    across = [x for x, _ in corners]
    down = [y for _, y in corners]
    return max(across) - min(across) < 0.15 or max(down) - min(down) < 0.15

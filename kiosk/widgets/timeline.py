# SPDX-License-Identifier: Apache-2.0
"""What happened to a case, one under the other, and what comes next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.painting import TextBlock, rounded_box

StepState = Literal["done", "asked", "next"]


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """A head line, a quieter line, and whether it is over, wants something, or is still to come."""

    head: str
    detail: str = ""
    state: StepState = "done"


class Timeline(QWidget):
    """Steps with a mark each, joined by a line. Where there is too little room the oldest after the first go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self._steps: tuple[TimelineStep, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_steps(self, steps: Sequence[TimelineStep]) -> None:
        """Show these, oldest first."""
        self._steps = tuple(steps)
        self.setAccessibleName("。".join(f"{s.head}，{s.detail}" if s.detail else s.head for s in self._steps))
        self.updateGeometry()
        self.update()

    @property
    def steps(self) -> tuple[TimelineStep, ...]:
        """What is shown."""
        return self._steps

    def _mark(self) -> int:
        return round(self.tokens.heading * 1.15)

    def _blocks(self, step: TimelineStep, width: int) -> tuple[TextBlock, TextBlock | None]:
        t = self.tokens
        room = width - self._left() - t.space(6)
        detail = TextBlock(step.detail, t.secondary, room) if step.detail else None
        return TextBlock(step.head, t.heading, room, bold=True), detail

    def _left(self) -> int:
        return self.tokens.space(6) + self._mark() + self.tokens.space(5)

    def _tall(self, step: TimelineStep, width: int) -> int:
        head, detail = self._blocks(step, width)
        return math.ceil(head.height + (detail.height if detail else 0)) + self.tokens.space(5)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(self._tall(s, width) for s in self._steps) + self.tokens.space(6)

    def sizeHint(self) -> QSize:
        width = self.tokens.space(160)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.tokens.space(40), self.tokens.space(30))

    def _shown(self) -> list[TimelineStep]:
        steps = list(self._steps)
        room = self.height() - self.tokens.space(6)
        while len(steps) > 2 and sum(self._tall(s, self.width()) for s in steps) > room:
            del steps[1]
        return steps

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        rounded_box(painter, QRectF(self.rect()), t.radius, t.card, t.line, t.border)
        top = t.space(5)
        centres: list[tuple[QPointF, TimelineStep]] = []
        for step in self._shown():
            head, detail = self._blocks(step, self.width())
            centres.append((QPointF(t.space(6) + self._mark() / 2, top + head.height / 2), step))
            head.draw(painter, self._left(), top, t.muted if step.state == "next" else t.ink)
            if detail:
                detail.draw(painter, self._left(), top + head.height, t.muted)
            top += self._tall(step, self.width())
        self._paint_marks(painter, centres)
        painter.end()

    def _paint_marks(self, painter: QPainter, centres: list[tuple[QPointF, TimelineStep]]) -> None:
        t = self.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(centres) > 1:
            painter.setPen(QPen(QColor(t.line), max(2, t.space(0.8))))
            painter.drawLine(centres[0][0], centres[-1][0])
        radius = self._mark() / 2
        for centre, step in centres:
            fill = {"done": t.jade, "asked": t.amber, "next": t.card}[step.state]
            line = t.muted if step.state == "next" else fill
            painter.setPen(QPen(QColor(line), max(2, t.space(0.6))))
            painter.setBrush(QColor(fill))
            painter.drawEllipse(centre, radius - 1, radius - 1)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if step.state != "next":
                px = round(radius * 1.2)
                mark = theme_icon("check" if step.state == "done" else "pencil", px, t.on_jade)
                painter.drawPixmap(round(centre.x() - px / 2), round(centre.y() - px / 2), mark)

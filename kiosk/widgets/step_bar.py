# SPDX-License-Identifier: Apache-2.0
"""Where in the visit one is: "第 2 步，共 6 步" and a plain bar."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.painting import rounded_box
from kiosk.widgets.text import Secondary

translate = QCoreApplication.translate


class _Segments(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.step, self.count = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(40), self.tokens.space(2.25))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.count < 1:
            return
        t = self.tokens
        gap = t.space(2)
        width = (self.width() - gap * (self.count - 1)) / self.count
        painter = QPainter(self)
        for index in range(self.count):
            box = QRectF(index * (width + gap), 0, width, self.height())
            done = index < self.step
            hollow = not done and t.scale.contrast == "high"
            fill = t.jade if done else (None if hollow else t.line)
            rounded_box(painter, box, self.height() / 2, fill, t.line if hollow else None, 1)
        painter.end()


class StepBar(QWidget):
    """`set_steps(2, 6, "高龄津贴申领")` says the second of six; zero steps hides it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.space(2))
        row = QHBoxLayout()
        self._what = Secondary("", self)
        self._where = Secondary("", self)
        self._where.setWordWrap(False)
        row.addWidget(self._what, 1)
        row.addWidget(self._where)
        self._segments = _Segments(self)
        column.addLayout(row)
        column.addWidget(self._segments)

    def set_steps(self, step: int, count: int, what: str = "") -> None:
        """Show step `step` (from 1) of `count`, doing `what`."""
        self.setVisible(count > 0)
        words = translate("StepBar", "第 {step} 步，共 {count} 步")
        self._what.setText(what)
        self._where.setText(words.format(step=step, count=count))
        self.setAccessibleName(f"{what} {self._where.text()}".strip())
        self._segments.step, self._segments.count = step, count
        self._segments.update()

# SPDX-License-Identifier: Apache-2.0
"""How much of something is done, as a plain bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.painting import rounded_box


class ProgressBar(QWidget):
    """`set_share(0.4)`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(self.tokens.space(4))

    def set_share(self, share: float) -> None:
        """From 0 to 1."""
        self.share = min(1.0, max(0.0, share))
        self.setAccessibleName(f"{round(self.share * 100)} %")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(40), self.tokens.space(4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        high = t.scale.contrast == "high"
        box = QRectF(self.rect())
        rounded_box(painter, box, box.height() / 2, t.paper if high else t.line, t.line if high else None, 1)
        if self.share > 0:
            done = QRectF(0, 0, max(box.height(), box.width() * self.share), box.height())
            rounded_box(painter, done, box.height() / 2, t.jade, None, 1)
        painter.end()

# SPDX-License-Identifier: Apache-2.0
"""One line of a filled form: what it is, what was given, where that came from, and 改 beside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.buttons import Button
from kiosk.widgets.painting import TextBlock, text_width


class PaperRow(Button):
    """Ruled like a paper form. With an `action` the whole row is a touch target, else it is only read.

    `quiet` draws the value muted (nothing given yet); `problem` is a sentence under the value; `ruled` keeps the
    column of 改 even on a row without it, so that the rules of a sheet meet; `large` is for few rows with much room.
    """

    def __init__(
        self,
        label: str,
        value: str,
        source: str = "",
        action: str = "",
        parent: QWidget | None = None,
        *,
        icon: str = "",
        quiet: bool = False,
        problem: str = "",
        ruled: bool = True,
        large: bool = False,
    ) -> None:
        super().__init__(action, "", parent, bold=True)
        self.label, self.value, self.source, self.action = label, value, source, action
        self._laid: tuple[int, tuple[TextBlock, TextBlock, TextBlock | None]] | None = None
        self.problem, self._quiet, self._mark, self._ruled = problem, quiet, icon, ruled
        self._label_px = self.tokens.body if large else self.tokens.secondary
        self._value_px = self.tokens.heading if large else self.tokens.body
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not action)
        if not action:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("，".join(part for part in (label, value, source, problem, action) if part))

    def _columns(self, width: int) -> tuple[int, int, int, int]:
        """Widths of label, value, source and action."""
        t = self.tokens
        pad = 2 * t.space(4)
        action = max(t.key, text_width(self.action, t.body, bold=True) + pad) if self.action or self._ruled else 0
        source = text_width(self.source, t.secondary) + pad if self.source else 0
        # As wide as 工作人员 on every row, so that the rules of a sheet meet.
        if self.source:
            source = max(source, 4 * t.secondary + pad)
        label = max(round(width * 0.24), min(6 * self._label_px + pad, round(width * 0.28)))
        return label, width - label - source - action, source, action

    def _blocks(self, width: int) -> tuple[TextBlock, TextBlock, TextBlock | None]:
        # A sheet asks for the height at the same width several times, and paints at it.
        if self._laid is None or self._laid[0] != width:
            self._laid = (width, self._lay_out(width))
        return self._laid[1]

    def _lay_out(self, width: int) -> tuple[TextBlock, TextBlock, TextBlock | None]:
        t = self.tokens
        label, value, _, _ = self._columns(width)
        icon = round(t.body * 1.2) + t.space(3) if self._mark else 0
        words = TextBlock(self.value, self._value_px, value - 2 * t.space(4) - icon)
        problem = TextBlock(self.problem, t.secondary, value - 2 * t.space(4)) if self.problem else None
        return TextBlock(self.label, self._label_px, label - 2 * t.space(4)), words, problem

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(100), self.heightForWidth(self.tokens.space(240)))

    def heightForWidth(self, width: int) -> int:
        t = self.tokens
        label, value, problem = self._blocks(width)
        words = max(label.height, value.height + (problem.height if problem else 0))
        return max(t.key, math.ceil(words) + 2 * t.space(3))

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        label_wide, value_wide, source_wide, action_wide = self._columns(self.width())
        label, value, problem = self._blocks(self.width())
        painter = QPainter(self)
        height = self.height()
        painter.fillRect(self.rect(), QColor(t.jade_wash if self.isDown() else t.card))
        if not self.isDown() and t.scale.contrast == "normal":
            painter.fillRect(QRectF(0, 0, label_wide, height), QColor(t.paper).lighter(102))
        painter.setPen(QPen(QColor(t.vermilion if self.problem else t.line), t.border))
        half = t.border / 2
        painter.drawRect(QRectF(half, half, self.width() - t.border, height - t.border))
        for x in (label_wide, label_wide + value_wide, label_wide + value_wide + source_wide):
            if x < self.width():
                painter.drawLine(QRectF(x, 0, 0, height).topLeft(), QRectF(x, height, 0, 0).topLeft())
        pad = t.space(4)
        label.draw(painter, pad, (height - label.height) / 2, t.muted)
        top = (height - value.height - (problem.height if problem else 0)) / 2
        left = label_wide + pad
        if self._mark:
            px = round(t.body * 1.2)
            painter.drawPixmap(left, round((height - px) / 2), theme_icon(self._mark, px, t.jade))
            left += px + t.space(3)
        value.draw(painter, left, top, t.muted if self._quiet else t.ink)
        if problem:
            problem.draw(painter, left, top + value.height, t.vermilion)
        x = label_wide + value_wide
        if source_wide:
            source = TextBlock(self.source, t.secondary, source_wide - t.space(2), align=Qt.AlignmentFlag.AlignHCenter)
            source.draw(painter, x + t.space(1), (height - source.height) / 2, t.muted)
        if action_wide:
            action = TextBlock(self.action, t.body, action_wide, bold=True, align=Qt.AlignmentFlag.AlignHCenter)
            action.draw(painter, x + source_wide, (height - action.height) / 2, t.jade)
        painter.end()

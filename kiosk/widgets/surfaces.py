# SPDX-License-Identifier: Apache-2.0
"""Grounds that hold things: cards, notes that say how it stands, small badges."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.painting import TextBlock, rounded_box, text_width
from kiosk.widgets.text import Body, Secondary

NoteKind = Literal["info", "waiting", "done", "fault"]
_NOTE = {  # ground, icon colour, border colour, default icon
    "info": ("jade_wash", "jade", None, "info-circle"),
    "waiting": ("amber_wash", "amber", None, "clock"),
    "done": ("green_wash", "green", None, "circle-check"),
    "fault": ("card", "vermilion", "vermilion", "alert-triangle"),
}


class Card(QFrame):
    """A white surface with a hair line. `column` is its layout."""

    def __init__(self, parent: QWidget | None = None, *, padding_mm: float = 6) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self.column = QVBoxLayout(self)
        pad = t.space(padding_mm)
        self.column.setContentsMargins(pad, pad, pad, pad)
        self.column.setSpacing(t.space(2))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        rounded_box(painter, QRectF(self.rect()), t.radius, t.card, t.line, t.border)
        painter.end()


class Note(QFrame):
    """How it stands, in an icon and words: info, waiting, done or fault. Never by colour alone."""

    def __init__(
        self,
        kind: NoteKind,
        text: str,
        detail: str = "",
        parent: QWidget | None = None,
        *,
        icon: str = "",
    ) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._fill, icon_colour, self._line, default_icon = _NOTE[kind]
        row = QHBoxLayout(self)
        row.setContentsMargins(t.space(6), t.space(4), t.space(6), t.space(4))
        row.setSpacing(t.space(5))
        picture = QLabel(self)
        picture.setPixmap(theme_icon(icon or default_icon, t.icon, getattr(t, icon_colour)))
        picture.setFixedSize(t.icon, t.icon)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(t.space(1))
        self.head = Body(text, self, bold=bool(detail))
        self.detail = Secondary(detail, self)
        self.detail.set_colour("ink")
        self.detail.setVisible(bool(detail))
        words.addStretch(1)
        words.addWidget(self.head)
        words.addWidget(self.detail)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{text} {detail}".strip())
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, text: str, detail: str = "") -> None:
        """Say something else."""
        self.head.setText(text)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.setAccessibleName(f"{text} {detail}".strip())
        layout = self.layout()
        assert layout is not None
        layout.invalidate()  # or a note that is hidden answers with the height of its old words

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        high = t.scale.contrast == "high"
        line = getattr(t, self._line) if self._line else (t.line if high else None)
        rounded_box(painter, QRectF(self.rect()), t.radius, getattr(t, self._fill), line, max(1, t.border))
        painter.end()


class Badge(QLabel):
    """One or two words on a small ground, with an optional icon. Kinds: info, waiting, done, plain."""

    def __init__(self, text: str, kind: str = "info", parent: QWidget | None = None, *, icon: str = "") -> None:
        super().__init__(text, parent)
        self.tokens = theme_of(parent)
        self._icon = icon
        self._fill = {"info": "jade_wash", "waiting": "amber_wash", "done": "green_wash", "plain": "paper"}[kind]
        self._colour = {"info": "jade", "waiting": "amber", "done": "green", "plain": "muted"}[kind]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, text: str, kind: str, icon: str = "") -> None:
        """Say something else, in another kind."""
        self._icon = icon
        self._fill = {"info": "jade_wash", "waiting": "amber_wash", "done": "green_wash", "plain": "paper"}[kind]
        self._colour = {"info": "jade", "waiting": "amber", "done": "green", "plain": "muted"}[kind]
        self.setText(text)
        self.updateGeometry()

    def _icon_px(self) -> int:
        return round(self.tokens.secondary * 1.2) if self._icon else 0

    def sizeHint(self) -> QSize:
        t = self.tokens
        words = text_width(self.text(), t.secondary)
        between = t.space(2) if self._icon else 0
        return QSize(words + self._icon_px() + between + 2 * t.space(3), round(t.secondary * 1.45) + 2 * t.space(1.25))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        line = t.line if t.scale.contrast == "high" else None
        rounded_box(painter, QRectF(self.rect()), t.radius * 0.6, getattr(t, self._fill), line, max(1, t.border / 2))
        left = t.space(3)
        if self._icon:
            px = self._icon_px()
            pixmap = theme_icon(self._icon, px, getattr(t, self._colour))
            painter.drawPixmap(left, (self.height() - px) // 2, pixmap)
            left += px + t.space(2)
        block = TextBlock(self.text(), t.secondary, self.width())
        block.draw(painter, left, (self.height() - block.height) / 2, t.ink)
        painter.end()

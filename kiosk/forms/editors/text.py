# SPDX-License-Identifier: Apache-2.0
"""Words and names, written with the keyboard on the screen (or a real one)."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from contract.fields import Field
from kiosk.forms.editors.base import Editor
from kiosk.frame.page import PageContext
from kiosk.theme.current import font
from kiosk.theme.stylesheet import clothe_field
from kiosk.widgets.fields import AreaField, LineField

ONE_LINE = 24  # characters; longer texts get a box with several lines
LONG_TEXT = 100
NAME = 50


class TextEditor(Editor):
    """One line for short texts and names, a box for long ones. Nothing is trimmed and no character replaced."""

    pad = "keyboard"

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        t = self.tokens
        self.longest = NAME if field.type == "name" else field.max_length or LONG_TEXT
        self.area: LineField | AreaField
        if field.type == "name" or self.longest <= ONE_LINE:
            self.area = LineField(self)
            self.area.setMaxLength(self.longest)
            self.area.textChanged.connect(self._changed)
        else:
            self.area = AreaField(self)
            self.area.textChanged.connect(self._changed)
            self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._px = t.body if self.longest >= LONG_TEXT else t.heading
        self.area.setFont(font(self._px))
        clothe_field(self.area, t, size_px=self._px, own=f"min-height: 0; padding: {self._pad()}px {t.space(5)}px;")
        self.area.setAccessibleName(context.text(field.label))
        self.setFocusProxy(self.area)

    def _pad(self) -> int:
        return 0 if isinstance(self.area, QLineEdit) else self.tokens.space(3)

    @property
    def text(self) -> str:
        """What is written."""
        return self.area.text() if isinstance(self.area, QLineEdit) else self.area.toPlainText()

    def set_value(self, data: Any) -> None:
        text = "" if data is None else str(data)
        if not text:
            self.area.forget()
        elif text != self.text:
            self.area.blockSignals(True)
            if isinstance(self.area, QLineEdit):
                self.area.setText(text)
            else:
                self.area.setPlainText(text)
                self.area.moveCursor(self.area.textCursor().MoveOperation.End)
            self.area.blockSignals(False)
        self.value = text or None

    def _changed(self) -> None:
        text = self.text
        if len(text) > self.longest and isinstance(self.area, QPlainTextEdit):
            self.area.setPlainText(text[: self.longest])
            self.area.moveCursor(self.area.textCursor().MoveOperation.End)
            return
        self.take(text or None)

    def text_field(self) -> QLineEdit | QPlainTextEdit | None:
        return self.area

    def hint(self) -> str:
        words, written = super().hint(), len(self.text.strip())
        rare = "".join(dict.fromkeys(c for c in self.text if ord(c) > 0xFFFF or 0xE000 <= ord(c) <= 0xF8FF))
        parts = [words]
        if rare:
            parts.append(self.tr("“{rare}”是生僻字，会照原样记下来。").format(rare=rare))
        if self.field.min_length and written:
            parts.append(self.tr("已经写了 {given} 个字。").format(given=written))
        return "　".join(part for part in parts if part)

    def _lines(self, width: int) -> int:
        per_line = max(1, (width - self.tokens.space(12)) // self._px)
        return max(2, min(8, math.ceil(self.longest / per_line)))

    def least(self, _width: int) -> int:
        if isinstance(self.area, QLineEdit):
            return self.tokens.primary
        return math.ceil(self._px * 1.5 * 2) + 2 * self._pad() + self.tokens.space(2)

    def fit(self, width: int, room: int) -> int:
        height = self.least(width)
        if isinstance(self.area, QPlainTextEdit):
            wanted = math.ceil(self._px * 1.5 * self._lines(width)) + 2 * self._pad() + self.tokens.space(2)
            height = max(height, min(room, wanted))
        self.area.setGeometry(0, 0, width, height)
        return height

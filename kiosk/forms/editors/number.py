# SPDX-License-Identifier: Apache-2.0
"""Everything typed on the keypad: digits, ID numbers, money, whole and decimal numbers, certificate numbers."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from contract.fields import Field
from kiosk.forms.editors.base import Editor
from kiosk.forms.editors.value_box import ValueBox
from kiosk.forms.value_words import group_digits
from kiosk.frame.page import PageContext
from kiosk.widgets.buttons import SecondaryButton

LONGEST = {"id_number": 18, "money": 12, "decimal": 10, "integer": 6, "digits": 24, "text": 24}


class NumberEditor(Editor):
    """A box above the keypad; keys of a real keyboard work as well."""

    pad = "keypad"

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box = ValueBox(self)
        self.typed = ""
        # A certificate issued anew carries the letter B and a digit at its end.
        self._letter: SecondaryButton | None = None
        if field.type == "text" and "B" in field.pattern:
            self._letter = SecondaryButton(self.tr("号码末尾有字母 B"), "plus", self)
            self._letter.clicked.connect(lambda: self.press("B"))
        self._show()

    @property
    def extra_key(self) -> str:
        if self.field.type in ("money", "decimal"):
            return "."
        if self.field.type == "id_number" or (self.field.type == "text" and "X" in self.field.pattern):
            return "X"
        return ""

    @property
    def _longest(self) -> int:
        longest = self.field.max_length or LONGEST[self.field.type]
        if self.field.type == "digits" and self.field.pattern and self.typed.startswith("1"):
            return 11
        return longest

    def set_value(self, data: Any) -> None:
        if data == self._meant():
            return
        self.typed = "" if data is None else str(data)
        self._show()

    def _meant(self) -> Any:
        """The value that the typed characters mean."""
        text = self.typed
        if not text:
            return None
        if self.field.type == "integer":
            return int(text)
        if self.field.type in ("money", "decimal"):
            return text.rstrip(".") or None
        return text

    def press(self, character: str) -> None:
        typed = self.typed + character
        if self.field.type in ("money", "decimal"):
            if character == "." and not self.typed:
                typed = "0."
            elif not re.fullmatch(r"\d{1,10}(\.\d{0,2})?", typed, re.ASCII):
                return
            elif re.fullmatch(r"0\d", typed):
                typed = character
        elif self.field.type == "integer" and self.typed == "0":
            typed = character
        elif self.field.type == "id_number" and character == "X" and len(self.typed) != 17:
            return
        if len(typed) <= self._longest:
            self._become(typed)

    def step_back(self) -> None:
        self._become(self.typed[:-1])

    def clear_all(self) -> None:
        self._become("")

    def _become(self, typed: str) -> None:
        if typed != self.typed:
            self.typed = typed
            self._show()
            self.take(self._meant())

    def _show(self) -> None:
        unit = self.context.text(self.field.unit)
        self.box.show_value(group_digits(self.field, self.typed), unit=unit)

    def hint(self) -> str:
        words = super().hint()
        if self.field.type == "id_number" and 0 < len(self.typed) < 18:
            count = self.tr("已经写了 {given} 位，一共 18 位").format(given=len(self.typed))
            return f"{words}　{count}" if words else count
        return words

    def keyPressEvent(self, event: QKeyEvent) -> None:
        character = event.text().upper()
        if event.key() == Qt.Key.Key_Backspace:
            self.step_back()
        elif re.fullmatch(r"[0-9]", character, re.ASCII) or (character and character in f"{self.extra_key}"):
            self.press(character)
        else:
            super().keyPressEvent(event)

    def least(self, _width: int) -> int:
        t = self.tokens
        return t.primary + (t.gap + t.key if self._letter is not None else 0)

    def fit(self, width: int, room: int) -> int:
        t = self.tokens
        height = self.box_height(width, room)
        self.box.setGeometry(0, 0, width, height)
        if self._letter is None:
            return height
        wide = min(width, max(self._letter.sizeHint().width(), t.space(90)))
        self._letter.setGeometry(0, height + t.gap, wide, t.key)
        return height + t.gap + t.key

# SPDX-License-Identifier: Apache-2.0
"""A mobile number, or that there is none: nobody must own a phone."""

from __future__ import annotations

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

DIGITS = 11


class PhoneEditor(Editor):
    """The value is {"number": ...}; {"none": true} without a phone; with "contact", a relative's number instead."""

    pad = "keypad"

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.mode = "own"
        self.typed = ""
        self.box = ValueBox(self)
        self.none = SecondaryButton(self.tr("我没有手机"), "phone-off", self, checkable=True)
        self.family = SecondaryButton(self.tr("用家里人的"), "users", self, checkable=True)
        self.none.clicked.connect(lambda: self._switch("own" if self.mode == "none" else "none"))
        self.family.clicked.connect(lambda: self._switch("own" if self.mode == "family" else "family"))
        self._show()

    def set_value(self, data: Any) -> None:
        if data == self._meant():
            return
        self.mode, self.typed = "own", ""
        if isinstance(data, dict):
            if data.get("none"):
                self.mode = "family" if "contact" in data else "none"
                self.typed = str(data.get("contact", ""))
            else:
                self.typed = str(data.get("number", ""))
        self._show()

    def _meant(self) -> Any:
        if self.mode == "none":
            return {"none": True}
        if self.mode == "family":
            return {"none": True, "contact": self.typed}
        return {"number": self.typed} if self.typed else None

    def _switch(self, mode: str) -> None:
        self.mode = mode
        if mode == "none":
            self.typed = ""
        self._tell()
        if mode == "none":
            self.finished.emit()

    def _tell(self) -> None:
        self._show()
        self.take(self._meant())

    def press(self, character: str) -> None:
        if self.mode == "none":
            self.mode, self.typed = "own", ""
        if len(self.typed) < DIGITS:
            self.typed += character
            self._tell()

    def step_back(self) -> None:
        if self.mode == "none":
            self.mode = "own"
        self.typed = self.typed[:-1]
        self._tell()

    def clear_all(self) -> None:
        self.mode, self.typed = ("family" if self.mode == "family" else "own"), ""
        self._tell()

    def _show(self) -> None:
        words = {"none": self.tr("没有手机"), "family": self.tr("家里人的手机号"), "own": ""}[self.mode]
        self.box.show_value(group_digits(self.field, self.typed), empty=words, lit=self.mode != "none")
        self.none.setChecked(self.mode == "none")
        self.family.setChecked(self.mode == "family")

    def hint(self) -> str:
        if self.mode == "none":
            return self.tr("没有手机也能办。办好了村里会告诉您。")
        if self.mode == "family":
            return self.tr("填家里人的手机号，办好了短信发给他。")
        return super().hint()

    def local_problem(self) -> str:
        right = len(self.typed) == DIGITS and self.typed.startswith("1")
        return "phone-invalid" if self.mode == "family" and not right else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.step_back()
        elif event.text().isascii() and event.text().isdigit():
            self.press(event.text())
        else:
            super().keyPressEvent(event)

    def _half(self, width: int) -> int:
        return (width - self.tokens.gap) // 2

    def _choice_height(self, width: int) -> int:
        return max(b.heightForWidth(self._half(width)) for b in (self.none, self.family))

    def least(self, width: int) -> int:
        t = self.tokens
        return t.primary + t.gap + self._choice_height(width)

    def fit(self, width: int, room: int) -> int:
        t = self.tokens
        box = self.box_height(width, room)
        half, height, top = self._half(width), self._choice_height(width), box + t.gap
        self.box.setGeometry(0, 0, width, box)
        self.none.setGeometry(0, top, half, height)
        self.family.setGeometry(half + t.gap, top, width - half - t.gap, height)
        return top + height

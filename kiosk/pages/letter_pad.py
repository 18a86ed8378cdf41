# SPDX-License-Identifier: Apache-2.0
"""The letters A to Z as keys; those that lead nowhere are off."""

from __future__ import annotations

from string import ascii_uppercase

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import KeyButton

translate = QCoreApplication.translate


class LetterPad(QWidget):
    """Signals: `letter(str)`, `back()`."""

    letter = Signal(str)
    back = Signal()

    def __init__(self, parent: QWidget | None = None, *, columns: int = 9) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(t.space(2))
        self._keys: dict[str, KeyButton] = {}
        for index, letter in enumerate(ascii_uppercase):
            key = KeyButton(letter, "", self, size="heading")
            key.clicked.connect(lambda _=False, c=letter: self.letter.emit(c))
            self._keys[letter] = key
            grid.addWidget(key, index // columns, index % columns)
        back = KeyButton("", "backspace", self, name=translate("LetterPad", "删一个"), size="heading")
        back.clicked.connect(self.back)
        last = len(ascii_uppercase)
        grid.addWidget(back, last // columns, last % columns, 1, columns - last % columns)
        for key in (*self._keys.values(), back):
            key.setMinimumHeight(t.space(20))
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def allow(self, letters: set[str]) -> None:
        """Switch off every letter not among these."""
        for letter, key in self._keys.items():
            key.setEnabled(letter in letters)

    def key(self, letter: str) -> KeyButton:
        """The key of a letter. Raises KeyError."""
        return self._keys[letter]

# SPDX-License-Identifier: Apache-2.0
"""The keypad for numbers: ten digits, 清空, one step back, and at most one extra key (X or a point)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import KeyButton

translate = QCoreApplication.translate


class Keypad(QWidget):
    """Signals: `key(str)` for a character, `back()` for one step back, `clear()` for 清空.

    `extra` is one more key: "X" for ID numbers, "." for money; it takes the place of 清空's third of the last row.
    """

    key = Signal(str)
    back = Signal()
    clear = Signal()

    def __init__(self, parent: QWidget | None = None, *, extra: str = "") -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(t.gap)
        self._buttons: dict[str, KeyButton] = {}
        for index, digit in enumerate("123456789"):
            self._add(grid, digit, index // 3, index % 3)
        clear = KeyButton(translate("Keypad", "清空"), "", self, size="body")
        clear.clicked.connect(self.clear)
        back = KeyButton("", "backspace", self, name=translate("Keypad", "删一个"))
        back.clicked.connect(self.back)
        self.clear_button, self.back_button = clear, back
        if extra:
            self._add(grid, extra, 3, 0)
            grid.addWidget(back, 3, 2)
            grid.addWidget(clear, 4, 0, 1, 3)
        else:
            grid.addWidget(clear, 3, 0)
            grid.addWidget(back, 3, 2)
        self._add(grid, "0", 3, 1)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _add(self, grid: QGridLayout, character: str, row: int, column: int) -> None:
        button = KeyButton(character, "", self)
        button.clicked.connect(lambda _=False, c=character: self.key.emit(c))
        self._buttons[character] = button
        grid.addWidget(button, row, column)

    def button(self, character: str) -> KeyButton:
        """The key of a character (for the demo's synthesized touches and tests). Raises KeyError."""
        return self._buttons[character]

# SPDX-License-Identifier: Apache-2.0
"""The row above the keyboard: what is being composed, and the characters to choose from, paged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import KeyButton, Look
from kiosk.widgets.painting import text_width
from kiosk.widgets.text import Body

translate = QCoreApplication.translate

POOL = 16
CANDIDATE = Look("jade_wash", "ink", None, "line")


class CandidateBar(QWidget):
    """`show_candidates` fills it; `chosen(index)` tells which was touched."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._fetch: Callable[[int, int], list[str]] = lambda _start, _most: []
        self._total, self._start = 0, 0
        self._starts: list[int] = [0]
        self._composed = Body("", self)
        self._composed.setWordWrap(False)
        self._composed.set_colour("muted")
        self._buttons = [KeyButton("", "", self, size="heading") for _ in range(POOL)]
        for slot, button in enumerate(self._buttons):
            button.set_look(CANDIDATE)
            button.clicked.connect(lambda _=False, s=slot: self.chosen.emit(self._start + s))
            button.hide()
        self._left = KeyButton("", "chevron-left", self, name=translate("Pinyin", "前面的字"))
        self._right = KeyButton("", "chevron-right", self, name=translate("Pinyin", "更多的字"))
        self._left.clicked.connect(self._turn_back)
        self._right.clicked.connect(self._turn_on)
        self._shown = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(t.space(20))
        self.say("")

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(100), self.tokens.space(20))

    def say(self, words: str) -> None:
        """Show words instead of candidates (how to type, or that pinyin is missing)."""
        self._total, self._start, self._starts = 0, 0, [0]
        self._composed.setWordWrap(True)
        self._composed.setText(words)
        self._arrange()

    def show_candidates(self, composed: str, total: int, fetch: Callable[[int, int], list[str]]) -> None:
        """Show the first of `total` candidates; `fetch(start, most)` gives them."""
        self._composed.setWordWrap(False)
        self._composed.setText(composed)
        self._total, self._fetch, self._start, self._starts = total, fetch, 0, [0]
        self._arrange()

    @property
    def shown(self) -> tuple[str, ...]:
        """The candidates on the bar now."""
        return tuple(button.text() for button in self._buttons[: self._shown])

    def button(self, text: str) -> KeyButton:
        """The button of a shown candidate. Raises KeyError."""
        for button in self._buttons[: self._shown]:
            if button.text() == text:
                return button
        raise KeyError(text)

    def turn_on(self) -> bool:
        """Show further candidates; False where there are none."""
        if self._start + self._shown >= self._total:
            return False
        self._turn_on()
        return True

    def _turn_on(self) -> None:
        self._start += self._shown
        self._starts.append(self._start)
        self._arrange()

    def _turn_back(self) -> None:
        if len(self._starts) > 1:
            self._starts.pop()
        self._start = self._starts[-1]
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        t = self.tokens
        gap, height, arrow = t.space(2), self.height(), t.space(20)
        if not self._total:
            self._shown = 0
            for button in (*self._buttons, self._left, self._right):
                button.hide()
            self._composed.setGeometry(0, 0, self.width(), height)
            return
        width = min(text_width(self._composed.text(), t.body) + gap, self.width() // 3)
        self._composed.setGeometry(0, 0, width, height)
        x = width + gap
        end = self.width() - 2 * (arrow + gap)
        texts = self._fetch(self._start, POOL)
        self._shown = 0
        for button, text in zip(self._buttons, texts, strict=False):
            need = max(t.space(20), text_width(text, t.heading) + t.space(4))
            if x + need > end and self._shown:
                break
            button.set_words(text)
            button.setGeometry(x, 0, min(need, end - x), height)
            button.show()
            x += need + gap
            self._shown += 1
        for button in self._buttons[self._shown :]:
            button.hide()
        self._left.setGeometry(self.width() - 2 * arrow - gap, 0, arrow, height)
        self._right.setGeometry(self.width() - arrow, 0, arrow, height)
        self._left.setEnabled(self._start > 0)
        self._right.setEnabled(self._start + self._shown < self._total)
        more = self._total > self._shown
        self._left.setVisible(more)
        self._right.setVisible(more)

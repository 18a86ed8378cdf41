# SPDX-License-Identifier: Apache-2.0
"""How sending stands, on the staff's desk: what is left, how long it takes, why it waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from kiosk.frame.state import NetState
from kiosk.i18n.sync_words import head_words, in_trouble, left_words, parked_words, time_left, why_words
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.progress_bar import ProgressBar
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body, Heading, Secondary


class SyncCard(Card):
    """`set_state` at every change."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens
        self._now = now
        self.column.setSpacing(t.space(3))
        row = QHBoxLayout()
        row.setSpacing(t.space(4))
        self._icon = QLabel(self)
        self._icon.setFixedSize(t.icon, t.icon)
        self.head = Heading("", self)
        self.time = Heading("", self)
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.time.setWordWrap(False)
        row.addWidget(self._icon)
        row.addWidget(self.head, 1)
        row.addWidget(self.time)
        self.column.addLayout(row)
        self.bar = ProgressBar(self)
        self.left = Body("", self)
        self.why = Secondary("", self)
        self.parked = Body("", self)
        self.parked.set_colour("vermilion")
        for part in (self.bar, self.left, self.why, self.parked):
            self.column.addWidget(part)
        self.set_state(NetState("down"))

    def set_state(self, state: NetState) -> None:
        """Words and bar as they are now."""
        self._say(self.head, head_words(state))
        self._say(self.time, time_left(state))
        self._say(self.left, left_words(state))
        self._say(self.why, why_words(state, self._now()))
        self._say(self.parked, parked_words(state))
        moving = state.phase == "sending" and state.link != "down" and state.bytes_most > 0
        self.bar.setVisible(moving)
        self.bar.set_share(1 - state.bytes_left / state.bytes_most if moving else 0.0)
        t = self.tokens
        down, busy = state.link == "down", bool(state.waiting or state.files)
        wrong = in_trouble(state)
        name = "wifi-off" if down else "cloud-upload" if busy or wrong else "circle-check"
        colour = t.amber if down or wrong else t.jade if busy else t.green
        self._icon.setPixmap(theme_icon(name, t.icon, colour))

        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """Just as high as its words: a box layout around it would ask for the height of the old ones."""
        self.column.invalidate()
        self.setFixedHeight(self.column.totalHeightForWidth(self.width()))

    @staticmethod
    def _say(label: Heading | Body | Secondary, words: str) -> None:
        if label.text() != words:
            label.setText(words)
        label.setVisible(bool(words))

    def spoken(self) -> str:
        """For reading aloud."""
        parts = (self.head, self.time, self.left, self.why, self.parked)
        return "。".join(part.text().rstrip("。") for part in parts if part.text())

# SPDX-License-Identifier: Apache-2.0
"""The band at the top: where this is, day and time, how network and printer are, the language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.frame.page import PageContext
from kiosk.frame.state import NetState, Words, network_words, printer_words
from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import Button, Look
from kiosk.widgets.surfaces import Badge
from kiosk.widgets.text import OneLine

if TYPE_CHECKING:
    from devices.base import DeviceStatus

translate = QCoreApplication.translate

LANGUAGE_LOOK = Look("card", "ink", None, "jade_wash")


class TopBand(QWidget):
    """Signal `language()` when 中文 / EN is touched. The clock follows `context.now`."""

    language = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._context = context
        landscape = context.orientation == "landscape"
        self.setFixedHeight(t.space(24 if landscape else 30))
        row = QHBoxLayout(self)
        row.setContentsMargins(t.margin, 0, t.margin, 0)
        row.setSpacing(t.space(4))
        self._place = OneLine(context.text(context.station.name), self, size="body", bold=True)
        self._clock = OneLine("", self, size="secondary")
        self._clock.set_colour("muted")
        self._network = Badge("", "done", self)
        self._network_words: Words | None = None
        self._state, self._staff = NetState(), False
        self._printer = Badge("", "waiting", self)
        self._printer.hide()
        # Each language is named in itself, so that people who cannot read the one find the other.
        other = "English" if context.language == "zh" else "中文"
        self._language = Button(other, "world", self, look=LANGUAGE_LOOK, bold=False, size="secondary")
        self._language.setAccessibleName(translate("TopBand", "换语言 / Language"))
        self._language.setMinimumSize(t.space(24), t.space(20))
        self._language.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._language.clicked.connect(self.language)
        # Portrait is narrow: place over time, printer over network.
        where: QBoxLayout = QHBoxLayout() if landscape else QVBoxLayout()
        where.setSpacing(t.space(4) if landscape else 0)
        how: QBoxLayout = QHBoxLayout() if landscape else QVBoxLayout()
        how.setSpacing(t.space(4 if landscape else 1))
        for column, parts in ((where, (self._place, self._clock)), (how, (self._printer, self._network))):
            if not landscape:
                column.addStretch(1)
            for part in parts:
                column.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter if landscape else Qt.AlignmentFlag.AlignLeft)
            if not landscape:
                column.addStretch(1)
        row.addLayout(where, 0 if landscape else 1)
        if landscape:
            row.addStretch(1)
        row.addLayout(how)
        row.addWidget(self._language)
        self.set_network(NetState())
        self._timer = QTimer(self)
        self._timer.setInterval(5000)
        self._timer.timeout.connect(self.show_time)
        self._timer.start()
        self.show_time()

    def show_time(self) -> None:
        """Read the clock again."""
        now: datetime = self._context.now()
        words = translate("TopBand", "{month}月{day}日 {time}")
        text = words.format(month=now.month, day=now.day, time=now.strftime("%H:%M"))
        if text != self._clock.text():
            self._clock.setText(text)

    def set_network(self, state: NetState) -> None:
        """Say how the network is, and how far sending is."""
        self._state = state
        words = network_words(state, staff=self._staff)
        if words != self._network_words:
            self._network_words = words
            self._network.set_words(words.text, words.kind, words.icon)

    def set_staff(self, present: bool) -> None:
        """Whether a member of staff is unlocked: they read other words."""
        if present != self._staff:
            self._staff = present
            self.set_network(self._state)

    def set_devices(self, statuses: Iterable[DeviceStatus]) -> None:
        """Say how the printers are, if there is something to say."""
        words = printer_words(statuses)
        self._printer.setVisible(words is not None)
        if words is not None:
            self._printer.set_words(words.text, words.kind, words.icon)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(t.card))
        painter.fillRect(0, self.height() - t.border, self.width(), t.border, QColor(t.line))
        painter.end()

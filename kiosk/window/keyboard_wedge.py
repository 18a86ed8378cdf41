# SPDX-License-Identifier: Apache-2.0
"""Code scanners that type: what comes faster than any hand and ends with Enter is a code, and no form sees it.

Keys are held back a moment; when no next one follows as fast as a machine types, they go on to whom they were meant
for, in their order. A person who types on a real keyboard loses nothing and waits 35 ms.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

GAP = 35  # milliseconds; scanners send every 1 to 20, the fastest typists every 60
LEAST = 6  # characters of a code; fewer were typed
MOST = 4096
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WedgeFilter(QObject):
    """Install it on the application. `code(text)` for each code."""

    code = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held: list[tuple[QObject, QKeyEvent]] = []
        self._text = ""
        self._letting_go = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(GAP)
        self._timer.timeout.connect(self._let_go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._letting_go or not isinstance(event, QKeyEvent) or not watched.isWidgetType():
            return False
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        if event.type() == QEvent.Type.KeyRelease and not self._held:
            return False
        if event.type() == QEvent.Type.KeyPress and event.key() in _ENDS and len(self._text) >= LEAST:
            self._finish()
            return True
        if event.type() == QEvent.Type.KeyPress and not _types(event) and not self._held:
            return False
        self._hold(watched, event)
        return True

    def _hold(self, watched: QObject, event: QKeyEvent) -> None:
        self._held.append((watched, event.clone()))
        if event.type() == QEvent.Type.KeyPress:
            self._text += event.text()
            if (not _types(event) and event.key() != Qt.Key.Key_Shift) or len(self._text) > MOST:
                self._let_go()
                return
        self._timer.start()

    def _finish(self) -> None:
        text = self._text
        self._forget()
        self.code.emit(text)

    def _forget(self) -> None:
        self._timer.stop()
        self._held, self._text = [], ""

    def _let_go(self) -> None:
        held = self._held
        self._forget()
        self._letting_go = True
        try:
            for receiver, event in held:
                if shiboken6.isValid(receiver):
                    QCoreApplication.sendEvent(receiver, event)
        finally:
            self._letting_go = False


def _types(event: QKeyEvent) -> bool:
    """Whether a character comes of it, without a modifier that makes it a command."""
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & commands

# SPDX-License-Identifier: Apache-2.0
"""The fields people write in. What is written there is never selected, copied, dragged or taken back by undo.

A clipboard outlives the visit and is open to every program of the session; so nothing goes there and nothing comes
from there. All text fields of the kiosk are of these two classes (a test holds it).
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

_S = QKeySequence.StandardKey
_REFUSED = (
    *(_S.Copy, _S.Cut, _S.Paste, _S.Undo, _S.Redo, _S.SelectAll),
    *(_S.DeleteEndOfLine, _S.DeleteCompleteLine),  # QLineEdit copies what it deletes so
    *(_S.SelectNextChar, _S.SelectPreviousChar, _S.SelectNextWord, _S.SelectPreviousWord),
    *(_S.SelectNextLine, _S.SelectPreviousLine, _S.SelectNextPage, _S.SelectPreviousPage),
    *(_S.SelectStartOfLine, _S.SelectEndOfLine, _S.SelectStartOfBlock, _S.SelectEndOfBlock),
    *(_S.SelectStartOfDocument, _S.SelectEndOfDocument),
)


def _refused(event: QKeyEvent) -> bool:
    return any(event.matches(key) for key in _REFUSED)


def _sets_cursor(event: QMouseEvent) -> bool:
    """The other buttons paste or open a menu, and Shift selects."""
    return event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier


class LineField(QLineEdit):
    """One line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)
        self.selectionChanged.connect(self.deselect)

    def forget(self) -> None:
        """Empty, and without the history of what was typed and deleted again; no signal is sent."""
        blocked = self.blockSignals(True)
        self.setText("")
        self.blockSignals(blocked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _refused(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if _sets_cursor(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if _sets_cursor(event):
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        event.ignore()


class AreaField(QPlainTextEdit):
    """Several lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.selectionChanged.connect(self._deselect)

    def forget(self) -> None:
        """Empty; no signal is sent."""
        blocked = self.blockSignals(True)
        self.setPlainText("")
        self.blockSignals(blocked)

    def _deselect(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _refused(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if _sets_cursor(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if _sets_cursor(event):
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def createMimeDataFromSelection(self) -> QMimeData:
        return QMimeData()

    def canInsertFromMimeData(self, _source: QMimeData) -> bool:
        return False

    def insertFromMimeData(self, _source: QMimeData) -> None:
        """Nothing comes from elsewhere."""

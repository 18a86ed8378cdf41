# SPDX-License-Identifier: Apache-2.0
"""Lines of a filled form, one under the other like on paper; what does not fit is on the next sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.forms.paper_row import PaperRow
from kiosk.theme.current import theme_of
from kiosk.widgets.pager import Pager


class PaperSheet(QWidget):
    """`set_rows` shows them from the first sheet; `turned(index)` when another sheet is looked at."""

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.rows: list[PaperRow] = []
        self._sheets: list[list[PaperRow]] = [[]]
        self.index = 0
        self.pager = Pager(self)
        self.pager.turned.connect(self._turn)

    def set_rows(self, rows: Sequence[PaperRow]) -> None:
        """Show these (they become children); the sheet looked at stays where that is possible."""
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = list(rows)
        for row in self.rows:
            row.setParent(self)
        self._arrange()

    @property
    def sheet_count(self) -> int:
        """How many sheets there are at the present size."""
        return len(self._sheets)

    @property
    def shown(self) -> tuple[PaperRow, ...]:
        """The rows of the sheet looked at."""
        return tuple(self._sheets[self.index])

    def _turn(self, index: int) -> None:
        self.index = index
        self._arrange()
        self.turned.emit(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _cut(self, room: int, target: int) -> list[list[PaperRow]]:
        """Sheets of at most `room`, each closed once it has reached `target`."""
        sheets: list[list[PaperRow]] = [[]]
        used = 0
        for row in self.rows:
            tall = row.heightForWidth(self.width()) - self.tokens.border
            if sheets[-1] and (used + tall > room or used >= target):
                sheets.append([])
                used = 0
            sheets[-1].append(row)
            used += tall
        return sheets

    def _arrange(self) -> None:
        t = self.tokens
        width, height = self.width(), self.height()
        if width < 2 or height < 2:
            return
        sheets = self._cut(height - t.border, height)
        foot = self.pager.sizeHint().height()
        if len(sheets) > 1:
            room = height - foot - t.gap - t.border
            sheets = self._cut(room, room)
            whole = sum(row.heightForWidth(width) for row in self.rows)
            even = self._cut(room, whole // len(sheets))
            sheets = even if len(even) == len(sheets) else sheets
        self._sheets = sheets
        self.index = min(self.index, len(sheets) - 1)
        present = set(map(id, sheets[self.index]))
        top = 0
        for row in self.rows:
            row.setVisible(id(row) in present)
            if id(row) in present:
                tall = row.heightForWidth(width)
                row.setGeometry(0, top, width, tall)
                top += tall - t.border
        self.pager.set_pages(self.index, len(sheets))
        if len(sheets) > 1:
            self.pager.setGeometry(0, height - foot, width, foot)

# SPDX-License-Identifier: Apache-2.0
"""A list with a drawing below it or, lying, beside it; where there is much to say the words take all the room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.frame.page import PageContext
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.pager import PagedList


class IllustratedList(QWidget):
    """`set_items(items, drawing)`; `drawings` are the names that may be asked for, "" shows none."""

    def __init__(self, context: PageContext, drawings: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = context.tokens
        self._lying = context.orientation == "landscape"
        self._most = 2 if self._lying and t.elder else 3
        row: QBoxLayout = QHBoxLayout(self) if self._lying else QVBoxLayout(self)
        row.setContentsMargins(0, t.space(4), 0, 0)
        row.setSpacing(t.space(8))
        self.list = PagedList(self, most=6, columns=2 if self._lying else 1)
        row.addWidget(self.list, 3)
        self._drawings = {name: Illustration(name, self) for name in drawings}
        for drawing in self._drawings.values():
            drawing.hide()
            row.addWidget(drawing, 2)

    def set_items(self, items: Sequence[QWidget], drawing: str = "") -> None:
        """The drawing is left out where there are more items than go beside it."""
        shown = drawing if len(items) <= self._most else ""
        for name, picture in self._drawings.items():
            picture.setVisible(name == shown)
        for item in items:
            item.setProperty("broad", bool(shown))
        self.list.set_items(items)

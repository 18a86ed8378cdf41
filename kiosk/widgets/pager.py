# SPDX-License-Identifier: Apache-2.0
"""Paging instead of scrolling: the row with 上一页 and 下一页, and a list that pages itself by the room it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import SecondaryButton
from kiosk.widgets.text import Body

translate = QCoreApplication.translate


class Pager(QWidget):
    """上一页, "第 1 页，共 2 页", 下一页. Signal `turned(index)`. Hidden where there is one page only."""

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self.index, self.count = 0, 1
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(t.gap)
        self._words = Body("", self)
        self._words.set_colour("muted")
        self._previous = SecondaryButton(translate("Pager", "上一页"), "chevron-left", self)
        self._next = SecondaryButton(translate("Pager", "下一页"), "chevron-right", self, icon_after=True)
        for button in (self._previous, self._next):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row.addWidget(self._words, 1)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        self._previous.clicked.connect(lambda: self.turned.emit(self.index - 1))
        self._next.clicked.connect(lambda: self.turned.emit(self.index + 1))

    def set_pages(self, index: int, count: int, what: str = "") -> None:
        """Page `index` (from 0) of `count`; `what` comes before, as "养老：6 件"."""
        self.index, self.count = index, count
        pages = translate("Pager", "第 {page} 页，共 {count} 页").format(page=index + 1, count=count)
        self._words.setText(f"{what}　{pages}" if what else pages)
        self._previous.setEnabled(index > 0)
        self._next.setEnabled(index < count - 1)
        self.setVisible(count > 1)


class PagedList(QWidget):
    """Widgets one under the other, as many as fit (at most `most`); the rest is on further pages.

    The heights are asked from the widgets at the present width, so a larger type size simply makes more pages.
    Where there is room left each grows by up to `stretch_mm`, the same on every page.
    """

    page_changed = Signal(int, int)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        most: int = 6,
        stretch_mm: float = 0,
        gap: int = -1,
        columns: int = 1,
    ) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._most, self._gap, self._columns = most, t.gap if gap < 0 else gap, columns
        self._most_stretch = t.space(stretch_mm) if stretch_mm else 0
        self._what = ""
        self._items: list[QWidget] = []
        self._pages: list[list[QWidget]] = [[]]
        self._too_high: list[QWidget] = []
        self.index = 0
        self.pager = Pager(self)
        self.pager.turned.connect(self.turn)
        self.pager.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_items(self, items: Sequence[QWidget], what: str = "") -> None:
        """Show these (they become children), from the first page."""
        for old in self._items:
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._items, self._what, self.index = list(items), what, 0
        for item in self._items:
            item.setParent(self)
        self._arrange()

    @property
    def page_count(self) -> int:
        """How many pages there are at the present size."""
        return len(self._pages)

    @property
    def shown(self) -> tuple[QWidget, ...]:
        """The widgets of the present page."""
        return tuple(self._pages[self.index]) if self._pages else ()

    def turn(self, index: int) -> None:
        """Go to page `index`, kept within what there is."""
        self.index = max(0, min(index, len(self._pages) - 1))
        self._arrange()
        self.page_changed.emit(self.index, len(self._pages))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _rows(self) -> list[list[QWidget]]:
        """Items side by side, `columns` at a time; one with the property "broad" has a row of its own."""
        rows: list[list[QWidget]] = []
        for item in self._items:
            if self._broad(item) or not rows or len(rows[-1]) >= self._columns or self._broad(rows[-1][0]):
                rows.append([item])
            else:
                rows[-1].append(item)
        return rows

    def _broad(self, item: QWidget) -> bool:
        return self._columns == 1 or bool(item.property("broad")) or item in self._too_high

    def _width(self, item: QWidget) -> int:
        if self._broad(item):
            return self.width()
        return (self.width() - self._gap * (self._columns - 1)) // self._columns

    def _height(self, item: QWidget) -> int:
        if item.hasHeightForWidth():
            return max(item.heightForWidth(self._width(item)), item.minimumHeight())
        return max(item.sizeHint().height(), item.minimumHeight())

    def _cut(self, rows: Sequence[Sequence[QWidget]], heights: Sequence[int], room: int) -> list[list[int]]:
        """Indices of rows, page by page: as many as fit, at most `most` items."""
        pages: list[list[int]] = [[]]
        used = items = 0
        for index, height in enumerate(heights):
            need = height + (self._gap if pages[-1] else 0)
            if pages[-1] and (used + need > room or items + len(rows[index]) > self._most):
                pages.append([])
                used, items, need = 0, 0, height
            pages[-1].append(index)
            used += need
            items += len(rows[index])
        return pages

    def _even(self, rows: Sequence[Sequence[QWidget]], heights: Sequence[int], room: int) -> list[list[int]]:
        """The same number of pages, with their rows spread evenly instead of one left over on the last."""
        pages = self._cut(rows, heights, room)
        total = len(rows)
        if len(pages) < 2:
            return pages
        share = -(-total // len(pages))
        even = [list(range(start, min(start + share, total))) for start in range(0, total, share)]
        fits = all(
            sum(heights[i] for i in page) + self._gap * (len(page) - 1) <= room
            and sum(len(rows[i]) for i in page) <= self._most
            for page in even
        )
        return even if fits and len(even) == len(pages) else pages

    def _arrange(self) -> None:
        if self.width() < 2 or self.height() < 2:
            return
        pager_height = self.pager.sizeHint().height()
        room = self.height()
        self._too_high = []
        # What is too high for half the width gets all of it.
        self._too_high = [item for item in self._items if self._height(item) > room - pager_height - self._gap]
        rows = self._rows()
        heights = [max(self._height(item) for item in row) for row in rows]
        cut = self._cut(rows, heights, room)
        if len(cut) > 1:
            room -= pager_height + self._gap
            cut = self._even(rows, heights, room)
        self._pages = [[item for i in page for item in rows[i]] for page in cut]
        self.index = min(self.index, len(self._pages) - 1)
        spare = 0
        if self._most_stretch and heights:
            used = max(sum(heights[i] for i in page) + self._gap * (len(page) - 1) for page in cut)
            spare = max(0, min((room - used) // max(len(page) for page in cut), self._most_stretch))
        self._lay(rows, heights, set(cut[self.index]), spare)
        self.pager.set_pages(self.index, len(self._pages), self._what)
        if len(self._pages) > 1:
            self.pager.setGeometry(0, self.height() - pager_height, self.width(), pager_height)
            self.pager.raise_()

    def _lay(self, rows: Sequence[Sequence[QWidget]], heights: Sequence[int], present: set[int], spare: int) -> None:
        top = 0
        for index, row in enumerate(rows):
            left = 0
            for item in row:
                if index in present:
                    width = self._width(item)
                    item.setGeometry(left, top, width, heights[index] + spare)
                    left += width + self._gap
                item.setVisible(index in present)
            if index in present:
                top += heights[index] + spare + self._gap

# SPDX-License-Identifier: Apache-2.0
"""A table's rows as cards: touch one to change it, add one, take one away."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from contract.checking import Problem
from contract.fields import Field
from kiosk.forms.editors.base import Editor
from kiosk.forms.slots import is_empty
from kiosk.forms.value_words import value_words
from kiosk.frame.page import PageContext
from kiosk.widgets.buttons import DANGER, SECONDARY, Button, SecondaryButton
from kiosk.widgets.pager import Pager
from kiosk.widgets.text import Body
from kiosk.widgets.tiles import ChoiceTile

MOST_ROWS = 50


class RowCard(QWidget):
    """One row: what stands in it, and the way to take it away (touched twice)."""

    opened = Signal()
    removed = Signal()

    def __init__(self, context: PageContext, title: str, detail: str, wrong: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.tokens = context.tokens
        badge = self.tr("要改") if wrong else ""
        self.tile = ChoiceTile(title, detail, "", self, badge=badge, badge_kind="waiting")
        self.tile.clicked.connect(self.opened)
        self.bin = Button("", "trash", self)
        self.bin.setAccessibleName(self.tr("删掉这一行"))
        self.bin.clicked.connect(self._bin_touched)
        self._sure = False

    def _bin_touched(self) -> None:
        if self._sure:
            self.removed.emit()
            return
        self._sure = True
        self.bin.set_words(self.tr("删掉？"), "")
        self.bin.set_look(DANGER)

    def forget(self) -> None:
        """The bin was touched once and something else then."""
        if self._sure:
            self._sure = False
            self.bin.set_words("", "trash")
            self.bin.setAccessibleName(self.tr("删掉这一行"))
            self.bin.set_look(SECONDARY)

    def place(self, top: int, width: int, height: int) -> None:
        """Lay out at `top`."""
        t = self.tokens
        side = max(t.key, t.space(32))
        self.setGeometry(0, top, width, height)
        self.tile.setGeometry(0, 0, width - side - t.gap, height)
        self.bin.setGeometry(width - side, 0, side, height)

    def height_for(self, width: int) -> int:
        """What the words need."""
        return self.tile.heightForWidth(width - max(self.tokens.key, self.tokens.space(32)) - self.tokens.gap)


class TableEditor(Editor):
    """Type `table`. `row_opened(index)` asks for the page of one row; a new row has the next index."""

    row_opened = Signal(int)

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.rows: list[dict[str, Any]] = []
        self.cards: list[RowCard] = []
        self._wrong: frozenset[int] = frozenset()
        self.index = 0
        self.add = SecondaryButton(self.tr("加一行"), "plus", self, bold=True)
        self.add.clicked.connect(lambda: self.row_opened.emit(len(self.rows)))
        self.total = Body("", self, bold=True)
        self.pager = Pager(self)
        self.pager.turned.connect(self._turn)
        self._empty = Body(self.tr("还没有。点下面的“加一行”，一行一行地填。"), self)
        self._empty.set_colour("muted")
        self._build()

    def set_value(self, data: Any) -> None:
        rows = data if isinstance(data, list) else []
        if rows != self.rows:
            self.rows = [dict(row) for row in rows]
            self.value = data
            self._build()

    def set_problems(self, problems: Mapping[str, Problem]) -> None:
        """Mark the rows in which something is wrong."""
        wrong = frozenset(
            i for i in range(len(self.rows)) if any(p.startswith(f"{self.field.id}[{i}]") for p in problems)
        )
        if wrong != self._wrong:
            self._wrong = wrong
            self._build()

    def _build(self) -> None:
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        for number, row in enumerate(self.rows):
            title, detail = self._words(row)
            card = RowCard(self.context, f"{number + 1}　{title}", detail, number in self._wrong, self)
            card.opened.connect(lambda n=number: self.row_opened.emit(n))
            card.removed.connect(lambda n=number: self._remove(n))
            card.show()
            self.cards.append(card)
        self.add.setEnabled(len(self.rows) < MOST_ROWS)
        self._empty.setVisible(not self.rows)
        self.total.setText(self._total())
        self.fit(self.width(), self.height())
        self.refit.emit()

    def _words(self, row: Mapping[str, Any]) -> tuple[str, str]:
        given = [
            value_words(child, row.get(child.id), self.context)
            for child in self.field.fields
            if not is_empty(row.get(child.id))
        ]
        return (given[0] if given else self.tr("还没填")), "　".join(given[1:])

    def _total(self) -> str:
        """The sum of the first column of measures (acres of land); money of different people is not summed."""
        for child in self.field.fields:
            if child.type == "decimal" and len(self.rows) > 1:
                total = sum((_number(row.get(child.id)) for row in self.rows), Decimal(0))
                unit = self.context.text(child.unit)
                return self.tr("合计 {total} {unit}").format(total=f"{total.normalize():f}", unit=unit)
        return ""

    def _remove(self, number: int) -> None:
        rows = [row for i, row in enumerate(self.rows) if i != number]
        self.rows = rows
        self._wrong = frozenset()
        self._build()
        self.take(rows or None)

    def _turn(self, index: int) -> None:
        self.index = index
        for card in self.cards:
            card.forget()
        self.fit(self.width(), self.height())

    def hint(self) -> str:
        return super().hint()

    def _foot(self) -> int:
        t = self.tokens
        return t.key + (t.gap + round(t.body * 1.45) if self.total.text() else 0)

    def least(self, width: int) -> int:
        t = self.tokens
        if not self.cards:
            return self._empty.heightForWidth(width) + t.gap + t.key
        tall = max(card.height_for(width) for card in self.cards)
        pager = self.pager.sizeHint().height() + t.gap if len(self.cards) > 1 else 0
        return tall + t.gap + pager + self._foot()

    def fit(self, width: int, room: int) -> int:
        t = self.tokens
        if not self.cards:
            height = self._empty.heightForWidth(width)
            self._empty.setGeometry(0, 0, width, height)
            self.add.setGeometry(0, height + t.gap, width, t.key)
            self.pager.hide()
            self.total.hide()
            return height + t.gap + t.key
        tall = max(card.height_for(width) for card in self.cards)
        rest = max(room, self.least(width)) - self._foot() - t.gap
        per_page = max(1, (rest + t.gap) // (tall + t.gap))
        if per_page < len(self.cards):
            per_page = max(1, (rest - self.pager.sizeHint().height()) // (tall + t.gap))
        per_page = min(per_page, 6)
        pages = -(-len(self.cards) // per_page)
        self.index = min(self.index, pages - 1)
        top = 0
        for number, card in enumerate(self.cards):
            shown = number // per_page == self.index
            card.setVisible(shown)
            if shown:
                card.place(top, width, tall)
                top += tall + t.gap
        self.pager.set_pages(self.index, pages)
        if pages > 1:
            self.pager.setGeometry(0, top, width, self.pager.sizeHint().height())
            top += self.pager.sizeHint().height() + t.gap
        self.total.setVisible(bool(self.total.text()))
        if self.total.text():
            self.total.setGeometry(0, top, width, round(t.body * 1.45))
            top += round(t.body * 1.45) + t.gap
        self.add.setGeometry(0, top, width, t.key)
        return top + t.key


def _number(data: Any) -> Decimal:
    try:
        return Decimal(str(data or 0))
    except InvalidOperation:
        return Decimal(0)

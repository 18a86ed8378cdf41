# SPDX-License-Identifier: Apache-2.0
"""A day, or from one day to another: three boxes to touch, and keys for the part that is asked now."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from contract.fields import Field
from kiosk.forms.editors.base import Editor
from kiosk.forms.editors.day_chooser import FIRST_YEAR, YEARS_AHEAD, DayChooser
from kiosk.frame.page import PageContext
from kiosk.widgets.buttons import Button
from kiosk.widgets.painting import text_width
from kiosk.widgets.text import Body

PARTS = ("year", "month", "day")
Parts = list[int]
"""Year, month, day; 0 where not chosen."""


def parts_of(text: Any) -> Parts:
    """The parts of an ISO day, or of a year or month alone."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", str(text or ""), re.ASCII)
    return [int(part or 0) for part in found.groups()] if found else [0, 0, 0]


def text_of(parts: Parts) -> str:
    """ISO as far as the parts go: a half-chosen day is kept as well."""
    year, month, day = parts
    if not year:
        return ""
    if not month:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}-{month:02d}"


class DateEditor(Editor):
    """Type `date`. The value is ISO; half-chosen it is "1942" or "1942-03"."""

    ends: tuple[str, ...] = ("",)

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        today = context.now().date()
        first = today if field.min_today else date(FIRST_YEAR, 1, 1)
        last = today if field.max_today else date(today.year + YEARS_AHEAD, 12, 31)
        self.parts: dict[str, Parts] = {end: [0, 0, 0] for end in self.ends}
        self.at = (self.ends[0], "year")
        self.boxes: dict[tuple[str, str], Button] = {}
        self._words: dict[str, Body] = {}
        names = {"": "", "from": self.tr("从"), "to": self.tr("到")}
        for end in self.ends:
            self._words[end] = Body(names[end], self)
            self._words[end].setWordWrap(False)
            for part in PARTS:
                box = Button("", "", self, bold=True, size="heading", checkable=True)
                box.clicked.connect(lambda _=False, e=end, p=part: self.ask(e, p))
                self.boxes[end, part] = box
        self.chooser = DayChooser(first, last, self)
        self.chooser.chosen.connect(self._chosen)
        self._show()

    def set_value(self, data: Any) -> None:
        if data == self._meant():
            return
        given = data if isinstance(data, dict) else {"": data}
        for end in self.ends:
            self.parts[end] = parts_of(given.get(end))
        self.value = data
        self._to_next()
        self._show()

    def _meant(self) -> Any:
        return text_of(self.parts[""]) or None

    def ask(self, end: str, part: str) -> None:
        """Choose this part now."""
        self.at = (end, part)
        self._show()

    def _to_next(self) -> bool:
        """Go to the first part not chosen; False where all are."""
        for end in self.ends:
            for part, number in zip(PARTS, self.parts[end], strict=True):
                if not number:
                    self.at = (end, part)
                    return True
        return False

    def _chosen(self, part: str, number: int) -> None:
        end = self.at[0]
        parts = self.parts[end]
        parts[PARTS.index(part)] = number
        if all(parts[:2]) and parts[2] > calendar.monthrange(parts[0], parts[1])[1]:
            parts[2] = 0
        more = self._to_next()
        self._show()
        self.take(self._meant())
        if not more:
            self.finished.emit()

    def _show(self) -> None:
        forms = {"year": self.tr("{number}年"), "month": self.tr("{number}月"), "day": self.tr("{number}日")}
        for (end, part), box in self.boxes.items():
            number = self.parts[end][PARTS.index(part)]
            words = forms[part].format(number=number or "　")
            box.set_words(words)
            box.setChecked((end, part) == self.at)
        end, part = self.at
        self.chooser.show_part(part, *self.parts[end])

    def _rows(self, width: int) -> int:
        return len(self.ends) if width < self.tokens.space(260) else 1

    def _box_height(self, room: int, width: int) -> int:
        t = self.tokens
        rows = self._rows(width)
        spare = room - self.chooser.least(width) - rows * t.key - (rows - 1) * t.space(2) - t.space(4)
        return t.primary if spare >= rows * (t.primary - t.key) else t.key

    def least(self, width: int) -> int:
        t, rows = self.tokens, self._rows(width)
        return rows * t.key + (rows - 1) * t.space(2) + t.space(4) + self.chooser.least(width)

    def fit(self, width: int, room: int) -> int:
        t = self.tokens
        rows, height = self._rows(width), self._box_height(room, width)
        per_row = len(self.ends) // rows
        span = (width - (per_row - 1) * t.gap) // per_row
        for place, end in enumerate(self.ends):
            row, column = divmod(place, per_row)
            self._lay_end(end, column * (span + t.gap), row * (height + t.space(2)), span, height)
        top = rows * height + (rows - 1) * t.space(2) + t.space(4)
        tall = self.chooser.fit(width, room - top)
        self.chooser.setGeometry(0, top, width, tall)
        return top + tall

    def _lay_end(self, end: str, left: int, top: int, width: int, height: int) -> None:
        t, words = self.tokens, self._words[end]
        lead = text_width(words.text(), t.body) + t.space(3) if words.text() else 0
        words.setVisible(bool(lead))
        words.setGeometry(left, top, lead, height)
        gap = t.space(2)
        room = width - lead - 2 * gap
        shares = (room * 40 // 100, room * 30 // 100, room - room * 40 // 100 - room * 30 // 100)
        x = left + lead
        for part, share in zip(PARTS, shares, strict=True):
            self.boxes[end, part].setGeometry(x, top, share, height)
            x += share + gap


class RangeEditor(DateEditor):
    """Type `date_range`. The value is {"from": ..., "to": ...}."""

    ends = ("from", "to")

    def _meant(self) -> Any:
        given = {end: text_of(parts) for end, parts in self.parts.items()}
        return given if any(given.values()) else None

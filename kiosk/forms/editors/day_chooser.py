# SPDX-License-Identifier: Apache-2.0
"""Year, month and day as keys to touch; nothing is typed. Far years are reached by their decade."""

from __future__ import annotations

import calendar
from datetime import date

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import KeyButton, Look

translate = QCoreApplication.translate

FIRST_YEAR, YEARS_AHEAD, PER_PAGE = 1900, 9, 12
CHOSEN = Look("jade", "on_jade", None, "jade_deep")
PLAIN = Look("card", "ink", "line", "jade_wash")
QUIET = Look("paper", "ink", "line", "jade_wash")


class DayChooser(QWidget):
    """Shows the keys of one part ("year", "month", "day"); `chosen(part, number)` tells which was touched."""

    chosen = Signal(str, int)

    def __init__(self, first: date, last: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.first, self.last = first, last
        self.part, self._decades = "year", False
        self._year = self._month = self._day = 0
        self._page = 0
        self._keys: list[KeyButton] = []
        self._numbers: list[int] = []
        self._places: list[tuple[int, int]] = []
        self._earlier = self._foot(translate("Days", "更早"), "chevron-left", lambda: self._turn(1))
        self._by_decade = self._foot("", "calendar", self._toggle_decades)
        self._later = self._foot(translate("Days", "更晚"), "chevron-right", lambda: self._turn(-1))

    def _foot(self, words: str, icon: str, act: object) -> KeyButton:
        key = KeyButton(words, icon, self, size="body")
        key.set_look(QUIET)
        key.clicked.connect(act)
        return key

    def show_part(self, part: str, year: int, month: int, day: int) -> None:
        """Offer the numbers of `part`; 0 means not chosen yet."""
        changed = part != self.part
        self.part, self._year, self._month, self._day = part, year, month, day
        if changed or part == "year":
            self._decades = False
        if part == "year" and year:
            self._page = max(0, (self.last.year - year) // PER_PAGE)
        elif changed:
            self._page = 0
        self._fill()

    def key(self, number: int) -> KeyButton:
        """The key of a number that is shown. Raises KeyError."""
        for shown, key in zip(self._numbers, self._keys, strict=False):
            if shown == number and not key.isHidden():
                return key
        raise KeyError(number)

    @property
    def foot(self) -> tuple[KeyButton, KeyButton, KeyButton]:
        """更早, 按年代选, 更晚."""
        return self._earlier, self._by_decade, self._later

    def _turn(self, by: int) -> None:
        self._page = max(0, min(self._page + by, self._pages() - 1))
        self._fill()

    def _pages(self) -> int:
        return -(-(self.last.year - self.first.year + 1) // PER_PAGE)

    def _toggle_decades(self) -> None:
        self._decades = not self._decades
        self._fill()

    def _offered(self) -> list[int]:
        if self.part == "month":
            return list(range(1, 13))
        if self.part == "day":
            return list(range(1, calendar.monthrange(self._year or 2000, self._month or 1)[1] + 1))
        if self._decades:
            decades = list(range(self.first.year // 10 * 10, self.last.year + 1, 10))
            return decades[-PER_PAGE:]
        end = self.last.year - self._page * PER_PAGE
        return list(range(max(self.first.year, end - PER_PAGE + 1), end + 1))

    def _allowed(self, number: int) -> bool:
        if self.part == "year":
            return True
        if self.part == "month":
            month = (self._year, number)
            return (self.first.year, self.first.month) <= month <= (self.last.year, self.last.month)
        return self.first <= date(self._year or 2000, self._month or 1, number) <= self.last

    def _words(self, number: int) -> str:
        if self.part == "month":
            return translate("Days", "{month}月").format(month=number)
        if self.part == "year" and self._decades:
            return translate("Days", "{year}年代").format(year=number)
        return str(number)

    def _fill(self) -> None:
        self._numbers = self._offered()
        while len(self._keys) < len(self._numbers):
            number = len(self._keys)
            key = KeyButton("", "", self, size="heading")
            key.clicked.connect(lambda _=False, i=number: self._touched(i))
            self._keys.append(key)
        chosen = {"year": self._year, "month": self._month, "day": self._day}[self.part]
        for index, key in enumerate(self._keys):
            if index < len(self._numbers):
                number = self._numbers[index]
                key.set_words(self._words(number))
                key.set_look(CHOSEN if number == chosen and not self._decades else PLAIN)
                key.setEnabled(self._allowed(number))
        years = self.part == "year"
        self._earlier.setEnabled(years and not self._decades and self._page < self._pages() - 1)
        self._later.setEnabled(years and not self._decades and self._page > 0)
        words = translate("Days", "一年一年选") if self._decades else translate("Days", "按年代选")
        self._by_decade.set_words(words)
        self.fit(self.width(), self.height())

    def _touched(self, index: int) -> None:
        number = self._numbers[index]
        if self.part == "year" and self._decades:
            self._decades = False
            # The page whose years begin the decade: its last year is 11 later.
            self._page = max(0, (self.last.year - number - PER_PAGE + 1 + PER_PAGE - 1) // PER_PAGE)
            self._page = self._page_with(number)
            self._fill()
            return
        self.chosen.emit(self.part, number)

    def _page_with(self, year: int) -> int:
        return max(0, min((self.last.year - year) // PER_PAGE, self._pages() - 1))

    def _columns(self, width: int) -> int:
        t = self.tokens
        gap = t.space(2)
        broad = width >= t.space(260)
        if self.part == "day":
            return max(7, min((width + gap) // (t.key + gap), 11)) if broad else 7
        return 6 if broad else 4

    def least(self, width: int) -> int:
        """The height of the tallest part at key height, so that choosing never makes the page jump."""
        t, gap = self.tokens, self.tokens.space(2)
        columns = self._columns(width)
        part, self.part = self.part, "day"
        days = -(-31 // self._columns(width))
        self.part = part
        years = -(-PER_PAGE // (6 if columns != 4 and width >= t.space(260) else 4)) + 1
        rows = max(days, years)
        return rows * t.key + (rows - 1) * gap

    def fit(self, width: int, room: int) -> int:
        """Lay the keys out; the height used is the same for year, month and day."""
        t, gap = self.tokens, self.tokens.space(2)
        columns = self._columns(width)
        least = self.least(width)
        rows = (least + gap) // (t.key + gap)
        tall = min(t.primary, (max(room, least) - gap * (rows - 1)) // rows)
        wide = (width - gap * (columns - 1)) // columns
        for index, key in enumerate(self._keys):
            key.setVisible(index < len(self._numbers))
            row, column = divmod(index, columns)
            key.setGeometry(column * (wide + gap), row * (tall + gap), wide, tall)
        years = self.part == "year"
        row = -(-PER_PAGE // columns)
        third = (width - 2 * gap) // 3
        for place, foot in enumerate(self.foot):
            foot.setVisible(years)
            foot.setGeometry(place * (third + gap), row * (tall + gap), third, tall)
        return rows * tall + (rows - 1) * gap

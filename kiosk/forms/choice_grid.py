# SPDX-License-Identifier: Apache-2.0
"""Choices as large tiles, side by side where their words allow it, at most six on a screen, the rest paged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from contract.fields import Choice
from kiosk.theme.current import theme_of
from kiosk.widgets.pager import Pager
from kiosk.widgets.painting import text_width
from kiosk.widgets.tiles import ChoiceTile

MOST = 6
GROW = 1.4


class ChoiceGrid(QWidget):
    """`chosen(code)` tells which tile was touched; `mark` is "radio" (one of them) or "tick" (several)."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[Choice], mark: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self.choices = tuple(choices)
        self.tiles: dict[str, ChoiceTile] = {}
        for choice in self.choices:
            tile = ChoiceTile(choice.label, "", "", self, mark=mark, checkable=True)
            tile.clicked.connect(lambda _=False, code=choice.code: self.chosen.emit(code))
            self.tiles[choice.code] = tile
        self.pager = Pager(self)
        self.pager.turned.connect(self._turn)
        self.index = 0
        self._seen = False

    def tile(self, code: str) -> ChoiceTile:
        """The tile of a choice. Raises KeyError."""
        return self.tiles[code]

    def check(self, codes: Iterable[str]) -> None:
        """Mark these as chosen."""
        wanted = set(codes)
        for code, tile in self.tiles.items():
            tile.setChecked(code in wanted)
        if not self._seen and wanted:
            self._seen = True
            self.show_choice(next((c.code for c in self.choices if c.code in wanted), ""))

    def show_choice(self, code: str) -> None:
        """Turn to the page with this choice."""
        codes = [c.code for c in self.choices]
        if code in codes:
            self.index = codes.index(code) // max(1, self._per_page(self.width(), self.height())[0])
            self.fit(self.width(), self.height())

    def _columns(self, width: int) -> int:
        t = self.tokens
        longest = max((text_width(c.label, t.heading, bold=True) for c in self.choices), default=0)
        need = longest + t.space(6) * 2 + t.space(8) + t.space(4)
        for columns in (3, 2):
            if columns <= len(self.choices) and need * columns + t.gap * (columns - 1) <= width:
                # Three short rows of two read easier than two of three, where the height allows it.
                return 2 if columns == 3 and width < t.space(260) else columns
        return 1

    def _tile_height(self, width: int, columns: int) -> int:
        wide = (width - self.tokens.gap * (columns - 1)) // columns
        return max((tile.heightForWidth(wide) for tile in self.tiles.values()), default=self.tokens.primary)

    def _per_page(self, width: int, room: int) -> tuple[int, int, int]:
        """Tiles on a page, columns, and the height of a tile. Pages are of even length."""
        t, count = self.tokens, len(self.choices)
        columns = self._columns(width)
        tall = self._tile_height(width, columns)
        low = max(t.key, tall - t.primary + t.key)
        for height in (tall, low):
            if count <= MOST and -(-count // columns) * (height + t.gap) - t.gap <= room:
                return count, columns, height
        rest = room - self.pager.sizeHint().height()
        most = MOST - MOST % columns
        for height in (tall, low):
            fits = max(1, rest // (height + t.gap)) * columns
            if fits >= most or height == low:
                break
        pages = -(-count // max(1, min(most, fits)))
        even = -(-count // pages)
        return min(-(-even // columns) * columns, max(columns, min(most, fits))), columns, height

    def least(self, width: int) -> int:
        """Two rows of tiles and the pager, or all there are."""
        t = self.tokens
        columns = self._columns(width)
        rows = -(-len(self.choices) // columns)
        tall = max(t.key, self._tile_height(width, columns) - t.primary + t.key)
        if rows <= 2:
            return rows * (tall + t.gap) - t.gap
        return 2 * (tall + t.gap) + self.pager.sizeHint().height()

    def fit(self, width: int, room: int) -> int:
        """Lay the tiles out in at most `room`; the height used."""
        t = self.tokens
        per_page, columns, height = self._per_page(width, room)
        pages = max(1, -(-len(self.choices) // per_page))
        self.index = min(self.index, pages - 1)
        wide = (width - t.gap * (columns - 1)) // columns
        rows = -(-min(per_page, len(self.choices)) // columns)
        foot = t.gap + self.pager.sizeHint().height() if pages > 1 else 0
        # Where there is room the targets grow, within reason.
        height = max(height, min(round(t.primary * GROW), (room - foot + t.gap) // rows - t.gap))
        first = self.index * per_page
        for place, choice in enumerate(self.choices):
            tile, at = self.tiles[choice.code], place - first
            tile.setVisible(0 <= at < per_page)
            if 0 <= at < per_page:
                row, column = divmod(at, columns)
                tile.setGeometry(column * (wide + t.gap), row * (height + t.gap), wide, height)
        used = rows * (height + t.gap) - t.gap
        self.pager.set_pages(self.index, pages)
        if pages > 1:
            self.pager.setGeometry(0, used + t.gap, width, self.pager.sizeHint().height())
            used += t.gap + self.pager.sizeHint().height()
        return used

    def _turn(self, index: int) -> None:
        self.index = index
        self.fit(self.width(), self.height())

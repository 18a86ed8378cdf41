# SPDX-License-Identifier: Apache-2.0
"""A place, chosen level by level down to the village."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from contract.fields import Choice, Field
from contract.items import Area
from kiosk.forms.choice_grid import ChoiceGrid
from kiosk.forms.editors.base import Editor
from kiosk.frame.page import PageContext
from kiosk.widgets.buttons import SecondaryButton


class AreaEditor(Editor):
    """Type `area`: the value is a village's code. Levels with a single place are passed through by themselves."""

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        self.path: list[Area] = []
        self._crumbs: list[SecondaryButton] = []
        self.grid: ChoiceGrid | None = None
        self._descend(context.catalogue.areas)
        self._build()

    def _descend(self, areas: tuple[Area, ...]) -> None:
        while len(areas) == 1 and areas[0].children:
            self.path.append(areas[0])
            areas = areas[0].children

    @property
    def level(self) -> tuple[Area, ...]:
        """The places to choose from now."""
        return self.path[-1].children if self.path else self.context.catalogue.areas

    def set_value(self, data: Any) -> None:
        if data == self.value and self.grid is not None:
            return
        self.value = data
        found = _way(self.context.catalogue.areas, str(data or ""))
        if found:
            self.path = list(found[:-1])
            self._build()

    def _build(self) -> None:
        for old in (*self._crumbs, self.grid):
            if old is not None:
                old.hide()
                old.deleteLater()
        self._crumbs = []
        for depth, area in enumerate(self.path):
            crumb = SecondaryButton(self.context.text(area.name), "map-pin" if not depth else "", self)
            crumb.clicked.connect(lambda _=False, d=depth: self._up(d))
            # A level with only one place to go has nothing to choose again.
            above = self.path[depth - 1].children if depth else self.context.catalogue.areas
            crumb.setEnabled(len(above) > 1)
            crumb.show()
            self._crumbs.append(crumb)
        choices = [Choice(a.code, self.context.text(a.name)) for a in self.level]
        self.grid = ChoiceGrid(choices, "radio", self)
        self.grid.check([str(self.value)])
        self.grid.chosen.connect(self._chosen)
        self.grid.show()
        self.fit(self.width(), self.height())

    def _up(self, depth: int) -> None:
        self.path = self.path[:depth]
        self._build()
        self.refit.emit()

    def _chosen(self, code: str) -> None:
        area = next((a for a in self.level if a.code == code), None)
        if area is None:
            return  # a second touch on a tile of the level before, which is just going
        if area.children:
            self.path.append(area)
            self._descend_below(area)
            self._build()
            self.refit.emit()
            return
        assert self.grid is not None
        self.grid.check([code])
        self.take(code)
        self.finished.emit()

    def _descend_below(self, area: Area) -> None:
        while len(area.children) == 1 and area.children[0].children:
            area = area.children[0]
            self.path.append(area)

    def _crumb_row(self) -> int:
        return self.tokens.key + self.tokens.gap if self._crumbs else 0

    def least(self, width: int) -> int:
        assert self.grid is not None
        return self._crumb_row() + self.grid.least(width)

    def fit(self, width: int, room: int) -> int:
        assert self.grid is not None
        t = self.tokens
        count = max(1, len(self._crumbs))
        wide = (width - t.space(2) * (count - 1)) // count
        for place, crumb in enumerate(self._crumbs):
            crumb.setGeometry(place * (wide + t.space(2)), 0, wide, t.key)
        top = self._crumb_row()
        height = self.grid.fit(width, max(room - top, self.grid.least(width)))
        self.grid.setGeometry(0, top, width, height)
        return top + height


def _way(areas: tuple[Area, ...], code: str) -> tuple[Area, ...]:
    for area in areas:
        if area.code == code:
            return (area,)
        if below := _way(area.children, code):
            return (area, *below)
    return ()

# SPDX-License-Identifier: Apache-2.0
"""One of a list, or several of it, as large tiles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from contract.fields import Field
from kiosk.forms.choice_grid import ChoiceGrid
from kiosk.forms.editors.base import Editor
from kiosk.frame.page import PageContext

NONE = "none"
"""The code that means "none of these": it goes with no other."""


class ChoiceEditor(Editor):
    """Type `code`: the value is the code touched."""

    mark = "radio"

    def __init__(self, field: Field, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(field, context, parent)
        choices = [replace(choice, label=context.text(choice.label)) for choice in field.choices]
        self.grid = ChoiceGrid(choices, self.mark, self)
        self.grid.chosen.connect(self._chosen)

    def set_value(self, data: Any) -> None:
        self.value = data
        self.grid.check([data] if isinstance(data, str) else [])

    def _chosen(self, code: str) -> None:
        self.grid.check([code])
        self.take(code)
        self.finished.emit()

    def least(self, width: int) -> int:
        return self.grid.least(width)

    def fit(self, width: int, room: int) -> int:
        height = self.grid.fit(width, max(room, self.grid.least(width)))
        self.grid.setGeometry(0, 0, width, height)
        return height


class ChoicesEditor(ChoiceEditor):
    """Type `codes`: the value is the list of codes in the order of the form."""

    mark = "tick"

    def set_value(self, data: Any) -> None:
        self.value = data
        self.grid.check(data if isinstance(data, list) else [])

    def _chosen(self, code: str) -> None:
        before = set(self.value if isinstance(self.value, list) else [])
        after = before ^ {code}
        if code in after and code == NONE:
            after = {NONE}
        elif code in after:
            after.discard(NONE)
        given = [choice.code for choice in self.grid.choices if choice.code in after]
        self.grid.check(given)
        self.take(given or None)

    def hint(self) -> str:
        words = super().hint()
        several = self.tr("可以选好几个")
        return f"{words}　{several}" if words else several

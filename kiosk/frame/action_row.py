# SPDX-License-Identifier: Apache-2.0
"""The row above the bottom bar: other ways on at the left, the one primary action at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.frame.page import ActionSpec
from kiosk.theme.current import theme_of
from kiosk.widgets.buttons import DANGER, PRIMARY, SECONDARY, Button

LOOKS = {"primary": PRIMARY, "secondary": SECONDARY, "danger": DANGER}


class ActionRow(QWidget):
    """`set_actions` shows them; `chosen(ActionSpec)` tells which was touched."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(max(t.gap, t.space(6)))
        self._specs: tuple[ActionSpec, ...] = ()
        self._buttons: list[Button] = []

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons shown, left to right."""
        return tuple(self._buttons)

    def set_actions(self, left: Sequence[ActionSpec], primary: ActionSpec | None) -> None:
        """Show these; buttons are made anew only where words or looks differ."""
        specs = (*left, *((primary,) if primary else ()))
        same = len(specs) == len(self._specs) and all(
            (a.text, a.icon, a.kind, a.icon_after) == (b.text, b.icon, b.kind, b.icon_after)
            for a, b in zip(specs, self._specs, strict=True)
        )
        self._specs = specs
        if not same:
            self._rebuild(specs, primary)
        for button, spec in zip(self._buttons, specs, strict=True):
            button.setEnabled(spec.enabled)
        self.setVisible(bool(specs))

    def _rebuild(self, specs: Sequence[ActionSpec], primary: ActionSpec | None) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for index, spec in enumerate(specs):
            strong = spec.kind != "secondary"
            button = Button(
                spec.text,
                spec.icon,
                self,
                look=LOOKS[spec.kind],
                bold=strong or spec is not primary,
                minimum="primary",
                icon_after=spec.icon_after,
            )
            button.clicked.connect(lambda _=False, i=index: self.chosen.emit(self._specs[i]))
            self._row.addWidget(button, 2 if spec is primary and len(specs) < 3 else 1)
            self._buttons.append(button)

# SPDX-License-Identifier: Apache-2.0
"""Where the fields of one question stand, and the keys they are typed with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kiosk.forms.editors.base import Editor
from kiosk.forms.pads import Pads
from kiosk.forms.paper_row import PaperRow
from kiosk.forms.slots import Slot
from kiosk.widgets.keypad import Keypad
from kiosk.widgets.pinyin_keyboard import PinyinKeyboard
from kiosk.widgets.surfaces import Note
from kiosk.widgets.text import Heading, Secondary

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is to arrange. `place` says which of how many the open field is, `quiet` what to do where none is."""

    slots: tuple[Slot, ...]
    active: Slot | None
    editor: Editor | None
    rows: Mapping[str, PaperRow]
    label_needed: bool
    place: str
    quiet: str


class FieldLayout:
    """Lays out the fields of one question in `board`, and what is written around the open one."""

    def __init__(self, board: QWidget, pads: Pads) -> None:
        self.tokens = pads.context.tokens
        self.pads = pads
        self._board = board
        self._now = Contents((), None, None, {}, False, "", "")
        self.label = Heading("", board)
        self.place = Secondary("", board)
        self.place.setWordWrap(False)
        self.hint = Secondary("", board)
        self.problem = Note("fault", "", "", board)
        self.quiet = Note("info", "", "", board)

    @property
    def wide(self) -> bool:
        """Whether it needs the full width in landscape: fields left, keyboard right."""
        return self.pads.landscape and isinstance(self.pads.shown, PinyinKeyboard)

    def arrange(self, contents: Contents) -> None:
        """Rows above and below the open field, as many as there is room for; the pad at the bottom or right."""
        self._now = contents
        t = self.tokens
        width, height = self._board.width(), self._board.height()
        if width < 2 or height < 2:
            return
        pad = self.pads.shown
        if pad is not None and not (self.pads.landscape and not self.wide):
            tall = pad.sizeHint().height()
            if isinstance(pad, Keypad):  # larger keys where nothing else wants the room
                tall = max(tall, min(round(tall * 1.4), round(height * 0.44)))
            if self.wide:
                tall = min(tall, height)
                keys = min(round(width * 0.64), t.space(330))
                pad.setGeometry(width - keys, height - tall, keys, tall)
                width -= keys + t.margin
            else:
                pad.setGeometry(0, height - tall, width, tall)
                height -= tall + t.space(4)
        self._lay_fields(width, height)

    def _lay_fields(self, width: int, height: int) -> None:
        t = self.tokens
        index = self._now.slots.index(self._now.active) if self._now.active in self._now.slots else -1
        shown, room = self._rows_with_room(index, width, height)
        top = 0
        before = [s for i, s in enumerate(self._now.slots) if i < index or index < 0]
        after = [s for i, s in enumerate(self._now.slots) if index >= 0 and i > index]
        top = self._lay_rows([s for s in before if s.path in shown], top, width)
        self.quiet.hide()
        if index >= 0:
            hidden = len(self._now.slots) - 1 > len(shown)
            top = self._lay_open(top, width, room, hidden) + t.space(4)
        else:
            for widget in (self.label, self.place, self.hint, self.problem):
                widget.hide()
            self._lay_quiet(top, width, height)
        self._lay_rows([s for s in after if s.path in shown], top, width)
        for path, row in self._now.rows.items():
            row.setVisible(path in shown)

    def _lay_quiet(self, top: int, width: int, height: int) -> None:
        """Nothing is open: say what can be done with the lines above."""
        self.quiet.set_words(self._now.quiet)
        tall = self.quiet.heightForWidth(width)
        if self._now.slots and top + tall <= height:
            self.quiet.setGeometry(0, top, width, tall)
            self.quiet.show()

    def _lay_rows(self, slots: Sequence[Slot], top: int, width: int) -> int:
        """Rows of one sheet share their rules; alone on the page they are taller."""
        t = self.tokens
        natural = sum(self._now.rows[slot.path].heightForWidth(width) for slot in slots)
        spare = 0
        if slots and self._now.active is None:
            spare = max(0, min((self._board.height() - natural) // len(slots), t.primary - t.key + t.space(4)))
        for slot in slots:
            row = self._now.rows[slot.path]
            tall = row.heightForWidth(width) + spare
            row.setGeometry(0, top, width, tall)
            top += tall - self.tokens.border
        return top + self.tokens.space(5) if slots else top

    def _fixed(self, width: int) -> int:
        """Label and problem above and below the editor."""
        t = self.tokens
        tall = 0
        if self._now.label_needed:
            tall += self.label.heightForWidth(width) + t.space(2)
        if self.problem.head.text():
            tall += self.problem.heightForWidth(width) + t.space(3)
        return tall

    def _rows_with_room(self, index: int, width: int, height: int) -> tuple[set[str], int]:
        """The paths of the closed rows there is room for, and the room left for the open field."""
        t = self.tokens
        order = list(self._now.slots)
        if index >= 0:
            order = [*reversed(self._now.slots[:index]), *self._now.slots[index + 1 :]]
        assert self._now.editor is not None or index < 0
        hint = self.hint.heightForWidth(width) + t.space(3) if self.hint.text() else 0
        need = (
            self._fixed(width)
            + hint
            + (self._now.editor.least(width) if self._now.editor is not None and index >= 0 else 0)
        )
        if index >= 0 and self._now.editor is not None:
            need = max(need, min(height, self._fixed(width) + hint + self._now.editor.fit(width, height // 2)))
        shown: set[str] = set()
        used = t.space(9) if index >= 0 else 0
        for slot in order:
            tall = self._now.rows[slot.path].heightForWidth(width) - t.border
            if need + used + tall > height:
                break
            used += tall
            shown.add(slot.path)
        return shown, height - (used if shown else 0)

    def _lay_open(self, top: int, width: int, room: int, hidden: bool) -> int:
        t = self.tokens
        assert self._now.editor is not None
        end = top + room
        needed = self._now.label_needed
        self.label.setVisible(needed)
        self.place.setVisible(hidden)
        place = 0
        if hidden:
            self.place.setText(self._now.place)
            place = self.place.sizeHint().width()
        if needed:
            tall = self.label.heightForWidth(width - place)
            self.label.setGeometry(0, top, width - place, tall)
            self.place.setGeometry(width - place, top, place, tall)
            top += tall + t.space(2)
        problem = self.problem.heightForWidth(width) + t.space(3) if self.problem.head.text() else 0
        hint = self.hint.heightForWidth(width) + t.space(3) if self.hint.text() else 0
        if hint and self._now.editor.least(width) + hint + problem > end - top:
            hint = 0
        tall = self._now.editor.fit(width, max(self._now.editor.least(width), end - top - hint - problem))
        self._now.editor.setGeometry(0, top, width, tall)
        top += tall
        self.hint.setVisible(bool(hint))
        if hint:
            self.hint.setGeometry(0, top + t.space(3), width, hint - t.space(3))
            top += hint
        self.problem.setVisible(bool(problem))
        if problem:
            self.problem.setGeometry(0, top + t.space(3), width, problem - t.space(3))
            top += problem
        return top

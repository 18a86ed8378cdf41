# SPDX-License-Identifier: Apache-2.0
"""The fields of one question: one of them open to be filled in, the others as lines of a filled form."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from contract.application import Value
from contract.checking import Problem
from kiosk.forms.editors.base import Editor
from kiosk.forms.editors.factory import make_editor
from kiosk.forms.editors.table import TableEditor
from kiosk.forms.field_layout import Contents, FieldLayout
from kiosk.forms.pads import Pads
from kiosk.forms.paper_row import PaperRow
from kiosk.forms.problem_text import problem_text
from kiosk.forms.slots import Slot, asked_by, is_empty
from kiosk.forms.sources import source_words
from kiosk.forms.value_words import value_words
from kiosk.frame.page import PageContext

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

LONGEST_LINE = 60
"""Characters of a long text in a closed line; all of it is in the editor and on the review."""


class FieldBoard(QWidget):
    """Draws slots and edits them.

    Signals: `given(field_id, data)` is the item's field with its whole new value; `row_opened(field_id, index)`
    asks for the page of a table's row; `wish(intent)` is something other than a value; `changed()` when title,
    actions or help should be read anew.
    """

    given = Signal(str, object)
    row_opened = Signal(str, int)
    wish = Signal(object)
    changed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.tokens = context, context.tokens
        self._key: Hashable = None
        self._slots: tuple[Slot, ...] = ()
        self._values: Mapping[str, Value] = {}
        self._problems: dict[str, Problem] = {}
        self._title = ""
        self._active: Slot | None = None
        self._history: list[str] = []
        self._seen: set[str] = set()
        self.editor: Editor | None = None
        self._view: VisitView | None = None
        self.rows: dict[str, PaperRow] = {}
        self.pads = Pads(context, self)
        self._layout = FieldLayout(self, self.pads)

    # --- what the page tells the board ------------------------------------------------------------------------

    def show_slots(
        self,
        key: Hashable,
        slots: Sequence[Slot],
        values: Mapping[str, Value],
        problems: Mapping[str, Problem],
        *,
        title: str = "",
        view: VisitView | None = None,
    ) -> None:
        """Show these values. With another `key` it is another question: the first thing missing is opened."""
        fresh = key != self._key
        news = {path: p for path, p in problems.items() if self._problems.get(path) != p}
        self._slots, self._values, self._title, self._view = tuple(slots), values, title, view
        self._problems = dict(problems)
        if fresh:
            self._key, self._history, self._seen = key, [], set()
            self._open(self._first())
        elif news and (wrong := self._with_problem()) is not None and wrong != self._active:
            self._open(wrong)
        elif self._active is not None:
            still = next((s for s in self._slots if s.path == self._active.path), None)
            if still is None:
                self._open(self._first())
            else:
                self._active = still
        self._refresh()

    def set_problem(self, path: str, problem: Problem) -> None:
        """Show a problem at once, found before the visit was asked."""
        self._problems[path] = problem
        slot = self._slot_for(path)
        if slot is not None and slot != self._active:
            self._open(slot)
        self._refresh()

    def open(self, path: str) -> None:
        """Open the field at `path`. Raises KeyError."""
        slot = next((s for s in self._slots if s.path == path), None)
        if slot is None or slot.locked:
            raise KeyError(path)
        self._step_to(slot)

    def open_next(self) -> bool:
        """Open the next field that was not yet looked at and has no value, or has a problem; False: none left."""
        start = self._slots.index(self._active) + 1 if self._active in self._slots else 0
        for slot in self._slots[start:]:
            fresh = is_empty(self.data_of(slot)) and slot.path not in self._seen
            if not slot.locked and (fresh or self._problem_of(slot) is not None):
                self._step_to(slot)
                return True
        return False

    def back(self) -> bool:
        """Open the field that was open before; False where there was none."""
        if not self._history:
            return False
        path = self._history.pop()
        self._open(next((s for s in self._slots if s.path == path), None))
        self._refresh()
        self.changed.emit()
        return True

    # --- what the page may ask --------------------------------------------------------------------------------

    @property
    def active(self) -> Slot | None:
        """The slot open now."""
        return self._active

    @property
    def wide(self) -> bool:
        """Whether it needs the full width in landscape: fields left, keyboard right."""
        return self._layout.wide

    def side(self) -> QWidget | None:
        """For the right third in landscape."""
        return self.pads.side(self._hint_words() if not self._layout.hint.isVisibleTo(self) else "")

    def data_of(self, slot: Slot) -> Any:
        """The bare value of a slot."""
        return slot.read(self._bare())

    def spoken(self) -> str:
        """The fields in words, the open one with what helps to fill it."""
        words = []
        for slot in self._slots:
            label = self.context.text(slot.field.label)
            value = value_words(slot.field, self.data_of(slot), self.context)
            if slot == self._active:
                problem = self._problem_of(slot)
                more = problem_text(problem, slot.field) if problem else self._hint_words()
                words.append(f"{label}。{more}")
            elif value:
                words.append(f"{label}，{value}")
        return "。".join(words)

    # --- inside -----------------------------------------------------------------------------------------------

    def _bare(self) -> dict[str, Any]:
        return {name: value.data for name, value in self._values.items()}

    def _first(self) -> Slot | None:
        wrong = self._with_problem()
        if wrong is not None:
            return wrong
        free = [s for s in self._slots if not s.locked]
        if len(free) == 1 and (len(self._slots) == 1 or is_empty(self.data_of(free[0]))):
            return free[0]
        return next((s for s in free if is_empty(self.data_of(s)) and asked_by(s)), None)

    def _with_problem(self) -> Slot | None:
        return next((s for s in self._slots if not s.locked and self._problem_of(s) is not None), None)

    def _slot_for(self, path: str) -> Slot | None:
        fits = [s for s in self._slots if path == s.path or re.match(re.escape(s.path) + r"[.\[]", path)]
        return fits[0] if fits else None

    def _problem_of(self, slot: Slot) -> Problem | None:
        if slot.path in self._problems:
            return self._problems[slot.path]
        if slot.field.type == "table":
            return next((p for path, p in self._problems.items() if path.startswith(f"{slot.path}[")), None)
        # A group that is missing as a whole is missing in its first part.
        whole = self._problems.get(slot.root.id)
        if whole is not None and slot.parts and is_empty(self.data_of(slot)) and asked_by(slot):
            return whole
        return None

    def _step_to(self, slot: Slot) -> None:
        if self._active is not None and self._active != slot:
            self._history.append(self._active.path)
        self._open(slot)
        self._refresh()
        self.changed.emit()

    def _open(self, slot: Slot | None) -> None:
        same = slot is not None and self._active is not None and slot.path == self._active.path
        self._active = slot
        if slot is not None:
            self._seen.add(slot.path)
        if same and self.editor is not None:
            return
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
        if slot is None:
            return
        editor = make_editor(slot.field, self.context, self)
        editor.set_value(self.data_of(slot))
        editor.edited.connect(self._edited)
        editor.finished.connect(self._finished)
        editor.wish.connect(self.wish)
        editor.refit.connect(self._arrange)
        if isinstance(editor, TableEditor):
            editor.row_opened.connect(lambda index, s=slot: self.row_opened.emit(s.root.id, index))
        self.editor = editor
        editor.show()

    def _edited(self, data: Any) -> None:
        slot = self._active
        if slot is None:
            return
        for path in [p for p in self._problems if self._slot_for(p) == slot or p == slot.root.id]:
            del self._problems[path]
        whole = slot.write(self._bare(), data)
        self.given.emit(slot.root.id, None if is_empty(whole) else whole)
        self._say()
        self._arrange()

    def _finished(self) -> None:
        slot = self._active
        if slot is None or slot not in self._slots:
            return
        later = self._slots[self._slots.index(slot) + 1 :]
        if any(is_empty(self.data_of(s)) and not s.locked and s.path not in self._seen for s in later):
            self.open_next()

    def _refresh(self) -> None:
        if self.editor is not None and self._active is not None:
            self.editor.set_value(self.data_of(self._active))
            if self._view is not None:
                self.editor.set_view(self._view)
            if isinstance(self.editor, TableEditor):
                self.editor.set_problems(self._problems)
        self.pads.serve(self.editor)
        self._fill_rows()
        self._say()
        self._arrange()
        if self.editor is not None and self.editor.focusProxy() is not None and self.isVisible():
            self.editor.setFocus()

    def _fill_rows(self) -> None:
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows = {slot.path: self._row(slot) for slot in self._slots if slot != self._active}

    def _row(self, slot: Slot) -> PaperRow:
        data = self.data_of(slot)
        words = value_words(slot.field, data, self.context)
        if len(words) > LONGEST_LINE:
            words = self.tr("{start}……（共 {count} 个字）").format(start=words[:LONGEST_LINE], count=len(words))
        problem = self._problem_of(slot)
        value = self._values.get(slot.root.id)
        action = "" if slot.locked else (self.tr("改") if words else self.tr("填"))
        row = PaperRow(
            self.context.text(slot.field.label),
            words or self.tr("还没填"),
            source_words(value) if words else "",
            action,
            self,
            quiet=not words,
            problem=problem_text(problem, slot.field) if problem else "",
            ruled=any(not s.locked for s in self._slots),
            large=self._active is None,
        )
        if action:
            row.clicked.connect(lambda _=False, s=slot: self._step_to(s))
        return row

    def _hint_words(self) -> str:
        return self.editor.hint() if self.editor is not None else ""

    def _say(self) -> None:
        slot = self._active
        if slot is None:
            return
        label = self.context.text(slot.field.label)
        if not asked_by(slot):
            label = self.tr("{label}（可以不填）").format(label=label)
        self._layout.label.setText(label)
        self._layout.hint.setText(self._hint_words())
        problem = self._problem_of(slot)
        self._layout.problem.set_words(problem_text(problem, slot.field) if problem else "")

    def _label_needed(self) -> bool:
        """A lone field whose name already stands in the question above needs no label."""
        if self._active is None:
            return False
        bare = re.sub(r"[？?，。：:\s]", "", self.context.text(self._active.field.label))
        return len(self._slots) > 1 or bare not in re.sub(r"[？?，。：:\s]", "", self._title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        self._layout.arrange(
            Contents(
                self._slots,
                self._active,
                self.editor,
                self.rows,
                self._label_needed(),
                self._place_words(),
                self._quiet_words(),
            )
        )

    def _place_words(self) -> str:
        if self._active not in self._slots:
            return ""
        return self.tr("第 {n} 项，共 {count} 项").format(n=self._slots.index(self._active) + 1, count=len(self._slots))

    def _quiet_words(self) -> str:
        """Nothing is open: what can be done with the lines above."""
        if all(slot.locked for slot in self._slots):
            return self.tr("这些是从身份证上读的，不用填。有不对的，请叫工作人员。")
        return self.tr("都填好了。要改哪一项，点它右边的“改”。")

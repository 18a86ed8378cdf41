# SPDX-License-Identifier: Apache-2.0
"""The page that draws every form of every item from the item's definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from contract.checking import Problem, check_values
from contract.fields import Field
from kiosk.forms.board import FieldBoard
from kiosk.forms.slots import Slot, is_empty, row_slots, slots_of
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.messages import message_text
from kiosk.visit import intents
from kiosk.widgets.surfaces import Note

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

AT_THE_FIELD = ("page-incomplete",)
"""Messages that the fields themselves say better."""


class FormPage(Page):
    """One question of a form: 1-3 fields, or one row of a table. Every change is reported at once."""

    shows_message = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view: VisitView | None = None
        self._row: tuple[str, int] | None = None
        self._page_key: tuple[str, str, str] | None = None
        self._note = Note("info", "", "", self)
        self._note_kind = "info"
        self._note.hide()
        self.board = FieldBoard(context, self)
        self.board.given.connect(lambda field_id, data: self.say(intents.SetValue(field_id, data)))
        self.board.wish.connect(self.intent)
        self.board.row_opened.connect(self._open_row)
        self.board.changed.connect(self.changed)

    # --- what the shell asks ----------------------------------------------------------------------------------

    @property
    def wide(self) -> bool:
        """With the keyboard the page takes the full width in landscape."""
        return self.board.wide

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        if visit.item is None or visit.page is None:
            return
        key = (visit.visit_id, visit.item.id, visit.page.id)
        if key != self._page_key:
            self._page_key, self._row = key, None
        self._show_message(visit)
        self._show_slots()

    def title(self) -> str:
        if self._row is not None:
            table, number = self._table(), self._row[1]
            return self.tr("{what}：第 {n} 行").format(what=self.context.text(table.label), n=number + 1)
        return self.context.text(self._view.page.title) if self._view is not None and self._view.page else ""

    def spoken(self) -> str:
        note = self._note.head.text() if self._note.isVisibleTo(self) else ""
        return "。".join(part for part in (note, self.title(), self.board.spoken()) if part)

    def help_widget(self) -> QWidget | None:
        return self.board.side()

    def help_text(self) -> str:
        if self.board.active is not None:
            return self.board.editor.hint() if self.board.editor is not None else ""
        if any(slot.locked for slot in self._slots()):
            return self.tr("身份证上读来的不用填。不对的话，请叫工作人员。")
        return self.tr("填好了还可以改，点那一行的“改”就行。")

    def primary(self) -> ActionSpec | None:
        if self._row is not None and self._last_of_row():
            return ActionSpec(self.tr("这一行填好了"), "check", run=self._next)
        return ActionSpec(self.tr("下一步"), "arrow-right", run=self._next, icon_after=True)

    def go_back(self) -> bool:
        if self.board.back():
            return True
        if self._row is not None:
            self._leave_row()
            return True
        return False

    # --- inside -----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay()
        super().resizeEvent(event)

    def _lay(self) -> None:
        t, top = self.tokens, self.tokens.space(1)
        if not self._note.isHidden():
            tall = self._note.heightForWidth(self.width())
            self._note.setGeometry(0, top, self.width(), tall)
            top += tall + t.space(4)
        self.board.setGeometry(0, top, self.width(), max(1, self.height() - top))

    def _show_message(self, visit: VisitView) -> None:
        message = visit.message
        words = message_text(message) if message is not None and message.code not in AT_THE_FIELD else ""
        kind = message.kind if message is not None else "info"
        if kind != self._note_kind:
            self._note.hide()
            self._note.deleteLater()
            self._note, self._note_kind = Note(kind, "", "", self), kind
        self._note.set_words(words)
        self._note.setVisible(bool(words))
        self._lay()

    def _bare(self) -> dict[str, Any]:
        assert self._view is not None
        return {name: value.data for name, value in self._view.values.items()}

    def _table(self) -> Field:
        assert self._view is not None
        assert self._view.item is not None
        assert self._row is not None
        return self._view.item.field(self._row[0])

    def _slots(self) -> tuple[Slot, ...]:
        view = self._view
        assert view is not None
        assert view.item is not None
        assert view.page is not None
        if self._row is not None:
            return row_slots(self._table(), self._row[1], self._bare())
        return slots_of((view.item.field(name) for name in view.page.fields), self._bare())

    def _show_slots(self) -> None:
        view = self._view
        assert view is not None
        self.board.show_slots(
            (self._page_key, self._row),
            self._slots(),
            view.values,
            view.problems,
            title=self.title(),
            view=view,
        )

    def _open_row(self, field_id: str, index: int) -> None:
        self._row = (field_id, index)
        self._show_slots()
        self.changed.emit()

    def _leave_row(self) -> None:
        assert self._row is not None
        field_id = self._row[0]
        rows = self._bare().get(field_id) or []
        kept = [row for row in rows if not is_empty(row)]
        self._row = None
        if kept != rows:
            self.say(intents.SetValue(field_id, kept or None))
        self._show_slots()
        self.changed.emit()

    def _last_of_row(self) -> bool:
        slots, active = self._slots(), self.board.active
        rest = slots[slots.index(active) + 1 :] if active in slots else slots
        return not any(is_empty(self.board.data_of(s)) for s in rest)

    def _problems(self, root: str) -> list[Problem]:
        view = self._view
        assert view is not None
        assert view.item is not None
        return check_values(view.item, self._bare(), today=self.context.now().date(), only=[root])

    def _wrong_now(self) -> tuple[str, Problem] | None:
        """What is wrong with the open field, before going on to the next one."""
        slot, editor = self.board.active, self.board.editor
        if slot is None or editor is None or slot.field.type == "table":
            return None
        if code := editor.local_problem():
            return slot.path, Problem(slot.path, code, "seen while typing")
        for problem in self._problems(slot.root.id):
            if problem.field == slot.path or (slot.row is None and problem.field == slot.root.id):
                return slot.path, problem
        return None

    def _next(self) -> None:
        wrong = self._wrong_now()
        if wrong is not None:
            self.board.set_problem(*wrong)
            self.changed.emit()
        elif self.board.open_next():
            return
        elif self._row is not None:
            self._finish_row()
        else:
            self.say(intents.NextPage())

    def _finish_row(self) -> None:
        assert self._row is not None
        start = f"{self._row[0]}[{self._row[1]}]"
        wrong = next((p for p in self._problems(self._row[0]) if p.field.startswith(start)), None)
        if wrong is not None:
            self.board.set_problem(wrong.field, wrong)
            self.changed.emit()
        else:
            self._leave_row()

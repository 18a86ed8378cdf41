# SPDX-License-Identifier: Apache-2.0
"""Everything that will be handed in, read like a filled paper form: value, source, and 改 beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from contract.checking import visible_fields
from contract.codes import RELATION
from contract.fields import Field
from kiosk.forms.material_words import answer_source, answer_words
from kiosk.forms.paper_row import PaperRow
from kiosk.forms.paper_sheet import PaperSheet
from kiosk.forms.slots import Slot, is_empty, slots_of
from kiosk.forms.sources import source_words
from kiosk.forms.value_words import value_words
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.visit import intents

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

CHUNK = 80
"""Characters of a long text on one row; the rest follows on rows of its own, so that nothing is cut."""


class ReviewPage(Page):
    """Values with their source; touching a row with 改 leads back to its question."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view: VisitView | None = None
        self._seen: object = None
        self.sheet = PaperSheet(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, self.tokens.space(1), 0, 0)
        column.addWidget(self.sheet)
        self.sheet.turned.connect(self.changed)

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        state = (visit.visit_id, visit.values, visit.materials, visit.agent)
        if state == self._seen or visit.item is None:
            return
        if visit.visit_id != (self._seen[0] if isinstance(self._seen, tuple) else None):
            self.sheet.index = 0
        self._seen = state
        self.sheet.set_rows([*self._people(visit), *self._values(visit), *self._materials(visit)])

    def title(self) -> str:
        return self.tr("请看一看，对不对？")

    def spoken(self) -> str:
        rows = "。".join(f"{row.label}，{row.value}" for row in self.sheet.shown)
        return f"{self.title()}{rows}。{self.tr('都对，就点“都对，去签名”。')}"

    def help_text(self) -> str:
        return self.tr("右边写着每一项从哪里来。不对的，点那一行的“改”，改完自动回来。")

    def primary(self) -> ActionSpec | None:
        last = self.sheet.index >= self.sheet.sheet_count - 1
        if not last:
            return ActionSpec(self.tr("看下一页"), "arrow-right", run=self._turn_on, icon_after=True)
        return ActionSpec(self.tr("都对，去签名"), "signature", intent=intents.NextPage(), icon_after=True)

    def secondary(self) -> tuple[ActionSpec, ...]:
        return (ActionSpec(self.tr("返回"), "arrow-left", run=self._back, kind="secondary"),)

    def go_back(self) -> bool:
        if self.sheet.index == 0:
            return False
        self.sheet.pager.turned.emit(self.sheet.index - 1)
        return True

    # --- inside -----------------------------------------------------------------------------------------------

    def _turn_on(self) -> None:
        self.sheet.pager.turned.emit(self.sheet.index + 1)

    def _back(self) -> None:
        if not self.go_back():
            self.say(intents.GoBack())

    def _people(self, visit: VisitView) -> Iterator[PaperRow]:
        agent = visit.agent
        if agent is None:
            return
        relation = self.context.text(RELATION.get(agent.relation, agent.relation))
        words = self.tr("{name}（{relation}）").format(name=agent.identity.name, relation=relation)
        label = self.tr("监护人") if agent.kind == "guardian" else self.tr("代办人")
        source = self.tr("身份证") if agent.identity.assurance == "card" else self.tr("手工填写")
        yield self._row(label, words, source, "agent")

    def _values(self, visit: VisitView) -> Iterator[PaperRow]:
        assert visit.item is not None
        bare = {name: value.data for name, value in visit.values.items()}
        for slot in slots_of(visible_fields(visit.item, bare), bare):
            value = visit.values.get(slot.root.id)
            change = "" if slot.locked else slot.root.id
            yield from self._lines(slot, slot.read(bare), source_words(value), change)

    def _lines(self, slot: Slot, data: object, source: str, change: str) -> Iterator[PaperRow]:
        label = self.context.text(slot.field.label)
        if slot.parts and slot.root.label not in slot.field.label:
            label = f"{self.context.text(slot.root.label)}：{label}" if _unclear(slot.field, slot.root) else label
        if is_empty(data):
            yield self._row(label, self.tr("没有填"), "", change, quiet=True)
        elif slot.field.type == "table" and isinstance(data, list):
            for number, row in enumerate(data):
                words = value_words(slot.field, [row], self.context)
                yield self._row(f"{label} {number + 1}", words, source, change)
        else:
            words = value_words(slot.field, data, self.context)
            pieces = [words[i : i + CHUNK] for i in range(0, len(words), CHUNK)]
            for number, piece in enumerate(pieces):
                yield self._row(label if not number else self.tr("（接上）"), piece, source, change)

    def _materials(self, visit: VisitView) -> Iterator[PaperRow]:
        assert visit.item is not None
        for material in visit.item.materials:
            answer = visit.materials.get(material.id)
            if answer is None and not material.required:
                continue
            fixed = answer is not None and answer.how in ("shown", "generated") and visit.staff is None
            words = answer_words(material, answer)
            change = "" if fixed else "materials"
            yield self._row(self.context.text(material.name), words, answer_source(answer), change)

    def _row(self, label: str, words: str, source: str, change: str, *, quiet: bool = False) -> PaperRow:
        row = PaperRow(label, words, source or "　", self.tr("改") if change else "", self.sheet, quiet=quiet)
        if change:
            row.clicked.connect(lambda _=False, c=change: self.say(intents.EditField(c)))
        return row


def _unclear(field: Field, root: Field) -> bool:
    """Whether a part's name alone does not say what it belongs to (姓名 of whom?)."""
    return root.type == "group" and len(field.label) <= 4

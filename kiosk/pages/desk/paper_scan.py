# SPDX-License-Identifier: Apache-2.0
"""Forms that came on paper: scanned, and registered under the number they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from contract.tracking import group_code
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.desk_words import form_words, paper_fault
from kiosk.pages.illustrated_list import IllustratedList
from kiosk.visit import intents
from kiosk.visit.view import PaperForm, PaperState
from kiosk.widgets.surfaces import Note

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class PaperPage(Page):
    """The forms of this pile, newest first, each with what is still missing."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._paper = PaperState()
        self._camera = self._scanner = False
        self._seen: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._list = IllustratedList(context, ("form-codes",), self)
        column.addWidget(self._list)

    @property
    def wide(self) -> bool:
        return True

    def show_state(self, visit: VisitView) -> None:
        paper = visit.paper or PaperState()
        state = (paper, visit.camera, visit.scanner)
        if state == self._seen:
            return
        self._seen, self._paper = state, paper
        self._camera, self._scanner = visit.camera, visit.scanner
        self._list.set_items(self._items(), "form-codes")
        self.changed.emit()

    def _items(self) -> list[QWidget]:
        items: list[QWidget] = []
        if self._paper.code:
            head, detail = paper_fault(self._paper.code)
            items.append(Note("waiting", head, detail, self, icon="alert-circle"))
        elif not self._paper.forms:
            items.append(Note("info", self._how(), self.tr("方块码在申请表的最后面。先后不限，扫过的不会重复。"), self))
            items.append(
                Note("info", self.tr("码里是加密的，这台机器也看不到，只替它送到平台。"), "", self, icon="shield-lock")
            )
        return [*items, *(self._form(form) for form in self._paper.forms)]

    def _how(self) -> str:
        if self._scanner or self._camera:
            return self.tr("把申请表最后一页放好，点下面的按钮；也可以用扫码枪")
        return self.tr("用扫码枪对着方块码，一张一张扫")

    def _form(self, form: PaperForm) -> Note:
        item = self.context.catalogue.items.get(form.item)
        name = self.context.text(item.name) if item is not None else form.item
        kind, head, detail = form_words(form, group_code(form.tracking_code), name)
        return Note(kind, head, detail, self)

    def title(self) -> str:
        return self.tr("扫描纸质申请表")

    def subtitle(self) -> str:
        return self.tr("别的机器登记、还没上报的，扫一下就接过来")

    def spoken(self) -> str:
        notes = [note for note in self._list.list.shown if isinstance(note, Note)]
        return f"{self.title()}。{'。'.join(f'{n.head.text()}。{n.detail.text()}' for n in notes)}"

    def primary(self) -> ActionSpec | None:
        if self._paper.reading:
            return ActionSpec(self.tr("正在读……"), "hourglass", enabled=False)
        if self._scanner:
            return ActionSpec(self.tr("扫描这一页"), "scan", intent=intents.ScanPaper("scanner"))
        if self._camera:
            return ActionSpec(self.tr("拍这一页"), "camera", intent=intents.ScanPaper("camera"))
        return ActionSpec(self.tr("扫完了"), "check", intent=intents.GoBack())

    def secondary(self) -> tuple[ActionSpec, ...]:
        back = ActionSpec(self.tr("返回"), "arrow-left", intent=intents.GoBack(), kind="secondary")
        if not (self._scanner and self._camera):
            return (back,)
        camera = ActionSpec(
            self.tr("拍这一页"), "camera", not self._paper.reading, intents.ScanPaper("camera"), kind="secondary"
        )
        return (back, camera)

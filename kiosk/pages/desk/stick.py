# SPDX-License-Identifier: Apache-2.0
"""A stick out and back: what waits, what goes on, and when it may be pulled out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.desk_words import (
    amount,
    came_words,
    result_lines,
    result_warnings,
    stage_words,
    usb_fault,
    waiting_words,
)
from kiosk.i18n.sync_words import about
from kiosk.pages.illustrated_list import IllustratedList
from kiosk.visit import intents
from kiosk.visit.view import UsbState
from kiosk.widgets.progress_bar import ProgressBar
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Heading, Secondary

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class UsbPage(Page):
    """One button: it takes what the stick brings, and writes what waits."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._usb = UsbState()
        self._seen: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._list = IllustratedList(context, ("usb-stick", "usb-busy", "usb-out"), self)
        column.addWidget(self._list)
        self._stage: Heading | None = None
        self._how_far: Secondary | None = None
        self._bar: ProgressBar | None = None

    @property
    def wide(self) -> bool:
        return True

    def show_state(self, visit: VisitView) -> None:
        usb = visit.usb or UsbState()
        if usb == self._seen:
            return
        before, self._seen, self._usb = self._usb, usb, usb
        if not (usb.busy and before.busy and self._bar is not None):
            self._draw()
        if usb.busy:
            self._tell_progress()
        if (usb.phase, usb.may_start) != (before.phase, before.may_start):
            self.changed.emit()

    def _draw(self) -> None:
        usb = self._usb
        self._stage = self._how_far = self._bar = None
        items: list[QWidget]
        if usb.busy:
            items = [
                self._progress(),
                Note("waiting", self.tr("先别拔U盘"), self.tr("写好、核对完，这里会说可以拔。"), self),
            ]
        elif usb.phase == "done" and usb.result is not None:
            safe = Note("done", self.tr("现在可以拔下U盘了"), self.tr("写好了，也读出来核对过。"), self)
            warnings = (Note("waiting", head, detail, self) for head, detail in result_warnings(usb.result))
            items = [safe, self._card("", result_lines(usb.result)), *warnings]
        else:
            items = [self._card(self.tr("等着带走的"), [waiting_words(usb)]), self._stick()]
            if usb.phase == "failed" and usb.result is not None:  # what came before that is safe here
                items.append(Note("done", came_words(usb.result), "", self))
        if usb.phase in ("ready", "done"):
            items.append(Note("info", self._next(), "", self))
        drawings = {"working": "usb-busy", "ready": "usb-busy", "done": "usb-out"}
        self._list.set_items(items, drawings.get(usb.phase, "usb-stick"))

    def _next(self) -> str:
        result = self._usb.result
        if self._usb.phase == "done" and result is not None:
            if not result.records and not result.attachments:
                return self.tr("没有要带走的，U盘可以收起来了。")
            return self.tr("把U盘带到平台，或者插到有网的机器上。这里还留着，有网了也会自己上报，不会重复。")
        return self.tr("先取U盘带回来的回执，再把等着的写上去。")

    def _card(self, head: str, lines: list[str]) -> Card:
        card = Card(self)
        if head:
            card.column.addWidget(Heading(head, card))
        for line in lines:
            card.column.addWidget(Body(line, card))
        return card

    def _progress(self) -> Card:
        card = Card(self)
        card.column.setSpacing(self.tokens.space(4))
        self._stage = Heading("", card)
        self._bar = ProgressBar(card)
        self._how_far = Secondary("", card)
        for part in (self._stage, self._bar, self._how_far):
            card.column.addWidget(part)
        self._tell_progress()
        return card

    def _tell_progress(self) -> None:
        usb = self._usb
        assert self._stage is not None
        assert self._bar is not None
        assert self._how_far is not None
        self._stage.setText(stage_words(usb.stage))
        self._bar.set_share(usb.done / usb.total if usb.total else 0.0)
        said = self.tr("{done}，共 {total}").format(done=amount(usb.done), total=amount(usb.total))
        if usb.seconds_left:
            said = self.tr("{done}，{time}").format(done=said, time=about(usb.seconds_left))
        self._how_far.setText(said if usb.total else self.tr("马上就好"))

    def _stick(self) -> QWidget:
        usb = self._usb
        match usb.phase:
            case "ready":
                room = self.tr("{name}，还能放 {free}").format(name=usb.label, free=amount(usb.free))
                return Note("done", self.tr("U盘插好了"), room, self, icon="usb-stick")
            case "unreadable":
                how = self.tr("等几秒还这样，就换一个U盘，或者在电脑上格式化。")
                return Note("waiting", self.tr("插上了，但是打不开"), how, self, icon="usb-stick")
            case "failed":
                head, detail = usb_fault(usb.code)
                return Note("fault", head, detail, self)
            case _:
                where = self.tr("插好以后这里会自己认出来。")
                return Note("info", self.tr("请插上U盘"), where, self, icon="usb-stick")

    def title(self) -> str:
        return self.tr("U盘收发")

    def subtitle(self) -> str:
        if self.context.orientation == "landscape" and self._usb.phase in ("working", "done"):
            return ""  # what is to be said then wants the room
        return self.tr("带走的都加了密，只有平台能打开")

    def spoken(self) -> str:
        usb = self._usb
        if usb.phase == "done":
            return self.tr("写好了，也核对过。现在可以拔下U盘了。")
        if usb.phase == "failed":
            return "。".join(usb_fault(usb.code))
        return f"{self.title()}。{stage_words(usb.stage) if usb.busy else waiting_words(usb)}"

    def primary(self) -> ActionSpec | None:
        match self._usb.phase:
            case "working":
                return ActionSpec(self.tr("先别拔U盘"), "hourglass", enabled=False)
            case "done":
                return ActionSpec(self.tr("好了"), "check", intent=intents.GoBack())
            case phase:
                words = self.tr("再来一次") if phase == "failed" else self.tr("开始收发")
                return ActionSpec(words, "usb-stick", enabled=self._usb.may_start, intent=intents.StartUsb())

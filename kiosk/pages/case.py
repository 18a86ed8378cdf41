# SPDX-License-Identifier: Apache-2.0
"""One case: what happened, what is asked, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from contract.events import CorrectionAsk, Event
from contract.items import ServiceItem
from contract.tracking import group_code
from kiosk.i18n.case_words import event_words, moment, state_words
from kiosk.i18n.print_words import why_not_printed
from kiosk.pages.item_words import limit_words
from kiosk.pages.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.visit.lookup import CASE_RECEIPT
from kiosk.widgets.surfaces import Note
from kiosk.widgets.timeline import Timeline, TimelineStep

if TYPE_CHECKING:
    from kiosk.visit.view import CaseView, PrintState, VisitView

OVER = ("finished", "rejected")


class CasePage(Page):
    """A timeline. What has to be put right stands under it, and only that."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        self._view: VisitView | None = None
        self._seen: object = None
        self._print: PrintState | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        self.timeline = Timeline(self)
        column.addWidget(self.timeline)
        self._asked = QWidget(self)
        self._asked_column = QVBoxLayout(self._asked)
        self._asked_column.setContentsMargins(0, 0, 0, 0)
        self._asked_column.setSpacing(t.space(3))
        self._notes: list[Note] = []
        if landscape:
            self._asked_column.addStretch(1)
        else:
            column.addWidget(self._asked)
        column.addStretch(1)

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        case = visit.case
        self._print = visit.prints.get(CASE_RECEIPT)
        if case is None or (case, self._print) == self._seen:
            return
        self._seen = (case, self._print)
        self.timeline.set_steps(list(self._steps(case)))
        for old in self._notes:
            self._asked_column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._notes = list(self._say(case))
        for place, note in enumerate(self._notes):
            self._asked_column.insertWidget(place, note)

    def title(self) -> str:
        case = self._case
        return state_words(case.state, case.outbox) if case is not None else ""

    def subtitle(self) -> str:
        case = self._case
        if case is None:
            return ""
        names = self.tr("　").join(part for part in (self.context.text(case.item_name), case.applicant_masked) if part)
        return self.tr("{names}　编号 {code}").format(names=names, code=group_code(case.tracking_code))

    def spoken(self) -> str:
        notes = "。".join(f"{n.head.text()}。{n.detail.text()}" for n in self._notes)
        return f"{self.title()}。{self.timeline.accessibleName()}。{notes}"

    def help_widget(self) -> QWidget | None:
        return self._asked if self.context.orientation == "landscape" and self._notes else None

    def help_text(self) -> str:
        return self.tr("有新消息，这里会自己更新。网络不通时，显示的是上次收到的消息。")

    def primary(self) -> ActionSpec | None:
        return ActionSpec(self.tr("看好了"), "check", intent=intents.FinishVisit(), icon_after=True)

    def secondary(self) -> tuple[ActionSpec, ...]:
        back = ActionSpec(self.tr("返回"), "arrow-left", intent=intents.GoBack(), kind="secondary")
        busy = self._print is not None and self._print.state in ("waiting", "printing")
        words = self.tr("正在打……") if busy else self.tr("补打回执")
        return (back, ActionSpec(words, "receipt", enabled=not busy, intent=intents.PrintCase(), kind="secondary"))

    # --- inside -----------------------------------------------------------------------------------------------

    @property
    def _case(self) -> CaseView | None:
        return self._view.case if self._view is not None else None

    def _item(self, case: CaseView) -> ServiceItem | None:
        return self.context.catalogue.items.get(case.item_id)

    def _steps(self, case: CaseView) -> Iterator[TimelineStep]:
        item = self._item(case)
        where = self.context.text(self.context.station.name)
        yield TimelineStep(self.tr("已登记"), self._join(moment(case.confirmed_at), where))
        shown = [e for e in case.events if event_words(e.type)]
        if case.received_at and not any(e.type == "received" for e in shown):
            number = self.tr("案号 {number}").format(number=case.case_number) if case.case_number else ""
            yield TimelineStep(self.tr("已送到"), self._join(moment(case.received_at), number))
        for event in shown:
            yield self._event(event, case, last=event is shown[-1])
        if case.state in OVER:
            return
        if not case.received_at:
            yield TimelineStep(self.tr("上报"), self.tr("有网后自动上报，不用您再来"), "next")
        if case.state in ("accepted", "processing") and item is not None and item.promised.days > 0:
            words = self.tr("受理后 {limit}内办好").format(limit=limit_words(item.promised))
            yield TimelineStep(self.tr("办好"), words, "next")
        elif not any(e.type == "accepted" for e in shown):
            yield TimelineStep(self.tr("受理"), self.tr("部门看过材料，就会受理"), "next")

    def _event(self, event: Event, case: CaseView, *, last: bool) -> TimelineStep:
        number = ""
        if event.type == "received" and case.case_number:
            number = self.tr("案号 {number}").format(number=case.case_number)
        asked = last and event.type == "correction"
        return TimelineStep(
            event_words(event.type),
            self._join(moment(event.at), number, self.context.text(event.text)),
            "asked" if asked else "done",
        )

    def _say(self, case: CaseView) -> Iterator[Note]:
        if self._print is not None and self._print.state == "done":
            yield Note("done", self.tr("回执打好了，请取走"), "", self._asked, icon="receipt")
        if self._print is not None and self._print.state == "failed":
            why = why_not_printed(self._print.code)
            yield Note("waiting", why, self.tr("编号记得住就能查，不打也不要紧。"), self._asked, icon="printer-off")
        if case.outbox == "parked":
            yield Note(
                "fault", self.tr("平台没有收下这份申请"), self.tr("填的都还在。请叫工作人员看一下。"), self._asked
            )
        if case.state == "correction":
            last = next(e for e in reversed(case.events) if e.type == "correction")
            for ask in last.asks:
                head = self.tr("只要补这一样：{what}").format(what=self._name(ask, case))
                yield Note("waiting", head, self.context.text(ask.text), self._asked, icon="file-plus")
            yield Note("info", self.tr("带上它来找工作人员"), self.tr("别的不用再填，编号不变。"), self._asked)
        if case.state == "rejected":
            words = self.tr("不服可以打 12345，或者问 {phone}").format(phone=self.context.station.phone or "12345")
            yield Note("info", words, "", self._asked, icon="phone")
        if case.state == "finished":
            yield Note("done", self.tr("办好了。结果怎么领，看上面的留言，或者问工作人员。"), "", self._asked)

    def _name(self, ask: CorrectionAsk, case: CaseView) -> str:
        item = self._item(case)
        if item is None:
            return ask.subject
        named = {field.id: field.label for field in item.fields} | {m.id: m.name for m in item.materials}
        if ask.subject in named:
            return self.context.text(named[ask.subject])
        return ask.subject

    def _join(self, *parts: str) -> str:
        return self.tr("　").join(part for part in parts if part)

# SPDX-License-Identifier: Apache-2.0
"""One case: what happened, what is asked and what it says now, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from contract.event_body import EventBody
from contract.events import Event
from contract.items import ServiceItem
from contract.tracking import group_code
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.case_words import event_words, moment, state_words
from kiosk.i18n.print_words import why_not_printed
from kiosk.pages.asked_items import AskedItem, asked_items, pieces
from kiosk.pages.item_words import limit_words
from kiosk.visit import intents
from kiosk.visit.event_bodies import Said
from kiosk.visit.lookup import CASE_RECEIPT
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Note
from kiosk.widgets.timeline import Timeline, TimelineStep

if TYPE_CHECKING:
    from kiosk.visit.view import CaseView, PrintState, VisitView

OVER = ("finished", "rejected")
NOTHING = Said(EventBody())
LENGTHS = (200, 140, 100, 70, 50, 35)
"""Characters on one card, the most by which every card fits the screen; what is longer goes on with the next."""
SHORT = 60  # characters of a remark that stands in the timeline; a longer one has notes of its own
FOR_ASKED = 0.6  # of a standing page: what is asked for and its pages; the timeline has the rest


class CasePage(Page):
    """A timeline, and notes under it; lying, beside it. Where much is said, as in a correction, that has the larger
    part of the screen, on as many pages as it needs, and the timeline keeps its beginning and its end."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._landscape = context.orientation == "landscape"
        self._view: VisitView | None = None
        self._seen: object = None
        self._print: PrintState | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, t.space(2), 0, 0)
        self._column.setSpacing(t.space(4))
        self._side = QWidget(self)
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side.hide()
        self.timeline = Timeline(self)
        self.list = PagedList(self, gap=t.space(3))
        self._notes: list[Note | AskedItem] = []
        self._place(much=False)

    def _place(self, *, much: bool) -> None:
        """Standing: one under the other. Lying: what matters more at the left, the other in the right third."""
        first, second = (self.list, self.timeline) if much and self._landscape else (self.timeline, self.list)
        self._column.addWidget(first, 1 if self._landscape else 0)
        if self._landscape:
            where = Qt.AlignmentFlag.AlignTop if second is self.timeline else Qt.AlignmentFlag(0)
            self._side_column.addWidget(second, 1, where)
        else:
            self._column.addWidget(second, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._case is not None:
            self._fill(self._case)

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        case = visit.case
        self._print = visit.prints.get(CASE_RECEIPT)
        seen = (case, self._print, visit.said, visit.values_shown)
        if case is None or seen == self._seen:
            return
        self._seen = seen
        self._place(much=self._asking(case) is not None or any(self._remarks(case)))
        self.timeline.set_steps(list(self._steps(case)))
        self._fill(case)

    def _fill(self, case: CaseView) -> None:
        """Cards that are as long as fits, so that none is cut at any size of type. Lying, short ones stand in the
        right third; standing, the timeline leaves them the room that they need."""
        high, gap = self.height() - self.tokens.space(2), self.tokens.gap
        room = high if self._landscape else round(high * FOR_ASKED)
        most_room = room - self.list.pager.sizeHint().height() - gap
        width = self.width() // 2 if self.list.parent() is self._side else self.width()  # two thirds, and one
        for most in LENGTHS:
            notes = list(self._say(case, most))
            heights = [note.heightForWidth(width) for note in notes]
            if max(heights, default=0) <= most_room or most == LENGTHS[-1]:
                break
            for note in notes:
                note.deleteLater()
        needed = 0 if self._landscape else min(room, sum(heights) + gap * len(heights))
        self.list.setMinimumHeight(needed)
        # Without a most height a layout gives it all that it asks for, and what stands below is pushed off the page.
        left = high - (needed + self._column.spacing() if needed else 0)
        if self.timeline.parent() is self._side:  # the right third is higher than the page, and less than the window
            left = max(left, self.window().height() * 2 // 3)
        self.timeline.setMaximumHeight(max(1, left))
        self._notes = notes
        self.list.set_items(notes)

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
        notes = "。".join(n.accessibleName() for n in self._notes)
        return f"{self.title()}。{self.timeline.accessibleName()}。{notes}"

    def help_widget(self) -> QWidget | None:
        return self._side if self._landscape and self._notes else None

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
        text = "" if event is self._asking(case) else self._text(event)
        text = "" if len(text) > SHORT else text
        return TimelineStep(
            event_words(event.type), self._join(moment(event.at), number, text), "asked" if asked else "done"
        )

    def _said(self, event: Event) -> Said:
        return self._view.said.get(event.seq, NOTHING) if self._view is not None else NOTHING

    def _text(self, event: Event) -> str:
        said = self._said(event)
        if said.lost and not said.body:
            return self.tr("这条消息在这台机器上打不开，请问工作人员")
        return self.context.text(said.body.text)

    def _say(self, case: CaseView, most: int) -> Iterator[Note | AskedItem]:
        if self._print is not None and self._print.state == "done":
            yield Note("done", self.tr("回执打好了，请取走"), "", self, icon="receipt")
        if self._print is not None and self._print.state == "failed":
            why = why_not_printed(self._print.code)
            yield Note("waiting", why, self.tr("编号记得住就能查，不打也不要紧。"), self, icon="printer-off")
        if case.outbox == "parked":
            yield Note("fault", self.tr("平台没有收下这份申请"), self.tr("填的都还在。请叫工作人员看一下。"), self)
        if self._asking(case) is not None:
            yield from self._asked(case, most)
        for head, text in self._remarks(case):
            for piece in pieces(text, most):
                yield Note("info", head, piece, self, icon="messages")
        if case.state == "rejected":
            words = self.tr("不服可以打 12345，或者问 {phone}").format(phone=self.context.station.phone or "12345")
            yield Note("info", words, "", self, icon="phone")
        if case.state == "finished":
            yield Note("done", self.tr("办好了。结果怎么领，看上面的留言，或者问工作人员。"), "", self)

    def _remarks(self, case: CaseView) -> Iterator[tuple[str, str]]:
        """What was said at more length, the newest first: of what, and the words."""
        for event in reversed(case.events):
            text = self._text(event)
            if len(text) > SHORT and event_words(event.type) and event is not self._asking(case):
                yield self._join(event_words(event.type), moment(event.at)), text

    @staticmethod
    def _asking(case: CaseView) -> Event | None:
        """The correction that waits for an answer."""
        if case.state != "correction":
            return None
        return next(e for e in reversed(case.events) if e.type == "correction")

    def _asked(self, case: CaseView, most: int) -> Iterator[Note | AskedItem]:
        assert self._view is not None
        event = self._asking(case)
        assert event is not None
        for piece in pieces(self._text(event), most):
            yield Note("info", piece, "", self, icon="messages")
        said, item, shown = self._said(event), self._item(case), self._view.values_shown
        yield from asked_items(said, item, self.context, self, values_shown=shown, most=most)
        if said.body.asks:
            yield Note("info", self.tr("带上它来找工作人员"), self.tr("别的不用再填，编号不变。"), self)

    def _join(self, *parts: str) -> str:
        return self.tr("　").join(part for part in parts if part)

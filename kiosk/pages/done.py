# SPDX-License-Identifier: Apache-2.0
"""It is registered: the code to keep, what happens next, and the papers. A printer's fault never dims that."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from contract.tracking import group_code
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.print_words import paper_name, why_not_printed
from kiosk.pages.item_words import limit_words
from kiosk.theme.icons import icon as theme_icon
from kiosk.visit import intents
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Display, Secondary, Text, Title

if TYPE_CHECKING:
    from kiosk.visit.view import PrintState, VisitView


class DonePage(Page):
    """ "Registered, waiting to be sent" or "sent"; accepted is a word only the platform has."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        self._view: VisitView | None = None
        self._seen: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4 if landscape or t.elder else 6))
        if not landscape:
            column.addStretch(1)
        column.addLayout(self._head())
        column.addWidget(self._code_card())
        self._lines = Card(self)
        self._lines.column.setSpacing(t.space(2 if landscape else 3))
        self._when = self._line("calendar")
        self._long = self._line("clock")
        self._how = self._line("phone")
        column.addWidget(self._lines)
        self._papers = QWidget(self)
        self._papers_column = QVBoxLayout(self._papers)
        self._papers_column.setContentsMargins(0, 0, 0, 0)
        self._note: Note | None = None
        if landscape:
            self._papers_column.addStretch(1)
        else:
            column.addWidget(self._papers)
        column.addStretch(2)

    def _head(self) -> QHBoxLayout:
        t = self.tokens
        row = QHBoxLayout()
        row.setSpacing(t.space(5))
        picture = QLabel(self)
        px = t.icon * 2
        picture.setPixmap(theme_icon("circle-check", px, t.green))
        picture.setFixedSize(px, px)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._state = Title("", self)
        self._next = Body("", self)
        self._next.set_colour("muted")
        words.addWidget(self._state)
        words.addWidget(self._next)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        return row

    def _code_card(self) -> Card:
        card = Card(self)
        card.column.addWidget(Secondary(self.tr("您的编号"), card, centred=True))
        self._code = Display("", card)
        card.column.addWidget(self._code)
        card.column.addWidget(Secondary(self.tr("从头到尾就认这一个编号，可以拍下来"), card, centred=True))
        return card

    def _line(self, icon: str) -> Text:
        t = self.tokens
        row = QHBoxLayout()
        row.setSpacing(t.space(4))
        picture = QLabel(self._lines)
        px = round(t.icon * 0.9)
        picture.setPixmap(theme_icon(icon, px, t.jade))
        picture.setFixedSize(px, px)
        row.addWidget(picture)
        # Lying across, large type has the room for one line each only in the smaller size.
        small = self.context.orientation == "landscape" and t.elder
        label = Text("", self._lines, size="secondary" if small else "body")
        row.addWidget(label, 1)
        self._lines.column.addLayout(row)
        return label

    # --- what the shell asks ----------------------------------------------------------------------------------

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        state = (visit.submitted, visit.sent, visit.online, visit.prints, visit.due)
        if state == self._seen or visit.submitted is None:
            return
        self._seen = state
        self._say_state(visit)
        self._code.setText(group_code(visit.submitted.tracking_code))
        day = datetime.fromisoformat(visit.submitted.confirmed_at).date()
        self._when.setText(self.tr("登记日期 {day}，从这天算起").format(day=self._day(day)))
        self._long.setText(self._how_long(visit))
        self._how.setText(self.tr("查进度：在这里放身份证，或打 12345 报编号"))
        self._draw_note()

    def title(self) -> str:
        return ""

    def spoken(self) -> str:
        code = "，".join(self._code.text().split())
        papers = self._note.head.text() if self._note is not None else ""
        return (
            f"{self._state.text()}。{self._next.text()}。{self.tr('您的编号')}：{code}。{self._long.text()}。{papers}"
        )

    def help_widget(self) -> QWidget | None:
        return self._papers if self.context.orientation == "landscape" else None

    def primary(self) -> ActionSpec | None:
        return ActionSpec(self.tr("办完了"), "arrow-right", intent=intents.NextPage(), icon_after=True)

    def secondary(self) -> tuple[ActionSpec, ...]:
        prints = self._prints()
        busy = any(p.state in ("waiting", "printing") for p in prints.values())
        failed = any(p.state == "failed" for p in prints.values())
        words = self.tr("再试一次打印") if failed else self.tr("再打一张")
        again = ActionSpec(words, "printer", enabled=not busy, intent=intents.PrintAgain(), kind="secondary")
        return (again,) if prints else ()

    def go_back(self) -> bool:
        """What was handed in cannot be gone back into; 返回 means I am done."""
        return False

    # --- inside -----------------------------------------------------------------------------------------------

    def _prints(self) -> dict[str, PrintState]:
        """The papers this machine offers."""
        prints = self._view.prints if self._view is not None else {}
        return {k: p for k, p in prints.items() if p.code != "not-offered"}

    def _say_state(self, visit: VisitView) -> None:
        if visit.sent:
            self._state.setText(self.tr("已登记，已送到"))
            self._next.setText(self.tr("部门收到了，还没有受理。受理了能在这里查到。"))
        else:
            self._state.setText(self.tr("已登记，等待上报"))
            words = self.tr("正在上报，不用等。") if visit.online else self.tr("有网后自动上报，不用您再来。")
            self._next.setText(words)

    def _how_long(self, visit: VisitView) -> str:
        item = visit.item
        if item is None or item.promised.days <= 0:
            return self.tr("受理了当时就办")
        words = self.tr("受理后 {limit}内办好").format(limit=limit_words(item.promised))
        if visit.due:
            day = date.fromisoformat(visit.due)
            words += self.tr("，约 {month}月{day}日").format(month=day.month, day=day.day)
        return words

    def _day(self, day: date) -> str:
        return self.tr("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)

    def _draw_note(self) -> None:
        if self._note is not None:
            self._papers_column.removeWidget(self._note)
            self._note.hide()
            self._note.deleteLater()
            self._note = None
        prints = self._prints()
        if not prints:
            return
        failed = {k: p for k, p in prints.items() if p.state == "failed"}
        names = self.tr("、")
        if any(p.state in ("waiting", "printing") for p in prints.values()):
            left = names.join(paper_name(k) for k, p in prints.items() if p.state in ("waiting", "printing"))
            head = self.tr("正在打印{papers}").format(papers=left)
            self._note = Note(
                "info", head, self.tr("打好了从下面取走。不想等也可以，编号记下就行。"), self, icon="printer"
            )
        elif failed:
            head = self.tr("{why}，没打出来的有：{papers}").format(
                why=why_not_printed(next(iter(failed.values())).code), papers=names.join(map(paper_name, failed))
            )
            detail = self.tr("您的申请已经登记好，一样都没丢。请拍下编号，或者叫工作人员来看打印机。")
            self._note = Note("waiting", head, detail, self, icon="printer-off")
        else:
            head = self.tr("{papers}都打好了，请取走").format(papers=names.join(map(paper_name, prints)))
            self._note = Note("done", head, self.tr("没拿到？可以再打一张。"), self, icon="printer")
        self._papers_column.insertWidget(0, self._note)

# SPDX-License-Identifier: Apache-2.0
"""How does it stand: lay the card down, or type the twelve digits of the receipt. Several cases are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from contract.tracking import group_code
from kiosk.forms.editors.value_box import ValueBox
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.case_words import moment, state_kind, state_words
from kiosk.visit import intents
from kiosk.widgets.keypad import Keypad
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import CaseView, VisitView

DIGITS = 12


class TrackPage(Page):
    """The code is checked when all digits are there; a wrong one is said at once and stays to be mended."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        self._digits = ""
        self._seen: object = None
        self._stack = QStackedLayout(self)
        self._entry = QWidget(self)
        column = QVBoxLayout(self._entry)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        self._card = Note("info", self.tr("把身份证放在感应区，就能看到您办的事"), "", self._entry, icon="id")
        column.addWidget(self._card)
        self.box = ValueBox(self._entry)
        self.box.setAccessibleName(self.tr("回执上的 12 位编号"))
        column.addWidget(self.box)
        self._busy = Note("waiting", self.tr("正在查……"), "", self._entry, icon="hourglass")
        column.addWidget(self._busy)
        column.addStretch(1)
        self.keypad = Keypad(self._entry)
        self.keypad.key.connect(self._type)
        self.keypad.back.connect(lambda: self._set(self._digits[:-1]))
        self.keypad.clear.connect(lambda: self._set(""))
        self._side: QWidget | None = None
        if context.orientation == "landscape":
            self._side = QWidget()
            side = QVBoxLayout(self._side)
            side.setContentsMargins(0, 0, 0, 0)
            side.addWidget(self.keypad)
            side.addStretch(1)
        else:
            column.addWidget(self.keypad)
        self._list = PagedList(self, stretch_mm=10)
        self._stack.addWidget(self._entry)
        self._stack.addWidget(self._list)
        self._set("")

    # --- what the shell asks ----------------------------------------------------------------------------------

    def show_state(self, visit: VisitView) -> None:
        if self._view is None or visit.visit_id != self._view.visit_id:
            self._set("")
        self._view = visit
        self._busy.setVisible(visit.looking_up)
        if visit.cases != self._seen:
            self._seen = visit.cases
            self._list.set_items([self._tile(case) for case in visit.cases])
        self._stack.setCurrentWidget(self._list if self._listing else self._entry)

    def title(self) -> str:
        return self.tr("您要看哪一件？") if self._listing else self.tr("查进度")

    def subtitle(self) -> str:
        return "" if self._listing else self.tr("没带身份证，就输回执上的 12 位编号")

    def spoken(self) -> str:
        if self._listing and self._view is not None:
            return "。".join((self.title(), *(self._words(c) for c in self._view.cases)))
        return f"{self._card.head.text()}。{self.subtitle()}。"

    def help_widget(self) -> QWidget | None:
        return None if self._listing else self._side

    def help_text(self) -> str:
        return self.tr("网络不通也能查，显示的是上次收到的消息。")

    def primary(self) -> ActionSpec | None:
        if self._listing:
            return None
        ready = len(self._digits) == DIGITS and not (self._view is not None and self._view.looking_up)
        return ActionSpec(self.tr("查一下"), "search", enabled=ready, intent=intents.Track(self._digits))

    def secondary(self) -> tuple[ActionSpec, ...]:
        return (ActionSpec(self.tr("返回"), "arrow-left", intent=intents.GoBack(), kind="secondary"),)

    # --- inside -----------------------------------------------------------------------------------------------

    @property
    def _listing(self) -> bool:
        return self._view is not None and len(self._view.cases) > 1

    def _type(self, digit: str) -> None:
        self._set((self._digits + digit)[:DIGITS])

    def _set(self, digits: str) -> None:
        self._digits = digits
        self.box.show_value(" ".join(digits[i : i + 4] for i in range(0, len(digits), 4)))
        self.changed.emit()

    def _words(self, case: CaseView) -> str:
        return f"{self.context.text(case.item_name)}，{state_words(case.state, case.outbox)}"

    def _tile(self, case: CaseView) -> ChoiceTile:
        kind, icon = state_kind(case.state, case.outbox)
        detail = self.tr("{day} 登记　编号 {code}").format(
            day=moment(case.confirmed_at), code=group_code(case.tracking_code)
        )
        tile = ChoiceTile(
            self.context.text(case.item_name), detail, icon, badge=state_words(case.state, case.outbox), badge_kind=kind
        )
        code = case.tracking_code
        tile.clicked.connect(lambda _=False: self.say(intents.OpenCase(code)))
        return tile

# SPDX-License-Identifier: Apache-2.0
"""Acting for another: the other's card (or, before staff, by hand), and what one is to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from contract.codes import RELATION
from kiosk.forms.identity_entry import IdentityEntry
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.messages import message_text
from kiosk.visit import intents
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

OF_GUARDIANS = ("50", "60", "70", "80", "90")
"""What a guardian can be to a child: parent, grandparent, sibling, other kin, no kin (Civil Code, art. 27)."""


class AgentPage(Page):
    """First the second person, then the relation. Both identities go into the record."""

    shows_message = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        self._by_hand = False
        self._relation = ""
        self._seen: object = None
        self._stack = QStackedLayout(self)
        self._lay = QWidget(self)
        column = QVBoxLayout(self._lay)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        column.addWidget(Illustration("card-and-reader", self._lay, moving=True), 1)
        self._note = Note("info", "", "", self._lay, icon="id")
        column.addWidget(self._note)
        self.entry = IdentityEntry(context, self)
        self.entry.changed.connect(self.changed)
        self._relations = PagedList(self, stretch_mm=6, columns=2)
        for widget in (self._lay, self.entry, self._relations):
            self._stack.addWidget(widget)

    # --- what the shell asks ----------------------------------------------------------------------------------

    @property
    def wide(self) -> bool:
        """With the keyboard the page takes the full width in landscape."""
        return self._entering and self.entry.board.wide

    @property
    def _entering(self) -> bool:
        return self._by_hand and not self._complete

    @property
    def _complete(self) -> bool:
        view = self._view
        return view is not None and view.identity is not None and view.holder is not None

    @property
    def _guardian(self) -> bool:
        return self._view is not None and self._view.applying_for == "child"

    def show_state(self, visit: VisitView) -> None:
        if self._view is None or visit.visit_id != self._view.visit_id:
            self._by_hand, self._relation = False, ""
        self._view = visit
        if visit.staff is None and not self._complete:
            self._by_hand = False
        if self._entering:
            self.entry.begin((visit.visit_id, "agent"))
            self._stack.setCurrentWidget(self.entry)
        elif self._complete:
            self._draw_relations()
            self._stack.setCurrentWidget(self._relations)
        else:
            self._say(visit)
            self._stack.setCurrentWidget(self._lay)

    def title(self) -> str:
        view = self._view
        if view is None:
            return ""
        if self._complete:
            assert view.identity is not None
            return self.tr("您是{name}的什么人？").format(name=view.identity.name)
        if view.identity is not None:
            return self.tr("请监护人放上身份证")
        if self._entering:
            return self.tr("他的身份信息")
        return self.tr("请放孩子的身份证") if self._guardian else self.tr("请放他的身份证")

    def subtitle(self) -> str:
        view = self._view
        if view is None or not self._complete or view.holder is None:
            return ""
        return self.tr("来办的人：{name}").format(name=view.holder.name)

    def spoken(self) -> str:
        note = "" if self._complete or self._entering else self._note.head.text()
        return "。".join(part for part in (self.title(), self.subtitle(), note) if part)

    def help_widget(self) -> QWidget | None:
        return self.entry.board.side() if self._entering else None

    def help_text(self) -> str:
        return self.tr("两个人的身份都会写进申请里，谁办的、替谁办的，清清楚楚。")

    def primary(self) -> ActionSpec | None:
        if self._complete:
            given = intents.AgentGiven(self._relation)
            ready = bool(self._relation)
            return ActionSpec(self.tr("下一步"), "arrow-right", enabled=ready, intent=given, icon_after=True)
        if self._entering:
            return ActionSpec(self.tr("下一步"), "arrow-right", run=self._next, icon_after=True)
        return None

    def secondary(self) -> tuple[ActionSpec, ...]:
        back = ActionSpec(self.tr("返回"), "arrow-left", run=self._back, kind="secondary")
        view = self._view
        if self._complete or self._entering or view is None or view.identity is not None:
            return (back,)
        words = self.tr("没带他的身份证")
        if view.staff is None:
            return back, ActionSpec(words, "user-question", intent=intents.CallStaff(), kind="secondary")
        return back, ActionSpec(words, "keyboard", run=self._enter, kind="secondary")

    def go_back(self) -> bool:
        if not self._entering:
            return False
        if not self.entry.board.back():
            self._by_hand = False
            self._redraw()
        return True

    # --- inside -----------------------------------------------------------------------------------------------

    def _back(self) -> None:
        if not self.go_back():
            self.say(intents.GoBack())

    def _enter(self) -> None:
        self._by_hand = True
        self._redraw()

    def _redraw(self) -> None:
        assert self._view is not None
        self.show_state(self._view)
        self.changed.emit()

    def _next(self) -> None:
        identity = self.entry.next()
        if identity is not None:
            self.say(intents.ManualIdentity(identity))

    def _say(self, visit: VisitView) -> None:
        message = message_text(visit.message) if visit.message is not None else ""
        if not message:
            message = self.tr("先把自己的身份证拿开，再放另一个人的")
        self._note.set_words(message)

    def _draw_relations(self) -> None:
        state = (self._guardian, self._relation)
        if state == self._seen:
            return
        self._seen = state
        tiles = []
        for code, words in RELATION.items():
            if self._guardian and code not in OF_GUARDIANS:
                continue
            tile = ChoiceTile(self.context.text(words), "", "", mark="radio", checkable=True)
            tile.setChecked(code == self._relation)
            tile.clicked.connect(lambda _=False, c=code: self._choose(c))
            tiles.append(tile)
        self._relations.set_items(tiles)

    def _choose(self, code: str) -> None:
        self._relation = code
        self._redraw()

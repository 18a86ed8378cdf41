# SPDX-License-Identifier: Apache-2.0
"""Choose a service item: by what happens in life, by department, or by the first letters of its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from contract.items import ServiceItem
from kiosk.frame.page import Page, PageContext
from kiosk.pages.initials import initials
from kiosk.pages.item_words import event_icon, item_badge, item_icon
from kiosk.pages.letter_pad import LetterPad
from kiosk.visit import intents
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile, TabButton

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

LIFE, DEPARTMENT, PINYIN = "life", "department", "pinyin"


class ChoosePage(Page):
    """Groups first, then their items; a group of one goes straight to its item. At most six choices a page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._way, self._group, self._letters = LIFE, "", ""
        self._visit_id: object = None
        self._items = list(context.catalogue.items.values())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(1), 0, 0)
        column.setSpacing(t.space(4))
        tabs = QHBoxLayout()
        tabs.setSpacing(t.gap)
        self._tabs: dict[str, TabButton] = {}
        self._exclusive = QButtonGroup(self)
        ways = ((LIFE, self.tr("按生活事")), (DEPARTMENT, self.tr("按部门")), (PINYIN, self.tr("拼音首字母")))
        for way, words in ways:
            tab = TabButton(words, "", self)
            tab.clicked.connect(lambda _=False, w=way: self.look(w))
            self._exclusive.addButton(tab)
            self._tabs[way] = tab
            tabs.addWidget(tab, 1)
        column.addLayout(tabs)
        self.list = PagedList(self, stretch_mm=18, columns=2 if context.orientation == "landscape" else 1)
        column.addWidget(self.list, 1)
        self.pad = LetterPad(self, columns=5 if context.orientation == "landscape" else 9)
        self.pad.letter.connect(self._typed)
        self.pad.back.connect(lambda: self._narrow(self._letters[:-1]))
        if context.orientation == "portrait":
            column.addWidget(self.pad)
        self._show()

    def show_state(self, visit: VisitView) -> None:
        if visit.visit_id != self._visit_id:
            self._visit_id = visit.visit_id
            if (self._way, self._group, self._letters) != (LIFE, "", ""):
                self.look(LIFE)
            elif self.list.index:
                self.list.turn(0)

    def look(self, way: str) -> None:
        """Change between the three ways."""
        self._way, self._group, self._letters = way, "", ""
        self._show()
        self.changed.emit()

    def open_group(self, group: str) -> None:
        """Show the items of a group, or choose its only one."""
        members = self._members(group)
        if len(members) == 1:
            self._choose(members[0])
            return
        self._group = group
        self._show()
        self.changed.emit()

    def go_back(self) -> bool:
        if self._group or self._letters:
            self._group, self._letters = "", ""
            self._show()
            return True
        return False

    def title(self) -> str:
        return self.tr("办哪件事？")

    def subtitle(self) -> str:
        if self._way == PINYIN:
            if self._letters:
                return self.tr("首字母：{letters}").format(letters=self._letters)
            return self.tr("点名字的首字母，比如“低保”点 D、B")
        if self._group:
            return self._group_name(self._group)
        return self.tr("按生活里的事来找") if self._way == LIFE else self.tr("按办事的部门来找")

    def spoken(self) -> str:
        names = "、".join(child.text() for child in self.list.shown if isinstance(child, ChoiceTile))
        return f"{self.title()}{self.subtitle()}。{names}"

    def help_widget(self) -> QWidget | None:
        return self.pad if self._way == PINYIN and self.context.orientation == "landscape" else None

    def help_text(self) -> str:
        return self.tr("找到要办的事，点它。先看指南，再决定办不办，不用先放身份证。")

    def _members(self, group: str) -> list[ServiceItem]:
        if self._way == LIFE:
            return [item for item in self._items if item.life_event == group]
        return [item for item in self._items if item.department.id == group]

    def _group_name(self, group: str) -> str:
        if self._way == LIFE:
            return self.context.text(group)
        return self.context.text(self.context.catalogue.departments[group].name)

    def _show(self) -> None:
        self._tabs[self._way].setChecked(True)
        self.pad.setVisible(self._way == PINYIN)
        if self._way == PINYIN:
            found = self._found()
            self.list.set_items(self._rows(found), self.tr("{count} 件").format(count=len(found)))
            self.pad.allow(self._next_letters())
        elif self._group:
            members = self._members(self._group)
            self.list.set_items(self._rows(members), self.tr("{count} 件").format(count=len(members)))
        else:
            self.list.set_items(self._group_rows())

    def _rows(self, items: Iterable[ServiceItem]) -> list[QWidget]:
        rows: list[QWidget] = []
        for item in items:
            badge, kind, _ = item_badge(item)
            name, official = self.context.text(item.plain_name), self.context.text(item.name)
            detail = official if official != name else ""
            tile = ChoiceTile(name, detail, item_icon(item), self.list, badge=badge, badge_kind=kind)
            tile.clicked.connect(lambda _=False, chosen=item: self._choose(chosen))
            rows.append(tile)
        if not rows:
            rows.append(Note("info", self.tr("没有这样的事。删一个字母再试，或者叫工作人员。"), "", self.list))
        return rows

    def _group_rows(self) -> list[QWidget]:
        keys: dict[str, list[ServiceItem]] = {}
        for item in self._items:
            keys.setdefault(item.life_event if self._way == LIFE else item.department.id, []).append(item)
        rows: list[QWidget] = []
        for key, members in keys.items():
            examples = self.tr("、").join(self.context.text(m.plain_name) for m in members[:3])
            if len(members) > 3:
                examples += self.tr(" 等")
            icon = event_icon(key) if self._way == LIFE else "building-community"
            badge = self.tr("{count} 件").format(count=len(members))
            tile = ChoiceTile(self._group_name(key), examples, icon, self.list, badge=badge, badge_kind="plain")
            tile.clicked.connect(lambda _=False, group=key: self.open_group(group))
            rows.append(tile)
        return rows

    def _keys(self, item: ServiceItem) -> tuple[str, str]:
        return initials(item.plain_name), initials(item.name)

    def _found(self) -> list[ServiceItem]:
        hits = [i for i in self._items if any(self._letters in key for key in self._keys(i))]
        return sorted(hits, key=lambda i: (not self._keys(i)[0].startswith(self._letters), self._keys(i)[0]))

    def _next_letters(self) -> set[str]:
        following: set[str] = set()
        for item in self._items:
            for key in self._keys(item):
                start = key.find(self._letters)
                while start >= 0:
                    following.update(key[start + len(self._letters) : start + len(self._letters) + 1])
                    start = key.find(self._letters, start + 1)
        return following

    def _typed(self, letter: str) -> None:
        self._narrow(self._letters + letter)

    def _narrow(self, letters: str) -> None:
        self._letters = letters
        self._show()
        self.changed.emit()

    def _choose(self, item: ServiceItem) -> None:
        self.say(intents.ChooseService(item.id))

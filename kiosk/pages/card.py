# SPDX-License-Identifier: Apache-2.0
"""Lay the ID card on the reader: where, what is read and why; and a real way on without a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from contract.identity import Identity, mask_id
from kiosk.forms.value_words import day_words
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.i18n.messages import message_text
from kiosk.visit import intents
from kiosk.visit.rules import NOT_TODAY
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Heading, Text

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from kiosk.visit.view import VisitView


class HeldCard(QWidget):
    """The card that is not valid today, as staff must see it before they accept it: whose, and from when to when."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        t = context.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.space(4))
        card = Card(self)
        card.column.addWidget(Heading(self.tr("放上来的身份证"), card))
        self._whose = Body("", card)
        self._dates = Body("", card, bold=True)
        card.column.addWidget(self._whose)
        card.column.addWidget(self._dates)
        column.addWidget(card)
        later = Card(self)
        later.column.addWidget(Heading(self.tr("填了没交，会怎样"), later))
        words = self.tr("填好的加密存在这台机器上。换了新证，放在这里，接着办。")
        later.column.addWidget(Body(words, later))
        self.side: QWidget | None = None
        if context.orientation == "portrait":
            column.addWidget(later)
            column.addWidget(Illustration("village-office", self), 1)
        else:
            self.side = _beside(later, Illustration("village-office", self))
            column.addStretch(1)

    def show_card(self, person: Identity) -> None:
        """The number is masked: others stand behind."""
        self._whose.setText(f"{person.name}　{mask_id(person.id_number)}")
        until = day_words(person.valid_to) if person.valid_to else self.tr("长期")
        words = self.tr("有效期：{first} 到 {last}")
        self._dates.setText(words.format(first=day_words(person.valid_from or "……"), last=until))


def _beside(card: Card, below: QWidget | None = None) -> QWidget:
    """For the right third in landscape."""
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    if below is not None:
        column.addWidget(below, 1)
    else:
        column.addStretch(1)
    return side


class CardPage(Page):
    """A drawn card with a slow arrow. A card that cannot be read, or a reader that is gone, is said in words.

    A card that is not valid today is a decision: fill in now, or a member of staff accepts it on their own name.
    """

    shows_message = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        self._reader_ready = True
        self._failed = ""
        self._view: VisitView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        self._lay = Illustration("card-and-reader", self, moving=True)
        column.addWidget(self._lay, 1)
        place = context.text(context.station.reader_place) or self.tr("感应区在屏幕下方，画着身份证的地方")
        self._place = Text(place, self, size="body", colour="muted", centred=True)
        column.addWidget(self._place)
        self._note = Note("waiting", "", "", self, icon="id")
        self._note.hide()
        column.addWidget(self._note)
        self._held = HeldCard(context, self)
        self._held.hide()
        column.addWidget(self._held, 1)
        why = Card(self)
        why.column.addWidget(Heading(self.tr("读什么、为什么读"), why))
        words = self.tr("只读姓名、身份证号码、住址和有效期，用来填申请表。不留照片，办完就从屏幕上清除。")
        why.column.addWidget(Body(words, why))
        self._why = why
        self._help: QWidget | None = None
        if landscape:
            self._help = _beside(why)
        else:
            column.addWidget(why)

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        if self._not_today and visit.identity is not None:
            self._held.show_card(visit.identity)
        self._failed = message_text(visit.message) if visit.message is not None else ""
        said = visit.message.code if visit.message is not None else visit.card_code
        if self._not_today and visit.staff is not None and said == visit.card_code:
            # The title says what is wrong; staff who may accept it must know what that means.
            self._failed = self.tr("接受以后，申请上会写明是 {name} 接受的。").format(name=visit.staff.name)
        self._say()

    def set_devices(self, statuses: tuple[DeviceStatus, ...]) -> None:
        readers = [s for s in statuses if s.device == "id-card"]
        # No status yet is no fault; the reader's own thread reports as soon as it knows.
        self._reader_ready = all(s.state.name in ("READY", "BUSY") for s in readers)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        held = bool(self._not_today)
        if self._failed:
            self._note.set_words(self._failed)
        elif not self._reader_ready:
            self._note.set_words(self.tr("读卡器现在用不了"), self.tr("不耽误办事：点“没带身份证”，工作人员帮您登记。"))
        self._note.setVisible(bool(self._failed) or not self._reader_ready)
        self._place.setVisible(not held and not self._note.isVisibleTo(self))
        self._held.setVisible(held)
        self._lay.setVisible(not held)
        if self._help is None:
            self._why.setVisible(not held)

    @property
    def _not_today(self) -> str:
        code = self._view.card_code if self._view is not None else ""
        return code if code in NOT_TODAY else ""

    def title(self) -> str:
        match self._not_today:
            case "card-expired":
                return self.tr("身份证过期了")
            case "card-not-yet-valid":
                return self.tr("身份证还没到生效日期")
            case _:
                return self.tr("请把身份证放在感应区")

    def spoken(self) -> str:
        if self._note.isVisibleTo(self):
            return f"{self._note.head.text()}{self._note.detail.text()}"
        return f"{self.title()}。{self._place.text()}。"

    def help_widget(self) -> QWidget | None:
        return self._held.side if self._not_today else self._help

    def primary(self) -> ActionSpec | None:
        if self._view is None or not self._not_today:
            return None
        if self._view.staff is not None:
            return ActionSpec(self.tr("接受这张证"), "user-check", intent=intents.AcceptCard())
        if self._view.holder is None:
            return ActionSpec(self.tr("先填好"), "arrow-right", intent=intents.NextPage(), icon_after=True)
        return ActionSpec(self.tr("叫工作人员"), "user-question", intent=intents.CallStaff())

    def secondary(self) -> tuple[ActionSpec, ...]:
        back = ActionSpec(self.tr("返回"), "arrow-left", intent=intents.GoBack(), kind="secondary")
        if not self._not_today:
            no_card = ActionSpec(self.tr("没带身份证"), "user-question", intent=intents.NoCard(), kind="secondary")
            return back, no_card
        assert self._view is not None
        if self._view.holder is not None:
            return (back,)
        if self._view.staff is None:
            call = ActionSpec(self.tr("叫工作人员"), "user-question", intent=intents.CallStaff(), kind="secondary")
            return back, call
        fill_in = ActionSpec(self.tr("先填好"), "arrow-right", intent=intents.NextPage(), kind="secondary")
        return back, fill_in

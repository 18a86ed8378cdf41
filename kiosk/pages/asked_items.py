# SPDX-License-Identifier: Apache-2.0
"""What a correction asks for, item by item: what is wrong with it, and what it says now, to be read only."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from contract.event_body import CorrectionAsk
from contract.items import ServiceItem
from kiosk.forms.slots import is_empty
from kiosk.forms.value_words import fits, value_words
from kiosk.frame.page import PageContext
from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.visit.event_bodies import Said
from kiosk.widgets.painting import rounded_box
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body, Secondary

translate = QCoreApplication.translate

_BREAKS = "\n。；;，,、 "


class AskedItem(QFrame):
    """A card: what is to be put right, what is wrong with it, and below, on white, what it says now."""

    def __init__(self, head: str, wrong: str, now: str, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(t.space(6), t.space(4), t.space(6), t.space(4))
        column.setSpacing(t.space(3))
        top = QHBoxLayout()
        top.setSpacing(t.space(5))
        picture = QLabel(self)
        picture.setPixmap(theme_icon("file-plus", t.icon, t.amber))
        picture.setFixedSize(t.icon, t.icon)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(t.space(1))
        self.head = Body(head, self, bold=True)
        words.addWidget(self.head)
        self.detail = Secondary(wrong, self)
        self.detail.set_colour("ink")
        self.detail.setVisible(bool(wrong))
        words.addWidget(self.detail)
        top.addLayout(words, 1)
        column.addLayout(top)
        self.value = Body(value, self)
        if now or value:
            box = Card(self, padding_mm=4)
            if now:
                box.column.addWidget(Secondary(now, box))
            self.value.setParent(box)
            box.column.addWidget(self.value)
            column.addWidget(box)
        else:
            self.value.hide()
        self.words = "，".join(part for part in (head, wrong, now, value) if part)
        self.setAccessibleName(self.words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        line = t.line if t.scale.contrast == "high" else None
        rounded_box(painter, QRectF(self.rect()), t.radius, t.amber_wash, line, max(1, t.border))
        painter.end()


def asked_items(
    said: Said, item: ServiceItem | None, context: PageContext, parent: QWidget, *, values_shown: bool, most: int
) -> Iterator[AskedItem]:
    """One card for each thing asked for, more where there is more to say than `most` characters."""
    one, several = (
        translate("Asked", "只要补这一样：{what}"),
        translate("Asked", "要补的第 {n} 样，共 {count} 样：{what}"),
    )
    asks = said.body.asks
    for place, ask in enumerate(asks, start=1):
        form = one if len(asks) == 1 else several
        head = form.format(what=_name(ask, item, context), n=place, count=len(asks))
        now, value = _now(ask, said, item, context, values_shown=values_shown)
        for words in _cards(head, context.text(ask.text), now, value, most):
            yield AskedItem(*words, parent)


def _cards(head: str, wrong: str, now: str, value: str, most: int) -> Iterator[tuple[str, str, str, str]]:
    """All on one card where that is room enough for; else what is wrong first, then what it says now."""
    if len(wrong) + len(value) <= most:
        yield head, wrong, now, value
        return
    on = translate("Asked", "接上：{head}").format(head=head)
    for piece in pieces(wrong, most):
        yield head, piece, "", ""
        head = on
    for piece in pieces(value, most) if value else [""] if now else []:
        yield head, "", now, piece
        head = on


def _now(
    ask: CorrectionAsk, said: Said, item: ServiceItem | None, context: PageContext, *, values_shown: bool
) -> tuple[str, str]:
    """What stands over the present value, and the value; ("", "") for a material, which has none."""
    field = next((f for f in item.fields if f.id == ask.subject), None) if item is not None else None
    given = ask.subject in said.body.values
    if not given and not (said.lost and field is not None):
        return "", ""
    if given and not values_shown:
        return translate("Asked", "放上身份证，就能看到现在填的是什么"), ""
    if given and is_empty(said.body.values[ask.subject]):
        return translate("Asked", "现在没有填"), ""
    if given and field is not None and fits(field, said.body.values[ask.subject]):
        return translate("Asked", "现在填的是"), value_words(field, said.body.values[ask.subject], context)
    return translate("Asked", "现在填的是什么，这台机器打不开，请问工作人员"), ""


def _name(ask: CorrectionAsk, item: ServiceItem | None, context: PageContext) -> str:
    if item is None:
        return ask.subject
    named = {field.id: field.label for field in item.fields} | {m.id: m.name for m in item.materials}
    return context.text(named[ask.subject]) if ask.subject in named else ask.subject


def pieces(text: str, most: int) -> Iterator[str]:
    """A long text in parts of at most `most` characters, cut where one would draw breath. Nothing is left out."""
    while len(text) > most:
        cut = max(text.rfind(mark, most // 2, most) for mark in _BREAKS) + 1 or most
        yield text[:cut].strip("\n ")
        text = text[cut:]
    if text:
        yield text

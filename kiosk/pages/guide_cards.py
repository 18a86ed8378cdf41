# SPDX-License-Identifier: Apache-2.0
"""The cards of the guide: each fact an item publishes, in a card of its own, so that pages can be cut between."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from contract.items import Material, ServiceItem
from kiosk.frame.page import PageContext
from kiosk.pages import item_words
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Heading, Secondary, Text

translate = QCoreApplication.translate


class FactBox(Card):
    """One figure, large, and what it means."""

    def __init__(self, figure: str, meaning: str, parent: QWidget) -> None:
        super().__init__(parent, padding_mm=4)
        self.column.setSpacing(0)
        size = "body" if self.tokens.elder else "heading"
        self.column.addWidget(Text(figure, self, size=size, bold=True))
        self.column.addWidget(Secondary(meaning, self))
        self.column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{figure}，{meaning}")


class Row(QWidget):
    """Widgets side by side, equally wide, as one item of a paged list."""

    def __init__(self, parent: QWidget, boxes: tuple[QWidget, ...], gap: int) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap)
        for box in boxes:
            row.addWidget(box, 1)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


def titled(parent: QWidget, title: str, *lines: str, quiet: str = "") -> Card:
    """A card with a head, lines of body, and a quieter line."""
    card = Card(parent)
    card.column.addWidget(Heading(title, card))
    for line in lines:
        if line:
            card.column.addWidget(Body(line, card))
    if quiet:
        card.column.addWidget(Secondary(quiet, card))
    card.column.addStretch(1)
    return card


def chunked(context: PageContext, parent: QWidget, title: str, lines: Sequence[str]) -> list[QWidget]:
    """One card, or several where a long one would not fit a page (large type in landscape)."""
    most = 8
    if context.orientation == "landscape":
        most = 2 if context.tokens.elder else 4
    return [
        titled(parent, title if start == 0 else translate("Guide", "{title}（接上）").format(title=title), *chunk)
        for start in range(0, max(1, len(lines)), most)
        for chunk in [lines[start : start + most]]
    ]


def with_icon(parent: QWidget, icon: str, colour: str, head: str, detail: str) -> Card:
    """A card with an icon beside a head and its detail."""
    card = Card(parent, padding_mm=5)
    _line(card, icon, colour, head, detail)
    card.setAccessibleName(f"{head}，{detail}")
    return card


def _line(card: Card, icon: str, colour: str, head: str, detail: str) -> None:
    t = card.tokens
    row = QHBoxLayout()
    row.setSpacing(t.space(5))
    picture = QLabel(card)
    picture.setPixmap(theme_icon(icon, t.icon, getattr(t, colour)))
    picture.setFixedSize(t.icon, t.icon)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Body(head, card, bold=True))
    if detail:
        words.addWidget(Secondary(detail, card))
    row.addLayout(words, 1)
    card.column.addLayout(row)


def basics(context: PageContext, item: ServiceItem, parent: QWidget) -> list[QWidget]:
    """How long, how much, how many trips; who may; how far one gets here."""
    statutory = item_words.limit_words(item.statutory)
    meaning = translate("Guide", "办好，法定 {limit}").format(limit=statutory)
    days = FactBox(item_words.limit_words(item.promised), meaning, parent)
    if item_words.is_free(item):
        fee = FactBox(translate("Guide", "不收钱"), translate("Guide", "任何人不得收费"), parent)
    else:
        fee = FactBox(translate("Guide", "费用"), context.text(item.fee), parent)
    trips = FactBox(*item_words.visits_words(item), parent)
    badge, kind, icon = item_words.item_badge(item)
    facts = Row(parent, (days, fee, trips), context.tokens.gap)
    facts.setProperty("broad", True)
    boxes: list[QWidget] = [facts]
    who = [context.text(item.conditions)]
    if item.agent_allowed:
        who.append(translate("Guide", "家里人可以代办，要带两个人的身份证。"))
    if item.minor:
        who.append(translate("Guide", "未成年人由监护人来办。"))
    boxes.append(_bring(context, item, parent))
    boxes += chunked(context, parent, translate("Guide", "谁能办"), who)
    boxes.append(Note("waiting" if kind == "waiting" else "info", badge, here_words(item), parent, icon=icon))
    return boxes


def _bring(context: PageContext, item: ServiceItem, parent: QWidget) -> Card:
    """What to bring at a glance; the next tab has it in full."""
    needed = [material for material in item.materials if material.required]
    card = Card(parent)
    card.column.addWidget(Heading(translate("Guide", "要带什么"), card))
    if needed and context.orientation == "landscape":
        # Low and wide: the names alone; what to do about each is on the next tab.
        names = translate("Guide", "、").join(context.text(material.name) for material in needed)
        card.column.addWidget(Body(names, card))
        card.column.addStretch(1)
        return card
    for material in needed:
        _line(card, *_look(material), context.text(material.name), item_words.material_words(material))
    if not needed:
        card.column.addWidget(Body(translate("Guide", "什么都不用带"), card))
    rest = len(item.materials) - len(needed)
    if rest:
        words = translate("Guide", "另有 {count} 样有才带，见“带什么”。").format(count=rest)
        card.column.addWidget(Secondary(words, card))
    card.column.addStretch(1)
    return card


def here_words(item: ServiceItem) -> str:
    """What the badge means."""
    if item.offline == "guide":
        return translate("Guide", "这件事要到窗口办。这里可以打印清单和空白表，去之前备好。")
    if item.offline == "draft":
        return translate("Guide", "要联网核对身份。没网时先填好存着，有网再提交。")
    if item.depth == "全程":
        return translate("Guide", "没网也能办：先在这台机器登记，有网后自动上报。")
    return translate("Guide", "先在这里登记，缺的材料以后补交，不用重新填。")


def materials(context: PageContext, item: ServiceItem, parent: QWidget) -> list[QWidget]:
    """What to bring, one card each; what is needed in some cases only says so."""
    if not item.materials:
        return [Note("done", translate("Guide", "什么都不用带"), "", parent)]
    return [_material(context, material, parent) for material in item.materials]


def _material(context: PageContext, material: Material, parent: QWidget) -> Card:
    name = context.text(material.name)
    if not material.required:
        name += translate("Guide", "（有才带）")
    return with_icon(parent, *_look(material), name, item_words.material_words(material))


def _look(material: Material) -> tuple[str, str]:
    """Icon and colour: what the machine or a certificate gives, and what one must have in the hand."""
    easy = material.ecert in ("have", "gen") or material.id == "idcard"
    return ("circle-check", "green") if easy else ("file-text", "amber")


def process(context: PageContext, item: ServiceItem, parent: QWidget) -> list[QWidget]:
    """The steps, the ways in, where it is taken in, who decides."""
    numbered = [f"{number}. {context.text(step)}" for number, step in enumerate(item.process, 1)]
    rows: list[QWidget] = chunked(context, parent, translate("Guide", "办理步骤"), numbered)
    rows.append(
        titled(
            parent,
            translate("Guide", "在哪里办"),
            translate("Guide", "{levels}的服务点都收。").format(levels=item_words.level_words(item.intake_levels)),
            item_words.track_words(item),
        )
    )
    department = item.department
    phone = translate("Guide", "电话 {phone}").format(phone=department.phone) if department.phone else ""
    rows.append(titled(parent, translate("Guide", "谁来办"), context.text(department.name), quiet=phone))
    limits = translate("Guide", "承诺 {promised}，法定 {statutory}，从受理那天算起。").format(
        promised=item_words.limit_words(item.promised), statutory=item_words.limit_words(item.statutory)
    )
    notes = "；".join(context.text(note) for note in (item.promised.note, item.statutory.note) if note)
    rows.append(titled(parent, translate("Guide", "要多久"), limits, quiet=notes))
    fee = context.text(item.fee)
    rows.append(titled(parent, translate("Guide", "多少钱"), fee))
    return rows


def law(context: PageContext, item: ServiceItem, parent: QWidget) -> list[QWidget]:
    """Legal basis, where to complain, version and codes."""
    basis = []
    for entry in item.legal_basis:
        certain = entry.confidence == "V"
        basis.append(context.text(entry.text) + ("" if certain else translate("Guide", "（以原文为准）")))
    rows: list[QWidget] = chunked(context, parent, translate("Guide", "依据"), basis)
    channels = item_words.complaint_channels(context, item)
    rows += chunked(context, parent, translate("Guide", "不满意，找谁"), channels)
    codes = [translate("Guide", "基本编码 {code}").format(code=item.base_code)]
    if item.impl_code:
        codes.append(translate("Guide", "实施编码 {code}").format(code=item.impl_code))
    if item.local_code:
        codes.append(translate("Guide", "本地编码 {code}").format(code=item.local_code))
    version = translate("Guide", "版本 {version}，{day} 起用").format(version=item.version, day=item.effective)
    kind = translate("Guide", "即办件") if item.case_type == "instant" else translate("Guide", "承诺件")
    rows.append(titled(parent, translate("Guide", "这份指南"), f"{version} · {kind}", quiet="\n".join(codes)))
    return rows


def spoken(context: PageContext, item: ServiceItem) -> str:
    """The guide's heart in a few sentences."""
    needed = translate("Guide", "、").join(context.text(m.name) for m in item.materials if m.required)
    words = translate("Guide", "{name}。{days}办好。{fee}。要带：{materials}。").format(
        name=context.text(item.name),
        days=item_words.limit_words(item.promised),
        fee=translate("Guide", "不收钱") if item_words.is_free(item) else context.text(item.fee),
        materials=needed or translate("Guide", "什么都不用带"),
    )
    return words + context.text(item.conditions)

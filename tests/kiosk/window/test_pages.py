# SPDX-License-Identifier: Apache-2.0
"""What the pages say and emit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from contract.items import ServiceItem
from kiosk.frame.action_row import ActionRow
from kiosk.pages.choose import DEPARTMENT, LIFE, PINYIN, ChoosePage
from kiosk.pages.complaint import LONGEST, ComplaintPage
from kiosk.pages.guide import TABS, GuidePage
from kiosk.pages.initials import initials
from kiosk.pages.item_words import item_badge, limit_words
from kiosk.pages.notice import NoticePage
from kiosk.visit import intents
from kiosk.visit.view import Message, VisitView
from kiosk.widgets.buttons import Button
from kiosk.widgets.tiles import BigTile, ChoiceTile
from kiosk.window.shell import Shell
from tests.kiosk.window.conftest import MakeShell

VIEW = VisitView("v1", "home")


def show(shell: Shell, screen: str, item: ServiceItem | None = None) -> object:
    shell.show_page(screen, replace(VIEW, screen=screen, item=item))
    return shell.page


def action(shell: Shell, words: str) -> Button:
    row: ActionRow = shell.frame.action_row
    return next(b for b in row.buttons if b.text() == words)


def visible_words(shell: Shell) -> str:
    labels = [label.text() for label in shell.findChildren(QLabel) if label.isVisibleTo(shell)]
    buttons = [b.accessibleName() for b in shell.findChildren(Button) if b.isVisibleTo(shell)]
    return "\n".join(labels + buttons)


def test_home_names_its_six_ways(shell: Shell, wishes: list[object]) -> None:
    show(shell, "home")
    tiles = [t for t in shell.findChildren(BigTile) if t.isVisibleTo(shell)]
    assert [t.text() for t in tiles] == ["办事", "查进度", "办事指南", "打印", "评价和投诉", "找人帮忙"]
    for tile in tiles:
        tile.click()
    assert wishes == [
        intents.OpenChoose("apply"),
        intents.Track(None),
        intents.OpenChoose("guide"),
        intents.OpenPrint(),
        intents.OpenComplaint(),
        intents.CallStaff(),
    ]


def test_attract_wakes_anywhere_and_leads_straight_on(shell: Shell, wishes: list[object], qtbot: object) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    del qtbot
    show(shell, "attract")
    assert not shell.frame.bar.isVisible()
    assert shell.page is not None
    QTest.mouseClick(shell.page, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    assert wishes == [intents.Touched()]
    buttons = list(shell.page.findChildren(Button))
    assert len(buttons) == 6
    buttons[0].click()
    assert wishes[1] == intents.ChooseService("med-join")


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("way", [LIFE, DEPARTMENT])
def test_every_item_is_found_by_group(make_shell: MakeShell, way: str, orientation: str) -> None:
    shell = make_shell(orientation)
    heard: list[object] = []
    shell.intent.connect(heard.append)
    page = show(shell, "choose")
    assert isinstance(page, ChoosePage)
    page.look(way)
    for group_page in range(page.list.page_count):
        page.look(way)
        page.list.turn(group_page)
        for position in range(len(page.list.shown)):
            page.look(way)
            page.list.turn(group_page)
            page.list.shown[position].click()  # type: ignore[attr-defined]
            if not page._group:
                continue
            for item_page in range(page.list.page_count):
                page.list.turn(item_page)
                for tile in page.list.shown:
                    tile.click()  # type: ignore[attr-defined]
    chosen = [wish.item_id for wish in heard if isinstance(wish, intents.ChooseService)]
    assert sorted(chosen) == sorted(shell.context.catalogue.items)


def test_every_item_is_found_by_its_initials(shell: Shell) -> None:
    page = show(shell, "choose")
    assert isinstance(page, ChoosePage)
    for item in shell.context.catalogue.items.values():
        page.look(PINYIN)
        for letter in initials(item.plain_name):
            assert page.pad.key(letter).isEnabled(), (item.plain_name, letter)
            page.pad.key(letter).click()
        first = page.list.shown[0]
        assert isinstance(first, ChoiceTile)
        names = [t.text() for t in page.list.shown if isinstance(t, ChoiceTile)]
        assert item.plain_name in names


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("高龄津贴", "GLJT"),
        ("残疾人两项补贴", "CJRLXBT"),
        ("交医保", "JYB"),
        ("低保A1", "DBA1"),
        ("、赡", "S"),
        ("𠮷", ""),
    ],
)
def test_initials(words: str, letters: str) -> None:
    assert initials(words) == letters


def test_back_leaves_the_group_before_the_page(shell: Shell, wishes: list[object]) -> None:
    page = show(shell, "choose")
    assert isinstance(page, ChoosePage)
    page.open_group("养老")
    assert len(page.list.shown) == 6
    shell.frame.bar.buttons[0].click()
    assert wishes == []
    assert page._group == ""
    shell.frame.bar.buttons[0].click()
    assert wishes == [intents.GoBack()]


def test_a_new_visit_begins_at_the_groups(shell: Shell) -> None:
    page = show(shell, "choose")
    assert isinstance(page, ChoosePage)
    page.open_group("养老")
    shell.show_page("choose", VisitView("v2", "choose"))
    assert page._group == ""


def test_badges_say_how_far_one_gets(shell: Shell) -> None:
    words = {item_badge(item)[0] for item in shell.context.catalogue.items.values()}
    assert words == {"在这里办完", "要有网络", "先登记后补交", "只打印指南"}


def test_limits_name_their_unit(shell: Shell) -> None:
    items = shell.context.catalogue.items
    assert limit_words(items["old80"].promised) == "22 个工作日"
    assert limit_words(items["residence-permit"].promised) == "10 天"
    assert limit_words(items["med-join"].promised) == "当场办"


def all_words_of_guide(shell: Shell, page: GuidePage) -> str:
    words = [visible_words(shell)]
    for tab in TABS:
        page.look(tab)
        for number in range(page.list.page_count):
            page.list.turn(number)
            words.append(visible_words(shell))
    return "\n".join(words)


@pytest.mark.parametrize(("orientation", "elder"), [("portrait", False), ("landscape", True)])
def test_the_guide_shows_everything_an_item_publishes(make_shell: MakeShell, orientation: str, elder: bool) -> None:
    shell = make_shell(orientation, elder=elder)
    for item in shell.context.catalogue.items.values():
        shell.show_page("guide", replace(VIEW, screen="guide", item=item, elder=elder))
        page = shell.page
        assert isinstance(page, GuidePage)
        words = all_words_of_guide(shell, page)
        published = [item.name, item.conditions, item.version, item.department.name, item.base_code, item.effective]
        published += [basis.text for basis in item.legal_basis]
        published += [material.name for material in item.materials]
        published += [*item.process, *item.complaint, item.fee]
        published += [limit_words(item.promised), limit_words(item.statutory), f"{item.visits} 趟"]
        missing = [text for text in published if text not in words]
        assert missing == [], item.id


def test_the_guide_prints_and_begins(shell: Shell, wishes: list[object]) -> None:
    items = shell.context.catalogue.items
    page = show(shell, "guide", items["old80"])
    assert isinstance(page, GuidePage)
    page.checklist_button.click()
    page.blank_button.click()
    action(shell, "开始办理").click()
    assert wishes == [intents.PrintChecklist(), intents.PrintBlankForm(), intents.StartApplication("old80")]
    show(shell, "guide", items["hukou-birth"])
    assert [b.text() for b in shell.frame.action_row.buttons] == ["返回", "打印清单带走"]


def test_consent_carries_the_choice_about_drafts(shell: Shell, wishes: list[object]) -> None:
    page = show(shell, "notice", shell.context.catalogue.items["old80"])
    assert isinstance(page, NoticePage)
    action(shell, "同意，继续").click()
    page._drop.click()
    action(shell, "同意，继续").click()
    action(shell, "不同意").click()
    assert wishes == [intents.ConsentGiven(True), intents.ConsentGiven(False), intents.ConsentRefused()]
    assert "县民政局" in page.spoken()


def test_the_notice_forgets_the_last_visits_choice(shell: Shell) -> None:
    item = shell.context.catalogue.items["old80"]
    page = show(shell, "notice", item)
    assert isinstance(page, NoticePage)
    page._drop.click()
    shell.show_page("notice", VisitView("v2", "notice", item=item))
    assert page.keep_draft


def test_no_card_is_a_real_way_on(shell: Shell, wishes: list[object]) -> None:
    show(shell, "card", shell.context.catalogue.items["old80"])
    action(shell, "没带身份证").click()
    assert wishes == [intents.NoCard()]


def test_an_unreadable_card_is_said_on_the_card_screen(shell: Shell) -> None:
    view = replace(VIEW, screen="card", message=Message("card-unreadable", kind="waiting"))
    shell.show_page("card", view)
    assert shell.page is not None
    assert "身份证" in shell.page.spoken()
    assert shell.frame.message_words == ""


def test_a_complaint_needs_words_and_is_forgotten(shell: Shell, wishes: list[object]) -> None:
    page = show(shell, "complaint")
    assert isinstance(page, ComplaintPage)
    assert not action(shell, "交上去").isEnabled()
    page.field.setPlainText("很" * (LONGEST + 5))
    assert len(page.field.toPlainText()) == LONGEST
    page.field.setPlainText(" 大厅太冷 ")
    action(shell, "交上去").click()
    assert wishes == [intents.SendComplaint("大厅太冷")]
    shell.show_page("complaint", VisitView("v2", "complaint"))
    assert page.field.toPlainText() == ""
    assert "12345" in visible_words(shell)


def test_printing_leads_to_where_it_is_chosen(shell: Shell, wishes: list[object]) -> None:
    show(shell, "print")
    assert shell.page is not None
    for tile in shell.page.findChildren(ChoiceTile):
        tile.click()
    assert wishes == [intents.OpenChoose("print"), intents.OpenChoose("print"), intents.Track(None)]

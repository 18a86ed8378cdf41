# SPDX-License-Identifier: Apache-2.0
"""The frame: its bar, its overlays, its size and language."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from contract.application import Value
from contract.identity import Identity, make_id_number
from kiosk.frame.dialog import Dialog
from kiosk.frame.state import NetState, network_words, printer_words
from kiosk.frame.unlock import UnlockOverlay
from kiosk.visit import intents
from kiosk.visit.view import DraftOffer, Message, VisitView
from kiosk.widgets.buttons import Button
from kiosk.window.shell import Shell
from tests.kiosk.window.conftest import MakeShell

HOME = VisitView("v1", "home")


def person() -> Identity:
    import datetime

    number = make_id_number("990123", datetime.date(1942, 3, 5), 2)
    return Identity(
        name="王秀英",
        id_number=number,
        sex="2",
        ethnic="01",
        birth="1942-03-05",
        address="示例县示例镇示例村3组12号",
        issuer="示例县公安局",
        valid_from="2010-01-01",
        valid_to=None,
    )


def overlay_button(shell: Shell, words: str) -> Button:
    assert shell.overlay is not None
    return next(b for b in shell.overlay.findChildren(Button) if b.text() == words)


def test_the_bar_is_always_in_the_same_order(shell: Shell) -> None:
    assert [b.text() for b in shell.frame.bar.buttons] == ["返回", "首页", "叫工作人员", "大字", "朗读"]


def test_the_bar_says_what_is_wished(shell: Shell, wishes: list[object]) -> None:
    for button in shell.frame.bar.buttons:
        button.click()
    assert wishes[:4] == [intents.GoBack(), intents.GoHome(), intents.CallStaff(), intents.ToggleElder()]
    last = wishes[4]
    assert isinstance(last, intents.ReadAloud)
    assert "办事" in last.text


def test_home_asks_before_work_is_left(shell: Shell, wishes: list[object]) -> None:
    item = shell.context.catalogue.items["old80"]
    shell.show_page("card", replace(HOME, screen="card", item=item, identity=person()))
    shell.frame.bar.buttons[1].click()
    assert wishes == []
    overlay_button(shell, "存好，回首页").click()
    assert wishes == [intents.KeepDraft(True)]
    assert shell.overlay is None
    shell.frame.bar.buttons[1].click()
    overlay_button(shell, "不存，回首页").click()
    assert wishes[-1] == intents.KeepDraft(False)
    shell.frame.bar.buttons[1].click()
    overlay_button(shell, "接着办").click()
    assert len(wishes) == 2


def test_without_a_card_there_is_nothing_to_keep(shell: Shell) -> None:
    value = Value("138", "resident")
    shell.show_page("home", replace(HOME, values={"x": value}))
    shell.frame.bar.buttons[1].click()
    assert shell.overlay is not None
    assert "存好，回首页" not in [b.text() for b in shell.overlay.findChildren(Button)]


def test_the_countdown_counts_and_goes_away(shell: Shell, wishes: list[object]) -> None:
    shell.show_page("home", replace(HOME, idle_left=30))
    dialog = shell.overlay
    assert isinstance(dialog, Dialog)
    shell.show_page("home", replace(HOME, idle_left=29))
    assert shell.overlay is dialog
    assert "29" in dialog._count.text()
    overlay_button(shell, "我还在").click()
    assert wishes == [intents.IAmHere()]
    shell.show_page("home", HOME)
    assert shell.overlay is None


def test_a_countdown_takes_the_place_of_another_question(shell: Shell) -> None:
    shell.show_called()
    shell.show_page("home", replace(HOME, idle_left=30))
    assert shell.overlay is not None
    assert shell.overlay.key == "idle"


def test_nothing_behind_an_overlay_can_be_touched(shell: Shell, wishes: list[object]) -> None:
    shell.show_called()
    target = shell.frame.bar.buttons[3]
    point = target.mapTo(shell, target.rect().center())
    top = shell.childAt(point)
    assert top is not None
    QTest.mouseClick(top, Qt.MouseButton.LeftButton, pos=top.mapFrom(shell, point))
    QTest.mouseClick(shell.overlay, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert wishes == []


def test_staff_unlock_by_name_and_number(shell: Shell, wishes: list[object]) -> None:
    shell.show_called()
    overlay_button(shell, "我是工作人员").click()
    unlock = shell.overlay
    assert isinstance(unlock, UnlockOverlay)
    assert not unlock.unlock_button.isEnabled()
    unlock.name_buttons[1].click()
    for digit in "25809":
        unlock.keypad.button(digit).click()
    unlock.keypad.back_button.click()
    unlock.unlock_button.click()
    assert wishes == [intents.StaffUnlock("赵小兰", "2580")]
    shell.refuse_staff("密码不对，还能试 4 次。")
    assert unlock._problem.head.text() == "密码不对，还能试 4 次。"
    assert not unlock.unlock_button.isEnabled()
    unlock.cancel_button.click()
    assert shell.overlay is None


def test_the_number_is_never_shown_nor_named(shell: Shell) -> None:
    unlock = shell.ask_staff()
    for digit in "2580":
        unlock.keypad.button(digit).click()
    assert unlock._dots.accessibleName() == "已输入 4 位"


def test_a_draft_is_offered_once(shell: Shell, wishes: list[object]) -> None:
    offered = replace(HOME, draft_offer=DraftOffer("old80", "八十岁补贴", "2026-11-20"))
    shell.show_page("home", offered)
    first = shell.overlay
    shell.show_page("home", offered)
    assert shell.overlay is first
    overlay_button(shell, "接着上次的办").click()
    assert wishes == [intents.ResumeDraft(True)]


def test_large_size_rebuilds_the_page_it_shows(shell: Shell) -> None:
    before = shell.tokens.body
    shell.show_page("choose", replace(HOME, screen="choose"))
    shell.show_page("choose", replace(HOME, screen="choose", elder=True))
    assert shell.page_name == "choose"
    assert shell.tokens.body > before
    assert shell.frame.bar.buttons[3].text() == "普通字"
    shell.set_scale(False)
    assert shell.tokens.body == before
    assert shell.page_name == "choose"


def test_language_is_put_in_place_before_pages_are_made(make_shell: MakeShell) -> None:
    shell = make_shell()
    asked: list[str] = []
    shell._use_language = asked.append
    shell.show_page("home", HOME)
    shell.show_page("home", replace(HOME, language="en"))
    assert asked == ["en"]
    assert shell.context.language == "en"


def test_a_message_stands_above_the_page(shell: Shell) -> None:
    shell.show_page("home", replace(HOME, message=Message("intake-disk-low", kind="waiting")))
    words = shell.frame.message_words
    assert words
    assert shell.spoken().startswith(words)
    shell.show_page("home", HOME)
    assert shell.frame.message_words == ""


def test_network_is_said_in_words() -> None:
    assert network_words(NetState("good")).text == "网络正常"
    assert "照常" in network_words(NetState("weak")).text
    assert "本机登记" in network_words(NetState("down", 2)).text
    assert network_words(NetState("down", 2), staff=True).text == "网络不通，待上报 2 件"
    sending = NetState(phase="sending", waiting=2, bytes_left=900_000, seconds_left=240)
    assert network_words(sending).text == "正在上报，大约 4 分钟"
    assert network_words(replace(sending, seconds_left=6)).text == "网络正常"  # over before it is read


def status(device: str, state: str) -> SimpleNamespace:
    return SimpleNamespace(device=device, state=SimpleNamespace(name=state))


def test_the_worst_printer_is_said() -> None:
    good, low, out = (
        status("printer", "READY"),
        status("receipt-printer", "PAPER_LOW"),
        status("printer", "OUT_OF_PAPER"),
    )
    assert printer_words([good]) is None  # type: ignore[list-item]
    assert printer_words([status("id-card", "ABSENT")]) is None  # type: ignore[list-item]
    said = printer_words([low, out])  # type: ignore[list-item]
    assert said is not None
    assert said.text == "打印机没纸了"

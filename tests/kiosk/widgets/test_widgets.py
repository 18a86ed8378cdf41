# SPDX-License-Identifier: Apache-2.0
"""Controls wrap and page instead of cutting; their names can be read by a screen reader."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.widgets.buttons import PrimaryButton
from kiosk.widgets.keypad import Keypad
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile

LONG = "Resident endowment insurance registration for urban and rural residents, once more"


def test_a_button_grows_with_its_words(qtbot: QtBot) -> None:
    button = PrimaryButton(LONG)
    qtbot.addWidget(button)
    assert button.heightForWidth(400) > button.heightForWidth(1200)
    button.resize(400, button.heightForWidth(400))
    button.grab()
    assert not button.cut


def test_a_button_that_is_far_too_small_says_so(qtbot: QtBot) -> None:
    button = PrimaryButton(LONG * 3)
    qtbot.addWidget(button)
    button.setMinimumSize(1, 1)
    button.resize(120, 60)
    button.grab()
    assert button.cut


def test_a_tile_is_named_by_all_it_says(qtbot: QtBot) -> None:
    tile = ChoiceTile("高龄津贴", "每月补贴", "cake", badge="在这里办完")
    qtbot.addWidget(tile)
    name = QAccessible.queryAccessibleInterface(tile).text(QAccessible.Text.Name)
    assert name == "高龄津贴，每月补贴，在这里办完"


@pytest.mark.parametrize("extra", ["", "X", "."])
def test_the_keypad_types(qtbot: QtBot, extra: str) -> None:
    keypad = Keypad(extra=extra)
    qtbot.addWidget(keypad)
    typed: list[str] = []
    keypad.key.connect(typed.append)
    for character in "1234567890" + extra:
        keypad.button(character).click()
    assert "".join(typed) == "1234567890" + extra
    with qtbot.waitSignal(keypad.back):
        keypad.back_button.click()
    with qtbot.waitSignal(keypad.clear):
        keypad.clear_button.click()


def make_list(qtbot: QtBot, count: int, height: int, **options: int) -> PagedList:
    paged = PagedList(**options)  # type: ignore[arg-type]
    qtbot.addWidget(paged)
    paged.resize(600, height)
    paged.show()
    items: list[QWidget] = []
    for number in range(count):
        label = QLabel(str(number))
        label.setFixedHeight(100)
        items.append(label)
    paged.set_items(items)
    return paged


def test_a_list_that_fits_has_no_pager(qtbot: QtBot) -> None:
    paged = make_list(qtbot, 3, 400)
    assert paged.page_count == 1
    assert not paged.pager.isVisible()


def test_a_long_list_pages_and_loses_nothing(qtbot: QtBot) -> None:
    paged = make_list(qtbot, 13, 1200)
    seen: list[str] = []
    for page in range(paged.page_count):
        paged.turn(page)
        assert 0 < len(paged.shown) <= 6
        for item in paged.shown:
            assert isinstance(item, QLabel)
            assert paged.rect().contains(item.geometry())
            assert not item.geometry().intersects(paged.pager.geometry())
            seen.append(item.text())
    assert seen == [str(number) for number in range(13)]
    assert paged.page_count == 3


def test_two_columns_fill_a_page_side_by_side(qtbot: QtBot) -> None:
    paged = make_list(qtbot, 6, 500, columns=2)
    assert paged.page_count == 1
    assert {item.geometry().x() for item in paged.shown} == {0, (600 + paged._gap) // 2}


def test_turning_stays_within_what_there_is(qtbot: QtBot) -> None:
    paged = make_list(qtbot, 13, 1200)
    paged.turn(99)
    assert paged.index == paged.page_count - 1
    paged.turn(-5)
    assert paged.index == 0


def test_a_note_says_head_and_detail_to_a_screen_reader(qtbot: QtBot) -> None:
    note = Note("fault", "打印机没有纸了", "您的申请已经登记好")
    qtbot.addWidget(note)
    assert note.accessibleName() == "打印机没有纸了 您的申请已经登记好"
    note.set_words("好了")
    assert note.accessibleName() == "好了"
    assert not note.detail.isVisibleTo(note)

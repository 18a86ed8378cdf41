# SPDX-License-Identifier: Apache-2.0
"""One renderer draws every form of all items, and what is typed arrives as the item's definition wants it."""

from __future__ import annotations

from random import Random

import pytest

from contract.application import Value
from contract.checking import check_values
from contract.sample import sample_catalogue
from contract.sample.people import example_values
from kiosk.forms.renderer import FormPage
from kiosk.forms.slots import slots_of
from kiosk.visit.view import VisitView
from tests.kiosk.pages.conftest import MakeStand, Stand

ITEMS = sorted(sample_catalogue().items)
TODAY = __import__("datetime").date(2026, 11, 23)


@pytest.mark.parametrize("item_id", ITEMS)
def test_every_page_of_every_item_shows_all_its_fields(make_stand: MakeStand, item_id: str) -> None:
    stand = make_stand("landscape" if ITEMS.index(item_id) % 2 else "portrait")
    catalogue = sample_catalogue()
    item = catalogue.items[item_id]
    _, values = example_values(item, Random(5), TODAY, catalogue.areas)
    for filled in ({}, values):
        held = {name: Value(data, "resident") for name, data in filled.items()}
        for number, page in enumerate(item.pages):
            view = VisitView(
                f"v{len(filled)}",
                "form",
                item=item,
                values=held,
                page=page,
                page_index=number,
                page_count=len(item.pages),
            )
            stand.shell.show_page("form", view)
            drawn = stand.shell.page
            assert isinstance(drawn, FormPage)
            slots = slots_of((item.field(name) for name in page.fields), filled)
            shown = set(drawn.board.rows) | ({drawn.board.active.path} if drawn.board.active else set())
            assert {slot.path for slot in slots} <= shown
            assert drawn.title()
            assert drawn.spoken()


def test_typing_gives_values_that_pass_the_check(stand: Stand) -> None:
    stand.to_form("old80")
    stand.tap("下一步", "下一步")
    assert stand.shell.page is not None
    stand.finger.type("13800001942")
    stand.tap("下一步")
    assert stand.view.values["mobile"] == Value({"number": "13800001942"}, "resident")
    for key in "wang":
        stand.tap(key)
    stand.tap("王")
    stand.tap("下一步")
    stand.finger.type("13900005566")
    stand.tap("下一步")
    assert stand.view.values["contact"].data == {"name": "王", "phone": "13900005566"}
    stand.tap("农村信用社", "下一步")
    stand.finger.type("6217000012345678")
    stand.tap("下一步")
    assert stand.screen == "materials"
    item = stand.machine.visit.item
    assert item is not None
    assert check_values(item, stand.machine.visit.data(), today=TODAY) == []


def test_no_phone_is_an_answer(stand: Stand) -> None:
    stand.to_form("old80")
    stand.tap("下一步", "下一步", "我没有手机")
    assert stand.view.values["mobile"].data["none"] is True
    before = stand.view.page_index
    stand.tap("下一步")
    assert stand.view.page_index == before + 1


def test_a_wrong_number_is_said_at_once_and_stays_to_be_mended(stand: Stand) -> None:
    stand.to_form("old80")
    stand.tap("下一步", "下一步")
    stand.finger.type("138000")
    before = stand.view.page_index
    stand.tap("下一步")
    assert stand.view.page_index == before
    page = stand.shell.page
    assert isinstance(page, FormPage)
    assert "11 位" in page.spoken()
    stand.finger.type("01942")
    stand.tap("下一步")
    assert stand.view.page_index == before + 1


def test_locked_fields_come_from_the_card(stand: Stand) -> None:
    stand.to_form("old80")
    page = stand.shell.page
    assert isinstance(page, FormPage)
    assert page.board.rows["name"].value == "王秀英"
    assert not stand.there("改")


def test_a_table_is_filled_line_by_line(stand: Stand) -> None:
    stand.to_form("dibao")
    item = stand.machine.visit.item
    assert item is not None
    _, values = example_values(item, Random(4), TODAY, sample_catalogue().areas)
    from kiosk.visit import intents

    while (page := stand.view.page) is not None and "members" not in page.fields:
        for name in page.fields:
            if name in values and name not in stand.view.values:
                stand.say(intents.SetValue(name, 1 if name == "house_n" else values[name]))
        stand.say(intents.NextPage())
    stand.tap("加一行")
    for key in "li":
        stand.tap(key)
    stand.tap("李")
    drawn = stand.shell.page
    assert isinstance(drawn, FormPage)
    assert "第 1 行" in drawn.title()
    assert stand.view.values["members"].data == [{"name": "李"}]

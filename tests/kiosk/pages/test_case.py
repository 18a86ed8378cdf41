# SPDX-License-Identifier: Apache-2.0
"""The resident's case page: what a correction asks for, and what it says now."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QTextEdit

from contract.event_body import CorrectionAsk, EventBody
from kiosk.demo.gallery.visit import sample_case
from kiosk.pages.asked_items import AskedItem, pieces
from kiosk.pages.case import CasePage
from kiosk.visit import intents
from kiosk.visit.event_bodies import Said
from kiosk.visit.view import StaffMember
from tests.kiosk.pages.conftest import Stand

CASE = sample_case("old80", "高龄津贴申领", "004210000011", ("received", "correction"))
ASKS = (CorrectionAsk("bank_no", "少一位"), CorrectionAsk("bankcard", "拍照不清"), CorrectionAsk("mobile", "打不通"))
VALUES = {"bank_no": "6223091234567890", "mobile": {"number": "13800138000"}}
BODY = EventBody("请对着存折核", ASKS, VALUES)


def shown(stand: Stand, said: Said, *, own: bool = True) -> list[tuple[str, str, str]]:
    """Head, what is wrong and what it says now, of each card."""
    stand.say(intents.Touched(), intents.Track(), intents.CasesFound((CASE,), said={2: said}, own=own))
    page = stand.shell.page
    assert isinstance(page, CasePage)
    cards = page.list.findChildren(AskedItem)
    return [
        (c.head.text(), c.detail.text(), c.words.removeprefix(f"{c.head.text()}，{c.detail.text()}")) for c in cards
    ]


def test_each_thing_asked_for_stands_with_what_it_says_now(stand: Stand) -> None:
    assert shown(stand, Said(BODY)) == [
        ("要补的第 1 样，共 3 样：银行账号", "少一位", "，现在填的是，6223 0912 3456 7890"),
        ("要补的第 2 样，共 3 样：社会保障卡或银行卡", "拍照不清", ""),
        ("要补的第 3 样，共 3 样：手机号", "打不通", "，现在填的是，138 0013 8000"),
    ]
    page = stand.shell.page
    assert page is not None
    assert not page.findChildren(QLineEdit) + page.findChildren(QTextEdit), "it is to be read only"
    for word in ("请对着存折核", "少一位", "6223 0912 3456 7890", "138 0013 8000"):
        assert word in stand.shell.spoken()


def test_whoever_has_only_the_code_sees_what_is_asked_and_no_value(stand: Stand) -> None:
    for _, _, now in shown(stand, Said(BODY), own=False)[::2]:
        assert now == "，放上身份证，就能看到现在填的是什么"
    assert "少一位" in stand.shell.spoken()
    assert "6223" not in stand.shell.spoken()
    stand.say(intents.StaffUnlocked(StaffMember("s1", "张代办")))
    assert "6223 0912 3456 7890" in stand.shell.spoken()


LOST = "，现在填的是什么，这台机器打不开，请问工作人员"


@pytest.mark.parametrize(
    ("subject", "value", "now"),
    [
        ("mobile", None, "，现在没有填"),
        ("mobile", [], "，现在没有填"),
        ("mobile", 5, LOST),
        ("mobile", {"number": ["x"]}, LOST),
        ("mobile", {"contact": 7}, LOST),
        ("mobile", {"contact": "李红"}, "，现在填的是，没有手机；联系人 李红"),
        ("bank_no", ["x"], LOST),
        ("bank", {"a": 1}, LOST),
        ("contact", ["x"], LOST),
        ("contact", {"name": {"a": 1}}, LOST),
        ("hukou_addr", {"from": 1, "to": 2}, LOST),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_said_and_the_rest_shown(
    stand: Stand, subject: str, value: Any, now: str
) -> None:
    asks = (CorrectionAsk("idno", "核对"), CorrectionAsk(subject, "不对"))
    body = EventBody("", asks, {"idno": "990123194203050022", subject: value})
    first, second = shown(stand, Said(body))
    assert first[2] == "，现在填的是，990123 1942 0305 0022"
    assert second[2] == now


def test_values_that_do_not_open_are_said_and_what_is_asked_is_shown(stand: Stand) -> None:
    found = shown(stand, Said(EventBody("", ASKS), lost=True))
    assert [now for _, _, now in found] == [LOST, "", LOST]


def test_a_message_that_does_not_open_is_said_and_the_timeline_shown(stand: Stand) -> None:
    assert shown(stand, Said(EventBody(), lost=True)) == []
    assert "这条消息在这台机器上打不开，请问工作人员" in stand.shell.spoken()
    assert "已送到" in stand.shell.spoken()


def test_other_events_say_what_they_say(stand: Stand) -> None:
    case = sample_case("old80", "高龄津贴申领", "004210000011", ("received", "accepted", "message"))
    said = {2: Said(EventBody("请等通知")), 3: Said(EventBody(), lost=True)}
    stand.say(intents.Touched(), intents.Track(), intents.CasesFound((case,), said=said))
    assert "请等通知" in stand.shell.spoken()
    assert "打不开" in stand.shell.spoken()


def test_what_was_said_goes_with_the_visit(stand: Stand) -> None:
    shown(stand, Said(BODY))
    held = stand.machine.visit.said
    assert held
    stand.say(intents.FinishVisit())
    assert not held
    assert not stand.machine.visit.said
    assert not stand.view.said


def test_a_long_text_is_cut_where_one_draws_breath_and_nothing_is_lost() -> None:
    text = "我今年七十一岁，老伴前年去世。" * 20 + "没有停顿" * 60
    for most in (10, 35, 100, 1000):
        parts = list(pieces(text, most))
        assert "".join(parts) == text
        assert max(map(len, parts)) <= most
    assert list(pieces("", 10)) == []
    assert all(part.endswith(("，", "。")) for part in list(pieces("我今年七十一岁，老伴前年去世。" * 9, 20)))

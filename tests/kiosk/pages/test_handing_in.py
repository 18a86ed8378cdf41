# SPDX-License-Identifier: Apache-2.0
"""From the materials to the rating, by touching."""

from __future__ import annotations

import itertools

import pytest

from kiosk.pages.done import DonePage
from kiosk.pages.sign import SignPage
from kiosk.visit import effects, intents
from kiosk.visit.view import PrintState, ScannedSheet, StaffMember
from tests.kiosk.pages.conftest import MakeStand, Stand

DIGEST = "d" * 64


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_the_whole_way_by_touching(make_stand: MakeStand, orientation: str) -> None:
    stand = make_stand(orientation)
    stand.to_form("old80")
    stand.fill()
    assert stand.screen == "materials"
    stand.tap("社会保障卡或银行卡", "以后补交")
    stand.tap("下一步")
    assert stand.screen == "check"
    stand.tap("从头看一遍")
    while stand.there("看下一页"):
        stand.tap("看下一页")
    stand.tap("都对，去签名")
    page = stand.shell.page
    assert isinstance(page, SignPage)
    assert page.primary() is not None
    assert not page.primary().enabled  # type: ignore[union-attr]
    stand.finger.sign(page.pad)
    assert stand.view.signature is not None
    strokes = stand.view.signature["strokes"]
    assert len(strokes) == 7
    assert all(0 <= x <= page.pad.width() and 0 <= y <= page.pad.height() for s in strokes for x, y, _t, _p in s)
    assert all(a[2] <= b[2] for s in strokes for a, b in itertools.pairwise(s)), "time goes forward"
    stand.tap("提交申请")
    assert stand.screen == "submitting"
    assert stand.last(effects.SubmitApplication).application.signature["strokes"] == strokes


def test_signing_again_clears(stand: Stand) -> None:
    stand.to_sign()
    page = stand.shell.page
    assert isinstance(page, SignPage)
    stand.finger.sign(page.pad)
    stand.tap("重写")
    assert stand.view.signature is None
    assert page.pad.value is None


def test_who_cannot_write_signs_on_paper_before_staff(stand: Stand) -> None:
    stand.to_sign()
    assert not stand.there("写不了，在纸上按手印")
    stand.say(intents.StaffUnlocked(StaffMember("s1", "张代办")))
    stand.tap("写不了，在纸上按手印", "提交申请")
    assert stand.screen == "submitting"
    assert "paper-signature" in stand.last(effects.SubmitApplication).application.staff.acts


def test_submitting_cannot_be_left(stand: Stand) -> None:
    stand.to_sign()
    stand.say(intents.Signed({"width": 9, "height": 9, "strokes": [[[1, 1, 0, 1]]]}), intents.Submit())
    stand.tap("返回")
    assert stand.screen == "submitting"


def test_a_full_disk_is_said_and_nothing_is_lost(stand: Stand) -> None:
    stand.to_sign()
    stand.say(intents.Signed({"width": 9, "height": 9, "strokes": [[[1, 1, 0, 1]]]}), intents.Submit())
    stand.say(intents.SubmitFailed("disk-full"))
    assert stand.screen == "sign"
    assert "没有登记上" in stand.shell.frame.message_words
    assert stand.last(effects.Print) is None
    assert stand.view.values["mobile"].data == {"number": "13800000000"}
    assert stand.last(effects.SaveDraft) is not None


def test_done_says_the_code_and_what_became_of_each_paper(stand: Stand) -> None:
    stand.to_done()
    page = stand.shell.page
    assert isinstance(page, DonePage)
    assert "0004 2000 0013" in page._code.text()
    assert "等待上报" in page.spoken()
    assert "正在打印" in page.spoken()
    for kind in ("strip", "checklist"):
        stand.say(intents.PrintProgress(kind, PrintState("done")))
    stand.say(intents.PrintProgress("form", PrintState("failed", "not-offered")))
    stand.say(intents.PrintProgress("receipt", PrintState("failed", "out-of-paper")))
    assert "打印机没有纸了，没打出来的有：回执" in page.spoken()
    assert "申请表" not in page.spoken(), "what this machine does not offer did not fail"
    stand.tap("再试一次打印")
    assert stand.last(effects.Print).kind == "receipt"
    stand.say(intents.PrintProgress("receipt", PrintState("done")), intents.NetworkChanged(True, delivered=True))
    assert "已登记，已送到" in page.spoken()
    assert "已受理" not in page.spoken()


@pytest.mark.parametrize(("words", "level"), [("非常满意", 5), ("一般", 3), ("非常不满意", 1)])
def test_one_touch_rates_and_ends(stand: Stand, words: str, level: int) -> None:
    stand.to_done()
    stand.tap("办完了", words)
    assert stand.last(effects.SubmitOther).payload["level"] == level
    assert stand.screen == "attract"


def test_rating_may_be_skipped(stand: Stand) -> None:
    stand.to_done()
    stand.tap("办完了", "不评了，办完")
    assert stand.last(effects.SubmitOther) is None
    assert stand.screen == "attract"


def test_scanned_pages_are_counted_shown_and_thrown_away(stand: Stand) -> None:
    stand.to_form("med-claim")
    stand.fill()
    stand.tap("医疗收费票据及费用清单", "现在扫描")
    target = stand.last(effects.Scan).target
    stand.say(intents.ScanDone(target, (ScannedSheet(DIGEST, "image/jpeg"),)))
    assert stand.view.materials["invoice"].attachments == (DIGEST,)
    stand.tap("再扫一页")
    stand.say(intents.ScanDone(target, code="no-pages"))
    assert "没有纸" in stand.shell.frame.message_words
    stand.tap("删掉第 1 页")
    assert "invoice" not in stand.view.materials or stand.view.materials["invoice"].attachments == ()


def test_the_check_leads_to_what_is_missing(stand: Stand) -> None:
    stand.to_form("old80")
    stand.fill()
    stand.tap("社会保障卡或银行卡", "以后补交", "下一步", "从头看一遍")
    stand.tap("返回", "返回", "返回")
    stand.say(intents.EditField("mobile"), intents.SetValue("mobile", None))
    stand.machine._core.go("check")
    stand.say()
    stand.tap("去补第一处")
    assert stand.screen == "form"
    assert stand.view.page is not None
    assert "mobile" in stand.view.page.fields

# SPDX-License-Identifier: Apache-2.0
"""For whom, acting for another, no card, and looking a case up: by touching."""

from __future__ import annotations

import pytest

from contract.event_body import CorrectionAsk, EventBody
from kiosk.demo.gallery.visit import sample_case
from kiosk.forms.renderer import FormPage
from kiosk.visit import effects, intents
from kiosk.visit.event_bodies import Said
from kiosk.visit.view import StaffMember
from tests.kiosk.pages.conftest import MakeStand, Stand
from tests.kiosk.visit.conftest import person

STAFF = StaffMember("s1", "张代办")
SON = person("李建国", "1968-09-17", 31)
CHILD = person("李小红", "2019-04-09", 62)


def type_identity(stand: Stand, number: str) -> None:
    for key in "zhang":
        stand.tap(key)
    stand.tap("张", "下一步")
    stand.finger.type(number)
    stand.tap("下一步", "汉族", "下一步")
    for key in "cun":
        stand.tap(key)
    stand.tap("村", "下一步")


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_without_a_card_staff_witness_who_it_is(make_stand: MakeStand, orientation: str) -> None:
    stand = make_stand(orientation)
    stand.to_card("old80")
    stand.tap("没带身份证")
    assert stand.screen == "nocard"
    assert stand.finger.find("叫工作人员") is not None
    stand.say(intents.StaffUnlocked(STAFF))
    type_identity(stand, "990123194203050022")
    holder = stand.view.holder
    assert holder is not None
    assert (holder.name, holder.id_number, holder.assurance) == ("张", "990123194203050022", "staff-witnessed")
    assert (holder.sex, holder.birth, holder.address) == ("2", "1942-03-05", "村")
    stand.tap("给自己办")
    stand.fill()
    assert stand.machine.visit.acts == ["unlocked", "witnessed-identity", "entered-values"]


def test_a_mistyped_number_is_said_at_its_field(stand: Stand) -> None:
    stand.to_card("old80")
    stand.tap("没带身份证")
    stand.say(intents.StaffUnlocked(STAFF))
    for key in "zhang":
        stand.tap(key)
    stand.tap("张", "下一步")
    stand.finger.type("990123194203050023")
    stand.tap("下一步")
    assert stand.screen == "nocard"
    assert "有一位不对" in stand.shell.spoken()


def test_for_another_with_both_cards(stand: Stand) -> None:
    stand.to_card("old80")
    stand.say(intents.CardSeen(SON))
    stand.tap("替别人办")
    assert stand.screen == "agent"
    stand.say(intents.CardGone(), intents.CardSeen(SON))
    assert "同一个人" in stand.shell.spoken()
    stand.say(intents.CardGone(), intents.CardSeen(person()))
    stand.tap("儿子", "下一步")
    assert stand.screen == "form"
    agent = stand.machine.visit.agent
    assert agent is not None
    assert (agent.identity.name, agent.relation, agent.kind) == ("李建国", "20", "agent")
    page = stand.shell.page
    assert isinstance(page, FormPage)
    assert page.board.rows["name"].value == "王秀英"


def test_for_a_child_only_what_a_guardian_can_be(stand: Stand) -> None:
    stand.to_card("med-join")
    stand.say(intents.CardSeen(SON))
    stand.tap("给孩子办")
    stand.say(intents.CardGone(), intents.CardSeen(CHILD))
    assert not stand.there("儿子")
    stand.tap("父母", "下一步")
    assert stand.machine.visit.agent is not None
    assert stand.machine.visit.agent.kind == "guardian"


def test_the_absent_persons_card_may_be_missing_too(stand: Stand) -> None:
    stand.to_card("old80")
    stand.say(intents.CardSeen(SON))
    stand.tap("替别人办", "没带他的身份证")
    assert stand.last(effects.CallStaffNotice) is not None
    stand.shell.answered()
    stand.say(intents.StaffUnlocked(STAFF))
    stand.tap("没带他的身份证")
    type_identity(stand, "990123194203050022")
    stand.tap("其他亲属") if stand.there("其他亲属") else stand.tap("下一页", "其他亲属")
    stand.tap("下一步")
    assert stand.machine.visit.applicant is not None
    assert stand.machine.visit.applicant.assurance == "document-copy"


def test_what_must_be_done_in_person_offers_no_agent(stand: Stand) -> None:
    item = next(i for i in stand.shell.context.catalogue.items.values() if not i.agent_allowed and i.track != "paper")
    from kiosk.visit.view import VisitView

    stand.shell.show_page("applyfor", VisitView("v", "applyfor", item=item, holder=SON))
    assert stand.there("给自己办")
    assert not stand.there("替别人办")


def track(stand: Stand) -> None:
    stand.say(intents.Touched())
    stand.tap("查进度")
    assert stand.screen == "track"


def test_a_mistyped_code_is_said_and_can_be_mended(stand: Stand) -> None:
    track(stand)
    stand.finger.type("004210000010")
    stand.tap("查一下")
    assert "有一位不对" in stand.shell.frame.message_words
    stand.tap("删一个")
    stand.finger.type("1")
    stand.tap("查一下")
    assert stand.last(effects.LookupCases).code == "004210000011"


def test_an_unknown_code_says_so(stand: Stand) -> None:
    track(stand)
    stand.finger.type("004210000011")
    stand.tap("查一下")
    stand.say(intents.CasesFound((), "004210000011"))
    assert "没有这个编号" in stand.shell.frame.message_words


def test_one_of_several_cases_is_opened(stand: Stand) -> None:
    track(stand)
    first = sample_case("old80", "高龄津贴申领", "004210000011", ("received", "accepted"))
    second = sample_case("med-claim", "医疗费用手工（零星）报销", "004210000020", ("received", "correction"))
    words = {2: Said(EventBody("", (CorrectionAsk("medical", "诊断证明第二页看不清，请重新扫描"),)))}
    stand.say(intents.CasesFound((first, second), said=words))
    stand.tap("医疗费用手工（零星）报销")
    assert stand.screen == "case"
    assert "只要补这一样：诊断证明或病历" in stand.shell.spoken()
    assert "看不清" in stand.shell.spoken()
    stand.tap("返回")
    stand.tap("高龄津贴申领")
    assert "已受理" in stand.shell.spoken()


def test_what_waits_here_is_never_called_accepted(stand: Stand) -> None:
    track(stand)
    stand.say(intents.CasesFound((sample_case("old80", "高龄津贴申领", "004210000011", (), outbox="waiting"),)))
    assert stand.screen == "case"
    assert "已登记，等待上报" in stand.shell.spoken()
    assert "已受理" not in stand.shell.spoken()

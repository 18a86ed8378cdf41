# SPDX-License-Identifier: Apache-2.0
"""Cards with something the matter, staff, agents, guardians and children."""

from __future__ import annotations

import dataclasses

import pytest

from contract.sample import sample_catalogue
from kiosk.visit import effects, intents
from kiosk.visit.view import StaffMember
from tests.kiosk.visit.conftest import SIGNATURE, Walk, person

STAFF = StaffMember("s1", "张代办")


def code(walk: Walk) -> str:
    return walk.view.message.code if walk.view.message else ""


def wrong_digit() -> object:
    right = person()
    last = "1" if right.id_number[-1] != "1" else "2"
    return dataclasses.replace(right, id_number=right.id_number[:-1] + last)


def test_wrong_check_digit_is_said_and_the_next_card_is_fine(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(wrong_digit()))  # type: ignore[arg-type]
    assert (walk.screen, code(walk)) == ("card", "id-check-digit")
    assert walk.view.holder is None
    walk.say(intents.CardGone())
    assert code(walk) == ""
    walk.say(intents.CardSeen(person()))
    assert walk.screen == "applyfor"


@pytest.mark.parametrize("fault", ["card-unreadable", "reader-silent", "card-damaged", "something-new"])
def test_unreadable_card_or_silent_reader_is_said_where_a_card_is_wanted(walk: Walk, fault: str) -> None:
    walk.to_card()
    walk.say(intents.CardFailed(fault))
    assert (walk.screen, code(walk)) == ("card", fault)
    walk.say(intents.CardSeen(person()))
    assert walk.screen == "applyfor"


def test_a_fault_of_the_reader_does_not_disturb_the_form(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.CardFailed("reader-silent"))
    assert code(walk) == ""


EXPIRED = person(valid_from="2006-01-01", valid_to="2026-01-01")
SON = person("李建国", "1968-09-17", 31)
FUTURE = person(valid_from="2027-01-01", valid_to=None)


@pytest.mark.parametrize(("card", "why"), [(EXPIRED, "card-expired"), (FUTURE, "card-not-yet-valid")])
def test_card_not_valid_today_allows_a_draft_but_no_submission(walk: Walk, card: object, why: str) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(card))  # type: ignore[arg-type]
    assert (walk.screen, code(walk), walk.view.card_code) == ("card", why, why)
    walk.say(intents.NextPage())
    assert walk.screen == "applyfor"
    walk.say(intents.ApplyFor("self"))
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.NextPage())
    assert [p.code for p in walk.view.checks] == [why]
    walk.say(intents.NextPage())
    assert walk.screen == "check"
    assert walk.last(effects.SaveDraft) is not None


def test_staff_accept_an_expired_card_and_the_record_says_so(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(EXPIRED), intents.AcceptCard())
    assert walk.last(effects.CallStaffNotice) is not None
    assert walk.view.holder is None
    walk.say(intents.StaffUnlocked(STAFF), intents.AcceptCard(), intents.ApplyFor("self"))
    walk.say(intents.StaffLock())
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.NextPage(), intents.NextPage(), intents.NextPage())
    walk.say(intents.Signed(SIGNATURE), intents.Submit())
    staff = walk.last(effects.SubmitApplication).application.staff
    assert staff.staff_id == "s1"
    assert "accepted-card-expired" in staff.acts


def test_no_way_round_the_check_makes_an_expired_card_valid(walk: Walk) -> None:
    """Back from the card to the notice and through it again once cleared what was wrong."""
    walk.to_card()
    walk.say(intents.CardSeen(EXPIRED), intents.NextPage(), intents.ApplyFor("self"))
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.NextPage(), intents.EditField("card"))
    assert (walk.screen, walk.view.card_code) == ("card", "card-expired")
    walk.say(intents.GoBack())
    assert walk.screen == "check"
    assert [p.code for p in walk.view.checks] == ["card-expired"]


def test_staff_accept_the_card_from_the_check_and_the_visit_goes_on_there(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(EXPIRED), intents.NextPage(), intents.ApplyFor("self"))
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.NextPage(), intents.EditField("card"))
    walk.say(intents.StaffUnlocked(STAFF), intents.AcceptCard())
    assert (walk.screen, code(walk), walk.view.checks) == ("check", "card-accepted", ())
    note = walk.last(effects.JournalNote)
    assert (note.event, dict(note.facts)) == ("card-accepted", {"staff": "s1", "why": "card-expired"})
    assert "accepted-card-expired" in walk.machine.visit.acts


def test_the_new_card_found_in_the_pocket_settles_it(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(EXPIRED), intents.NextPage(), intents.ApplyFor("self"))
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.NextPage(), intents.EditField("card"))
    walk.say(intents.CardGone(), intents.CardSeen(person()))
    assert (walk.screen, walk.view.checks) == ("check", ())
    assert walk.view.identity == person()


def test_an_expired_card_of_the_absent_person_is_found_too(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(SON), intents.ApplyFor("other"), intents.CardSeen(EXPIRED))
    walk.say(intents.AgentGiven("20"))
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.AnswerMaterial("agent-id", "later"))
    walk.say(intents.NextPage())
    assert "card-expired" in [p.code for p in walk.view.checks]
    walk.say(intents.EditField("card"))
    assert walk.view.identity == EXPIRED


def test_long_term_card_is_valid(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(person(valid_from="1990-01-01", valid_to=None)))
    assert walk.screen == "applyfor"


def test_staff_unlock_from_any_screen_and_refusal_is_told(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.CallStaff())
    assert walk.last(effects.CallStaffNotice) is not None
    walk.say(intents.StaffUnlock("张代办", "0000"), intents.StaffRefusedNote("staff-wrong-pin", 4))
    assert walk.last(effects.RefuseStaff).message.params == {"remaining": "4"}
    assert walk.view.staff is None
    walk.say(intents.StaffUnlocked(STAFF))
    assert walk.screen == "form"
    assert walk.view.staff == STAFF


def test_no_card_means_staff_witness_not_verified(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.NoCard())
    assert (walk.screen, code(walk)) == ("nocard", "staff-needed")
    walk.say(intents.ManualIdentity(person()))
    assert walk.screen == "nocard"
    walk.say(intents.StaffUnlocked(STAFF), intents.ManualIdentity(wrong_digit()))  # type: ignore[arg-type]
    assert code(walk) == "id-check-digit"
    walk.say(intents.ManualIdentity(person()), intents.ApplyFor("self"))
    assert walk.last(effects.LookupDraft) is None  # drafts are offered to a card only
    assert walk.view.values["name"].source == "staff"
    assert not walk.view.values["name"].verified
    walk.fill()
    assert walk.view.values["bank"].source == "staff"
    assert "idcard" not in walk.view.materials
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.AnswerMaterial("idcard", "later"))
    walk.say(intents.NextPage(), intents.NextPage(), intents.NextPage(), intents.Signed(SIGNATURE), intents.Submit())
    application = walk.last(effects.SubmitApplication).application
    assert application.applicant.assurance == "staff-witnessed"
    assert application.staff.acts == ("unlocked", "witnessed-identity", "entered-values")


def test_staff_never_rate_for_residents(walk: Walk) -> None:
    walk.to_done()
    walk.say(intents.StaffUnlocked(STAFF), intents.NextPage())
    assert walk.screen == "attract"
    assert walk.last(effects.SubmitOther) is None


def test_staff_are_locked_out_with_the_wipe(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.StaffUnlocked(STAFF), intents.KeepDraft(False))
    assert walk.view.staff is None


def test_acting_for_an_absent_person_takes_both_identities(walk: Walk) -> None:
    walk.to_card()
    helper = person("李红", "1975-02-02", 8)
    walk.say(intents.CardSeen(helper), intents.ApplyFor("other"))
    assert walk.screen == "agent"
    walk.say(intents.AgentGiven("20"))
    assert code(walk) == "second-person-missing"
    walk.say(intents.CardSeen(helper))
    assert code(walk) == "same-person"
    walk.say(intents.CardGone(), intents.CardSeen(person()))
    assert walk.view.identity == person()
    walk.say(intents.AgentGiven("20"))
    assert walk.screen == "form"
    walk.fill()
    walk.say(intents.AnswerMaterial("bankcard", "later"), intents.NextPage(), intents.NextPage(), intents.NextPage())
    walk.say(intents.Signed(SIGNATURE), intents.Submit())
    application = walk.last(effects.SubmitApplication).application
    assert application.applicant == person()
    assert application.agent.identity == helper
    assert application.agent.kind == "agent"


def test_absent_person_by_hand_is_a_document_copy(walk: Walk) -> None:
    walk.to_card()
    walk.say(intents.CardSeen(person("李红", "1975-02-02", 8)), intents.ApplyFor("other"), intents.StaffUnlocked(STAFF))
    walk.say(intents.ManualIdentity(person()), intents.AgentGiven("20"))
    assert walk.screen == "form"
    assert walk.view.identity is not None
    assert walk.view.identity.assurance == "document-copy"
    assert not walk.view.values["name"].verified


def test_item_applied_for_in_person_skips_the_question(walk: Walk) -> None:
    item = next(i for i in sample_catalogue().items.values() if not i.agent_allowed and i.offline == "full")
    walk.to_card(item.id)
    walk.say(intents.CardSeen(person("李红", "1975-02-02", 8)))
    assert walk.screen == "form"


def test_small_child_needs_a_guardian(walk: Walk) -> None:
    walk.to_card("orphan")
    child, mother = person("李小红", "2020-02-02", 8), person("李红", "1990-02-02", 8)
    walk.say(intents.CardSeen(child))
    assert (walk.screen, code(walk)) == ("agent", "guardian-required")
    walk.say(intents.CardSeen(person("李大宝", "2012-02-02", 9)))
    assert code(walk) == "guardian-too-young"
    walk.say(intents.CardSeen(mother), intents.AgentGiven("50"))
    assert walk.screen == "form"
    assert walk.view.identity == child
    assert walk.view.agent is not None
    assert walk.view.agent.kind == "guardian"
    assert walk.view.agent.identity == mother


def test_older_child_needs_a_guardians_consent(walk: Walk) -> None:
    walk.to_card("orphan")
    walk.say(intents.CardSeen(person("李大宝", "2012-02-02", 9)))
    assert (walk.screen, code(walk)) == ("agent", "guardian-consent")
    walk.say(intents.GoBack())
    assert walk.screen == "card"
    assert walk.view.applying_for == "self"


def test_parent_applies_for_a_child_and_an_adult_is_no_child(walk: Walk) -> None:
    walk.to_card("orphan")
    walk.say(intents.CardSeen(person("李红", "1990-02-02", 8)), intents.ApplyFor("child"))
    walk.say(intents.CardSeen(person()))
    assert code(walk) == "not-a-child"
    walk.say(intents.ManualIdentity(person("李小红", "2020-02-02", 8)), intents.AgentGiven("20"))
    assert walk.screen == "form"


def test_rare_name_stays_as_it_is(walk: Walk) -> None:
    walk.to_form(who=person("\U00020bb7买·提"))
    assert walk.view.values["name"].data == "\U00020bb7买·提"


def test_card_on_the_attract_screen_is_used_after_consent(walk: Walk) -> None:
    walk.say(intents.CardSeen(person()))
    assert walk.screen == "home"
    assert walk.view.identity is None
    walk.say(intents.ChooseService("old80"), intents.StartApplication(), intents.IntakeChecked(True))
    walk.say(intents.ConsentGiven())
    assert walk.screen == "applyfor"


def test_card_still_there_after_a_wipe_is_asked_to_be_lifted(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.KeepDraft(False))
    assert walk.screen == "home"
    walk.say(intents.ChooseService("old80"), intents.StartApplication(), intents.IntakeChecked(True))
    walk.say(intents.ConsentGiven())
    assert (walk.screen, code(walk)) == ("card", "card-lift")


def test_long_wait_at_the_reader_offers_another_way(walk: Walk) -> None:
    walk.to_card()
    walk.wait(59)
    assert code(walk) == ""
    walk.wait(1)
    assert code(walk) == "card-wait"

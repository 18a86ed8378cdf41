# SPDX-License-Identifier: Apache-2.0
"""The resident's way from the first touch to the wiped screen."""

from __future__ import annotations

import pytest

from contract.application import check_application
from contract.record import Kind
from contract.sample import sample_catalogue
from kiosk.visit import effects, intents
from kiosk.visit.view import PrintState, ScannedSheet
from tests.kiosk.visit.conftest import SIGNATURE, Walk, person


def test_whole_visit_hands_in_a_complete_application_and_wipes(walk: Walk) -> None:
    walk.to_done()
    wish = walk.last(effects.SubmitApplication)
    item = sample_catalogue().item("old80")
    assert check_application(item, wish.application, today=walk.clock.now().date()) == []
    assert wish.application.values["idno"].source == "card"
    assert wish.application.values["idno"].verified
    assert wish.application.values["bank"].source == "resident"
    assert [e.kind for e in walk.asked if isinstance(e, effects.Print)] == ["strip", "receipt", "form", "checklist"]
    walk.say(intents.NextPage())
    assert walk.screen == "rating"
    visit = walk.machine.visit
    walk.say(intents.Rated(5))
    assert walk.last(effects.SubmitOther).kind == Kind.RATING
    assert walk.screen == "attract"
    assert walk.last(effects.Wipe).visit_id == visit.id
    assert visit.holder is None
    assert visit.applicant is None
    assert visit.values == {}
    assert visit.signature is None
    assert walk.view.values == {}


def test_nothing_is_printed_or_said_before_it_is_on_disk(walk: Walk) -> None:
    walk.to_sign()
    walk.say(intents.Signed(SIGNATURE), intents.Submit())
    assert walk.screen == "submitting"
    assert walk.count(effects.Print) == 0
    assert walk.view.submitted is None


def test_touching_submit_twice_hands_in_once(walk: Walk) -> None:
    walk.to_sign()
    walk.say(intents.Signed(SIGNATURE), intents.Submit(), intents.Submit(), intents.NextPage())
    assert walk.count(effects.SubmitApplication) == 1


def test_full_disk_keeps_the_draft_prints_nothing_and_says_so(walk: Walk) -> None:
    walk.to_sign()
    walk.say(intents.Signed(SIGNATURE), intents.Submit())
    walk.asked.clear()
    walk.say(intents.SubmitFailed("disk-full"))
    assert walk.screen == "sign"
    assert walk.view.message is not None
    assert walk.view.message.code == "submit-disk-full"
    assert walk.last(effects.SaveDraft) is not None
    assert walk.count(effects.Print) == 0
    assert walk.view.values["bank"].data == "rcb"


def test_submitting_cannot_be_left(walk: Walk) -> None:
    walk.to_sign()
    walk.say(intents.Signed(SIGNATURE), intents.Submit())
    walk.say(intents.GoBack(), intents.GoHome(), intents.FinishVisit(), intents.KeepDraft(False))
    walk.wait(1000)
    assert walk.screen == "submitting"


def test_no_signature_no_submission(walk: Walk) -> None:
    walk.to_sign()
    walk.say(intents.Signed({"width": 1, "height": 1, "strokes": []}), intents.Submit())
    assert walk.screen == "sign"
    assert walk.view.message is not None
    assert walk.view.message.code == "signature-empty"


def test_wrong_page_stays_and_names_the_fields(walk: Walk) -> None:
    walk.to_form()
    while walk.view.page is None or "mobile" not in walk.view.page.fields:
        walk.say(intents.NextPage())
    walk.say(intents.SetValue("mobile", {"number": "123"}), intents.NextPage())
    assert walk.view.problems["mobile"].code == "phone-invalid"
    assert "mobile" in (walk.view.page.fields if walk.view.page else ())
    walk.say(intents.SetValue("mobile", {"none": True}))
    assert walk.view.problems == {}
    walk.say(intents.NextPage())
    assert walk.view.problems == {}


def test_what_the_card_says_cannot_be_overwritten(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.SetValue("name", "别人"), intents.SetValue("idno", "1"))
    assert walk.view.values["name"].data == "王秀英"


def test_back_through_everything_loses_nothing(walk: Walk) -> None:
    walk.to_sign()
    for _ in range(20):
        if walk.screen == "applyfor":
            break
        walk.say(intents.GoBack())
    assert walk.screen == "applyfor"
    assert walk.view.values["bank_no"].data == "6200000000000000"
    walk.say(intents.ApplyFor("self"))
    assert walk.view.values["bank_no"].data == "6200000000000000"


def test_edit_from_review_comes_back_to_review(walk: Walk) -> None:
    walk.to_sign()
    walk.say(intents.GoBack())
    walk.say(intents.EditField("contact.phone"))
    assert walk.screen == "form"
    assert walk.view.page is not None
    assert "contact" in walk.view.page.fields
    walk.say(intents.SetValue("contact", {"name": "李红", "phone": "13911112222"}), intents.NextPage())
    assert walk.screen == "review"
    assert walk.view.values["contact"].data["name"] == "李红"


def test_elder_mode_starts_by_itself_from_the_card_and_ends_with_the_visit(walk: Walk) -> None:
    walk.to_card()
    assert not walk.view.elder
    walk.say(intents.CardSeen(person(born="1942-03-05")))
    assert walk.view.elder
    walk.say(intents.ToggleElder())
    walk.say(intents.ApplyFor("self"))
    assert not walk.view.elder  # the person's own choice counts
    walk.say(intents.KeepDraft(False))
    walk.say(intents.CardGone(), intents.CardSeen(person(born="1990-03-05", sequence=7)))
    assert not walk.view.elder


def test_scans_become_a_material_and_a_bad_scan_says_so(walk: Walk) -> None:
    walk.to_form()
    walk.fill()
    walk.say(intents.ScanMaterial("bankcard"))
    assert walk.last(effects.Scan).target == "m:bankcard"
    assert walk.view.scanning == "m:bankcard"
    walk.say(intents.ScanDone("m:bankcard", code="attachment-truncated"))
    assert walk.view.message is not None
    assert walk.view.message.code == "scan-attachment-truncated"
    one, two = ScannedSheet("a" * 64, "image/jpeg"), ScannedSheet("b" * 64, "image/jpeg")
    walk.say(intents.ScanMaterial("bankcard"), intents.ScanDone("m:bankcard", (one,)))
    walk.say(intents.ScanMaterial("bankcard"), intents.ScanDone("m:bankcard", (two,)))
    assert walk.view.materials["bankcard"].attachments == ("a" * 64, "b" * 64)
    walk.say(intents.DropScan("bankcard", "a" * 64))
    assert walk.view.materials["bankcard"].attachments == ("b" * 64,)
    walk.say(intents.NextPage(), intents.NextPage(), intents.NextPage(), intents.Signed(SIGNATURE), intents.Submit())
    assert walk.last(effects.SubmitApplication).digests == (("b" * 64, "image/jpeg", "bankcard"),)


def test_missing_material_stays_on_the_screen(walk: Walk) -> None:
    walk.to_form()
    walk.fill()
    walk.say(intents.NextPage())
    assert walk.screen == "materials"
    assert "materials.bankcard" in walk.view.problems


def test_no_paper_does_not_hold_up_the_visit(walk: Walk) -> None:
    walk.to_done()
    walk.say(intents.PrintProgress("receipt", PrintState("failed", "out-of-paper")))
    walk.say(intents.PrintProgress("strip", PrintState("done")))
    assert walk.view.prints["receipt"] == PrintState("failed", "out-of-paper")
    walk.asked.clear()
    walk.say(intents.PrintAgain())
    assert [(e.kind, e.copy) for e in walk.asked if isinstance(e, effects.Print)] == [("receipt", False)]
    walk.asked.clear()
    walk.say(intents.PrintProgress("receipt", PrintState("done")), intents.PrintAgain())
    assert [(e.kind, e.copy) for e in walk.asked if isinstance(e, effects.Print)] == [("receipt", True)]
    walk.say(intents.NextPage(), intents.Rated(None))
    assert walk.screen == "attract"


def test_late_answers_of_an_ended_visit_are_dropped(walk: Walk) -> None:
    walk.to_sign()
    old = walk.machine.visit.id
    walk.say(intents.KeepDraft(False))
    assert walk.machine.handle(intents.ScanDone("m:x", code="jam"), old) == ()
    assert walk.view.message is None


def test_taking_the_card_ends_nothing_and_another_card_does_not_mix_in(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.CardGone())
    assert walk.screen == "form"
    walk.say(intents.CardSeen(person("李红", "1970-01-01", 8)))
    assert walk.view.message is not None
    assert walk.view.message.code == "other-card"
    assert walk.view.values["name"].data == "王秀英"


def test_card_left_behind_is_reminded_of(walk: Walk) -> None:
    walk.to_done()
    walk.say(intents.FinishVisit())
    assert walk.last(effects.RemindCard) is not None
    walk.say(intents.CardGone())
    assert walk.last(effects.CardTaken) is not None


def test_card_taken_before_the_end_needs_no_reminder(walk: Walk) -> None:
    walk.to_done()
    walk.say(intents.CardGone(), intents.FinishVisit())
    assert walk.last(effects.RemindCard) is None


@pytest.mark.parametrize("item", sorted(sample_catalogue().items))
def test_every_item_says_at_the_guide_whether_it_can_be_applied_for(walk: Walk, item: str) -> None:
    known = sample_catalogue().item(item)
    walk.say(intents.NetworkChanged(False), intents.Touched(), intents.OpenChoose(), intents.ChooseService(item))
    assert walk.screen == "guide"
    walk.say(intents.StartApplication())
    asked = walk.last(effects.CheckIntake) is not None
    assert asked == (known.track != "paper" and known.offline != "guide")
    if not asked:
        assert walk.view.message is not None
        assert walk.view.message.code in ("item-paper-only", "item-needs-network")


@pytest.mark.parametrize("item", sorted(i.id for i in sample_catalogue().items.values() if i.track != "paper"))
def test_every_item_is_handed_in_complete(walk: Walk, item: str) -> None:
    walk.say(intents.NetworkChanged(True))
    walk.to_done(item=item, who=person("李强", "1960-05-06", 11))
    known = sample_catalogue().item(item)
    application = walk.last(effects.SubmitApplication).application
    assert check_application(known, application, today=walk.clock.now().date()) == []


def test_draft_only_item_is_kept_offline_and_handed_in_online(walk: Walk) -> None:
    walk.to_sign(item="no-crime", who=person("李强", "1990-05-06", 11))
    walk.say(intents.Signed(SIGNATURE), intents.Submit())
    assert walk.count(effects.SubmitApplication) == 0
    assert walk.view.message is not None
    assert walk.view.message.code == "draft-only-offline"
    walk.say(intents.NetworkChanged(True), intents.Submit())
    assert walk.count(effects.SubmitApplication) == 1


def test_consent_refused_collects_nothing(walk: Walk) -> None:
    walk.say(intents.Touched(), intents.ChooseService("old80"), intents.StartApplication())
    walk.say(intents.IntakeChecked(True), intents.ConsentRefused())
    assert walk.screen == "guide"
    assert walk.view.identity is None
    walk.say(intents.PrintBlankForm())
    assert walk.last(effects.Print).kind == "blank-form"


def test_a_terminal_that_cannot_keep_its_word_says_no_before_the_visit(walk: Walk) -> None:
    walk.say(intents.Touched(), intents.ChooseService("old80"), intents.StartApplication())
    walk.say(intents.IntakeChecked(False, "disk-full"))
    assert walk.screen == "guide"
    assert walk.view.message is not None
    assert walk.view.message.code == "intake-disk-full"


def test_due_day_counts_working_days_of_the_published_table(walk: Walk) -> None:
    walk.to_done()
    assert walk.view.due > walk.clock.now().date().isoformat()


def test_delivery_is_told_while_the_resident_is_still_there(walk: Walk) -> None:
    walk.to_done()
    assert not walk.view.sent
    walk.say(intents.NetworkChanged(True, delivered=True))
    assert walk.view.sent


def test_what_is_no_intent_cannot_be_said(walk: Walk) -> None:
    with pytest.raises(AssertionError, match="something else"):
        walk.say("something else")


def test_a_service_that_is_gone_is_no_step(walk: Walk) -> None:
    walk.say(intents.ChooseService("nothing"))
    assert walk.screen == "attract"

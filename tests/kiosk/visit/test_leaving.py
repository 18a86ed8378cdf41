# SPDX-License-Identifier: Apache-2.0
"""Walking away, drafts, coming back, tracking."""

from __future__ import annotations

from kiosk.visit import effects, intents
from kiosk.visit.view import CaseView, ScannedSheet
from tests.kiosk.visit.conftest import Walk, person
from tests.kiosk.visit.test_people import STAFF, code


def case(tracking_code: str = "000420000013") -> CaseView:
    return CaseView(
        tracking_code,
        "old80",
        "高龄津贴",
        "王*英",
        "2026-11-23T09:00:00+08:00",
        "received",
        "r1",
        None,
        None,
        (),
        "waiting",
        "",
    )


def test_idle_warns_counts_down_and_keeps_the_draft_as_chosen(walk: Walk) -> None:
    walk.to_form(who=person("李红", "1975-02-02", 8))
    walk.asked.clear()
    walk.wait(89)
    assert walk.view.idle_left is None
    walk.wait(1)
    assert walk.view.idle_left == 30
    walk.wait(10)
    assert walk.view.idle_left == 20
    walk.wait(20)
    assert walk.screen == "attract"
    kept = walk.last(effects.SaveDraft)
    assert kept.draft.item_id == "old80"
    assert walk.last(effects.Wipe) is not None
    assert walk.last(effects.DiscardDraft) is None


def test_idle_discards_when_that_was_chosen(walk: Walk) -> None:
    walk.to_form(who=person("李红", "1975-02-02", 8), keep=False)
    walk.wait(90)
    walk.wait(30)
    assert walk.screen == "attract"
    assert walk.last(effects.SaveDraft) is None
    assert walk.last(effects.DiscardDraft) is not None


def test_answering_the_warning_goes_on(walk: Walk) -> None:
    walk.to_form(who=person("李红", "1975-02-02", 8))
    walk.wait(90)
    walk.say(intents.IAmHere())
    assert walk.view.idle_left is None
    walk.wait(89)
    assert walk.screen == "form"


def test_elders_and_assisted_have_twice_the_time(walk: Walk) -> None:
    walk.to_form(who=person())
    walk.wait(179)
    assert walk.view.idle_left is None
    walk.wait(1)
    assert walk.view.idle_left == 30
    walk.say(intents.ToggleElder(), intents.StaffUnlocked(STAFF), intents.IAmHere())
    walk.wait(179)
    assert walk.view.idle_left is None


def test_what_devices_say_is_no_sign_of_life(walk: Walk) -> None:
    walk.to_form(who=person("李红", "1975-02-02", 8))
    walk.wait(80)
    walk.say(intents.CardGone(), intents.NetworkChanged(True))
    walk.wait(10)
    assert walk.view.idle_left == 30


def test_attract_screen_waits_for_ever(walk: Walk) -> None:
    assert walk.wait(100_000) == ()
    assert walk.view.idle_left is None


def test_home_with_nothing_begun_goes_back_to_attract(walk: Walk) -> None:
    walk.say(intents.Touched())
    walk.wait(90)
    walk.wait(30)
    assert walk.screen == "attract"


def test_draft_is_saved_at_every_field_and_offered_to_the_same_card_only(walk: Walk) -> None:
    walk.to_form()
    walk.asked.clear()
    walk.say(intents.SetValue("bank", "abc"))
    draft = walk.last(effects.SaveDraft).draft
    assert draft.state["values"]["bank"] == ["abc", "resident", False]
    walk.say(intents.KeepDraft(True))
    walk.to_card()
    walk.say(intents.CardSeen(person("李红", "1975-02-02", 8)))
    assert walk.last(effects.LookupDraft).id_number == person("李红", "1975-02-02", 8).id_number
    walk.say(intents.DraftFound(draft))
    assert walk.view.draft_offer is None  # whatever the store says, this is another person
    walk.say(intents.KeepDraft(False))
    walk.to_card()
    walk.say(intents.CardSeen(person()), intents.DraftFound(draft))
    assert walk.view.draft_offer is not None
    assert walk.view.draft_offer.item_id == "old80"
    walk.say(intents.ResumeDraft(True))
    assert walk.screen == "form"
    assert walk.view.values["bank"].data == "abc"
    assert walk.view.values["name"].verified
    assert walk.machine.visit.draft_id == draft.id


def test_resumed_draft_brings_page_materials_scans_and_agent(walk: Walk) -> None:
    walk.to_card()
    helper = person("李红", "1975-02-02", 8)
    walk.say(intents.CardSeen(helper), intents.ApplyFor("other"), intents.CardGone(), intents.CardSeen(person()))
    walk.say(intents.AgentGiven("20"))
    walk.fill()
    sheet = ScannedSheet("a" * 64, "image/jpeg", b"preview")
    walk.say(intents.ScanMaterial("bankcard"), intents.ScanDone("m:bankcard", (sheet,)))
    draft = walk.last(effects.SaveDraft).draft
    assert draft.id_number == helper.id_number
    walk.say(intents.KeepDraft(True), intents.CardGone())
    walk.to_card("old-card")
    walk.say(intents.CardSeen(helper), intents.DraftFound(draft), intents.ResumeDraft(True))
    view = walk.view
    assert view.item is not None
    assert view.item.id == "old80"
    assert view.identity == person()
    assert view.agent is not None
    assert view.agent.identity == helper
    assert view.materials["bankcard"].attachments == ("a" * 64,)
    assert walk.last(effects.LoadSheets).digests == ("a" * 64,)
    assert code(walk) == "draft-resumed"


def test_draft_refused_is_forgotten(walk: Walk) -> None:
    walk.to_form()
    draft = walk.last(effects.SaveDraft).draft
    walk.say(intents.KeepDraft(True))
    walk.to_card()
    walk.say(intents.CardSeen(person()), intents.DraftFound(draft), intents.ResumeDraft(False))
    assert walk.last(effects.DiscardDraft).draft_id == draft.id
    assert walk.view.draft_offer is None
    assert walk.screen == "applyfor"


def test_draft_of_an_item_that_is_gone_or_has_lost_a_field_does_no_harm(walk: Walk) -> None:
    import dataclasses

    walk.to_form()
    draft = walk.last(effects.SaveDraft).draft
    values = {**draft.state["values"], "no_longer_asked": ["x", "resident", False]}
    older = dataclasses.replace(draft, state={**draft.state, "values": values, "page": 99})
    walk.say(intents.KeepDraft(True))
    walk.to_card()
    walk.say(intents.CardSeen(person()), intents.DraftFound(dataclasses.replace(draft, item_id="gone")))
    assert walk.view.draft_offer is None
    walk.say(intents.DraftFound(older), intents.ResumeDraft(True))
    assert "no_longer_asked" not in walk.view.values
    assert walk.view.page is not None


def test_a_draft_that_cannot_be_kept_is_said(walk: Walk) -> None:
    walk.to_form()
    walk.say(intents.DraftTrouble("disk-full"))
    assert code(walk) == "draft-disk-full"


def test_the_kept_draft_has_no_signature(walk: Walk) -> None:
    from tests.kiosk.visit.conftest import SIGNATURE

    walk.to_sign()
    walk.say(intents.Signed(SIGNATURE), intents.KeepDraft(True))
    assert "signature" not in walk.last(effects.SaveDraft).draft.state


def test_track_by_code_and_by_card(walk: Walk) -> None:
    walk.say(intents.Touched(), intents.Track())
    assert walk.screen == "track"
    walk.say(intents.Track("12"))
    assert code(walk) == "tracking-length"
    walk.say(intents.Track("111122223333"))
    assert code(walk) == "tracking-check"
    from contract.tracking import make_tracking_code

    wanted = make_tracking_code(42, 1)
    walk.say(intents.Track(f"{wanted[:4]} {wanted[4:8]} {wanted[8:]}"))
    assert walk.last(effects.LookupCases).code == wanted
    assert walk.view.looking_up
    walk.say(intents.CasesFound((), wanted))
    assert code(walk) == "case-not-found"
    walk.say(intents.CardSeen(person()))
    assert walk.last(effects.LookupCases).id_number == person().id_number
    walk.say(intents.CasesFound((case(), case("000420000021"))))
    assert walk.screen == "track"
    walk.say(intents.OpenCase("000420000021"))
    assert walk.screen == "case"
    assert walk.view.case is not None
    walk.say(intents.GoBack())
    assert walk.screen == "track"


def test_one_case_is_shown_at_once_and_home_forgets_it(walk: Walk) -> None:
    walk.say(intents.CardSeen(person()), intents.Track())
    walk.say(intents.CasesFound((case(),)))
    assert walk.screen == "case"
    walk.say(intents.GoHome())
    assert walk.screen == "home"
    assert walk.view.cases == ()


def test_complaint_is_kept_like_everything_that_is_sent(walk: Walk) -> None:
    walk.say(intents.Touched(), intents.OpenComplaint(), intents.SendComplaint("  "))
    assert code(walk) == "complaint-empty"
    walk.say(intents.SendComplaint("等了很久"))
    assert walk.last(effects.SubmitOther).payload["text"] == "等了很久"
    walk.say(intents.OtherKept("complaint"))
    assert code(walk) == "complaint-kept"


def test_language_and_size_end_with_the_visit(walk: Walk) -> None:
    walk.say(intents.Touched(), intents.ToggleLanguage(), intents.ToggleElder())
    assert (walk.view.language, walk.view.elder) == ("en", True)
    walk.say(intents.FinishVisit())
    assert (walk.view.language, walk.view.elder) == ("zh", False)


def test_shutting_down_keeps_what_may_be_kept(walk: Walk) -> None:
    walk.to_form()
    walk.asked.clear()
    ended = walk.machine.end()
    assert any(isinstance(e, effects.SaveDraft) for e in ended)
    assert walk.machine.visit.holder is None


def test_new_catalogue_waits_until_nobody_is_there(walk: Walk) -> None:
    from contract.sample import sample_calendar, sample_catalogue

    assert walk.machine.use_catalogue(sample_catalogue(), sample_calendar())
    walk.say(intents.Touched())
    assert not walk.machine.use_catalogue(sample_catalogue(), sample_calendar())

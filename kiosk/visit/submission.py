# SPDX-License-Identifier: Apache-2.0
"""Sign, hand in, print, rate, go."""

from __future__ import annotations

from typing import assert_never

from contract.record import Kind
from kiosk.visit import application, drafts, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.view import PrintState

SubmissionIntent = (
    intents.Signed
    | intents.SignOnPaper
    | intents.Submit
    | intents.SubmitDone
    | intents.SubmitFailed
    | intents.PrintAgain
    | intents.PrintProgress
    | intents.Rated
    | intents.FinishVisit
    | intents.OtherKept
    | intents.OtherFailed
    | intents.DraftTrouble
)


PRINTOUTS = ("strip", "receipt", "form", "checklist")
PAPER_SIGNATURE = "paper-signature"


def after_check(core: Core) -> None:
    """To the review, when nothing stands in the way but the signature."""
    problems = application.standing_in_the_way(core, signature=False)
    if problems:
        core.say("check-incomplete")
        core.visit.shown = {p.field: p for p in problems}
        return
    core.go(Screen.REVIEW)


def leave_check(core: Core) -> None:
    """Back from the check to what was filled in last."""
    item = core.visit.item
    core.go(Screen.MATERIALS if item is not None and item.materials else Screen.FORM)


def signed(core: Core, intent: intents.Signed) -> None:
    """The signature as it is now."""
    if core.screen != Screen.SIGN:
        return
    strokes = (intent.signature or {}).get("strokes")
    core.visit.signature = intent.signature if strokes else None
    core.visit.shown.pop("signature", None)
    core.visit.message = None


def signed_on_paper(core: Core, intent: intents.SignOnPaper) -> None:
    """A person who cannot write: only a member of staff who is here can say so."""
    visit = core.visit
    if core.screen != Screen.SIGN or visit.staff is None:
        return
    if intent.on:
        visit.note_act(PAPER_SIGNATURE)
        visit.message = None
    elif PAPER_SIGNATURE in visit.acts:
        visit.acts.remove(PAPER_SIGNATURE)


def submit(core: Core) -> None:
    """Hand it in once. Touching twice hands in once."""
    visit = core.visit
    if core.screen != Screen.SIGN or visit.submitted is not None or visit.item is None:
        return
    problems = application.standing_in_the_way(core)
    if problems:
        if all(p.code == "signature-empty" for p in problems):
            visit.shown = {p.field: p for p in problems}
            core.say("signature-empty")
        else:
            core.go(Screen.CHECK)
            visit.shown = {p.field: p for p in problems}
            core.say("check-incomplete")
        return
    if visit.item.offline != "full" and not core.online:
        drafts.keep(core)
        core.say("draft-only-offline")
        return
    whole = application.build(core)
    assert whole is not None
    core.go(Screen.SUBMITTING)
    core.do(effects.SubmitApplication(whole, application.pictures(visit), visit.draft_id))


def submit_done(core: Core, intent: intents.SubmitDone) -> None:
    """It is on disk: now, and only now, it may be said, and printed."""
    core.visit.submitted = intent.submitted
    core.go(Screen.DONE)
    for kind in PRINTOUTS:
        _print(core, kind)


def submit_failed(core: Core, intent: intents.SubmitFailed) -> None:
    """Nothing was registered, nothing is printed; what was filled in is still here, and kept if the disk lets it."""
    core.go(Screen.SIGN)
    core.say(f"submit-{intent.code}", "fault")
    drafts.keep(core)


def _print(core: Core, kind: str, *, copy: bool = False) -> None:
    visit = core.visit
    whole = application.build(core)
    visit.prints[kind] = PrintState("waiting")
    core.do(effects.Print(kind, visit.item, whole, visit.submitted, visit.sent, copy))


def print_again(core: Core) -> None:
    """Those that failed, or else the receipt once more, marked as a copy."""
    visit = core.visit
    if visit.submitted is None:
        return
    failed = [k for k, s in visit.prints.items() if s.state == "failed" and s.code != "not-offered"]
    for kind in [k for k in failed if k in PRINTOUTS] or ["receipt"]:
        state = visit.prints.get(kind)
        if state is None or state.state in ("done", "failed"):
            _print(core, kind, copy=state is not None and state.state == "done")


def print_progress(core: Core, intent: intents.PrintProgress) -> None:
    """How a paper stands."""
    if intent.kind in core.visit.prints:
        core.visit.prints[intent.kind] = intent.state


def after_done(core: Core) -> None:
    """To the rating; staff never rate for residents."""
    if core.visit.staff is not None or core.visit.submitted is None:
        finish(core)
    else:
        core.go(Screen.RATING)


def rated(core: Core, intent: intents.Rated) -> None:
    """A rating is kept like everything else that is sent; skipping it is fine."""
    visit = core.visit
    if core.screen != Screen.RATING or visit.submitted is None:
        return
    if intent.level is not None and visit.staff is None and 1 <= intent.level <= 5:
        at = core.clock.now().isoformat(timespec="seconds")
        core.do(effects.SubmitOther(Kind.RATING, visit.submitted.tracking_code, {"level": intent.level, "at": at}))
    finish(core)


def finish(core: Core) -> None:
    """Wipe. A person who leaves their card is reminded."""
    if core.screen == Screen.SUBMITTING:
        return
    if core.visit.has_work():
        drafts.keep_if_chosen(core)
    core.end_visit()


def other_kept(core: Core, intent: intents.OtherKept) -> None:
    """A complaint is on its way."""
    if intent.kind == Kind.COMPLAINT:
        core.say("complaint-kept", "done")


def other_failed(core: Core, intent: intents.OtherFailed) -> None:
    """A complaint could not be kept."""
    core.say(f"submit-{intent.code}", "fault")


def draft_trouble(core: Core, intent: intents.DraftTrouble) -> None:
    """The visit goes on; only leaving and coming back would lose it."""
    if core.visit.has_work() and core.visit.message is None:
        core.say(f"draft-{intent.code}")


def handle(core: Core, intent: SubmissionIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.Signed():
            signed(core, intent)
        case intents.SignOnPaper():
            signed_on_paper(core, intent)
        case intents.Submit():
            submit(core)
        case intents.SubmitDone():
            submit_done(core, intent)
        case intents.SubmitFailed():
            submit_failed(core, intent)
        case intents.PrintAgain():
            print_again(core)
        case intents.PrintProgress():
            print_progress(core, intent)
        case intents.Rated():
            rated(core, intent)
        case intents.FinishVisit():
            finish(core)
        case intents.OtherKept():
            other_kept(core, intent)
        case intents.OtherFailed():
            other_failed(core, intent)
        case intents.DraftTrouble():
            draft_trouble(core, intent)
        case _:
            assert_never(intent)

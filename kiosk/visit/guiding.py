# SPDX-License-Identifier: Apache-2.0
"""Before anything personal: home, the list of services, the guide, the notice, and printing without a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.errors import ContractError
from contract.record import Kind
from kiosk.visit import drafts, effects, intents, people
from kiosk.visit.core import Core
from kiosk.visit.view import PrintState


def touched(core: Core, _intent: intents.Touched) -> None:
    """Wakes the terminal."""
    if core.screen == "attract":
        core.go("home")


def go_home(core: Core, _intent: intents.GoHome) -> None:
    """What was filled in is kept or thrown away as the person chose at the notice."""
    leave(core, core.visit.keep_draft)


def keep_draft(core: Core, intent: intents.KeepDraft) -> None:
    """The answer to "leave for home?"."""
    leave(core, intent.keep)


def leave(core: Core, keep: bool) -> None:
    """Ends what was begun and shows home."""
    if core.screen == "submitting":
        return
    if core.visit.has_work():
        if keep:
            drafts.keep(core)
        else:
            drafts.forget(core)
    if core.visit.holder is None and core.visit.staff is None and core.visit.submitted is None:
        # Nothing personal yet but perhaps a card on the reader: the same person goes on, nothing to wipe.
        core.visit.item = None
        core.visit.consent_at = ""
        core.visit.cases, core.visit.case, core.visit.said = (), None, {}
        core.go("home")
        return
    core.end_visit("home")


def open_choose(core: Core, intent: intents.OpenChoose) -> None:
    """The list of services."""
    core.visit.choose_mode = intent.mode
    core.go("choose")


def choose(core: Core, intent: intents.ChooseService | intents.OpenGuide) -> None:
    """From the list to the guide, from where an application is begun and papers are printed."""
    try:
        core.visit.item = core.catalogue.item(intent.item_id)
    except ContractError:
        core.say("unknown-item", "fault")
        return
    core.visit.prints.clear()
    core.go("guide")


def start(core: Core, intent: intents.StartApplication) -> None:
    """Apply. Items that need paper or the network say so now, not after ten pages."""
    if intent.item_id:
        choose(core, intents.ChooseService(intent.item_id))
    item = core.visit.item
    if item is None:
        return
    if item.track == "paper":
        core.say("item-paper-only")
    elif item.offline == "guide" and not core.online:
        core.say("item-needs-network")
    else:
        core.do(effects.CheckIntake())


def intake_checked(core: Core, intent: intents.IntakeChecked) -> None:
    """The store can keep its word, or a reason why not."""
    if core.screen != "guide" or core.visit.item is None:
        return
    if not intent.ok:
        core.say(f"intake-{intent.code}", "fault")
        return
    core.go("notice")
    if core.visit.item.offline == "draft" and not core.online:
        core.say("draft-only-offline")


def consent(core: Core, intent: intents.ConsentGiven) -> None:
    """Agreed: from here personal data may be read."""
    if core.screen != "notice":
        return
    core.visit.consent_at = core.clock.now().isoformat(timespec="seconds")
    core.visit.keep_draft = intent.keep_draft
    core.go("card")
    if core.visit.holder is not None:
        people.go_on_as(core, core.visit.holder)
    elif core.visit.card is not None and core.visit.card_present:
        people.take_card(core)
    elif core.visit.card_present:
        core.say("card-lift", "info")


def refuse(core: Core, _intent: intents.ConsentRefused) -> None:
    """Nothing is collected; the paper way stays open."""
    core.visit.consent_at = ""
    core.go("guide")
    core.say("consent-refused", "info")


def open_print(core: Core, _intent: intents.OpenPrint) -> None:
    """What can be printed here."""
    core.visit.came_from = core.screen if core.screen in ("home", "guide") else "home"
    core.go("print")


def print_blank(core: Core, intent: intents.PrintChecklist | intents.PrintBlankForm) -> None:
    """Checklist or blank form of an item, without a card."""
    if intent.item_id:
        try:
            core.visit.item = core.catalogue.item(intent.item_id)
        except ContractError:
            core.say("unknown-item", "fault")
            return
    if core.visit.item is None:
        core.visit.choose_mode = "print"
        core.go("choose")
        return
    kind = "blank-checklist" if isinstance(intent, intents.PrintChecklist) else "blank-form"
    core.visit.prints[kind] = PrintState("waiting")
    core.do(effects.Print(kind, item=core.visit.item))


def open_complaint(core: Core, _intent: intents.OpenComplaint) -> None:
    """Praise and complaint."""
    core.visit.came_from = core.screen if core.screen in ("home", "case", "guide") else "home"
    core.go("complaint")


def send_complaint(core: Core, intent: intents.SendComplaint) -> None:
    """Goes to the platform like an application: kept first."""
    if not intent.text.strip():
        core.say("complaint-empty")
        return
    case = core.visit.case
    code = intent.tracking_code or (case.tracking_code if case else "")
    at = core.clock.now().isoformat(timespec="seconds")
    core.do(effects.SubmitOther(Kind.COMPLAINT, code, {"text": intent.text.strip(), "at": at}))


HANDLERS: dict[type, Callable[[Core, Any], None]] = {
    intents.Touched: touched,
    intents.GoHome: go_home,
    intents.KeepDraft: keep_draft,
    intents.OpenChoose: open_choose,
    intents.ChooseService: choose,
    intents.OpenGuide: choose,
    intents.StartApplication: start,
    intents.IntakeChecked: intake_checked,
    intents.ConsentGiven: consent,
    intents.ConsentRefused: refuse,
    intents.OpenPrint: open_print,
    intents.PrintChecklist: print_blank,
    intents.PrintBlankForm: print_blank,
    intents.OpenComplaint: open_complaint,
    intents.SendComplaint: send_complaint,
}

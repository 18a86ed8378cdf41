# SPDX-License-Identifier: Apache-2.0
"""Before anything personal: home, the list of services, the guide, the notice, and printing without a card."""

from __future__ import annotations

from typing import assert_never

from contract.errors import ContractError
from contract.record import Kind
from kiosk.visit import drafts, effects, intents, people
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.view import PrintState

GuideIntent = (
    intents.Touched
    | intents.GoHome
    | intents.KeepDraft
    | intents.OpenChoose
    | intents.ChooseService
    | intents.StartApplication
    | intents.IntakeChecked
    | intents.ConsentGiven
    | intents.ConsentRefused
    | intents.OpenPrint
    | intents.PrintChecklist
    | intents.PrintBlankForm
    | intents.OpenComplaint
    | intents.SendComplaint
)


def touched(core: Core) -> None:
    """Wakes the terminal."""
    if core.screen == Screen.ATTRACT:
        core.go(Screen.HOME)


def leave_home(core: Core) -> None:
    """Back from home: the visit is over."""
    leave(core, keep=True)
    core.end_visit()


def leave_guide(core: Core) -> None:
    """Back from the guide to the list."""
    if core.visit.holder is None:
        core.visit.item = None
    core.go(Screen.CHOOSE)


def back_to_where_it_was(core: Core) -> None:
    """Back from printing and from complaining."""
    came_from = core.visit.came_from
    core.go(came_from if came_from != Screen.ATTRACT else Screen.HOME)


def go_home(core: Core) -> None:
    """What was filled in is kept or thrown away as the person chose at the notice."""
    leave(core, core.visit.keep_draft)


def keep_draft(core: Core, intent: intents.KeepDraft) -> None:
    """The answer to "leave for home?"."""
    leave(core, intent.keep)


def leave(core: Core, keep: bool) -> None:
    """Ends what was begun and shows home."""
    if core.screen == Screen.SUBMITTING:
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
        core.go(Screen.HOME)
        return
    core.end_visit(Screen.HOME)


def open_choose(core: Core, intent: intents.OpenChoose) -> None:
    """The list of services."""
    core.visit.choose_mode = intent.mode
    core.go(Screen.CHOOSE)


def choose(core: Core, intent: intents.ChooseService) -> None:
    """From the list to the guide, from where an application is begun and papers are printed."""
    try:
        core.visit.item = core.catalogue.item(intent.item_id)
    except ContractError:
        core.say("unknown-item", "fault")
        return
    core.visit.prints.clear()
    core.go(Screen.GUIDE)


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
    if core.visit.item is None:
        return
    if not intent.ok:
        core.say(f"intake-{intent.code}", "fault")
        return
    core.go(Screen.NOTICE)
    if core.visit.item.offline == "draft" and not core.online:
        core.say("draft-only-offline")


def consent(core: Core, intent: intents.ConsentGiven) -> None:
    """Agreed: from here personal data may be read."""
    if core.screen != Screen.NOTICE:
        return
    core.visit.consent_at = core.clock.now().isoformat(timespec="seconds")
    core.visit.keep_draft = intent.keep_draft
    core.go(Screen.CARD)
    if core.visit.holder is not None:
        people.go_on_as(core, core.visit.holder)
    elif core.visit.card is not None and core.visit.card_present:
        people.take_card(core)
    elif core.visit.card_present:
        core.say("card-lift", "info")


def refuse(core: Core) -> None:
    """Nothing is collected; the paper way stays open."""
    core.visit.consent_at = ""
    core.go(Screen.GUIDE)
    core.say("consent-refused", "info")


def open_print(core: Core) -> None:
    """What can be printed here."""
    core.visit.came_from = core.screen if core.screen in (Screen.HOME, Screen.GUIDE) else Screen.HOME
    core.go(Screen.PRINT)


def print_blank(core: Core, intent: intents.PrintChecklist | intents.PrintBlankForm) -> None:
    """Checklist or blank form of an item, without a card."""
    if core.visit.item is None:
        return
    kind = "blank-checklist" if isinstance(intent, intents.PrintChecklist) else "blank-form"
    core.visit.prints[kind] = PrintState("waiting")
    core.do(effects.Print(kind, item=core.visit.item))


def open_complaint(core: Core) -> None:
    """Praise and complaint."""
    core.visit.came_from = core.screen if core.screen in (Screen.HOME, Screen.CASE, Screen.GUIDE) else Screen.HOME
    core.go(Screen.COMPLAINT)


def send_complaint(core: Core, intent: intents.SendComplaint) -> None:
    """Goes to the platform like an application: kept first."""
    if not intent.text.strip():
        core.say("complaint-empty")
        return
    case = core.visit.case
    code = case.tracking_code if case is not None else ""
    at = core.clock.now().isoformat(timespec="seconds")
    core.do(effects.SubmitOther(Kind.COMPLAINT, code, {"text": intent.text.strip(), "at": at}))


def handle(core: Core, intent: GuideIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.Touched():
            touched(core)
        case intents.GoHome():
            go_home(core)
        case intents.KeepDraft():
            keep_draft(core, intent)
        case intents.OpenChoose():
            open_choose(core, intent)
        case intents.ChooseService():
            choose(core, intent)
        case intents.StartApplication():
            start(core, intent)
        case intents.IntakeChecked():
            intake_checked(core, intent)
        case intents.ConsentGiven():
            consent(core, intent)
        case intents.ConsentRefused():
            refuse(core)
        case intents.OpenPrint():
            open_print(core)
        case intents.PrintChecklist() | intents.PrintBlankForm():
            print_blank(core, intent)
        case intents.OpenComplaint():
            open_complaint(core)
        case intents.SendComplaint():
            send_complaint(core, intent)
        case _:
            assert_never(intent)

# SPDX-License-Identifier: Apache-2.0
"""How does it stand: by card or by the code on the receipt, offline too."""

from __future__ import annotations

from typing import assert_never

from contract.tracking import TrackingError, code_from_scan
from kiosk.visit import desk, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.view import PrintState

LookupIntent = intents.Track | intents.CasesFound | intents.OpenCase | intents.CodeSeen | intents.PrintCase


CASE_RECEIPT = "case-receipt"


def track(core: Core, intent: intents.Track) -> None:
    """Opens the screen, or looks a code up. A card that lies there is used at once."""
    visit = core.visit
    if core.screen not in (Screen.TRACK, Screen.CASE):
        visit.came_from = core.screen if core.screen in (Screen.HOME, Screen.DONE, Screen.ATTRACT) else Screen.HOME
        core.go(Screen.TRACK)
    if intent.code is None:
        core.go(Screen.TRACK)
        visit.cases, visit.case, visit.said = (), None, {}
        if visit.card is not None and visit.card_present:
            visit.looking_up = True
            core.do(effects.LookupCases(id_number=visit.card.id_number))
        elif visit.card_present:
            core.say("card-lift", "info")
        return
    try:
        code = code_from_scan(intent.code)
    except TrackingError as fault:
        core.say(fault.code)
        return
    visit.looking_up = True
    here = visit.card.id_number if visit.card is not None and visit.card_present else ""
    core.do(effects.LookupCases(id_number=here, code=code))


def cases_found(core: Core, intent: intents.CasesFound) -> None:
    """One case is shown at once; several are listed."""
    visit = core.visit
    visit.looking_up = False
    visit.cases, visit.said, visit.own_cases = intent.cases, dict(intent.said), intent.own
    if not intent.cases:
        core.go(Screen.TRACK)
        core.say("case-not-found" if intent.code else "no-cases", "info")
        return
    if len(intent.cases) == 1:
        visit.prints.pop(CASE_RECEIPT, None)
        visit.case = intent.cases[0]
        core.go(Screen.CASE)
    else:
        core.go(Screen.TRACK)


def open_case(core: Core, intent: intents.OpenCase) -> None:
    """One of those found."""
    found = next((c for c in core.visit.cases if c.tracking_code == intent.tracking_code), None)
    if found is not None:
        core.visit.prints.pop(CASE_RECEIPT, None)
        core.visit.case = found
        core.go(Screen.CASE)


def leave_case(core: Core) -> None:
    """Back from a case to the list it came from, if there was one."""
    core.visit.case = None
    core.go(Screen.TRACK if len(core.visit.cases) > 1 else Screen.HOME)


def print_case(core: Core) -> None:
    """The receipt again; one at a time."""
    case, stand = core.visit.case, core.visit.prints.get(CASE_RECEIPT)
    if case is not None and (stand is None or stand.state in ("done", "failed")):
        core.visit.prints[CASE_RECEIPT] = PrintState("waiting")
        core.do(effects.PrintCase(case))


def code_seen(core: Core, intent: intents.CodeSeen) -> None:
    """A receipt's code opens its case where nothing is being filled in; elsewhere it is left alone.

    Where staff scan forms it is one of the form's codes.
    """
    if core.screen == Screen.PAPER:
        desk.code_on_paper(core, intent.text)
        return
    if core.screen not in (Screen.ATTRACT, Screen.HOME, Screen.TRACK, Screen.CASE):
        return
    try:
        code_from_scan(intent.text)
    except TrackingError:
        return
    track(core, intents.Track(intent.text))


def handle(core: Core, intent: LookupIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.Track():
            track(core, intent)
        case intents.CasesFound():
            cases_found(core, intent)
        case intents.OpenCase():
            open_case(core, intent)
        case intents.CodeSeen():
            code_seen(core, intent)
        case intents.PrintCase():
            print_case(core)
        case _:
            assert_never(intent)

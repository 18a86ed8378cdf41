# SPDX-License-Identifier: Apache-2.0
"""How does it stand: by card or by the code on the receipt, offline too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.tracking import TrackingError, code_from_scan
from kiosk.visit import desk, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.view import PrintState

CASE_RECEIPT = "case-receipt"


def track(core: Core, intent: intents.Track) -> None:
    """Opens the screen, or looks a code up. A card that lies there is used at once."""
    visit = core.visit
    if core.screen not in ("track", "case"):
        visit.came_from = core.screen if core.screen in ("home", "done", "attract") else "home"
        core.go("track")
    if intent.code is None:
        core.go("track")
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
    if core.screen not in ("track", "case"):
        return
    visit.looking_up = False
    visit.cases, visit.said, visit.own_cases = intent.cases, dict(intent.said), intent.own
    if not intent.cases:
        core.go("track")
        core.say("case-not-found" if intent.code else "no-cases", "info")
        return
    if len(intent.cases) == 1:
        visit.prints.pop(CASE_RECEIPT, None)
        visit.case = intent.cases[0]
        core.go("case")
    else:
        core.go("track")


def open_case(core: Core, intent: intents.OpenCase) -> None:
    """One of those found."""
    found = next((c for c in core.visit.cases if c.tracking_code == intent.tracking_code), None)
    if found is not None:
        core.visit.prints.pop(CASE_RECEIPT, None)
        core.visit.case = found
        core.go("case")


def print_case(core: Core, _intent: intents.PrintCase) -> None:
    """The receipt again; one at a time."""
    case, stand = core.visit.case, core.visit.prints.get(CASE_RECEIPT)
    if case is not None and (stand is None or stand.state in ("done", "failed")):
        core.visit.prints[CASE_RECEIPT] = PrintState("waiting")
        core.do(effects.PrintCase(case))


def code_seen(core: Core, intent: intents.CodeSeen) -> None:
    """A receipt's code opens its case from where nobody is filling anything in; elsewhere it is left alone.

    Where staff scan forms it is one of the form's codes.
    """
    if core.screen == "paper":
        desk.code_on_paper(core, intent.text)
        return
    if core.screen not in ("attract", "home", "track", "case"):
        return
    try:
        code_from_scan(intent.text)
    except TrackingError:
        return
    track(core, intents.Track(intent.text))


HANDLERS: dict[type, Callable[[Core, Any], None]] = {
    intents.Track: track,
    intents.CasesFound: cases_found,
    intents.OpenCase: open_case,
    intents.CodeSeen: code_seen,
    intents.PrintCase: print_case,
}

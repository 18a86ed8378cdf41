# SPDX-License-Identifier: Apache-2.0
"""下一步 and 返回: which screen follows which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.visit import capturing, closing, desk, filling, guiding, intents, people
from kiosk.visit.core import Core

STEPS = {
    "notice": 1,
    "card": 2,
    "nocard": 2,
    "applyfor": 2,
    "agent": 2,
    "form": 3,
    "materials": 4,
    "camera": 4,
    "check": 5,
    "review": 5,
    "sign": 6,
    "submitting": 6,
}
STEP_COUNT = 6

_BACK = {
    "home": "attract",
    "choose": "home",
    "notice": "guide",
    "card": "notice",
    "nocard": "card",
    "review": "check",
    "sign": "review",
    "track": "home",
}


def next_page(core: Core, _intent: intents.NextPage) -> None:
    """The one way on from each screen."""
    match core.screen:
        case "form":
            filling.next_page(core)
        case "materials":
            filling.after_materials(core)
        case "check":
            closing.after_check(core)
        case "review":
            core.go("sign")
        case "sign":
            closing.submit(core, None)
        case "done":
            closing.after_done(core)
        case "card":
            people.go_on_with_card(core)


def back(core: Core, _intent: intents.GoBack | intents.PreviousPage) -> None:
    """One step back; nothing that was filled in is lost by it."""
    visit = core.visit
    match core.screen:
        case "attract" | "submitting":
            return
        case "home":
            guiding.leave(core, keep=True)
            core.end_visit()
        case "form":
            filling.previous_page(core)
        case "materials":
            _to_form_end(core)
        case "devices":
            core.go(visit.before_devices)
        case "desk" | "usb" | "paper":
            desk.leave(core)
        case "camera":
            capturing.leave(core)
        case "check":
            core.go("materials" if visit.item is not None and visit.item.materials else "form")
        case "applyfor":
            _give_up_person(core)
        case "agent":
            _back_from_agent(core)
        case "guide":
            visit.item = None if visit.holder is None else visit.item
            core.go("choose")
        case "print" | "complaint":
            core.go(visit.came_from if visit.came_from != "attract" else "home")
        case "case":
            visit.case = None
            core.go("track" if len(visit.cases) > 1 else "home")
        case "done" | "rating":
            closing.finish(core, intents.FinishVisit())
        case "card":
            visit.card_code = ""
            core.go("notice")
        case screen:
            core.go(_BACK.get(screen, "home"))


def _to_form_end(core: Core) -> None:
    visit = core.visit
    if visit.return_to:
        target, visit.return_to = visit.return_to, ""
        core.go(target)
        return
    visit.page_index = max(len(filling.live_pages(visit)) - 1, 0)
    core.go("form" if filling.live_pages(visit) else "applyfor")


def _give_up_person(core: Core) -> None:
    """Back from "for whom": the guide again; the person stays known for this visit."""
    core.go("guide")


def _back_from_agent(core: Core) -> None:
    visit = core.visit
    if visit.holder is None:
        visit.applicant, visit.applying_for = None, "self"
        core.go("card")
        return
    visit.applicant = None
    core.go("applyfor")


HANDLERS: dict[type, Callable[[Core, Any], None]] = {
    intents.NextPage: next_page,
    intents.GoBack: back,
    intents.PreviousPage: back,
}

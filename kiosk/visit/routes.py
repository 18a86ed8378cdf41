# SPDX-License-Identifier: Apache-2.0
"""下一步 and 返回: which screen follows which."""

from __future__ import annotations

from typing import assert_never

from kiosk.visit import capturing, closing, desk, filling, guiding, intents, people
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen

RoutesIntent = intents.NextPage | intents.GoBack


STEPS = {
    Screen.NOTICE: 1,
    Screen.CARD: 2,
    Screen.NOCARD: 2,
    Screen.APPLYFOR: 2,
    Screen.AGENT: 2,
    Screen.FORM: 3,
    Screen.MATERIALS: 4,
    Screen.CAMERA: 4,
    Screen.CHECK: 5,
    Screen.REVIEW: 5,
    Screen.SIGN: 6,
    Screen.SUBMITTING: 6,
}
STEP_COUNT = 6

_BACK = {
    Screen.HOME: Screen.ATTRACT,
    Screen.CHOOSE: Screen.HOME,
    Screen.NOTICE: Screen.GUIDE,
    Screen.CARD: Screen.NOTICE,
    Screen.NOCARD: Screen.CARD,
    Screen.REVIEW: Screen.CHECK,
    Screen.SIGN: Screen.REVIEW,
    Screen.TRACK: Screen.HOME,
}


def next_page(core: Core) -> None:
    """The one way on from each screen."""
    match core.screen:
        case Screen.FORM:
            filling.next_page(core)
        case Screen.MATERIALS:
            filling.after_materials(core)
        case Screen.CHECK:
            closing.after_check(core)
        case Screen.REVIEW:
            core.go(Screen.SIGN)
        case Screen.SIGN:
            closing.submit(core)
        case Screen.DONE:
            closing.after_done(core)
        case Screen.CARD:
            people.go_on_with_card(core)


def back(core: Core) -> None:
    """One step back; nothing that was filled in is lost by it."""
    visit = core.visit
    match core.screen:
        case Screen.ATTRACT | Screen.SUBMITTING:
            return
        case Screen.HOME:
            guiding.leave(core, keep=True)
            core.end_visit()
        case Screen.FORM:
            filling.previous_page(core)
        case Screen.MATERIALS:
            _to_form_end(core)
        case Screen.DEVICES:
            core.go(visit.before_devices)
        case Screen.DESK | Screen.USB | Screen.PAPER:
            desk.leave(core)
        case Screen.CAMERA:
            capturing.leave(core)
        case Screen.CHECK:
            core.go(Screen.MATERIALS if visit.item is not None and visit.item.materials else Screen.FORM)
        case Screen.APPLYFOR:
            _give_up_person(core)
        case Screen.AGENT:
            _back_from_agent(core)
        case Screen.GUIDE:
            visit.item = None if visit.holder is None else visit.item
            core.go(Screen.CHOOSE)
        case Screen.PRINT | Screen.COMPLAINT:
            core.go(visit.came_from if visit.came_from != Screen.ATTRACT else Screen.HOME)
        case Screen.CASE:
            visit.case = None
            core.go(Screen.TRACK if len(visit.cases) > 1 else Screen.HOME)
        case Screen.DONE | Screen.RATING:
            closing.finish(core)
        case Screen.CARD:
            visit.card_code = ""
            core.go(Screen.NOTICE)
        case screen:
            core.go(_BACK.get(screen, Screen.HOME))


def _to_form_end(core: Core) -> None:
    visit = core.visit
    if visit.return_to:
        target, visit.return_to = visit.return_to, None
        core.go(target)
        return
    visit.page_index = max(len(filling.live_pages(visit)) - 1, 0)
    core.go(Screen.FORM if filling.live_pages(visit) else Screen.APPLYFOR)


def _give_up_person(core: Core) -> None:
    """Back from "for whom": the guide again; the person stays known for this visit."""
    core.go(Screen.GUIDE)


def _back_from_agent(core: Core) -> None:
    visit = core.visit
    if visit.holder is None:
        visit.applicant, visit.applying_for = None, "self"
        core.go(Screen.CARD)
        return
    visit.applicant = None
    core.go(Screen.APPLYFOR)


def handle(core: Core, intent: RoutesIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.NextPage():
            next_page(core)
        case intents.GoBack():
            back(core)
        case _:
            assert_never(intent)

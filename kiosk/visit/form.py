# SPDX-License-Identifier: Apache-2.0
"""The form, page by page."""

from __future__ import annotations

import re
from typing import assert_never

from contract.application import Value
from contract.checking import Problem, check_values, visible_fields
from contract.fields import Field, Page
from kiosk.visit import application, drafts, intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.visit import Visit

FormIntent = intents.SetValue | intents.EditField


_ELSEWHERE = {
    "materials": Screen.MATERIALS,
    "signature": Screen.SIGN,
    "agent": Screen.APPLYFOR,
    "card": Screen.CARD,
}
"""What is put right on a screen of its own."""


def live_pages(visit: Visit) -> tuple[Page, ...]:
    """The form's pages that ask for anything, given what was answered."""
    if visit.item is None:
        return ()
    asked = {f.id for f in visible_fields(visit.item, visit.data())}
    return tuple(p for p in visit.item.pages if asked & set(p.fields))


def present_page(visit: Visit) -> Page | None:
    """The page shown on `form`."""
    pages = live_pages(visit)
    return pages[min(visit.page_index, len(pages) - 1)] if pages else None


def set_value(core: Core, intent: intents.SetValue) -> None:
    """A value, with who gave it. What a card said is never overwritten."""
    visit = core.visit
    field = field_of(visit, intent.field_id)
    if field is None or field.type == "signature" or visit.submitted is not None:
        return
    held = visit.values.get(field.id)
    if held is not None and held.data == intent.data:
        return
    if field.locked and held is not None and held.source in ("card", "certificate"):
        return
    if intent.data in (None, "", [], {}):
        visit.values.pop(field.id, None)
    else:
        visit.values[field.id] = Value(intent.data, "staff" if visit.staff else "resident")
        visit.note_act("entered-values")
    for path in [p for p in visit.shown if _root(p) == field.id]:
        del visit.shown[path]
    visit.message = None
    drafts.keep_if_chosen(core)


def field_of(visit: Visit, field_id: str) -> Field | None:
    """The item's field of this id."""
    if visit.item is None:
        return None
    return next((f for f in visit.item.fields if f.id == field_id), None)


def _root(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def page_problems(core: Core) -> tuple[Problem, ...]:
    """What is wrong or missing on the page shown."""
    visit = core.visit
    page = present_page(visit)
    if visit.item is None or page is None:
        return ()
    return tuple(check_values(visit.item, visit.data(), today=core.today, only=page.fields))


def next_page(core: Core) -> None:
    """On from a form page, when all of it is right."""
    visit = core.visit
    problems = page_problems(core)
    visit.shown = {p.field: p for p in problems}
    if problems:
        core.say("page-incomplete")
        return
    if visit.return_to:
        target, visit.return_to = visit.return_to, None
        core.go(target)
    elif visit.page_index + 1 < len(live_pages(visit)):
        visit.page_index += 1
        core.go(Screen.FORM)
    else:
        after_form(core)


def previous_page(core: Core) -> None:
    """Back from a form page; from the first one to the choice of applicant."""
    visit = core.visit
    if visit.return_to:
        target, visit.return_to = visit.return_to, None
        core.go(target)
    elif visit.page_index > 0:
        visit.page_index = min(visit.page_index, len(live_pages(visit))) - 1
        core.go(Screen.FORM)
    elif visit.item is not None and (visit.item.agent_allowed or visit.item.minor) and visit.holder is not None:
        core.go(Screen.APPLYFOR)
    else:
        core.go(Screen.GUIDE)


def after_form(core: Core) -> None:
    """Materials where the item asks for any."""
    assert core.visit.item is not None
    core.go(Screen.MATERIALS if core.visit.item.materials else Screen.CHECK)


def edit(core: Core, intent: intents.EditField) -> None:
    """From check or review to where one thing is put right, and back again afterwards."""
    visit = core.visit
    target = _root(intent.field_id)
    if (
        visit.submitted is not None
        or visit.applicant is None
        or core.screen not in (Screen.CHECK, Screen.REVIEW, Screen.SIGN)
    ):
        return
    came_from = core.screen if core.screen != Screen.SIGN else Screen.REVIEW
    if (screen := _ELSEWHERE.get(target)) is not None:
        visit.return_to = came_from if screen in (Screen.MATERIALS, Screen.CARD) else None
        core.go(screen)
        if screen == Screen.CARD:
            visit.card_code = application.out_of_date(core)[1]
            core.say(visit.card_code)
        return
    for index, page in enumerate(live_pages(visit)):
        if target in page.fields:
            visit.page_index, visit.return_to = index, came_from
            problems = {p.field: p for p in page_problems(core)}
            core.go(Screen.FORM)
            visit.shown = problems if came_from == Screen.CHECK else {}
            return


def handle(core: Core, intent: FormIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.SetValue():
            set_value(core, intent)
        case intents.EditField():
            edit(core, intent)
        case _:
            assert_never(intent)

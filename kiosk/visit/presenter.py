# SPDX-License-Identifier: Apache-2.0
"""From the machine's state to the picture that pages draw."""

from __future__ import annotations

from contract.application import MaterialAnswer, Value
from contract.checking import Problem
from contract.identity import Identity
from kiosk.visit import application, form
from kiosk.visit.core import Core
from kiosk.visit.idle import seconds_left
from kiosk.visit.screen import Screen
from kiosk.visit.screens import SCREENS, STEP_COUNT
from kiosk.visit.view import DraftOffer, VisitView


def show(core: Core) -> VisitView:
    """A copy: pages never hold what the machine changes."""
    visit = core.visit
    step = SCREENS[core.screen].step
    page = form.present_page(visit) if core.screen == Screen.FORM else None
    values: dict[str, Value] = dict(visit.values)
    materials: dict[str, MaterialAnswer] = dict(visit.materials)
    item = visit.item
    return VisitView(
        visit_id=visit.id,
        screen=core.screen,
        item=item,
        identity=_whose(core),
        holder=visit.holder,
        applying_for=visit.applying_for,
        agent=visit.agent,
        values=values,
        problems=dict(visit.shown),
        checks=_checks(core),
        page=page,
        page_index=visit.page_index,
        page_count=len(form.live_pages(visit)) if core.screen == Screen.FORM else 0,
        step=step,
        step_count=STEP_COUNT if step else 0,
        materials=materials,
        sheets=dict(visit.sheets),
        capture=visit.capture,
        camera=core.camera,
        scanner=core.scanner,
        scanning=visit.scanning,
        signature=visit.signature,
        signed_on_paper="paper-signature" in visit.acts,
        submitted=visit.submitted,
        sent=visit.sent,
        online=core.online,
        prints=dict(visit.prints),
        tests=dict(visit.tests),
        usb=visit.usb,
        paper=visit.paper,
        cases=visit.cases,
        case=visit.case,
        said=dict(visit.said),
        values_shown=visit.own_cases or visit.staff is not None,
        looking_up=visit.looking_up,
        elder=core.elder,
        language=core.language,
        staff=visit.staff,
        idle_left=seconds_left(core),
        draft_offer=_draft_offer(core),
        message=visit.message,
        choose_mode=visit.choose_mode,
        card_present=visit.card_present,
        card_code=visit.card_code,
        keep_draft=visit.keep_draft,
        due=_due(core),
        offline_ability=item.offline if item is not None else "full",
        eligible=application.fits(core, item, visit) if item is not None and core.screen == Screen.CHECK else None,
    )


def _checks(core: Core) -> tuple[Problem, ...]:
    """What stands in the way, where that is looked at."""
    if core.screen not in (Screen.CHECK, Screen.REVIEW, Screen.SIGN):
        return ()
    return application.standing_in_the_way(core, signature=core.screen == Screen.SIGN)


def _draft_offer(core: Core) -> DraftOffer | None:
    draft = core.visit.draft
    if draft is None:
        return None
    return DraftOffer(draft.item_id, core.catalogue.item(draft.item_id).name, draft.saved_at)


def _due(core: Core) -> str:
    item = core.visit.item
    if item is None or core.screen not in (Screen.GUIDE, Screen.DONE):
        return ""
    return application.promised_day(core, item)


def _whose(core: Core) -> Identity | None:
    """The applicant; on the card screen the person whose card is in question."""
    visit = core.visit
    if core.screen != Screen.CARD:
        return visit.applicant
    return application.out_of_date(core)[0] or visit.applicant or visit.card

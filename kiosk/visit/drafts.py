# SPDX-License-Identifier: Apache-2.0
"""An unfinished visit as JSON and back. Offered only to the card it was begun with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contract.application import Agent, MaterialAnswer, Value
from contract.identity import Identity
from kiosk.visit import application, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.view import ScannedSheet, StoredDraft
from kiosk.visit.visit import Visit


def keep(core: Core) -> bool:
    """Asks for the draft to be kept, if there is one and a card to find it by. True when asked."""
    visit = core.visit
    if not visit.has_work() or visit.holder is None or visit.item is None:
        return False
    at = core.clock.now().isoformat(timespec="seconds")
    state = to_state(visit)
    core.do(
        effects.SaveDraft(
            StoredDraft(visit.draft_id, visit.holder.id_number, visit.item.id, visit.item.version, state, at)
        )
    )
    return True


def keep_if_chosen(core: Core) -> None:
    """After every value, when the person agreed to that."""
    if core.visit.keep_draft:
        keep(core)


def forget(core: Core) -> None:
    """Asks for the draft of this visit to be thrown away."""
    if core.visit.holder is not None:
        core.do(effects.DiscardDraft(core.visit.draft_id))


def to_state(visit: Visit) -> dict[str, Any]:
    """Only JSON types. Signatures are never kept: one signs what is handed in."""
    agent = None
    if visit.agent is not None:
        agent = {**asdict(visit.agent), "identity": visit.agent.identity.to_dict()}
    return {
        "values": {k: [v.data, v.source, v.verified] for k, v in visit.values.items()},
        "materials": [[m.material, m.how, list(m.attachments)] for m in visit.materials.values()],
        "sheets": [[s.digest, s.media_type] for s in visit.sheets.values()],
        "page": visit.page_index,
        "applying_for": visit.applying_for,
        "applicant": visit.applicant.to_dict() if visit.applicant else None,
        "agent": agent,
        "staff": [visit.actor.staff_id, visit.actor.name, list(visit.acts)] if visit.actor else None,
    }


def restore(core: Core, draft: StoredDraft) -> None:
    """Puts a draft back into the visit of the same card. What the item no longer asks for is left out."""
    visit, state = core.visit, draft.state
    item = core.catalogue.item(draft.item_id)
    visit.item, visit.draft_id, visit.draft = item, draft.id, None
    known = {f.id for f in item.fields}
    asked = {m.id for m in item.materials}
    fresh = {name: value for name, value in visit.values.items() if value.source == "card"}
    kept = {k: Value(*v) for k, v in state.get("values", {}).items() if k in known}
    visit.values = kept | fresh
    visit.materials = {m: MaterialAnswer(m, how, tuple(a)) for m, how, a in state.get("materials", []) if m in asked}
    visit.sheets = {d: ScannedSheet(d, media) for d, media in state.get("sheets", [])}
    visit.page_index = min(int(state.get("page", 0)), max(len(item.pages) - 1, 0))
    visit.applying_for = str(state.get("applying_for", "self"))
    if visit.applying_for != "self" and state.get("applicant"):
        visit.applicant = Identity.from_dict(state["applicant"])
        if state.get("agent"):
            agent = dict(state["agent"])
            visit.agent = Agent(**{**agent, "identity": Identity.from_dict(agent["identity"])})
    else:
        visit.applicant = visit.holder


def found(core: Core, intent: intents.DraftFound) -> None:
    """Offered only to the card it was begun with; an item that is gone offers nothing."""
    visit = core.visit
    draft = intent.draft
    if draft is None or visit.holder is None or visit.holder.assurance != "card":
        return
    if draft.id_number == visit.holder.id_number and draft.item_id in core.catalogue.items:
        visit.draft = draft


def resume(core: Core, intent: intents.ResumeDraft) -> None:
    """Go on where one was, or begin anew."""
    visit = core.visit
    draft, visit.draft = visit.draft, None
    if draft is None or visit.holder is None:
        return
    if not intent.resume:
        core.do(effects.DiscardDraft(draft.id))
        return
    visit.values.clear()
    visit.item = core.catalogue.item(draft.item_id)
    visit.applicant = visit.holder
    restore(core, draft)
    application.prefill_from_card(core)
    application.answer_the_obvious(visit)
    core.go(Screen.FORM)
    if visit.sheets:
        core.do(effects.LoadSheets(tuple(visit.sheets)))
    core.say("draft-resumed", "done")

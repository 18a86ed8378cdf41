# SPDX-License-Identifier: Apache-2.0
"""Who is here and who it is for: the card, staff's witness, agents, guardians and children."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import assert_never

from contract.application import Agent
from contract.errors import ContractError
from contract.identity import Identity, age_on, check_id_number, check_name
from kiosk.visit import application, drafts, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.rules import ALONE_FROM, ELDER_AGE, NOT_TODAY, OF_AGE
from kiosk.visit.screen import Screen

PeopleIntent = (
    intents.CardSeen
    | intents.CardFailed
    | intents.CardGone
    | intents.AcceptCard
    | intents.NoCard
    | intents.ManualIdentity
    | intents.ApplyFor
    | intents.AgentGiven
    | intents.DraftFound
    | intents.ResumeDraft
)


def card_seen(core: Core, intent: intents.CardSeen) -> None:
    """A card was put down. What it means depends on the screen; another person's card never mixes into a visit."""
    visit = core.visit
    visit.card_present = True
    if core.screen == Screen.AGENT:
        second_card(core, intent.identity)
        return
    if visit.holder is not None and visit.holder.id_number != intent.identity.id_number:
        core.say("other-card")
        return
    visit.card = intent.identity
    if core.screen in (Screen.ATTRACT, Screen.HOME):
        _adapt_to(core, intent.identity)
    if core.screen == Screen.ATTRACT:
        core.go(Screen.HOME)
    elif core.screen in (Screen.CARD, Screen.NOCARD):
        core.go(Screen.CARD)
        take_card(core)
    elif core.screen in (Screen.TRACK, Screen.CASE):
        core.visit.looking_up = True
        core.do(effects.LookupCases(id_number=intent.identity.id_number))


def card_failed(core: Core, intent: intents.CardFailed) -> None:
    """Said in plain words where a card is wanted; elsewhere it disturbs nobody."""
    core.visit.card_present = True
    if core.screen in (Screen.CARD, Screen.AGENT, Screen.TRACK, Screen.ATTRACT, Screen.NOCARD, Screen.HOME):
        if core.screen == Screen.ATTRACT:
            core.go(Screen.HOME)
        core.visit.card_code = intent.code
        core.say(intent.code, "fault")


def card_gone(core: Core) -> None:
    """Taking the card away ends nothing."""
    visit = core.visit
    visit.card_present = False
    if visit.holder is None:
        visit.card = None
        if core.screen in (Screen.CARD, Screen.HOME, Screen.TRACK):
            visit.card_code, visit.message = "", None
    core.do(effects.CardTaken())


def take_card(core: Core) -> None:
    """The card on the reader is the holder's, if it is right and valid today."""
    visit = core.visit
    assert visit.card is not None
    visit.card_code = application.card_problem(core, visit.card)
    if visit.card_code:
        core.say(visit.card_code, "waiting" if visit.card_code in NOT_TODAY else "fault")
    elif visit.return_to is not None and visit.holder is not None:
        _renewed(core, visit.card)
    else:
        go_on_as(core, visit.card)


def _renewed(core: Core, card: Identity) -> None:
    """From the check: the same person found the card that is valid."""
    visit = core.visit
    if visit.applicant == visit.holder:
        visit.applicant = card
        application.prefill_from_card(core)
    visit.holder = card
    _back_to_what_was_put_right(core)


def go_on_with_card(core: Core) -> None:
    """An expired card: guide and draft are allowed; handing in is not until staff accept it."""
    visit = core.visit
    if visit.holder is None and visit.card is not None and visit.card_code in NOT_TODAY:
        go_on_as(core, visit.card)
        core.say("card-draft-only", "waiting")


def accept_card(core: Core) -> None:
    """Staff take the responsibility; record and journal say so."""
    visit = core.visit
    if visit.staff is None:
        core.do(effects.CallStaffNotice())
        return
    waiting = visit.card if visit.holder is None else None
    person, why = (waiting, visit.card_code) if waiting is not None else application.out_of_date(core)
    if person is None or why not in NOT_TODAY:
        return
    visit.note_act(f"accepted-{why}")
    visit.accepted_cards.add(person.id_number)
    core.do(effects.JournalNote("card-accepted", (("staff", visit.staff.staff_id), ("why", why))))
    if waiting is not None:
        go_on_as(core, waiting)
    else:
        _back_to_what_was_put_right(core)
    core.say("card-accepted", "done", name=visit.staff.name)


def _back_to_what_was_put_right(core: Core) -> None:
    visit = core.visit
    target, visit.return_to, visit.card_code = visit.return_to or Screen.CHECK, None, ""
    core.go(target)


def leave_card(core: Core) -> None:
    """Back from the card: to the notice, or to where something was put right from."""
    if core.visit.return_to is not None:
        _back_to_what_was_put_right(core)
        return
    core.visit.card_code = ""
    core.go(Screen.NOTICE)


def leave_agent(core: Core) -> None:
    """Back from the other person: to the card where a child's came first, else to the choice of applicant."""
    visit = core.visit
    visit.applicant = None
    if visit.holder is None:
        visit.applying_for = "self"
        core.go(Screen.CARD)
    else:
        core.go(Screen.APPLYFOR)


def no_card(core: Core) -> None:
    """Staff may witness who somebody is."""
    core.go(Screen.NOCARD)
    if core.visit.staff is None:
        core.say("staff-needed", "info")


def manual_identity(core: Core, intent: intents.ManualIdentity) -> None:
    """By hand: on `agent` the absent person's, otherwise the applicant's and then only by staff."""
    visit = core.visit
    if core.screen == Screen.AGENT:
        if _right(core, intent.identity):
            visit.note_act("entered-absent-identity")
            _second_person(core, dataclasses.replace(intent.identity, assurance="document-copy"))
        return
    if visit.staff is None:
        core.say("staff-needed", "info")
        core.do(effects.CallStaffNotice())
        return
    if _right(core, intent.identity):
        visit.note_act("witnessed-identity")
        visit.card_code = ""
        go_on_as(core, dataclasses.replace(intent.identity, assurance="staff-witnessed"))


def _right(core: Core, identity: Identity) -> bool:
    try:
        check_name(identity.name)
        parts = check_id_number(identity.id_number)
    except ContractError as fault:
        core.say(fault.code, "fault")
        return False
    if identity.birth != parts.birth.isoformat() or parts.birth > core.today:
        core.say("id-birth-date", "fault")
        return False
    return True


def _adapt_to(core: Core, identity: Identity) -> None:
    """The machine adapts to the person, unless the person already said what they like."""
    if not core.elder_chosen:
        core.elder = _age(core, identity) >= ELDER_AGE


def _age(core: Core, identity: Identity) -> int:
    return age_on(date.fromisoformat(identity.birth), core.today)


def go_on_as(core: Core, identity: Identity) -> None:
    """This is the person at the machine: find their draft, and ask who it is for."""
    visit = core.visit
    visit.holder = identity
    _adapt_to(core, identity)
    if identity.assurance == "card":
        core.do(effects.LookupDraft(identity.id_number))
    assert visit.item is not None
    if _age(core, identity) < OF_AGE:
        _child_at_machine(core, identity)
    elif visit.item.agent_allowed or visit.item.minor:
        core.go(Screen.APPLYFOR)
    else:
        _begin_form(core, identity)


def _child_at_machine(core: Core, child: Identity) -> None:
    """A child came alone or put the child's card down first: a guardian's card is wanted now."""
    visit = core.visit
    visit.applicant, visit.holder, visit.applying_for = child, None, "child"
    core.go(Screen.AGENT)
    core.say("guardian-required" if _age(core, child) < ALONE_FROM else "guardian-consent", "info")


def apply_for(core: Core, intent: intents.ApplyFor) -> None:
    """For oneself, for another, for a child."""
    visit = core.visit
    if core.screen != Screen.APPLYFOR or visit.holder is None or visit.item is None:
        return
    visit.applying_for = intent.whom
    if intent.whom == "self":
        _begin_form(core, visit.holder)
        return
    if intent.whom == "other" and not visit.item.agent_allowed:
        core.say("agent-not-allowed")
        return
    visit.applicant, visit.agent = None, None
    core.go(Screen.AGENT)


def second_card(core: Core, identity: Identity) -> None:
    """On the agent screen: the absent person's card, or the guardian's when the child's came first."""
    if _right(core, identity):
        _second_person(core, identity)


def _second_person(core: Core, identity: Identity) -> None:
    visit = core.visit
    if visit.holder is None and visit.applicant is not None:
        if identity.id_number == visit.applicant.id_number:
            core.say("same-person")
        elif _age(core, identity) < OF_AGE:
            core.say("guardian-too-young")
        else:
            visit.holder = identity
            visit.message = None
        return
    if visit.holder is not None and identity.id_number == visit.holder.id_number:
        core.say("same-person")
    elif visit.applying_for == "child" and _age(core, identity) >= OF_AGE:
        core.say("not-a-child")
    elif visit.applying_for == "other" and _age(core, identity) < ALONE_FROM:
        visit.applying_for, visit.applicant, visit.message = "child", identity, None
    else:
        visit.applicant, visit.message = identity, None


def agent_given(core: Core, intent: intents.AgentGiven) -> None:
    """How the one acts for the other. Both identities go into the record."""
    visit = core.visit
    if core.screen != Screen.AGENT:
        return
    if visit.applicant is None or visit.holder is None:
        if visit.message is None:
            core.say("second-person-missing")
        return
    assert visit.item is not None
    kind = "guardian" if visit.applying_for == "child" else "agent"
    power = "guardian" if kind == "guardian" else "apply"
    visit.agent = Agent(visit.holder, intent.relation, visit.item.name, power, None, kind)
    visit.note_act("acted-for-absent")
    _begin_form(core, visit.applicant)


def _begin_form(core: Core, applicant: Identity) -> None:
    visit = core.visit
    visit.applicant = applicant
    if visit.applying_for == "self":
        visit.agent = None
    application.prefill_from_card(core)
    application.answer_the_obvious(visit)
    visit.page_index = 0
    core.go(Screen.FORM)
    drafts.keep_if_chosen(core)


def handle(core: Core, intent: PeopleIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.CardSeen():
            card_seen(core, intent)
        case intents.CardFailed():
            card_failed(core, intent)
        case intents.CardGone():
            card_gone(core)
        case intents.AcceptCard():
            accept_card(core)
        case intents.NoCard():
            no_card(core)
        case intents.ManualIdentity():
            manual_identity(core, intent)
        case intents.ApplyFor():
            apply_for(core, intent)
        case intents.AgentGiven():
            agent_given(core, intent)
        case intents.DraftFound():
            drafts.found(core, intent)
        case intents.ResumeDraft():
            drafts.resume(core, intent)
        case _:
            assert_never(intent)

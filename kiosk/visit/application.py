# SPDX-License-Identifier: Apache-2.0
"""The application that a visit amounts to, and what still stands in its way."""

from __future__ import annotations

from datetime import date

from contract.application import Application, Consent, MaterialAnswer, StaffAct, Value, check_application
from contract.checking import Problem, eligible
from contract.deadlines import due
from contract.errors import ContractError
from contract.identity import Identity, age_on, check_id_number, check_validity
from contract.items import ServiceItem
from contract.prefill import prefill
from kiosk.visit.core import Core
from kiosk.visit.rules import NOTICE_VERSION
from kiosk.visit.visit import Visit


def build(core: Core) -> Application | None:
    """The application as it stands, without a tracking code; None before item and applicant are known."""
    visit = core.visit
    if visit.item is None or visit.applicant is None:
        return None
    staff = StaffAct(visit.actor.staff_id, visit.actor.name, tuple(visit.acts)) if visit.actor else None
    wanted = {f.id for f in visit.item.fields}
    return Application(
        item_id=visit.item.id,
        item_version=visit.item.version,
        item_hash=visit.item.content_hash,
        tracking_code="",
        applicant=visit.applicant,
        values={k: v for k, v in visit.values.items() if k in wanted},
        materials=tuple(visit.materials.values()),
        consent=Consent(NOTICE_VERSION, visit.consent_at, bool(visit.consent_at), visit.keep_draft),
        created_at=core.clock.now().isoformat(timespec="seconds"),
        agent=visit.agent,
        staff=staff,
        signature=visit.signature,
        language=core.language,
    )


def standing_in_the_way(core: Core, *, signature: bool = True) -> tuple[Problem, ...]:
    """All that must be put right before handing in. Without `signature`: before signing."""
    application = build(core)
    visit = core.visit
    if application is None or visit.item is None:
        return ()
    found = check_application(visit.item, application, today=core.today)
    if not signature:
        found = [p for p in found if p.code != "signature-empty"]
    _, code = out_of_date(core)
    if code:
        found.append(Problem("card", code, "the card is not valid today; staff may accept it"))
    return tuple(found)


def out_of_date(core: Core) -> tuple[Identity | None, str]:
    """Whose card was read here, is not valid today and was not accepted by staff, and why; None and "" if nobody's."""
    visit = core.visit
    for person in (visit.holder, visit.applicant):
        if person is None or person.assurance != "card" or person.id_number in visit.accepted_cards:
            continue
        if code := card_problem(core, person):
            return person, code
    return None, ""


def prefill_from_card(core: Core) -> None:
    """Gives every field what the card already says; values come locked and verified where a chip said so."""
    visit = core.visit
    assert visit.item is not None
    assert visit.applicant is not None
    by_card = visit.applicant.assurance == "card"
    for field in visit.item.fields:
        known = prefill(field, visit.applicant, core.area)
        if known in (None, ""):
            continue
        if field.prefill and field.prefill.startswith("card."):
            visit.values[field.id] = Value(known, "card" if by_card else "staff" if visit.actor else "paper", by_card)
        elif field.id not in visit.values:
            visit.values[field.id] = Value(known, "resident")


def answer_the_obvious(visit: Visit) -> None:
    """The card that was read is shown; what the terminal makes itself is generated."""
    assert visit.item is not None
    for material in visit.item.materials:
        if material.id in visit.materials:
            continue
        if material.ecert == "gen":
            visit.materials[material.id] = MaterialAnswer(material.id, "generated")
        elif material.id == "idcard" and visit.applicant is not None and visit.applicant.assurance == "card":
            visit.materials[material.id] = MaterialAnswer(material.id, "shown")


def pictures(visit: Visit) -> tuple[tuple[str, str, str], ...]:
    """(digest, media type, material or "") of everything that goes along."""
    found: list[tuple[str, str, str]] = []
    for answer in visit.materials.values():
        for digest in answer.attachments:
            sheet = visit.sheets.get(digest)
            found.append((digest, sheet.media_type if sheet else "image/jpeg", answer.material))
    for value in visit.values.values():
        if isinstance(value.data, dict) and "attachment" in value.data:
            found.append((str(value.data["attachment"]), str(value.data.get("media_type", "image/jpeg")), ""))
    return tuple(dict.fromkeys(found))


def card_problem(core: Core, card: Identity) -> str:
    """Why this card is not right or not valid today, or ""."""
    try:
        check_id_number(card.id_number)
        check_validity(card, core.today)
    except ContractError as fault:
        return fault.code
    return ""


def fits(core: Core, item: ServiceItem, visit: Visit) -> bool | None:
    """Whether the item's hint is for this person, as far as the card tells; None where it cannot tell."""
    person = visit.applicant
    if person is None or not item.eligibility or item.eligibility == "true":
        return None if person is None else True
    unknown = ("disabled", "veteran", "hukou_area")
    if any(name in item.eligibility for name in unknown):
        return None
    facts: dict[str, object] = {"age": age_on(date.fromisoformat(person.birth), core.today)}
    if person.valid_to:
        facts["card_days_left"] = (date.fromisoformat(person.valid_to) - core.today).days
    elif "card_days_left" in item.eligibility:
        return None
    return eligible(item, facts)


def promised_day(core: Core, item: ServiceItem) -> str:
    """The day by which the promise ends if the platform accepts today; "" for items settled at once."""
    if item.promised.days <= 0:
        return ""
    return due(core.today, item.promised, core.calendar).day.isoformat()

# SPDX-License-Identifier: Apache-2.0
"""The application: one resident's filled item with materials, signature and provenance; and its check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from contract.checking import Problem, check_values
from contract.errors import ContractError
from contract.identity import Identity, age_on
from contract.items import ServiceItem

SOURCES = ("card", "certificate", "resident", "staff", "earlier", "paper")
ANSWERS = ("shown", "scanned", "certificate", "generated", "later", "not-needed")


class ApplicationError(ContractError):
    """A payload that is no application."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its provenance."""

    data: Any
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class MaterialAnswer:
    """How a material was given; `attachments` are SHA-256 digests (hex) of the plain bytes, in page order."""

    material: str
    how: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts for the applicant, and with what authority (Civil Code, art. 165). `relation` is GB/T 4761."""

    identity: Identity
    relation: str
    matter: str
    power: str
    until: str | None
    kind: str = "agent"


@dataclass(frozen=True, slots=True)
class StaffAct:
    """Which member of staff did what."""

    staff_id: str
    name: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the applicant agreed to, and when; `keep_draft`: whether an unfinished visit may be kept."""

    notice_version: str
    at: str
    given: bool
    keep_draft: bool


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that is sealed. `created_at` is ISO with offset."""

    item_id: str
    item_version: str
    item_hash: str
    tracking_code: str
    applicant: Identity
    values: Mapping[str, Value]
    materials: tuple[MaterialAnswer, ...]
    consent: Consent
    created_at: str
    agent: Agent | None = None
    staff: StaffAct | None = None
    signature: Mapping[str, Any] | None = None
    language: str = "zh"
    channel: str = "terminal"
    supersedes: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_payload(self) -> dict[str, Any]:
        """Only types that CBOR and JSON know."""
        payload = asdict(self)
        payload["applicant"] = self.applicant.to_dict()
        payload["values"] = {k: [v.data, v.source, v.verified] for k, v in self.values.items()}
        payload["materials"] = [[m.material, m.how, list(m.attachments)] for m in self.materials]
        if self.staff:
            payload["staff"] = {**payload["staff"], "acts": list(self.staff.acts)}
        optional = ("agent", "staff", "signature", "supersedes", "extra")
        return {k: v for k, v in payload.items() if v or k not in optional}

    @staticmethod
    def from_payload(payload: Mapping[str, Any]) -> Application:
        """Raises ApplicationError application-malformed."""
        try:
            parts = {k: v for k, v in payload.items() if k != "files"}  # the manifest is the envelope's
            parts["applicant"] = Identity.from_dict(parts["applicant"])
            parts["values"] = {str(k): _value(v) for k, v in parts["values"].items()}
            parts["materials"] = tuple(_answer(m) for m in parts["materials"])
            parts["consent"] = Consent(**parts["consent"])
            if "agent" in parts:
                agent = dict(parts["agent"])
                parts["agent"] = Agent(**{**agent, "identity": Identity.from_dict(agent["identity"])})
            if "staff" in parts:
                staff = dict(parts["staff"])
                parts["staff"] = StaffAct(**{**staff, "acts": tuple(staff["acts"])})
            application = Application(**parts)
        except ContractError as fault:
            raise ApplicationError("application-malformed", str(fault)) from fault
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise ApplicationError(
                "application-malformed", "a part of the application is missing or damaged"
            ) from fault
        for name in (
            "item_id",
            "item_version",
            "item_hash",
            "tracking_code",
            "created_at",
            "language",
            "channel",
        ):
            if not isinstance(getattr(application, name), str):
                raise ApplicationError("application-malformed", f"{name} is not text")
        return application

    def data(self) -> dict[str, Any]:
        """The bare values."""
        return {name: value.data for name, value in self.values.items()}


def _value(part: Any) -> Value:
    match part:
        case [data, str(source), bool(verified)] if source in SOURCES:
            return Value(data, source, verified)
    raise ApplicationError("application-malformed", "a value lacks its provenance")


def _answer(part: Any) -> MaterialAnswer:
    match part:
        case [str(material), str(how), list(found)] if how in ANSWERS and all(isinstance(d, str) for d in found):
            return MaterialAnswer(material, how, tuple(found))
    raise ApplicationError("application-malformed", "a material's answer is damaged")


def check_application(item: ServiceItem, application: Application, *, today: date) -> list[Problem]:
    """Everything that the item lists, and nothing more (no added requirements). Empty when it is complete."""
    problems = check_values(item, application.data(), today=today)
    problems += _check_materials(item, application)
    problems += _check_people(item, application, today)
    if not (application.signature and application.signature.get("strokes")) and not _signed_on_paper(application):
        problems.append(Problem("signature", "signature-empty", "the applicant has not signed"))
    if not application.consent.given:
        problems.append(Problem("consent", "required", "the privacy notice was not agreed to"))
    return problems


def _signed_on_paper(application: Application) -> bool:
    return application.staff is not None and "paper-signature" in application.staff.acts


def _check_materials(item: ServiceItem, application: Application) -> list[Problem]:
    answers = {answer.material: answer for answer in application.materials}
    problems = []
    for name in set(answers) - {m.id for m in item.materials}:
        problems.append(Problem(f"materials.{name}", "unknown-material", f"the item does not ask for {name}"))
    for material in item.materials:
        answer = answers.get(material.id)
        path = f"materials.{material.id}"
        if material.required and (answer is None or answer.how == "not-needed"):
            problems.append(Problem(path, "required", f"{material.id} is asked for: show, scan or bring it later"))
        elif answer is not None and answer.how == "scanned" and not answer.attachments:
            problems.append(
                Problem(path, "attachment-missing", f"{material.id} is said to be scanned; no page is there")
            )
    return problems


def _check_people(item: ServiceItem, application: Application, today: date) -> list[Problem]:
    agent = application.agent
    problems = []
    if agent and agent.kind == "agent" and not item.agent_allowed:
        problems.append(Problem("agent", "agent-not-allowed", "this item is applied for in person"))
    if agent and agent.identity.id_number == application.applicant.id_number:
        problems.append(Problem("agent", "agent-is-applicant", "agent and applicant are the same person"))
    for name, value in (("name", application.applicant.name), ("idno", application.applicant.id_number)):
        given = application.values.get(name)
        if given is not None and given.data != value:
            problems.append(Problem(name, "identity-differs", f"{name} differs from the applicant's identity"))
    birth = application.applicant.birth
    if age_on(date.fromisoformat(birth), today) < 8 and agent is None:  # Civil Code, art. 20
        problems.append(Problem("agent", "guardian-required", "a guardian acts for a child under 8"))
    return problems

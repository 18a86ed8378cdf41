# SPDX-License-Identifier: Apache-2.0
"""What a page is given to draw: an immutable picture of the visit, and the small values in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from contract.application import Agent, MaterialAnswer, Value
from contract.checking import Problem
from contract.fields import Page as FormPageSpec
from contract.identity import Identity
from contract.items import ServiceItem
from devices.base import CameraView
from kiosk.visit.desk_view import PaperForm, PaperState, UsbResult, UsbState
from kiosk.visit.event_bodies import Said
from kiosk.visit.screen import Screen
from offline.case import CaseView
from offline.client.drafts import Draft as StoredDraft
from offline.registration import Submitted
from offline.staff_member import StaffMember

__all__ = [
    "Capture",
    "CaseView",
    "DeviceTest",
    "DraftOffer",
    "Message",
    "MessageKind",
    "PaperForm",
    "PaperState",
    "PrintPhase",
    "PrintState",
    "Said",
    "ScannedSheet",
    "StaffMember",
    "StoredDraft",
    "Submitted",
    "UsbResult",
    "UsbState",
    "VisitView",
]

MessageKind = Literal["info", "waiting", "done", "fault"]
PrintPhase = Literal["waiting", "printing", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say on the present screen: a code that `kiosk.i18n.messages` turns into a sentence."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    kind: MessageKind = "info"


@dataclass(frozen=True, slots=True)
class PrintState:
    """How a paper stands; `code` says why it failed (out-of-paper, jam, printer-absent, ...)."""

    state: PrintPhase
    code: str = ""


@dataclass(frozen=True, slots=True)
class ScannedSheet:
    """A scanned page, prepared and kept encrypted; `preview` is a small JPEG for the screen."""

    digest: str
    media_type: str
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class DeviceTest:
    """How the trial of a device stands; `detail`: what came of it, or a code that says why not."""

    device: str
    state: Literal["running", "done", "failed"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """A page under the document camera, for a material ("m:ID") or an image field ("f:ID")."""

    target: str
    came_from: Screen
    phase: Literal["watching", "taking", "corners", "keeping"] = "watching"
    still: CameraView | None = None
    """What was taken and waits for its corners."""


@dataclass(frozen=True, slots=True)
class DraftOffer:
    """An unfinished application of the person whose card lies there."""

    item_id: str
    item_name: str
    saved_at: str


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class VisitView:
    """One moment of a visit.

    `identity` is the applicant's; `holder` is the person at the machine, the agent's when acting for another.
    `problems` are those to show now, by field path ("members[0].idno"); `checks` all that stand in the way of
    submitting. `values` has each value with its provenance; locked ones came from the card.
    `step` of `step_count` counts from 1; 0 steps: no step bar. `idle_left`: seconds until the visit ends, or None.
    """

    visit_id: str
    screen: Screen
    item: ServiceItem | None = None
    identity: Identity | None = None
    holder: Identity | None = None
    applying_for: str = "self"
    agent: Agent | None = None
    values: Mapping[str, Value] = field(default_factory=_nothing)
    problems: Mapping[str, Problem] = field(default_factory=_nothing)
    checks: tuple[Problem, ...] = ()
    page: FormPageSpec | None = None
    page_index: int = 0
    page_count: int = 0
    step: int = 0
    step_count: int = 0
    materials: Mapping[str, MaterialAnswer] = field(default_factory=_nothing)
    sheets: Mapping[str, ScannedSheet] = field(default_factory=_nothing)
    """Scanned pages by digest."""
    capture: Capture | None = None
    tests: Mapping[str, DeviceTest] = field(default_factory=_nothing)
    """Trials of devices, by device."""
    usb: UsbState | None = None
    """The stick, while staff are at it."""
    paper: PaperState | None = None
    """Forms that came on paper, while staff scan them."""
    camera: bool = False
    """Whether a document camera can be used now."""
    scanner: bool = True
    """Whether the terminal has a scanner."""
    scanning: str = ""
    """The material or field whose scan runs now."""
    signature: Mapping[str, Any] | None = None
    signed_on_paper: bool = False
    """Staff saw the fingerprint or signature on paper."""
    submitted: Submitted | None = None
    sent: bool = False
    """The platform's receipt for this visit's record has come."""
    online: bool = True
    prints: Mapping[str, PrintState] = field(default_factory=_nothing)
    cases: tuple[CaseView, ...] = ()
    case: CaseView | None = None
    said: Mapping[int, Said] = field(default_factory=dict)
    """What the events of the cases say, by their seq; one that is missing says nothing."""
    values_shown: bool = False
    """Whether present values may be shown: to the person by the card, or with staff; a code alone is no proof."""
    looking_up: bool = False
    elder: bool = False
    language: str = "zh"
    staff: StaffMember | None = None
    idle_left: int | None = None
    draft_offer: DraftOffer | None = None
    message: Message | None = None
    choose_mode: str = "apply"
    card_present: bool = False
    card_code: str = ""
    """Why the card that lies there does not do: card-expired, id-check-digit, ..."""
    keep_draft: bool = False
    due: str = ""
    """ISO day by which the promised limit ends if the platform accepts today; "" where unknown."""
    offline_ability: str = "full"
    eligible: bool | None = None
    """Whether the item's hint fits this person; None before the card. Never a refusal."""

# SPDX-License-Identifier: Apache-2.0
"""What the resident's pages say: choosing, who it is for, filling in, handing in, asking how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contract.identity import Identity


@dataclass(frozen=True, slots=True)
class OpenChoose:
    """The list of services: to apply, to read the guide, or to print a blank form or checklist."""

    mode: Literal["apply", "guide", "print"] = "apply"


@dataclass(frozen=True, slots=True)
class ChooseService:
    """This service: leads to its guide."""

    item_id: str


@dataclass(frozen=True, slots=True)
class StartApplication:
    """Apply for the item of the guide shown (or `item_id`)."""

    item_id: str = ""


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The privacy notice was read and agreed to; an unfinished visit may be kept for the same card, or not."""

    keep_draft: bool = True


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """No consent: nothing is collected, the paper way is offered."""


@dataclass(frozen=True, slots=True)
class NoCard:
    """I have no card with me: staff may witness who I am."""


@dataclass(frozen=True, slots=True)
class ApplyFor:
    """For whom."""

    whom: Literal["self", "other", "child"]


@dataclass(frozen=True, slots=True)
class AgentGiven:
    """How the person present acts for the applicant. `relation` is GB/T 4761."""

    relation: str


@dataclass(frozen=True, slots=True)
class ManualIdentity:
    """An identity entered by hand: the applicant's on `nocard` (staff only), the absent person's on `agent`."""

    identity: Identity


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value of the form; None or "" takes it away."""

    field_id: str
    data: Any


@dataclass(frozen=True, slots=True)
class EditField:
    """From check or review to the page with this field (or "materials", "sign", "agent")."""

    field_id: str


@dataclass(frozen=True, slots=True)
class AnswerMaterial:
    """How a material is given: shown, scanned, certificate, generated, later, not-needed."""

    material_id: str
    how: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanMaterial:
    """Scan the pages that lie in the scanner for this material."""

    material_id: str


@dataclass(frozen=True, slots=True)
class ScanImage:
    """Scan the value of an image field."""

    field_id: str


@dataclass(frozen=True, slots=True)
class OpenCamera:
    """Put a page under the document camera for a material ("m:ID") or an image field ("f:ID")."""

    target: str


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Of what lies under the document camera now."""


@dataclass(frozen=True, slots=True)
class TakeAgain:
    """The picture came out badly."""


@dataclass(frozen=True, slots=True)
class UsePicture:
    """Keep the page between these corners (shares of the picture, clockwise from the page's top left)."""

    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class DropScan:
    """Take a scanned page away again."""

    material_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature as it is now; None clears it."""

    signature: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Submit:
    """Hand it in."""


@dataclass(frozen=True, slots=True)
class Rated:
    """1 (poor) to 5 (very good), or None to skip."""

    level: int | None


@dataclass(frozen=True, slots=True)
class OpenPrint:
    """What can be printed here."""


@dataclass(frozen=True, slots=True)
class PrintAgain:
    """The papers that failed again; the receipt once more where none did."""


@dataclass(frozen=True, slots=True)
class PrintChecklist:
    """What to bring, for the item in view."""


@dataclass(frozen=True, slots=True)
class PrintBlankForm:
    """The empty form, for the item in view."""


@dataclass(frozen=True, slots=True)
class PrintCase:
    """The receipt of the case on screen once more, marked as a copy."""


@dataclass(frozen=True, slots=True)
class Track:
    """How does it stand: None opens the screen, a code (12 digits, spaces allowed) looks it up."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One of the cases found."""

    tracking_code: str


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """Rate or complain."""


@dataclass(frozen=True, slots=True)
class SendComplaint:
    """A complaint or praise, about the case in view or in general."""

    text: str

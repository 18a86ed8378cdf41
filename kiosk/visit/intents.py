# SPDX-License-Identifier: Apache-2.0
"""What a person, a device or the store tells the visit. Pages emit the first kind, `kiosk.app` all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contract.identity import Identity
from devices.base import DeskView
from kiosk.visit.carry_view import PaperState, UsbState
from kiosk.visit.said import Said
from kiosk.visit.view import CaseView, DeviceTest, PrintState, ScannedSheet, StaffMember, StoredDraft, Submitted


@dataclass(frozen=True, slots=True)
class Touched:
    """The screen was touched, where nothing in particular is."""


@dataclass(frozen=True, slots=True)
class GoHome:
    """Home, without asking again."""


@dataclass(frozen=True, slots=True)
class GoBack:
    """One step back."""


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Somebody should come."""


@dataclass(frozen=True, slots=True)
class ToggleElder:
    """Large type, or normal again."""


@dataclass(frozen=True, slots=True)
class ToggleLanguage:
    """Chinese or English."""


@dataclass(frozen=True, slots=True)
class ReadAloud:
    """Read this screen aloud. The shell fills in the text."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class OpenChoose:
    """The list of services: to apply, to read the guide, or to print a blank form or checklist."""

    mode: Literal["apply", "guide", "print"] = "apply"


@dataclass(frozen=True, slots=True)
class ChooseService:
    """This service: leads to its guide."""

    item_id: str


@dataclass(frozen=True, slots=True)
class OpenGuide:
    """Read this service's guide."""

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
class CardSeen:
    """A card was read. `photo` is shown to staff only and never kept."""

    identity: Identity
    photo: bytes = b""


@dataclass(frozen=True, slots=True)
class CardFailed:
    """A card could not be read; `code` is the device's or the contract's."""

    code: str


@dataclass(frozen=True, slots=True)
class CardGone:
    """The card was taken away. This does not end the visit."""


@dataclass(frozen=True, slots=True)
class NoCard:
    """I have no card with me: staff may witness who I am."""


@dataclass(frozen=True, slots=True)
class StaffUnlock:
    """A member of staff says who they are."""

    name: str
    pin: str


@dataclass(frozen=True, slots=True)
class StaffLock:
    """The member of staff is done; the resident goes on."""


@dataclass(frozen=True, slots=True)
class StaffUnlocked:
    """From the store: the number was right."""

    member: StaffMember


@dataclass(frozen=True, slots=True)
class StaffRefusedNote:
    """From the store: staff-wrong-pin or staff-locked, with tries or seconds left."""

    code: str
    remaining: int


@dataclass(frozen=True, slots=True)
class AcceptCard:
    """Staff accept a card that has expired or is not yet valid; the record says so."""


@dataclass(frozen=True, slots=True)
class ManualIdentity:
    """An identity entered by hand: the applicant's on `nocard` (staff only), the absent person's on `agent`."""

    identity: Identity


@dataclass(frozen=True, slots=True)
class ApplyFor:
    """For whom."""

    whom: Literal["self", "other", "child"]


@dataclass(frozen=True, slots=True)
class AgentGiven:
    """How the person present acts for the applicant. `relation` is GB/T 4761; `until` ISO or None."""

    relation: str
    matter: str = ""
    power: str = ""
    until: str | None = None
    applicant: Identity | None = None


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value of the form; None or "" takes it away."""

    field_id: str
    data: Any


@dataclass(frozen=True, slots=True)
class KeepPicture:
    """A picture for an image field: kept encrypted, then set as the field's value."""

    field_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NextPage:
    """On, if what is on this screen is right."""


@dataclass(frozen=True, slots=True)
class PreviousPage:
    """One form page back."""


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
class PictureTaken:
    """From the document camera: the picture to look at, or a code that says why there is none."""

    view: DeskView | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class StaffCardSeen:
    """A member of staff's card is in the reader; nothing is proven yet."""

    name: str


@dataclass(frozen=True, slots=True)
class StaffCardPin:
    """The card's number, as entered."""

    pin: str


@dataclass(frozen=True, slots=True)
class StaffCardGone:
    """It was taken out: whoever it unlocked for is gone."""


@dataclass(frozen=True, slots=True)
class CardForgotten:
    """A card has been lying on a reader for minutes."""


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code scanner or the camera read this."""

    text: str


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """Staff go to their desk."""


@dataclass(frozen=True, slots=True)
class SendNow:
    """Staff do not want to wait for the next exchange."""


@dataclass(frozen=True, slots=True)
class OpenUsb:
    """Out and back with a stick."""


@dataclass(frozen=True, slots=True)
class StartUsb:
    """Take what is on the stick and write what waits."""


@dataclass(frozen=True, slots=True)
class UsbNews:
    """How the stick stands, on every change."""

    state: UsbState


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """Forms that came on paper."""


@dataclass(frozen=True, slots=True)
class ScanPaper:
    """Read the codes of the form that lies there."""

    by: Literal["scanner", "camera"]


@dataclass(frozen=True, slots=True)
class PaperNews:
    """What was read of forms on paper."""

    state: PaperState


@dataclass(frozen=True, slots=True)
class OpenDevices:
    """Staff look at the devices."""


@dataclass(frozen=True, slots=True)
class TryDevice:
    """Staff try one."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceTried:
    """How the trial went."""

    test: DeviceTest


@dataclass(frozen=True, slots=True)
class PrintCase:
    """The receipt of the case on screen once more, marked as a copy."""


@dataclass(frozen=True, slots=True)
class DevicesKnown:
    """Which ways of giving a paper there are now."""

    camera: bool
    scanner: bool


@dataclass(frozen=True, slots=True)
class DropScan:
    """Take a scanned page away again."""

    material_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class ScanDone:
    """From the scanner, after preparation: sheets or a code that says what failed."""

    target: str
    sheets: tuple[ScannedSheet, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class SheetsLoaded:
    """From the store: kept scans with their previews."""

    sheets: tuple[ScannedSheet, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature as it is now; None clears it."""

    signature: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SignOnPaper:
    """Staff saw a fingerprint or signature put on the printed form instead; False takes that back."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class Submit:
    """Hand it in."""


@dataclass(frozen=True, slots=True)
class SubmitDone:
    """From the store: it is on disk."""

    submitted: Submitted


@dataclass(frozen=True, slots=True)
class SubmitFailed:
    """From the store: nothing was registered; `code` says why (disk-full, disk-failed, not-enrolled, ...)."""

    code: str


@dataclass(frozen=True, slots=True)
class Rated:
    """1 (poor) to 5 (very good), or None to skip."""

    level: int | None


@dataclass(frozen=True, slots=True)
class OpenPrint:
    """What can be printed here."""


@dataclass(frozen=True, slots=True)
class PrintAgain:
    """One of the papers again, or all that failed: strip, receipt, form, checklist."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class PrintChecklist:
    """What to bring, for this item (or the one in view)."""

    item_id: str = ""


@dataclass(frozen=True, slots=True)
class PrintBlankForm:
    """The empty form, for this item (or the one in view)."""

    item_id: str = ""


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """From the printers."""

    kind: str
    state: PrintState


@dataclass(frozen=True, slots=True)
class Track:
    """How does it stand: None opens the screen, a code (12 digits, spaces allowed) looks it up."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One of the cases found."""

    tracking_code: str


@dataclass(frozen=True, slots=True)
class CasesFound:
    """From the store; `code` is the code asked for, or "" when asked by card. `said` is what the events say, by their
    seq; `own`: they are the cases of the person whose card lies there, not only of whoever has the code."""

    cases: tuple[CaseView, ...]
    code: str = ""
    said: Mapping[int, Said] = field(default_factory=dict)
    own: bool = False


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """Rate or complain."""


@dataclass(frozen=True, slots=True)
class SendComplaint:
    """A complaint or praise, about a case or in general."""

    text: str
    tracking_code: str = ""


@dataclass(frozen=True, slots=True)
class OtherKept:
    """From the store: a rating or complaint is on disk."""

    kind: str


@dataclass(frozen=True, slots=True)
class OtherFailed:
    """From the store: a rating or complaint was not kept."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class FinishVisit:
    """I am done: remind of the card, wipe, attract."""


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Leave for home and keep what was filled in, or throw it away."""

    keep: bool


@dataclass(frozen=True, slots=True)
class IAmHere:
    """The answer to the idle countdown."""


@dataclass(frozen=True, slots=True)
class ResumeDraft:
    """Go on with the draft offered, or begin anew and forget it."""

    resume: bool


@dataclass(frozen=True, slots=True)
class DraftFound:
    """From the store: this person's draft, or None."""

    draft: StoredDraft | None


@dataclass(frozen=True, slots=True)
class DraftTrouble:
    """From the store: the draft could not be kept (code)."""

    code: str


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """Whether the platform is reachable, and whether this visit's record has its receipt."""

    online: bool
    delivered: bool = False


@dataclass(frozen=True, slots=True)
class IntakeChecked:
    """From the store: whether an application can be taken now (code says why not)."""

    ok: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class DismissMessage:
    """The message was read."""


Intent = object
"""Any of the above. Unknown objects are ignored by the machine."""

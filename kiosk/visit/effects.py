# SPDX-License-Identifier: Apache-2.0
"""What the machine asks `kiosk.app.app` to do in the world. Answers come back as intents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.application import Application
from contract.items import ServiceItem
from contract.record import Kind
from kiosk.visit.view import CaseView, Message, StoredDraft, Submitted


@dataclass(frozen=True, slots=True)
class CheckIntake:
    """Ask the store whether an application can be kept now. Answer: IntakeChecked."""


@dataclass(frozen=True, slots=True)
class SubmitApplication:
    """Register it. `application.tracking_code` is empty: the store's next code is put in. Answer: SubmitDone/Failed."""

    application: Application
    digests: tuple[tuple[str, str, str], ...]
    """(digest, media type, material or "") of each kept picture that goes along."""
    draft_id: str


@dataclass(frozen=True, slots=True)
class SubmitOther:
    """A rating or complaint. Answer: OtherKept/OtherFailed."""

    kind: Kind
    tracking_code: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep this draft encrypted. Trouble comes back as DraftTrouble."""

    draft: StoredDraft


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """Forget it, with its pictures."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class LookupDraft:
    """This person's draft. Answer: DraftFound."""

    id_number: str


@dataclass(frozen=True, slots=True)
class LookupCases:
    """By ID number or tracking code. With both it is the code's case, and whether it is this person's. Answer:
    CasesFound."""

    id_number: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class UnlockStaff:
    """Answer: StaffUnlocked or StaffRefusedNote."""

    name: str
    pin: str


@dataclass(frozen=True, slots=True)
class Print:
    """`kind`: strip, receipt, form, checklist of this visit's application; blank-form, blank-checklist of `item`."""

    kind: str
    item: ServiceItem | None = None
    application: Application | None = None
    submitted: Submitted | None = None
    sent: bool = False
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """Scan what lies in the scanner for a material ("m:ID") or an image field ("f:ID"). Answer: ScanDone."""

    target: str


@dataclass(frozen=True, slots=True)
class AskStaffCard:
    """Ask for the number of the card that is in the reader."""

    name: str


@dataclass(frozen=True, slots=True)
class ProveStaffCard:
    """The card proves itself with this number. Answer: StaffUnlocked or StaffRefusedNote."""

    pin: str


@dataclass(frozen=True, slots=True)
class WatchUsb:
    """Look for a stick until LeaveUsb. Answers: UsbNews."""


@dataclass(frozen=True, slots=True)
class RunUsb:
    """Take what the stick brings, write what waits. Answers: UsbNews."""


@dataclass(frozen=True, slots=True)
class SendNow:
    """Exchange with the platform without waiting for the next time."""


@dataclass(frozen=True, slots=True)
class LeaveUsb:
    """Look no more; what is being written is finished."""


@dataclass(frozen=True, slots=True)
class ScanPaper:
    """Read a form by "scanner" or "camera". Answer: PaperNews."""

    by: str


@dataclass(frozen=True, slots=True)
class ReadPaperCode:
    """A form's code, read by a code scanner. Answer: PaperNews."""

    text: str


@dataclass(frozen=True, slots=True)
class ForgetPaper:
    """The pile is done with; what was incomplete is forgotten."""


@dataclass(frozen=True, slots=True)
class TryDevice:
    """Try a device. Answer: DeviceTried."""

    device: str


@dataclass(frozen=True, slots=True)
class PrintCase:
    """A copy of a case's receipt, on the receipt printer or else the A4 one. Answers: PrintProgress."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Of what lies under the document camera. Answer: PictureTaken."""


@dataclass(frozen=True, slots=True)
class UsePicture:
    """The page between the corners of the picture taken last. Answer: ScanDone."""

    target: str
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ForgetPicture:
    """The picture taken last is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Read aloud; "" reads the screen."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Stop reading."""


@dataclass(frozen=True, slots=True)
class CallStaffNotice:
    """Say on screen that staff are called; the shell offers the unlock."""


@dataclass(frozen=True, slots=True)
class RefuseStaff:
    """Say in the unlock overlay why not."""

    message: Message


@dataclass(frozen=True, slots=True)
class CloseOverlay:
    """Take question or unlock away."""


@dataclass(frozen=True, slots=True)
class RemindCard:
    """A card still lies on the reader: say so by voice."""


@dataclass(frozen=True, slots=True)
class CardTaken:
    """The card was taken: a reminder to take it may go."""


@dataclass(frozen=True, slots=True)
class LoadSheets:
    """Kept scans are shown again. Answer: SheetsLoaded."""

    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JournalNote:
    """An entry without personal data."""

    event: str
    facts: tuple[tuple[str, str | int | bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Wipe:
    """The visit is over: forget what was on screen, late answers are dropped."""

    visit_id: str


StoreEffect = (
    CheckIntake
    | SubmitApplication
    | SubmitOther
    | SaveDraft
    | DiscardDraft
    | LookupDraft
    | LookupCases
    | UnlockStaff
    | JournalNote
)
PrintAndScanEffect = Print | PrintCase | Scan | LoadSheets
CameraEffect = TakePicture | UsePicture | ForgetPicture
StaffEffect = ProveStaffCard | TryDevice | SendNow
UsbEffect = WatchUsb | RunUsb | LeaveUsb
FormsEffect = ScanPaper | ReadPaperCode | ForgetPaper
WindowEffect = (
    Speak | Silence | CallStaffNotice | AskStaffCard | RefuseStaff | CloseOverlay | RemindCard | CardTaken | Wipe
)

Effect = StoreEffect | PrintAndScanEffect | CameraEffect | StaffEffect | UsbEffect | FormsEffect | WindowEffect
"""Closed: one that `kiosk.app.performer` does not carry out does not pass the type check."""

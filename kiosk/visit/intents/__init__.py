# SPDX-License-Identifier: Apache-2.0
"""What a person, a device or the store tells the visit. Closed: whatever is not named here cannot be said.

A rule for it stands in exactly one room of `kiosk.visit`; one without a rule does not pass the type check.
"""

from __future__ import annotations

from kiosk.visit.intents.devices import (
    CardFailed,
    CardForgotten,
    CardGone,
    CardSeen,
    CodeSeen,
    DevicesKnown,
    DeviceTried,
    PaperNews,
    PictureTaken,
    PrintProgress,
    ScanDone,
    StaffCardGone,
    StaffCardSeen,
    UsbNews,
)
from kiosk.visit.intents.frame import (
    CallStaff,
    FinishVisit,
    GoBack,
    GoHome,
    IAmHere,
    KeepDraft,
    NextPage,
    OpenDesk,
    ReadAloud,
    ResumeDraft,
    StaffCardPin,
    StaffLock,
    StaffUnlock,
    ToggleElder,
    ToggleLanguage,
    Touched,
)
from kiosk.visit.intents.resident import (
    AgentGiven,
    AnswerMaterial,
    ApplyFor,
    ChooseService,
    ConsentGiven,
    ConsentRefused,
    DropScan,
    EditField,
    ManualIdentity,
    NoCard,
    OpenCamera,
    OpenCase,
    OpenChoose,
    OpenComplaint,
    OpenPrint,
    PrintAgain,
    PrintBlankForm,
    PrintCase,
    PrintChecklist,
    Rated,
    ScanImage,
    ScanMaterial,
    SendComplaint,
    SetValue,
    Signed,
    StartApplication,
    Submit,
    TakeAgain,
    TakePicture,
    Track,
    UsePicture,
)
from kiosk.visit.intents.staff import (
    AcceptCard,
    OpenDevices,
    OpenPaper,
    OpenUsb,
    ScanPaper,
    SendNow,
    SignOnPaper,
    StartUsb,
    TryDevice,
)
from kiosk.visit.intents.store import (
    CasesFound,
    DraftFound,
    DraftTrouble,
    IntakeChecked,
    NetworkChanged,
    OtherFailed,
    OtherKept,
    SheetsLoaded,
    StaffRefusedNote,
    StaffUnlocked,
    SubmitDone,
    SubmitFailed,
)

__all__ = [
    "AcceptCard",
    "AgentGiven",
    "Answer",
    "AnswerMaterial",
    "ApplyFor",
    "CallStaff",
    "CardFailed",
    "CardForgotten",
    "CardGone",
    "CardSeen",
    "CasesFound",
    "ChooseService",
    "CodeSeen",
    "ConsentGiven",
    "ConsentRefused",
    "DeviceTried",
    "DevicesKnown",
    "DraftFound",
    "DraftTrouble",
    "DropScan",
    "EditField",
    "FinishVisit",
    "GoBack",
    "GoHome",
    "IAmHere",
    "IntakeChecked",
    "Intent",
    "KeepDraft",
    "ManualIdentity",
    "NetworkChanged",
    "NextPage",
    "NoCard",
    "OpenCamera",
    "OpenCase",
    "OpenChoose",
    "OpenComplaint",
    "OpenDesk",
    "OpenDevices",
    "OpenPaper",
    "OpenPrint",
    "OpenUsb",
    "OtherFailed",
    "OtherKept",
    "PaperNews",
    "PictureTaken",
    "Presented",
    "PrintAgain",
    "PrintBlankForm",
    "PrintCase",
    "PrintChecklist",
    "PrintProgress",
    "Rated",
    "ReadAloud",
    "ResumeDraft",
    "ScanDone",
    "ScanImage",
    "ScanMaterial",
    "ScanPaper",
    "SendComplaint",
    "SendNow",
    "SetValue",
    "SheetsLoaded",
    "SignOnPaper",
    "Signed",
    "StaffCardGone",
    "StaffCardPin",
    "StaffCardSeen",
    "StaffLock",
    "StaffRefusedNote",
    "StaffUnlock",
    "StaffUnlocked",
    "StartApplication",
    "StartUsb",
    "Submit",
    "SubmitDone",
    "SubmitFailed",
    "TakeAgain",
    "TakePicture",
    "ToggleElder",
    "ToggleLanguage",
    "Touch",
    "Touched",
    "Track",
    "TryDevice",
    "UsbNews",
    "UsePicture",
]

Touch = (
    Touched
    | GoHome
    | GoBack
    | NextPage
    | CallStaff
    | ToggleElder
    | ToggleLanguage
    | ReadAloud
    | StaffUnlock
    | StaffCardPin
    | StaffLock
    | OpenDesk
    | KeepDraft
    | ResumeDraft
    | IAmHere
    | FinishVisit
    | OpenChoose
    | ChooseService
    | StartApplication
    | ConsentGiven
    | ConsentRefused
    | NoCard
    | ApplyFor
    | AgentGiven
    | ManualIdentity
    | SetValue
    | EditField
    | AnswerMaterial
    | ScanMaterial
    | ScanImage
    | OpenCamera
    | TakePicture
    | TakeAgain
    | UsePicture
    | DropScan
    | Signed
    | Submit
    | Rated
    | OpenPrint
    | PrintAgain
    | PrintChecklist
    | PrintBlankForm
    | PrintCase
    | Track
    | OpenCase
    | OpenComplaint
    | SendComplaint
    | AcceptCard
    | SignOnPaper
    | SendNow
    | OpenUsb
    | StartUsb
    | OpenPaper
    | ScanPaper
    | OpenDevices
    | TryDevice
)
"""A finger on the screen."""

Presented = CardSeen | StaffCardSeen | CodeSeen
"""Something was put in front of a device."""

Answer = (
    CardFailed
    | CardGone
    | StaffCardGone
    | CardForgotten
    | DevicesKnown
    | ScanDone
    | PictureTaken
    | PrintProgress
    | DeviceTried
    | UsbNews
    | PaperNews
    | IntakeChecked
    | SubmitDone
    | SubmitFailed
    | OtherKept
    | OtherFailed
    | StaffUnlocked
    | StaffRefusedNote
    | DraftFound
    | DraftTrouble
    | SheetsLoaded
    | CasesFound
    | NetworkChanged
)
"""From devices, store and link: no sign that the person is still there."""

Intent = Touch | Presented | Answer

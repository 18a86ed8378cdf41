# SPDX-License-Identifier: Apache-2.0
"""What a person, a device or the store tells the visit. Closed: whatever is not named here cannot be said.

A rule for it stands in exactly one room of `kiosk.visit`; one without a rule does not pass the type check.
"""

from __future__ import annotations

from kiosk.visit.intents.devices import (
    CardFailed as CardFailed,
)
from kiosk.visit.intents.devices import (
    CardForgotten as CardForgotten,
)
from kiosk.visit.intents.devices import (
    CardGone as CardGone,
)
from kiosk.visit.intents.devices import (
    CardSeen as CardSeen,
)
from kiosk.visit.intents.devices import (
    CodeSeen as CodeSeen,
)
from kiosk.visit.intents.devices import (
    DevicesKnown as DevicesKnown,
)
from kiosk.visit.intents.devices import (
    DeviceTried as DeviceTried,
)
from kiosk.visit.intents.devices import (
    PaperNews as PaperNews,
)
from kiosk.visit.intents.devices import (
    PictureTaken as PictureTaken,
)
from kiosk.visit.intents.devices import (
    PrintProgress as PrintProgress,
)
from kiosk.visit.intents.devices import (
    ScanDone as ScanDone,
)
from kiosk.visit.intents.devices import (
    StaffCardGone as StaffCardGone,
)
from kiosk.visit.intents.devices import (
    StaffCardSeen as StaffCardSeen,
)
from kiosk.visit.intents.devices import (
    UsbNews as UsbNews,
)
from kiosk.visit.intents.frame import (
    CallStaff as CallStaff,
)
from kiosk.visit.intents.frame import (
    FinishVisit as FinishVisit,
)
from kiosk.visit.intents.frame import (
    GoBack as GoBack,
)
from kiosk.visit.intents.frame import (
    GoHome as GoHome,
)
from kiosk.visit.intents.frame import (
    IAmHere as IAmHere,
)
from kiosk.visit.intents.frame import (
    KeepDraft as KeepDraft,
)
from kiosk.visit.intents.frame import (
    NextPage as NextPage,
)
from kiosk.visit.intents.frame import (
    OpenDesk as OpenDesk,
)
from kiosk.visit.intents.frame import (
    ReadAloud as ReadAloud,
)
from kiosk.visit.intents.frame import (
    ResumeDraft as ResumeDraft,
)
from kiosk.visit.intents.frame import (
    StaffCardPin as StaffCardPin,
)
from kiosk.visit.intents.frame import (
    StaffLock as StaffLock,
)
from kiosk.visit.intents.frame import (
    StaffUnlock as StaffUnlock,
)
from kiosk.visit.intents.frame import (
    ToggleElder as ToggleElder,
)
from kiosk.visit.intents.frame import (
    ToggleLanguage as ToggleLanguage,
)
from kiosk.visit.intents.frame import (
    Touched as Touched,
)
from kiosk.visit.intents.resident import (
    AgentGiven as AgentGiven,
)
from kiosk.visit.intents.resident import (
    AnswerMaterial as AnswerMaterial,
)
from kiosk.visit.intents.resident import (
    ApplyFor as ApplyFor,
)
from kiosk.visit.intents.resident import (
    ChooseService as ChooseService,
)
from kiosk.visit.intents.resident import (
    ConsentGiven as ConsentGiven,
)
from kiosk.visit.intents.resident import (
    ConsentRefused as ConsentRefused,
)
from kiosk.visit.intents.resident import (
    DropScan as DropScan,
)
from kiosk.visit.intents.resident import (
    EditField as EditField,
)
from kiosk.visit.intents.resident import (
    ManualIdentity as ManualIdentity,
)
from kiosk.visit.intents.resident import (
    NoCard as NoCard,
)
from kiosk.visit.intents.resident import (
    OpenCamera as OpenCamera,
)
from kiosk.visit.intents.resident import (
    OpenCase as OpenCase,
)
from kiosk.visit.intents.resident import (
    OpenChoose as OpenChoose,
)
from kiosk.visit.intents.resident import (
    OpenComplaint as OpenComplaint,
)
from kiosk.visit.intents.resident import (
    OpenPrint as OpenPrint,
)
from kiosk.visit.intents.resident import (
    PrintAgain as PrintAgain,
)
from kiosk.visit.intents.resident import (
    PrintBlankForm as PrintBlankForm,
)
from kiosk.visit.intents.resident import (
    PrintCase as PrintCase,
)
from kiosk.visit.intents.resident import (
    PrintChecklist as PrintChecklist,
)
from kiosk.visit.intents.resident import (
    Rated as Rated,
)
from kiosk.visit.intents.resident import (
    ScanImage as ScanImage,
)
from kiosk.visit.intents.resident import (
    ScanMaterial as ScanMaterial,
)
from kiosk.visit.intents.resident import (
    SendComplaint as SendComplaint,
)
from kiosk.visit.intents.resident import (
    SetValue as SetValue,
)
from kiosk.visit.intents.resident import (
    Signed as Signed,
)
from kiosk.visit.intents.resident import (
    StartApplication as StartApplication,
)
from kiosk.visit.intents.resident import (
    Submit as Submit,
)
from kiosk.visit.intents.resident import (
    TakeAgain as TakeAgain,
)
from kiosk.visit.intents.resident import (
    TakePicture as TakePicture,
)
from kiosk.visit.intents.resident import (
    Track as Track,
)
from kiosk.visit.intents.resident import (
    UsePicture as UsePicture,
)
from kiosk.visit.intents.staff import (
    AcceptCard as AcceptCard,
)
from kiosk.visit.intents.staff import (
    OpenDevices as OpenDevices,
)
from kiosk.visit.intents.staff import (
    OpenPaper as OpenPaper,
)
from kiosk.visit.intents.staff import (
    OpenUsb as OpenUsb,
)
from kiosk.visit.intents.staff import (
    ScanPaper as ScanPaper,
)
from kiosk.visit.intents.staff import (
    SendNow as SendNow,
)
from kiosk.visit.intents.staff import (
    SignOnPaper as SignOnPaper,
)
from kiosk.visit.intents.staff import (
    StartUsb as StartUsb,
)
from kiosk.visit.intents.staff import (
    TryDevice as TryDevice,
)
from kiosk.visit.intents.store import (
    CasesFound as CasesFound,
)
from kiosk.visit.intents.store import (
    DraftFound as DraftFound,
)
from kiosk.visit.intents.store import (
    DraftTrouble as DraftTrouble,
)
from kiosk.visit.intents.store import (
    IntakeChecked as IntakeChecked,
)
from kiosk.visit.intents.store import (
    NetworkChanged as NetworkChanged,
)
from kiosk.visit.intents.store import (
    OtherFailed as OtherFailed,
)
from kiosk.visit.intents.store import (
    OtherKept as OtherKept,
)
from kiosk.visit.intents.store import (
    SheetsLoaded as SheetsLoaded,
)
from kiosk.visit.intents.store import (
    StaffRefusedNote as StaffRefusedNote,
)
from kiosk.visit.intents.store import (
    StaffUnlocked as StaffUnlocked,
)
from kiosk.visit.intents.store import (
    SubmitDone as SubmitDone,
)
from kiosk.visit.intents.store import (
    SubmitFailed as SubmitFailed,
)

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
"""Somebody put something down in front of a device."""

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
"""From devices, store and link: no sign that somebody is still standing here."""

Intent = Touch | Presented | Answer

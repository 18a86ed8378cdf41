# SPDX-License-Identifier: Apache-2.0
"""All that may be asked of the keeper, and all that it answers: both unions are closed."""

from offline.port.messages import (
    AddStaff,
    AskCalendar,
    AskCatalogue,
    AskClock,
    AskDictionary,
    AskLock,
    AskRecord,
    AskSalt,
    AskSecret,
    AskStaff,
    AskStation,
    BindCard,
    Bytes,
    CarriedRecord,
    Carry,
    CaseList,
    CaseOf,
    CasesOf,
    CheckIntake,
    DiscardDraft,
    Done,
    DraftFound,
    Fault,
    FindDraft,
    FindPicture,
    HandIn,
    Hello,
    IntakeState,
    KeepPicture,
    MakeOffer,
    Moved,
    NewCode,
    Offer,
    PinSalt,
    ProveCard,
    ProvePin,
    SaveDraft,
    StaffKnown,
    Stage,
    Staged,
    Station,
    Taken,
    Text,
    Texts,
    Welcome,
)
from offline.port.sending import (
    AskDevices,
    AskOutbox,
    DeviceStates,
    Exchange,
    Exchanged,
    Export,
    Exported,
    Import,
    Imported,
    Note,
    OutboxState,
    SendNow,
    Stick,
)

Asked = (
    Hello
    | AskStation | AskClock | AskCatalogue | AskCalendar | AskDictionary
    | CheckIntake | NewCode | MakeOffer | Stage | HandIn
    | AskLock | SaveDraft | FindDraft | DiscardDraft | KeepPicture | FindPicture
    | CasesOf | CaseOf | AskSecret | AskRecord | Carry
    | AskStaff | AskSalt | ProvePin | ProveCard | AddStaff | BindCard
    | Note | AskOutbox | SendNow | Exchange | Export | Import | Stick | AskDevices
)  # fmt: skip

Answered = (
    Done | Fault | Bytes | Text | Texts | Welcome | Station | IntakeState | Offer | Moved | Staged | Taken
    | DraftFound | CaseList | CarriedRecord | PinSalt | StaffKnown | OutboxState | Exchanged | Exported | Imported
    | DeviceStates
)  # fmt: skip

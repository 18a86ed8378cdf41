# SPDX-License-Identifier: Apache-2.0
"""What the store and the link answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.visit.event_bodies import Said
from kiosk.visit.view import CaseView, ScannedSheet, StaffMember, StoredDraft, Submitted


@dataclass(frozen=True, slots=True)
class IntakeChecked:
    """From the store: whether an application can be taken now (code says why not)."""

    ok: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class SubmitDone:
    """From the store: it is on disk."""

    submitted: Submitted


@dataclass(frozen=True, slots=True)
class SubmitFailed:
    """From the store: nothing was registered; `code` says why (disk-full, disk-failed, not-enrolled, ...)."""

    code: str


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
class StaffUnlocked:
    """From the store: the number was right."""

    member: StaffMember


@dataclass(frozen=True, slots=True)
class StaffRefusedNote:
    """From the store: staff-wrong-pin or staff-locked, with tries or seconds left."""

    code: str
    remaining: int


@dataclass(frozen=True, slots=True)
class DraftFound:
    """From the store: this person's draft, or None."""

    draft: StoredDraft | None


@dataclass(frozen=True, slots=True)
class DraftTrouble:
    """From the store: the draft could not be kept (code)."""

    code: str


@dataclass(frozen=True, slots=True)
class SheetsLoaded:
    """From the store: kept scans with their previews."""

    sheets: tuple[ScannedSheet, ...]


@dataclass(frozen=True, slots=True)
class CasesFound:
    """From the store; `code` is the code asked for, or "" when asked by card. `said` is what the events say, by their
    seq; `own`: they are the cases of the person whose card lies there, not only of whoever has the code."""

    cases: tuple[CaseView, ...]
    code: str = ""
    said: Mapping[int, Said] = field(default_factory=dict)
    own: bool = False


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """Whether the platform is reachable, and whether this visit's record has its receipt."""

    online: bool
    delivered: bool = False

# SPDX-License-Identifier: Apache-2.0
"""What the frame around every screen says for the person: home, back, help, and the questions above a page."""

from __future__ import annotations

from dataclasses import dataclass


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
class NextPage:
    """On, if what is on this screen is right."""


@dataclass(frozen=True, slots=True)
class CallStaff:
    """The person asks for staff."""


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
class StaffUnlock:
    """A member of staff says who they are."""

    name: str
    pin: str


@dataclass(frozen=True, slots=True)
class StaffCardPin:
    """The card's number, as entered."""

    pin: str


@dataclass(frozen=True, slots=True)
class StaffLock:
    """The member of staff is done; the resident goes on."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """Staff go to their desk."""


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Leave for home and keep what was filled in, or throw it away."""

    keep: bool


@dataclass(frozen=True, slots=True)
class ResumeDraft:
    """Go on with the draft offered, or begin anew and forget it."""

    resume: bool


@dataclass(frozen=True, slots=True)
class IAmHere:
    """The answer to the idle countdown."""


@dataclass(frozen=True, slots=True)
class FinishVisit:
    """I am done: remind of the card, wipe, attract."""

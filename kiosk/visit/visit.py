# SPDX-License-Identifier: Apache-2.0
"""The one object that holds personal data while somebody is here. `wipe` empties it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from contract.application import Agent, MaterialAnswer, Value
from contract.checking import Problem
from contract.identity import Identity
from contract.items import ServiceItem
from contract.record import uuid7
from kiosk.visit.desk_view import PaperState, UsbState
from kiosk.visit.event_bodies import Said
from kiosk.visit.screen import Screen
from kiosk.visit.view import (
    Capture,
    CaseView,
    DeviceTest,
    Message,
    PrintState,
    ScannedSheet,
    StaffMember,
    StoredDraft,
    Submitted,
)


@dataclass(slots=True)
class Visit:
    """From first touch to the wiped screen."""

    id: str = field(default_factory=uuid7)
    item: ServiceItem | None = None
    card: Identity | None = None
    """What lies on the reader, before it is taken for anything."""
    card_present: bool = False
    card_code: str = ""
    accepted_cards: set[str] = field(default_factory=set)
    """ID numbers of cards that are not valid today and that staff accepted."""
    holder: Identity | None = None
    applicant: Identity | None = None
    applying_for: str = "self"
    agent: Agent | None = None
    consent_at: str = ""
    keep_draft: bool = False
    draft_id: str = field(default_factory=uuid7)
    draft: StoredDraft | None = None
    values: dict[str, Value] = field(default_factory=dict)
    materials: dict[str, MaterialAnswer] = field(default_factory=dict)
    sheets: dict[str, ScannedSheet] = field(default_factory=dict)
    capture: Capture | None = None
    scanning: str = ""
    signature: Mapping[str, Any] | None = None
    page_index: int = 0
    return_to: Screen | None = None
    """Where 下一步 leads after something was put right from check or review."""
    shown: dict[str, Problem] = field(default_factory=dict)
    staff: StaffMember | None = None
    by_card: bool = False
    """Staff unlocked with a card: without it in the reader they are gone."""
    acts: list[str] = field(default_factory=list)
    actor: StaffMember | None = None
    """Who of the staff did those acts; stays when the terminal is locked again."""
    submitted: Submitted | None = None
    sent: bool = False
    prints: dict[str, PrintState] = field(default_factory=dict)
    tests: dict[str, DeviceTest] = field(default_factory=dict)
    cases: tuple[CaseView, ...] = ()
    case: CaseView | None = None
    said: dict[int, Said] = field(default_factory=dict)
    """What the events of these cases say, by their seq."""
    own_cases: bool = False
    """They were found by the person's card."""
    looking_up: bool = False
    message: Message | None = None
    came_from: Screen = Screen.HOME
    """The screen behind guide, print, track and complaint."""
    before_devices: Screen = Screen.HOME
    """The screen behind the devices."""
    before_desk: Screen = Screen.HOME
    """The screen behind the staff's desk."""
    usb: UsbState | None = None
    paper: PaperState | None = None
    choose_mode: str = "apply"

    def note_act(self, act: str) -> None:
        """Remembers that the member of staff who is here did `act`."""
        if self.staff is not None:
            self.actor = self.staff
            if act not in self.acts:
                self.acts.append(act)

    def data(self) -> dict[str, Any]:
        """The bare values."""
        return {name: value.data for name, value in self.values.items()}

    def holds_somebody(self) -> bool:
        """Whether anybody is known here: by a card that was seen, by what was found, or as staff."""
        known = (self.card, self.holder, self.applicant, self.agent, self.draft, self.staff, self.case, self.submitted)
        return any(one is not None for one in known) or bool(self.values or self.sheets or self.cases)

    def has_work(self) -> bool:
        """Whether something would be lost by leaving now."""
        return self.submitted is None and self.applicant is not None and self.item is not None

    def wipe(self) -> None:
        """Drops everything personal, in place: a reference that is left holds nothing."""
        for mapping in (self.values, self.materials, self.sheets, self.shown, self.prints, self.tests, self.said):
            mapping.clear()
        self.acts.clear()
        self.accepted_cards.clear()
        empty = Visit()
        for part in fields(self):
            if part.name != "id":
                setattr(self, part.name, getattr(empty, part.name))

# SPDX-License-Identifier: Apache-2.0
"""The one status model, and what a driver of each kind can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from contract.identity import Identity

if TYPE_CHECKING:
    from PIL.Image import Image

    from devices.page.picture import Picture


class State(StrEnum):
    """How a device is."""

    READY = "ready"
    ABSENT = "absent"
    BUSY = "busy"
    OUT_OF_PAPER = "out-of-paper"
    PAPER_LOW = "paper-low"
    JAM = "jam"
    COVER_OPEN = "cover-open"
    FAULT = "fault"


NAMES: Mapping[str, str] = {
    "id_card": "id-card",
    "smart_card": "smart-card",
    "printer": "printer",
    "receipt": "receipt-printer",
    "scanner": "scanner",
    "camera": "document-camera",
    "code_scanner": "code-scanner",
    "speech": "speech",
}
"""What the device of a profile's section is called in statuses and events."""


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """`device` is one of NAMES; `remedy` a code that the kiosk puts in words."""

    device: str
    state: State
    detail: str = ""
    remedy: str = ""

    @property
    def usable(self) -> bool:
        """Whether work can be given to it."""
        return self.state in (State.READY, State.PAPER_LOW, State.BUSY)


REMEDIES = {
    State.ABSENT: "check-cable",
    State.OUT_OF_PAPER: "add-paper",
    State.PAPER_LOW: "add-paper-soon",
    State.JAM: "clear-jam",
    State.COVER_OPEN: "close-cover",
    State.FAULT: "restart-device",
}


def status(device: str, state: State, detail: str = "") -> DeviceStatus:
    """A status with its remedy."""
    return DeviceStatus(device, state, detail, REMEDIES.get(state, ""))


@dataclass(frozen=True, slots=True)
class IdCard:
    """What a card says; `photo` stays in the maker's closed coding.

    `extra`: what the kind of card says beside the identity. `warnings`: codes of what is odd but no reason to refuse.
    """

    identity: Identity
    photo: bytes
    extra: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A member of staff's card: the digest of its public key, and the name its certificate says."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One side of paper."""

    data: bytes
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class CameraView:
    """What a document camera sees now, small. Corners as shares of width and height, clockwise from the top left."""

    jpeg: bytes
    corners: tuple[tuple[float, float], ...]
    sure: bool
    reasons: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class IdCardReader(Protocol):
    """One reader; all calls from its own thread."""

    def open(self) -> None:
        """Raises ReaderError reader-absent."""

    def close(self) -> None:
        """Lets go of the port."""

    def status(self) -> DeviceStatus:
        """What to show while it answers. Never raises."""

    def present(self) -> bool:
        """Whether a card lies there. Raises ReaderError."""

    def read(self) -> IdCard | StaffCard:
        """Raises CardError, ReaderError."""


class DocumentPrinter(Protocol):
    """An A4 printer; a job is done only when the printer says so."""

    def status(self) -> DeviceStatus:
        """Never raises."""

    def print_pdf(self, pdf: bytes, title: str, *, timeout: float) -> None:
        """Raises PrintFailed."""


class ReceiptPrinter(Protocol):
    """A receipt printer."""

    def status(self) -> DeviceStatus:
        """Never raises."""

    def print_image(self, image: Image) -> None:
        """Raises PrintFailed."""


class Camera(Protocol):
    """A camera above the table; all calls from its own thread."""

    def status(self) -> DeviceStatus:
        """Whether it is there; does not switch it on. Never raises."""

    def frame(self) -> Picture:
        """What it sees now; switches it on. Raises ScanFailed scanner-absent, scanner-fault, timeout."""

    def close(self) -> None:
        """Switches it off."""


class Scanner(Protocol):
    """A scanner with or without a feeder."""

    def status(self) -> DeviceStatus:
        """Never raises."""

    def scan(self) -> list[ScannedPage]:
        """Raises ScanFailed."""

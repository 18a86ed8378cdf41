# SPDX-License-Identifier: Apache-2.0
"""What devices tell: something was put down in front of them, and what came of what was asked of them."""

from __future__ import annotations

from dataclasses import dataclass

from contract.identity import Identity
from devices.base import CameraView
from kiosk.visit.desk_view import PaperState, UsbState
from kiosk.visit.view import DeviceTest, PrintState, ScannedSheet


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card was read. `photo` is shown to staff only and never kept."""

    identity: Identity
    photo: bytes = b""


@dataclass(frozen=True, slots=True)
class StaffCardSeen:
    """A member of staff's card is in the reader; nothing is proven yet."""

    name: str


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code scanner or the camera read this."""

    text: str


@dataclass(frozen=True, slots=True)
class CardFailed:
    """A card could not be read; `code` is the device's or the contract's."""

    code: str


@dataclass(frozen=True, slots=True)
class CardGone:
    """The card was taken away. This does not end the visit."""


@dataclass(frozen=True, slots=True)
class StaffCardGone:
    """It was taken out: the member of staff that it stood for is gone."""


@dataclass(frozen=True, slots=True)
class CardForgotten:
    """A card has been lying on a reader for minutes."""


@dataclass(frozen=True, slots=True)
class DevicesKnown:
    """Which ways of giving a paper there are now."""

    camera: bool
    scanner: bool


@dataclass(frozen=True, slots=True)
class ScanDone:
    """From the scanner, after preparation: sheets or a code that says what failed."""

    target: str
    sheets: tuple[ScannedSheet, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """From the document camera: the picture to look at, or a code that says why there is none."""

    view: CameraView | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """From the printers."""

    kind: str
    state: PrintState


@dataclass(frozen=True, slots=True)
class DeviceTried:
    """How the trial went."""

    test: DeviceTest


@dataclass(frozen=True, slots=True)
class UsbNews:
    """How the stick stands, on every change."""

    state: UsbState


@dataclass(frozen=True, slots=True)
class PaperNews:
    """What was read of forms on paper."""

    state: PaperState

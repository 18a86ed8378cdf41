# SPDX-License-Identifier: Apache-2.0
"""What devices tell, as frozen values; said on the device's own thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.identity import Identity
from devices.base import CameraView, DeviceStatus, ScannedPage, StaffCard

if TYPE_CHECKING:
    from devices.camera.capture import Taken


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was laid down and read."""

    identity: Identity
    photo: bytes = b""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffCardPresented:
    """A member of staff's card is in; nothing is proven yet."""

    card: StaffCard


@dataclass(frozen=True, slots=True)
class StaffCardProved:
    """The end of signing in: the key's digest, or why not and how many tries remain (-1: does not apply)."""

    job_id: str
    key: str = ""
    code: str = ""
    remaining: int = -1


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """A card lies there and cannot be read."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """No card lies there any more."""

    device: str = "id-card"


@dataclass(frozen=True, slots=True)
class CardLeftBehind:
    """A card has been lying there longer than any visit needs it. Told once a card."""

    seconds: float


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """What a code scanner read, without the ending it sends."""

    text: str


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A device is otherwise than before."""

    status: DeviceStatus


@dataclass(frozen=True, slots=True)
class DeviceReleased:
    """A device was released, and may be taken by another process.

    `free` False: its driver hangs, and holds it until this process has ended. `card_lies`: a card that was reported
    still lies on the reader; its next owner says so, and does not report it as a new one.
    """

    device: str
    free: bool = True
    card_lies: bool = False


@dataclass(frozen=True, slots=True)
class PrintFinished:
    """A job's end: printed for sure, or failed with a code."""

    job_id: str
    device: str
    ok: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class ScanFinished:
    """A scan's end."""

    job_id: str
    ok: bool
    pages: tuple[ScannedPage, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """What the document camera sees, while a page shows it; or why it sees nothing."""

    view: CameraView | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """A picture for a page, or why there is none."""

    job_id: str
    taken: Taken | None = None
    code: str = ""


DeviceEvent = (
    CardPresented
    | StaffCardPresented
    | StaffCardProved
    | CardUnreadable
    | CardRemoved
    | CardLeftBehind
    | CodeScanned
    | StatusChanged
    | DeviceReleased
    | PrintFinished
    | ScanFinished
    | CameraSeen
    | PictureTaken
)

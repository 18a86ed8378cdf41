# SPDX-License-Identifier: Apache-2.0
"""What workers tell the window that is not the visit's business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.deadlines import WorkCalendar
from contract.items import Catalogue

if TYPE_CHECKING:
    from devices.base import CameraView, DeviceStatus
    from offline.outbox_status import OutboxStatus
    from offline.sync.state import SyncState


@dataclass(frozen=True, slots=True)
class StaffNames:
    """Who may unlock."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Catalogue and calendar as the platform last published them."""

    catalogue: Catalogue
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class SyncNews:
    """How the exchange with the platform stands."""

    state: SyncState


@dataclass(frozen=True, slots=True)
class OutboxNews:
    """What has left and what has not, by the store."""

    status: OutboxStatus


@dataclass(frozen=True, slots=True)
class CameraNews:
    """What the document camera sees, or why it sees nothing."""

    view: CameraView | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class DeviceNews:
    """How all devices are."""

    statuses: tuple[DeviceStatus, ...]


News = StaffNames | Published | SyncNews | OutboxNews | CameraNews | DeviceNews

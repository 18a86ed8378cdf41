# SPDX-License-Identifier: Apache-2.0
"""The life of a visit's process: what it tells the keeper of itself, and what the keeper tells it unasked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from offline.outbox_status import OutboxStatus
from offline.port.messages import Done, Request
from offline.stick.state import StickState
from offline.sync.state import SyncState


class Beat(Request[Done], frozen=True, tag="beat"):
    """The window answers; several times a second."""


class Ready(Request[Done], frozen=True, tag="ready"):
    """Everything is loaded and built: this process can take the stage at once."""


class OnStage(Request[Done], frozen=True, tag="on-stage"):
    """Its window has been painted."""


class VisitOver(Request[Done], frozen=True, tag="visit-over"):
    """A visit that held something of somebody has ended and is wiped: the next process may take the stage. All that
    crosses to it is `card_lies`: a card is still on the reader, and the next window goes on asking to take it."""

    card_lies: bool = False


class WindowClosed(Request[Done], frozen=True, tag="window-closed"):
    """Somebody closed the window."""


class Released(Request[Done], frozen=True, tag="released"):
    """This process has let go of a device. `card_lies`: on this reader, seen and done with."""

    device: str
    card_lies: bool = False


class DevicesAre(Request[Done], frozen=True, tag="devices-are"):
    """How the devices are; for `doorstep devices` beside a running terminal."""

    devices: tuple[Mapping[str, Any], ...]


class News(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Told by the keeper, and not answered."""


class SyncTold(News, frozen=True, tag="sync-told"):
    """How the exchange with the platform stands."""

    state: SyncState


class OutboxTold(News, frozen=True, tag="outbox-told"):
    """What has left and what has not, from the store."""

    status: OutboxStatus


class PublishedAnew(News, frozen=True, tag="published-anew"):
    """Another catalogue or calendar has come."""


class StickTold(News, frozen=True, tag="stick-told"):
    """How it stands with the stick."""

    state: StickState


class TakeStage(News, frozen=True, tag="take-stage"):
    """Show the window and begin. `after`: why there was a change."""

    after: Literal["start", "visit", "crash", "hang"]
    card_lies: bool = False


class LeaveStage(News, frozen=True, tag="leave-stage"):
    """The next window is painted: hide this one, finish what is being printed, and end."""


class DeviceFree(News, frozen=True, tag="device-free"):
    """Nobody else has this device any more. `card_lies` as in `Released`."""

    device: str
    card_lies: bool = False


class Stop(News, frozen=True, tag="stop"):
    """The terminal ends: an orderly end now."""


StageAsked = Beat | Ready | OnStage | VisitOver | WindowClosed | Released | DevicesAre
Told = SyncTold | OutboxTold | PublishedAnew | StickTold | TakeStage | LeaveStage | DeviceFree | Stop

# SPDX-License-Identifier: Apache-2.0
"""What is asked about what leaves: outbox, exchange, stick; and the books and devices of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import field

from offline.outbox_status import OutboxStatus
from offline.port.messages import Done, Reply, Request
from offline.sync.report import SyncReport
from offline.sync.state import SyncState


class Note(Request[Done], frozen=True, tag="note"):
    """An entry of the journal, without personal data."""

    event: str
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


class AskOutbox(Request["OutboxState"], frozen=True, tag="ask-outbox"):
    """What has left and what has not, from the store; and how the engine says that it is."""


class OutboxState(Reply, frozen=True, tag="outbox-state"):
    """`engine` is None before it said anything."""

    outbox: OutboxStatus
    engine: SyncState | None


class SendNow(Request[Done], frozen=True, tag="send-now"):
    """Exchange with the platform without waiting for the next time."""


class Exchange(Request["Exchanged"], frozen=True, tag="exchange"):
    """One exchange, waited for. `retry_parked`: offer what was refused once more."""

    retry_parked: bool = False


class Exchanged(Reply, frozen=True, tag="exchanged"):
    """What it did."""

    report: SyncReport


class Export(Request["Exported"], frozen=True, tag="export"):
    """What waits, onto a medium mounted at this directory. Fault of the medium."""

    directory: str


class Import(Request["Imported"], frozen=True, tag="import"):
    """Returns and others' parcels, a file or all of a directory."""

    place: str


class Exported(Reply, frozen=True, tag="exported"):
    """The fields of `offline.stick.export.Exported`."""

    counts: Mapping[str, Any]


class Imported(Reply, frozen=True, tag="imported"):
    """The fields of `offline.stick.returns.ReturnsRead` and `offline.stick.parcels.ParcelsTaken`."""

    returned: Mapping[str, Any]
    relayed: Mapping[str, Any]


class Stick(Request[Done], frozen=True, tag="stick"):
    """Look for a stick, exchange with the one that was found, or look no more. How it goes comes as news."""

    wish: Literal["watch", "run", "leave"]


class AskDevices(Request["DeviceStates"], frozen=True, tag="ask-devices"):
    """How the devices are, as the visit on stage said last."""


class DeviceStates(Reply, frozen=True, tag="device-states"):
    """Each as [device, state, detail, since]; None where no visit has said anything."""

    devices: tuple[Mapping[str, Any], ...] | None

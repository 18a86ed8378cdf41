# SPDX-License-Identifier: Apache-2.0
"""How network and devices stand, in the words residents read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from kiosk.i18n.sync_words import head_words, in_trouble, time_left

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from offline.outbox_status import OutboxStatus
    from offline.sync.state import SyncState

translate = QCoreApplication.translate

SILENT = "sync-silent"  # the problem of an engine that has said nothing for too long: it is dead or hangs
SLOW = 20_000  # bytes a second while something is sent, below which the network is called weak


@dataclass(frozen=True, slots=True)
class NetState:
    """`link`: good, weak (slow or losing), down. `waiting`: applications not yet delivered, `files`: attachments.

    `phase` "sending": something is under way; `bytes_left` of `bytes_most`, the most since there was nothing, wait.
    `seconds_left` is an estimate or None, `rate` in bytes a second.
    `held_back` (quiet, hours, budget): why attachments wait; `problem`: why the last exchange ended early; `parked`:
    refused by the platform; `last_contact` in ISO.
    """

    link: Literal["good", "weak", "down"] = "good"
    waiting: int = 0
    files: int = 0
    phase: Literal["idle", "sending"] = "idle"
    bytes_left: int = 0
    bytes_most: int = 0
    seconds_left: int | None = None
    rate: int = 0
    held_back: str = ""
    problem: str = ""
    parked: int = 0
    last_contact: str = ""


def net_state(sync: SyncState | None, outbox: OutboxStatus | None, before: NetState, now: float) -> NetState:
    """What the screens show, after what they showed before, at `now` of the machine's monotonic clock.

    What waits is said by the store; the engine says how the link is and what it does, and is believed as long as it
    says so again and again. None: nothing was said yet.
    """
    waiting = outbox.waiting + outbox.sending + outbox.carried_waiting if outbox is not None else 0
    files = outbox.attachments_waiting if outbox is not None else 0
    size = outbox.bytes_waiting if outbox is not None else 0
    shown = NetState(
        "down",
        waiting,
        files,
        bytes_left=size,
        parked=outbox.parked + outbox.carried_parked if outbox is not None else 0,
        last_contact=(sync.last_contact if sync is not None else None) or "",
    )
    if sync is not None and sync.is_silent(now):
        shown = replace(shown, problem=SILENT)
    elif sync is not None:
        sending = sync.online and sync.phase in ("records", "attachments") and bool(waiting or files)
        slow = sending and 0 < sync.rate < SLOW
        shown = replace(
            shown,
            link="down" if not sync.online else "weak" if slow else "good",
            phase="sending" if sending else "idle",
            bytes_left=min(size, sync.bytes_left) if sending else size,
            seconds_left=sync.seconds_left if sending else None,
            rate=sync.rate,
            held_back=sync.held_back or "",
            problem=sync.problem or "",
        )
    return replace(shown, bytes_most=max(before.bytes_most, shown.bytes_left) if shown.bytes_left else 0)


@dataclass(frozen=True, slots=True)
class Words:
    """What a badge says, its kind and icon."""

    text: str
    kind: str
    icon: str


def network_words(state: NetState, *, staff: bool = False) -> Words:
    """Offline is normal, not an alarm: the words say what one can do. Staff read what waits instead."""
    if (left := time_left(state)) and state.link != "down":
        return Words(translate("TopBand", "正在上报，{time}").format(time=left), "done", "cloud-upload")
    if staff and in_trouble(state):
        return Words(head_words(state), "waiting", "wifi-off" if state.link == "down" else "wifi")
    if staff and state.link == "down" and state.waiting:
        words = translate("TopBand", "网络不通，待上报 {count} 件").format(count=state.waiting)
        return Words(words, "waiting", "wifi-off")
    if state.link == "good":
        return Words(translate("TopBand", "网络正常"), "done", "wifi")
    if state.link == "weak":
        return Words(translate("TopBand", "网络较弱，可照常办理"), "waiting", "wifi")
    return Words(translate("TopBand", "网络不通，先在本机登记"), "waiting", "wifi-off")


def printer_words(statuses: Iterable[DeviceStatus]) -> Words | None:
    """The worst of the printers, or None while all is well."""
    states = {s.state.name for s in statuses if s.device in ("printer", "receipt-printer")}
    if "OUT_OF_PAPER" in states:
        return Words(translate("TopBand", "打印机没纸了"), "waiting", "printer-off")
    if states & {"JAM", "COVER_OPEN", "FAULT"}:
        return Words(translate("TopBand", "打印机要人看一下"), "waiting", "printer-off")
    if "ABSENT" in states:
        return Words(translate("TopBand", "打印机没接上"), "waiting", "printer-off")
    if "PAPER_LOW" in states:
        return Words(translate("TopBand", "打印纸快用完了"), "waiting", "printer")
    return None

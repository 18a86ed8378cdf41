# SPDX-License-Identifier: Apache-2.0
"""How network and devices stand, in the words residents read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from kiosk.i18n.sync_words import time_left

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from offline.sync import SyncState

translate = QCoreApplication.translate

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


def net_state(state: SyncState, before: NetState) -> NetState:
    """What the screens show of an exchange, after what they showed before."""
    sending = state.phase in ("records", "attachments") and bool(state.waiting or state.attachments_waiting)
    slow = sending and 0 < state.rate < SLOW
    return NetState(
        "down" if not state.online else "weak" if slow else "good",
        state.waiting,
        state.attachments_waiting,
        "sending" if sending and state.online else "idle",
        state.bytes_left,
        max(before.bytes_most, state.bytes_left) if state.bytes_left else 0,
        state.seconds_left,
        state.rate,
        state.held_back or "",
        state.problem or "",
        state.parked,
        state.last_contact or "",
    )


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

# SPDX-License-Identifier: Apache-2.0
"""How network and devices stand, in the words residents read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from devices.base import DeviceStatus

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class NetState:
    """`link`: good, weak (slow or losing), down. `waiting`: applications not yet delivered."""

    link: Literal["good", "weak", "down"] = "good"
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What a badge says, its kind and icon."""

    text: str
    kind: str
    icon: str


def network_words(state: NetState) -> Words:
    """Offline is normal, not an alarm: the words say what one can do."""
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

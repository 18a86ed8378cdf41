# SPDX-License-Identifier: Apache-2.0
"""Begins devices, sync and speech, and turns what they say into messages for the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from devices.events import (
    CardLeftBehind,
    CardPresented,
    CardRemoved,
    CardUnreadable,
    CodeScanned,
    DeskSeen,
    DeviceEvent,
    PictureTaken,
    PrintFinished,
    ScanFinished,
    StaffCardPresented,
    StaffCardProved,
    StatusChanged,
)
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from devices.speech.speaker import Speaker
from kiosk.bridge import Bridge
from kiosk.config import KioskConfig
from kiosk.devicetrials import DeviceTrials
from kiosk.devicework import DeviceWork
from kiosk.news import DeskNews, DeviceNews, OutboxNews, Published, SyncNews
from kiosk.papers import PaperMaker
from kiosk.visit import intents
from offline.errors import OfflineError
from offline.sync import SyncEngine, SyncState

if TYPE_CHECKING:
    from offline.terminal import Terminal

log = logging.getLogger(__name__)


def start_devices(
    terminal: Terminal, bridge: Bridge, profile: DeviceProfile | None, kept: Callable[[], None]
) -> tuple[DeviceManager, DeviceWork]:
    """One thread per device begins; their events arrive as intents and news. `kept`: something waits to be sent."""
    known = profile or DeviceProfile()
    holder: list[DeviceWork] = []
    staff_cards: list[str] = []

    def heard(event: DeviceEvent) -> None:
        match event:
            case CardPresented(identity=identity, photo=photo):
                bridge.post(intents.CardSeen(identity, photo))
            case CardUnreadable(code=code):
                bridge.post(intents.CardFailed(code))
            case CardRemoved(device="smart-card") if staff_cards:
                staff_cards.clear()
                bridge.post(intents.StaffCardGone())
            case CardRemoved():
                bridge.post(intents.CardGone())
            case StaffCardPresented(card=card):
                staff_cards.append(card.key)
                bridge.post(intents.StaffCardSeen(card.name))
            case StaffCardProved() if holder:
                holder[0].staff_proved(event)
            case CardLeftBehind():
                bridge.post(intents.CardForgotten())
            case CodeScanned(text=text):
                bridge.post(intents.CodeSeen(text))
            case StatusChanged():
                bridge.post(DeviceNews(manager.statuses()))
            case PrintFinished() if holder:
                holder[0].print_finished(event)
            case ScanFinished() if holder:
                holder[0].scan_finished(event)
            case DeskSeen(view=view, code=code):
                bridge.post(DeskNews(view, code))
            case PictureTaken() if holder:
                holder[0].picture_taken(event)

    manager = DeviceManager(known, heard)
    work = DeviceWork(terminal, bridge, manager, known, PaperMaker(terminal), kept)
    holder.append(work)
    manager.start()
    return manager, work


def start_trials(terminal: Terminal, bridge: Bridge, manager: DeviceManager, speaker: Speaker | None) -> DeviceTrials:
    """What staff try."""
    return DeviceTrials(terminal, bridge, manager, speaker)


def watch_outbox(terminal: Terminal, bridge: Bridge) -> Callable[[], None]:
    """What waits is told from now on, until what is returned is called."""
    return terminal.watch_outbox(lambda status: bridge.post(OutboxNews(status)))


def start_sync(terminal: Terminal, bridge: Bridge, interval: float) -> SyncEngine | None:
    """None before the terminal is enrolled."""
    if terminal.enrolment is None:
        return None
    known = ""

    def told(state: SyncState) -> None:
        nonlocal known
        bridge.post(SyncNews(state))
        if state.phase == "idle" and state.online:
            try:
                catalogue = terminal.catalogue()
                if catalogue.content_hash != known:
                    bridge.post(Published(catalogue, terminal.calendar()))
                    known = catalogue.content_hash
            except OfflineError as fault:
                log.warning("what is published could not be read: %s", fault.code)

    engine = SyncEngine(terminal, listener=told, interval=interval)
    engine.start()
    return engine


def start_speaker(config: KioskConfig, manager: DeviceManager) -> Speaker | None:
    """The one of the device profile, or one with usual settings; None where reading aloud is switched off."""
    if not config.speech:
        return None
    found = manager.device("speech")
    return found if isinstance(found, Speaker) else Speaker()

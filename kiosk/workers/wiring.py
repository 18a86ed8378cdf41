# SPDX-License-Identifier: Apache-2.0
"""Begins devices and speech, and turns what they and the keeper say into messages for the window."""

from __future__ import annotations

import logging
from collections.abc import Callable

from devices.events import (
    CameraSeen,
    CardLeftBehind,
    CardPresented,
    CardRemoved,
    CardUnreadable,
    CodeScanned,
    DeviceEvent,
    DeviceReleased,
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
from kiosk.config import KioskConfig
from kiosk.station import Station
from kiosk.visit import intents
from kiosk.workers.bridge import Bridge
from kiosk.workers.device_trials import DeviceTrials
from kiosk.workers.device_work import DeviceWork
from kiosk.workers.news import CameraNews, DeviceNews
from kiosk.workers.printouts import PrintoutMaker
from offline.client.store import StoreClient

log = logging.getLogger(__name__)


def make_devices(
    client: StoreClient,
    station: Station,
    bridge: Bridge,
    profile: DeviceProfile | None,
    released: Callable[[DeviceReleased], None],
) -> tuple[DeviceManager, DeviceWork]:
    """One thread for each device, not begun yet; their events arrive as intents and news, the last one of each at
    `released`."""
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
            case DeviceReleased():
                released(event)
            case StatusChanged():
                bridge.post(DeviceNews(manager.statuses()))
            case PrintFinished() if holder:
                holder[0].print_finished(event)
            case ScanFinished() if holder:
                holder[0].scan_finished(event)
            case CameraSeen(view=view, code=code):
                bridge.post(CameraNews(view, code))
            case PictureTaken() if holder:
                holder[0].picture_taken(event)

    manager = DeviceManager(known, heard)
    work = DeviceWork(client, bridge, manager, known, PrintoutMaker(station, client.port))
    holder.append(work)
    return manager, work


def make_trials(station: Station, bridge: Bridge, manager: DeviceManager, speaker: Speaker | None) -> DeviceTrials:
    """What staff try."""
    return DeviceTrials(station, bridge, manager, speaker)


def make_speaker(config: KioskConfig, manager: DeviceManager) -> Speaker | None:
    """The one of the device profile, or one with usual settings; None where reading aloud is switched off."""
    if not config.speech:
        return None
    found = manager.device("speech")
    return found if isinstance(found, Speaker) else Speaker()

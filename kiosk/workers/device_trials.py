# SPDX-License-Identifier: Apache-2.0
"""What staff try: each device does its work once, on its own thread; nothing of it is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from contract.identity import mask_name
from devices.base import StaffCard
from devices.errors import DeviceError
from kiosk.visit import intents
from kiosk.visit.view import DeviceTest
from kiosk.workers.bridge import Bridge
from offline.clock import SystemClock

if TYPE_CHECKING:
    from devices.manager import DeviceManager
    from devices.speech.speaker import Speaker
    from kiosk.station import Station

log = logging.getLogger(__name__)
PRINT_TIMEOUT = 60.0
NO_CARD = "no-card"


class DeviceTrials:
    """`begin` never blocks; the end comes as DeviceTried."""

    def __init__(self, station: Station, bridge: Bridge, manager: DeviceManager, speaker: Speaker | None) -> None:
        self._station, self._bridge, self._manager, self._speaker = station, bridge, manager, speaker

    def begin(self, device: str, visit_id: str) -> None:
        """One of devices.base.NAMES."""
        work: Callable[[], str] | None = {
            "id-card": lambda: self._card("id-card"),
            "smart-card": lambda: self._card("smart-card"),
            "printer": self._page,
            "receipt-printer": self._strip,
            "scanner": lambda: str(len(self._manager.device("scanner").scan())),
            "document-camera": self._picture,
        }.get(device)
        if device == "speech":
            if self._speaker is not None:
                self._speaker.say("您好，声音正常。", "zh")
            self._tell(visit_id, DeviceTest(device, "done" if self._speaker is not None else "failed", "absent"))
        elif work is None or not self._manager.ask(
            device,
            lambda: self._try(device, work, visit_id),
            lambda: self._tell(visit_id, DeviceTest(device, "failed", "timeout")),
        ):
            self._tell(visit_id, DeviceTest(device, "failed", "absent"))

    def _try(self, device: str, work: Callable[[], str], visit_id: str) -> None:
        try:
            found = DeviceTest(device, "done", work())
        except DeviceError as fault:
            found = DeviceTest(device, "failed", fault.code)
        except Exception:
            self._tell(visit_id, DeviceTest(device, "failed", "internal"))
            raise
        self._tell(visit_id, found)

    def _tell(self, visit_id: str, test: DeviceTest) -> None:
        self._bridge.post(intents.DeviceTried(test), visit_id)

    def _card(self, device: str) -> str:
        reader = self._manager.device(device)
        if not reader.present():
            raise DeviceError(NO_CARD, "no card lies on the reader")
        card = reader.read()
        return card.name if isinstance(card, StaffCard) else mask_name(card.identity.name)

    def _page(self) -> str:
        from printing.trial import trial_page

        pdf = trial_page(self._station.facts.name, SystemClock().now())
        self._manager.device("printer").print_pdf(pdf, "doorstep-test-page", timeout=PRINT_TIMEOUT)
        return ""

    def _strip(self) -> str:
        from printing.trial import trial_strip

        self._manager.device("receipt-printer").print_image(trial_strip(self._station.facts.name, SystemClock().now()))
        return ""

    def _picture(self) -> str:
        from devices.camera.capture import take

        return ",".join(take(self._manager.device("document-camera")).view.reasons)

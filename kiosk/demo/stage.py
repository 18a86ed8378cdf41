# SPDX-License-Identifier: Apache-2.0
"""What the demo plays on: a platform, a link, a terminal enrolled through it, and simulated devices. All real parts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from devices.simulation import SimulatedDevices
from kiosk.demo import people
from kiosk.demo.link import Link
from kiosk.demo.platform_side import PlatformSide
from offline.sync.enrol import enrol
from offline.terminal import Terminal

OFFICER = "示例经办人"
OFFICER_PASSWORD = "doorstep-demo"
FOLDERS = ("gateway", "terminal", "prints")


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything, running."""

    platform: PlatformSide
    link: Link
    terminal: Terminal
    devices: SimulatedDevices


@contextmanager
def set_stage(out: Path) -> Iterator[Stage]:
    """Builds it up in `out`, and takes it down again in the opposite order.

    Raises PlatformFailedError and OfflineError. The terminal is enrolled, has catalogue, calendar and one member
    of staff; the link is up.
    """
    with ExitStack() as stack:
        platform = stack.enter_context(PlatformSide(out / "gateway", out / "gateway.log"))
        platform.officer(OFFICER, OFFICER_PASSWORD)
        link = stack.enter_context(Link(platform.address))
        terminal = stack.enter_context(Terminal.open(out / "terminal"))
        if terminal.enrolment is None:
            enrol(terminal, link.url, platform.enrol_code(people.STATION), people.STATION)
            terminal.client.staff.add(people.STAFF_NAME, people.STAFF_PIN)
        devices = stack.enter_context(SimulatedDevices(out / "prints"))
        yield Stage(platform, link, terminal, devices)

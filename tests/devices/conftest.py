# SPDX-License-Identifier: Apache-2.0
"""Devices that speak the real protocols on loopback, and the people whose cards are laid down."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import pytest

from contract.identity import Identity, check_id_number, make_id_number
from devices.events import DeviceEvent
from devices.manager import DeviceManager
from devices.simulation import SimulatedDevices

PATIENCE = 10.0
T = TypeVar("T", bound=DeviceEvent)


def person(name: str = "王秀英", born: date = date(1942, 3, 5), sequence: int = 2, **changes: Any) -> Identity:
    number = make_id_number("990123", born, sequence)
    known = Identity(
        name=name,
        id_number=number,
        sex=check_id_number(number).sex,
        ethnic="01",
        birth=born.isoformat(),
        address="示例省示例市示例县示例镇示例村3组12号",
        issuer="示例县公安局",
        valid_from="2016-01-01",
        valid_to=None,
    )
    return dataclasses.replace(known, **changes)


class Heard:
    """Everything the devices said, to be waited for."""

    def __init__(self) -> None:
        self.events: list[DeviceEvent] = []
        self._news = threading.Condition()

    def __call__(self, event: DeviceEvent) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, kind: type[T], fits: Callable[[T], bool] = lambda _event: True) -> T:
        """The first such event, which is then forgotten together with those before it."""
        deadline = time.monotonic() + PATIENCE
        with self._news:
            while True:
                for place, event in enumerate(self.events):
                    if isinstance(event, kind) and fits(event):
                        del self.events[: place + 1]
                        return event
                left = deadline - time.monotonic()
                assert left > 0, f"no {kind.__name__}; heard: {[type(e).__name__ for e in self.events]}"
                self._news.wait(left)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def simulated() -> Iterator[SimulatedDevices]:
    with SimulatedDevices() as devices:
        yield devices


@pytest.fixture
def manager(simulated: SimulatedDevices, heard: Heard) -> Iterator[DeviceManager]:
    running = DeviceManager(simulated.profile, heard, card_interval=0.05, interval=0.2)
    running.start()
    yield running
    running.stop()

# SPDX-License-Identifier: Apache-2.0
"""The serial code scanner on a pseudo-terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.base import State
from devices.code_scanner import MOST, SerialCodeScanner
from devices.code_simulator import SimulatedCodeScanner
from devices.events import CodeScanned, StatusChanged
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from tests.devices.conftest import Heard
from tests.fuzzing import examples


@pytest.fixture
def gun(tmp_path: Path) -> Iterator[SimulatedCodeScanner]:
    made = SimulatedCodeScanner(tmp_path)
    yield made
    made.close()


def until(scanner: SerialCodeScanner, count: int) -> list[str]:
    found: list[str] = []
    for _look in range(2000):
        found += scanner.codes()
        if len(found) >= count:
            break
    return found


def test_codes_arrive_whole_and_in_order(gun: SimulatedCodeScanner) -> None:
    scanner = SerialCodeScanner(gun.port)
    assert scanner.codes() == []
    gun.send(b"0042 1000 1375\r\nhttps://exam")
    assert until(scanner, 1) == ["0042 1000 1375"]
    gun.send("ple.org/示例\r".encode())
    assert until(scanner, 1) == ["https://example.org/示例"]
    scanner.close()


def test_through_the_manager_unplugged_and_plugged_in_again(gun: SimulatedCodeScanner, heard: Heard) -> None:
    manager = DeviceManager(DeviceProfile(code_scanner={"driver": "serial", "port": gun.port}), heard)
    manager.start()
    try:
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        gun.send(b"004210001375\r")
        assert heard.wait(CodeScanned).text == "004210001375"
        gun.unplug()
        heard.wait(StatusChanged, lambda e: e.status.state is State.ABSENT)
        gun.plug()
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        gun.send(b"again\r")
        assert heard.wait(CodeScanned).text == "again"
    finally:
        manager.stop()


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_any_bytes_give_printable_codes_or_none(gun: SimulatedCodeScanner, data: bytes) -> None:
    scanner = SerialCodeScanner(gun.port)
    scanner.codes()
    gun.send(data + b"\rend\r")
    found: list[str] = []
    for _look in range(2000):
        found += scanner.codes()
        if found and found[-1] == "end":
            break
    scanner.close()
    assert found[-1] == "end"
    assert all(code.isprintable() and len(code) <= MOST for code in found)

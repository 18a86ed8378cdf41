# SPDX-License-Identifier: Apache-2.0
"""The serial code scanner on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.base import State
from devices.code_scanner import MOST, SerialCodeScanner
from devices.events import CodeScanned, StatusChanged
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from tests.devices.conftest import Heard


class Gun:
    """What a person points at a code; `port` stays the same when it is plugged in again."""

    def __init__(self, folder: Path) -> None:
        self.port = str(folder / "scanner")
        self.plug()

    def plug(self) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        os.symlink(os.ttyname(self.slave), self.port)

    def unplug(self) -> None:
        os.unlink(self.port)
        os.close(self.slave)
        os.close(self.master)

    def read(self, data: bytes) -> None:
        os.write(self.master, data)


@pytest.fixture
def gun(tmp_path: Path) -> Iterator[Gun]:
    made = Gun(tmp_path)
    yield made
    made.unplug()


def until(scanner: SerialCodeScanner, count: int) -> list[str]:
    found: list[str] = []
    for _look in range(2000):
        found += scanner.codes()
        if len(found) >= count:
            break
    return found


def test_codes_arrive_whole_and_in_order(gun: Gun) -> None:
    scanner = SerialCodeScanner(gun.port)
    assert scanner.codes() == []
    gun.read(b"0042 1000 1375\r\nhttps://exam")
    assert until(scanner, 1) == ["0042 1000 1375"]
    gun.read("ple.org/示例\r".encode())
    assert until(scanner, 1) == ["https://example.org/示例"]
    scanner.close()


def test_through_the_manager_unplugged_and_plugged_in_again(gun: Gun, heard: Heard) -> None:
    manager = DeviceManager(DeviceProfile(code_scanner={"driver": "serial", "port": gun.port}), heard)
    manager.start()
    try:
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        gun.read(b"004210001375\r")
        assert heard.wait(CodeScanned).text == "004210001375"
        gun.unplug()
        heard.wait(StatusChanged, lambda e: e.status.state is State.ABSENT)
        gun.plug()
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        gun.read(b"again\r")
        assert heard.wait(CodeScanned).text == "again"
    finally:
        manager.stop()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_any_bytes_give_printable_codes_or_none(gun: Gun, data: bytes) -> None:
    scanner = SerialCodeScanner(gun.port)
    scanner.codes()
    gun.read(data + b"\rend\r")
    found: list[str] = []
    for _look in range(2000):
        found += scanner.codes()
        if found and found[-1] == "end":
            break
    scanner.close()
    assert found[-1] == "end"
    assert all(code.isprintable() and len(code) <= MOST for code in found)

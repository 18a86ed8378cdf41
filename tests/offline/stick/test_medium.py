# SPDX-License-Identifier: Apache-2.0
"""Sticks are found in what the kernel says, as it says it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from offline.stick.medium import (
    Medium,
    MediumFault,
    find_media,
    find_unreadable,
    medium_fault,
    medium_faults,
    sync_medium,
)
from tests.sticks import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "root")


def test_a_mounted_stick_is_found_with_its_room(machine: Machine, tmp_path: Path) -> None:
    assert find_media(machine.root) == ()
    disk = machine.disk("sda", "8:0", removable=True)
    machine.partition(disk, "sda1", "8:1")
    place = machine.mount("8:1", tmp_path / "media" / "MY STICK \\1")
    (found,) = find_media(machine.root)
    assert (found.device, found.mount, found.label, found.read_only) == (
        "sda1", place, "Kingston DataTraveler 3.0", False,
    )  # fmt: skip
    assert 0 < found.free <= found.size
    assert find_unreadable(machine.root) == ()


def test_mounted_twice_counts_once(machine: Machine, tmp_path: Path) -> None:
    machine.disk("sda", "8:0", removable=True)
    machine.mount("8:0", tmp_path / "a")
    machine.mount("8:0", tmp_path / "b")
    assert [m.mount.name for m in find_media(machine.root)] == ["a"]


def test_a_hard_disk_in_a_usb_case_is_known_by_its_bus(machine: Machine, tmp_path: Path) -> None:
    disk = machine.disk("sdb", "8:16", bus="pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host3/target3:0:0/3:0:0:0")
    machine.partition(disk, "sdb1", "8:17")
    machine.mount("8:17", tmp_path / "case", options="ro")
    (found,) = find_media(machine.root)
    assert found.read_only


def test_inner_disks_are_no_sticks(machine: Machine, tmp_path: Path) -> None:
    machine.disk("sdc", "8:32")
    machine.mount("8:32", tmp_path / "inner")
    assert find_media(machine.root) == ()
    assert find_unreadable(machine.root) == ()


def test_a_stick_that_nobody_can_mount_is_told(machine: Machine) -> None:
    disk = machine.disk("sda", "8:0", removable=True)
    machine.partition(disk, "sda1", "8:1")
    machine.disk("sr0", "11:0", removable=True, size=0)  # a drive without a disc
    assert [(u.device, u.label) for u in find_unreadable(machine.root)] == [("sda", "Kingston DataTraveler 3.0")]


def test_a_stick_pulled_between_two_looks_is_gone(machine: Machine, tmp_path: Path) -> None:
    machine.disk("sda", "8:0", removable=True)
    machine.mount("8:0", tmp_path / "stick").rmdir()
    assert find_media(machine.root) == ()


def test_this_machine_can_be_looked_at() -> None:
    assert all(isinstance(found, Medium) for found in find_media())
    find_unreadable()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "medium-full"),
        (errno.EFBIG, "medium-full"),
        (errno.EROFS, "medium-read-only"),
        (errno.ENODEV, "medium-gone"),
        (errno.ENOENT, "medium-gone"),
        (errno.EIO, "medium-failed"),
    ],
)
def test_every_fault_says_what_to_do(number: int, code: str) -> None:
    assert medium_fault(OSError(number, "x")).code == code
    with pytest.raises(MediumFault, match="stick"), medium_faults():
        raise OSError(number, "x")


def test_sync_reaches_the_file_system(tmp_path: Path) -> None:
    sync_medium(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_medium(tmp_path / "gone")

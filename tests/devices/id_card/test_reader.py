# SPDX-License-Identifier: Apache-2.0
"""The reader's driver against a reader that speaks the same bytes on a pseudo-terminal, and fails when told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.base import State
from devices.errors import CardError, ReaderError
from devices.events import CardPresented, CardRemoved, CardUnreadable, StatusChanged
from devices.id_card.serial_reader import SerialSamReader
from devices.id_card.simulator import SimulatedSamReader
from devices.simulation import SimulatedDevices
from tests.devices.conftest import Heard, person


@pytest.fixture
def peer() -> Iterator[SimulatedSamReader]:
    reader = SimulatedSamReader()
    yield reader
    reader.close()


@pytest.fixture
def reader(peer: SimulatedSamReader) -> Iterator[SerialSamReader]:
    driver = SerialSamReader(peer.port)
    driver.open()
    yield driver
    driver.close()


def test_a_card_is_seen_and_read(peer: SimulatedSamReader, reader: SerialSamReader) -> None:
    assert not reader.present()
    peer.present_card(person("\U00020bb7·文斌"))
    assert reader.present()
    card = reader.read()
    assert card.identity == person("\U00020bb7·文斌")
    assert len(card.photo) == 1024
    assert reader.present()
    peer.remove_card()
    assert not reader.present()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("silent", "reader-silent"),
        ("silent-mid-frame", "reader-silent"),
        ("checksum", "reader-checksum"),
        ("card-unknown", "card-unknown"),
        ("card-read-failed", "card-read-failed"),
        ("unlicensed", "reader-unlicensed"),
    ],
)
def test_each_fault_is_named(peer: SimulatedSamReader, reader: SerialSamReader, fault: str, code: str) -> None:
    peer.present_card(person(), fault=fault)
    with pytest.raises((CardError, ReaderError)) as found:
        reader.read()
    assert found.value.code == code
    peer.set_fault(None)
    assert reader.read().identity == person()


def test_noise_before_the_answer_is_passed_over(peer: SimulatedSamReader, reader: SerialSamReader) -> None:
    peer.present_card(person(), fault="garbage")
    assert reader.read().identity == person()


def test_a_port_that_is_not_there_says_what_to_check() -> None:
    with pytest.raises(ReaderError, match="check its cable") as fault:
        SerialSamReader("no-such-port").open()
    assert fault.value.code == "reader-absent"


@pytest.mark.usefixtures("manager")
def test_laid_down_and_taken_away(simulated: SimulatedDevices, heard: Heard) -> None:
    simulated.present_card(person())
    assert heard.wait(CardPresented).identity == person()
    simulated.remove_card()
    heard.wait(CardRemoved)
    assert not [e for e in heard.events if isinstance(e, CardPresented)], "a card is presented once"


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize("fault", ["silent-mid-frame", "checksum", "card-unknown", "card-read-failed"])
def test_an_unreadable_card_is_said_and_the_next_try_is_fine(
    simulated: SimulatedDevices, heard: Heard, fault: str
) -> None:
    simulated.present_card(person(), fault=fault)
    code = heard.wait(CardUnreadable).code
    assert code in ("reader-silent", "reader-checksum", fault)
    simulated.remove_card()
    heard.wait(CardRemoved)
    simulated.present_card(person())
    assert heard.wait(CardPresented).identity == person()


@pytest.mark.usefixtures("manager")
def test_unplugged_and_plugged_in_again_without_restart(simulated: SimulatedDevices, heard: Heard) -> None:
    heard.wait(StatusChanged, lambda e: e.status.device == "id-card" and e.status.state is State.READY)
    simulated.present_card(person())
    heard.wait(CardPresented)
    simulated.unplug("id-card")
    heard.wait(CardRemoved)
    heard.wait(StatusChanged, lambda e: e.status.device == "id-card" and e.status.state is State.ABSENT)
    simulated.plug("id-card")
    heard.wait(StatusChanged, lambda e: e.status.device == "id-card" and e.status.state is State.READY)
    simulated.present_card(person("李建国"))
    assert heard.wait(CardPresented).identity.name == "李建国"

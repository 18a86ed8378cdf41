# SPDX-License-Identifier: Apache-2.0
"""The reader's driver against a reader that speaks the same bytes on a pseudo-terminal, and fails when told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from contract.identity import make_id_number
from devices.base import State
from devices.card_watch import CardWatch
from devices.errors import CardError, ReaderError
from devices.events import CardLeftBehind, CardPresented, CardRemoved, CardUnreadable, StatusChanged
from devices.id_card.sam_engine import FINGER
from devices.id_card.sam_reader import SamReader
from devices.id_card.serial_reader import BAUDS, serial_reader
from devices.id_card.simulator import SimulatedSamReader
from devices.id_card.usb_reader import usb_reader
from devices.id_card.usb_simulator import SimulatedUsbReader
from devices.simulation import SimulatedDevices
from tests.devices.conftest import Heard, person

Peer = SimulatedSamReader | SimulatedUsbReader


@pytest.fixture(params=["serial", "usb"])
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    if request.param == "usb":
        yield SimulatedUsbReader()
        return
    on_a_line = SimulatedSamReader()
    yield on_a_line
    on_a_line.close()


def driver_for(peer: Peer, *, with_fingerprint: bool = False) -> SamReader:
    if isinstance(peer, SimulatedUsbReader):
        return usb_reader(with_fingerprint, backend=peer)
    return serial_reader(peer.port, with_fingerprint=with_fingerprint)


@pytest.fixture
def reader(peer: Peer) -> Iterator[SamReader]:
    driver = driver_for(peer)
    driver.open()
    yield driver
    driver.close()


def test_a_card_is_seen_and_read(peer: Peer, reader: SamReader) -> None:
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
def test_each_fault_is_named(peer: Peer, reader: SamReader, fault: str, code: str) -> None:
    peer.present_card(person(), fault=fault)
    with pytest.raises((CardError, ReaderError)) as found:
        reader.read()
    assert found.value.code == code
    peer.set_fault(None)
    assert reader.read().identity == person()


def test_noise_before_the_answer_is_passed_over(peer: Peer, reader: SamReader) -> None:
    peer.present_card(person(), fault="garbage")
    assert reader.read().identity == person()


def test_the_reader_tells_its_number(reader: SamReader) -> None:
    assert reader.sam_id == "05.01-20141212-0001234567-0987654321"
    assert reader.status().detail == reader.sam_id


def test_a_newer_address_on_the_card_counts(peer: Peer, reader: SamReader) -> None:
    peer.present_card(person(), newer_address="示例省示例市示例县新示例村1号")
    assert reader.read().identity == person(address="示例省示例市示例县新示例村1号")


def test_fingerprints_are_skipped(peer: Peer) -> None:
    driver = driver_for(peer, with_fingerprint=True)
    driver.open()
    try:
        peer.present_card(person())
        card = driver.read()
        assert card.identity == person()
        assert FINGER[:16] not in card.photo
    finally:
        driver.close()


@pytest.mark.parametrize("baud", BAUDS)
def test_the_speed_of_a_serial_reader_is_found(baud: int) -> None:
    peer = SimulatedSamReader(baud=baud)
    driver = serial_reader(peer.port)
    try:
        driver.open()
        peer.present_card(person())
        assert driver.read().identity == person()
    finally:
        driver.close()
        peer.close()


def test_a_fixed_wrong_speed_is_a_silent_reader() -> None:
    peer = SimulatedSamReader(baud=9600)
    driver = serial_reader(peer.port, 115200)
    try:
        with pytest.raises(ReaderError) as fault:
            driver.open()
        assert fault.value.code == "reader-silent"
    finally:
        driver.close()
        peer.close()


@pytest.mark.parametrize("after", [0, 1, 5])
def test_a_usb_reader_pulled_out_in_the_middle_and_put_back(after: int) -> None:
    peer = SimulatedUsbReader()
    driver = usb_reader(backend=peer)
    driver.open()
    peer.present_card(person())
    peer.unplug_after = after
    with pytest.raises(ReaderError) as fault:
        driver.read()
    assert fault.value.code == "reader-absent"
    driver.close()
    with pytest.raises(ReaderError) as absent:
        driver.open()
    assert absent.value.code == "reader-absent"
    peer.plugged = True
    driver.open()
    assert driver.read().identity == person()
    driver.close()


def test_a_region_nobody_knows_is_a_warning_only(peer: Peer, reader: SamReader) -> None:
    peer.present_card(person())
    assert reader.read().warnings == ("region-unknown",), "the samples' area is fictional"
    known = make_id_number("110103", date(1942, 3, 5), 2)  # abolished in 2010, and still on cards
    peer.present_card(person(id_number=known))
    assert reader.read().warnings == ()


def test_a_card_left_behind_is_told_once() -> None:
    peer, told = SimulatedUsbReader(), []
    watch = CardWatch(usb_reader(backend=peer), told.append, left_after=0.0)
    peer.present_card(person())
    for _look in range(4):
        watch.look()
    watch.close()
    assert [type(e) for e in told] == [CardPresented, CardLeftBehind, CardRemoved]


def test_a_port_that_is_not_there_says_what_to_check() -> None:
    with pytest.raises(ReaderError, match="check its cable") as fault:
        serial_reader("no-such-port").open()
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

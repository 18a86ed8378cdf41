# SPDX-License-Identifier: Apache-2.0
"""Cards behind a real PC/SC daemon: whose they are, signing in, and everything that goes wrong on the way."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from devices.base import IdCard, StaffCard, State
from devices.errors import CardError, DeviceError, ReaderError
from devices.events import CardPresented, CardRemoved, CardUnreadable, StaffCardPresented, StatusChanged
from devices.manager import DeviceManager
from devices.profile import DeviceProfile
from devices.smart_card.applets import PivApplet
from devices.smart_card.pcsc_stack import FAULTS, PcscStack
from devices.smart_card.piv import PinRefused
from devices.smart_card.reader import PcscReader, find
from tests.devices.conftest import Heard, person

pytestmark = pytest.mark.real_stack
PIN = "258036"


def until(what: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.01)


def put_in(stack: PcscStack, reader: PcscReader, applet: PivApplet | None = None, name: str = "王秀英") -> None:
    if applet is None:
        stack.insert_social_security(person(name))
    else:
        stack.insert_staff(applet, "张代办", PIN)
    until(reader.present)


@pytest.mark.parametrize("name", ["王秀英", "阿依古丽·买买提", "\U00020bb7文斌", "买买提·阿布都热西提·阿不都克里木"])
def test_a_social_security_card_says_whose_it_is(stack: PcscStack, reader: PcscReader, name: str) -> None:
    put_in(stack, reader, name=name)
    card = reader.read()
    assert isinstance(card, IdCard)
    assert (card.identity.name, card.identity.id_number) == (name, person().id_number)
    assert (card.identity.document, card.identity.birth, card.identity.ethnic) == (
        "social-security",
        "1942-03-05",
        "01",
    )


@pytest.mark.parametrize("algorithm", ["p256", "rsa"])
def test_staff_sign_in_with_card_and_pin(stack: PcscStack, reader: PcscReader, algorithm: str) -> None:
    put_in(stack, reader, PivApplet("张代办", PIN, algorithm=algorithm))
    card = reader.read()
    assert isinstance(card, StaffCard)
    assert card.name == "张代办"
    assert reader.prove(PIN) == card.key


def test_wrong_pins_are_counted_and_block_the_card(stack: PcscStack, reader: PcscReader) -> None:
    put_in(stack, reader, PivApplet("张代办", PIN))
    with pytest.raises(DeviceError) as malformed:
        reader.prove("12")
    assert malformed.value.code == "pin-malformed"
    for remaining, code in ((2, "pin-wrong"), (1, "pin-wrong"), (0, "pin-blocked"), (0, "pin-blocked")):
        with pytest.raises(PinRefused) as refused:
            reader.prove("111111")
        assert (refused.value.remaining, refused.value.code) == (remaining, code)
    with pytest.raises(PinRefused) as blocked:
        reader.prove(PIN)
    assert blocked.value.code == "pin-blocked"


def test_a_copied_certificate_does_not_sign_in(stack: PcscStack, reader: PcscReader) -> None:
    own, others = PivApplet("张代办", PIN), PivApplet("张代办", PIN)
    stack.insert_staff(own, "张代办", PIN, certificate_of=others.private_key())
    until(reader.present)
    with pytest.raises(CardError) as fault:
        reader.prove(PIN)
    assert fault.value.code == "card-not-genuine"


@pytest.mark.parametrize("after", [0, 3, 7])
@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "mute"])
def test_every_fault_ends_with_a_clear_error_and_the_next_card_is_read(
    stack: PcscStack, reader: PcscReader, fault: str, after: int
) -> None:
    put_in(stack, reader)
    stack.fault(fault, after)
    try:
        reader.read()
    except CardError as said:
        assert str(said)
    stack.remove()
    until(lambda: not reader.present())
    put_in(stack, reader)
    card = reader.read()
    assert isinstance(card, IdCard)
    assert card.identity.name == "王秀英"


def test_a_card_that_never_answers_is_given_up(
    stack: PcscStack, reader: PcscReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.smart_card.reader.ANSWER", 0.3)
    put_in(stack, reader)
    stack.fault("mute")
    with pytest.raises(CardError) as fault:
        reader.read()
    assert fault.value.code == "card-unresponsive"
    assert reader.present(), "the reader can be asked although its card hangs"
    stack.remove()
    until(lambda: not reader.present())
    put_in(stack, reader)
    assert isinstance(reader.read(), IdCard)


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"t08": b"990123194203050021".hex()}, "card-check-digit"),
        ({"t08": b"not a number".hex()}, "card-malformed"),
        ({"t09": "00" * 30}, "card-malformed"),
        ({"t09": "81"}, "card-malformed"),
        ({"t0d": "19421399"}, "card-malformed"),
        ({"t05": "1A2B3C4D"}, "card-malformed"),
        ({"t0b": "42AA"}, "card-malformed"),
    ],
)
def test_wrong_contents_are_named(stack: PcscStack, reader: PcscReader, spoilt: dict[str, str], code: str) -> None:
    stack.insert_social_security(person(), **spoilt)
    until(reader.present)
    with pytest.raises(CardError) as fault:
        reader.read()
    assert fault.value.code == code


def test_the_daemon_may_stop_and_come_back(stack: PcscStack, heard: Heard) -> None:
    manager = DeviceManager(DeviceProfile(smart_card={"driver": "pcsc"}), heard, card_interval=0.05)
    manager.start()
    try:
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        stack.insert_social_security(person())
        assert heard.wait(CardPresented).identity.name == "王秀英"
        stack.stop_daemon()
        heard.wait(CardRemoved)
        heard.wait(StatusChanged, lambda e: e.status.state is State.ABSENT)
        stack.start_daemon()
        heard.wait(CardPresented)
        stack.remove()
        heard.wait(CardRemoved)
        stack.insert_staff(PivApplet("张代办", PIN), "张代办", PIN)
        assert heard.wait(StaffCardPresented).card.name == "张代办"
    finally:
        manager.stop()


@pytest.mark.usefixtures("stack")
def test_a_reader_nobody_has_is_absent() -> None:
    with pytest.raises(ReaderError) as fault:
        PcscReader("No Such Reader").open()
    assert fault.value.code == "reader-absent"
    assert {"name": "Virtual PCD 00 00"} in find()


def test_an_unreadable_card_is_told_and_the_reader_stays_ready(stack: PcscStack, heard: Heard) -> None:
    manager = DeviceManager(DeviceProfile(smart_card={"driver": "pcsc"}), heard, card_interval=0.05)
    manager.start()
    try:
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        stack.insert_social_security(person(), t08=b"990123194203050021".hex())
        assert heard.wait(CardUnreadable).code == "card-check-digit"
        assert [s.state for s in manager.statuses()] == [State.READY]
    finally:
        manager.stop()

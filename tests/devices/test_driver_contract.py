# SPDX-License-Identifier: Apache-2.0
"""What every driver keeps, whatever it drives: found and lost, one kind of error, one object through it all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from devices.base import NAMES, REMEDIES, DeviceStatus, State
from devices.command import LOOKING
from devices.drivers import GROUP, Driver, driver
from devices.errors import DeviceError
from devices.printer import escpos_lines, ipp
from devices.remedies import WORDS
from devices.scanner import escl, sane
from kiosk.i18n.device_words import remedy_words
from tests.devices.rigs import RIGS, Place, Rig, looker, until

REGISTERED = sorted(entry.name for entry in entry_points(group=GROUP))
WRONG = {"str": 7, "int": "seven", "float": "seven", "bool": "yes"}


def known(name: str) -> Driver:
    section, _, rest = name.partition(".")
    return driver(section, rest.partition("/")[0])


@dataclass
class Bench:
    """A driver's rig with one device made, as the manager has it."""

    driver: Driver
    rig: Rig
    device: Any
    look: Callable[[], DeviceStatus]

    def answers(self) -> DeviceStatus:
        """A look, which ends by itself before `doorstep devices` gives a device up."""
        found: list[DeviceStatus | BaseException] = []

        def looking() -> None:
            try:
                found.append(self.look())
            except BaseException as fault:
                found.append(fault)

        thread = threading.Thread(target=looking)
        thread.start()
        thread.join(LOOKING)
        assert found, "it was not done in time"
        assert isinstance(found[0], DeviceStatus), found[0]
        assert found[0].device == NAMES[self.driver.section]
        return found[0]

    def becomes(self, state: State) -> DeviceStatus:
        until(lambda: self.answers().state is state)
        return self.answers()


@pytest.fixture(params=sorted(RIGS))
def bench(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(escpos_lines, "TIMEOUT", 1.0)
    with ExitStack() as ends:
        place = Place(tmp_path, ends, monkeypatch, lambda: request.getfixturevalue("card_stack"))
        one, rig = known(request.param), RIGS[request.param](place)
        one.check(rig.settings)
        device = one.make(**rig.settings, **rig.beside)
        ends.callback(getattr(device, "close", lambda: None))
        yield Bench(one, rig, device, looker(one.section, device))


def test_no_registered_driver_is_forgotten() -> None:
    assert sorted({name.partition("/")[0] for name in RIGS}) == REGISTERED


@pytest.mark.real_stack
def test_absent_with_a_remedy_then_plugged_in_and_ready(bench: Bench) -> None:
    if bench.rig.unplug is not None:
        bench.rig.unplug()
        absent = bench.becomes(State.ABSENT)
        assert not absent.usable
        assert WORDS[absent.remedy]
        assert remedy_words(absent)
        bench.rig.plug()
    bench.becomes(State.READY)


@pytest.mark.real_stack
def test_work_unplugged_in_the_middle_and_again_with_the_same_object(bench: Bench) -> None:
    rig = bench.rig
    rig.job(bench.device)
    if rig.interrupted is not None:
        if rig.error is None:
            rig.interrupted(bench.device)
        else:
            with pytest.raises(DeviceError) as fault:
                rig.interrupted(bench.device)
            assert type(fault.value) is rig.error
            assert fault.value.code in rig.codes
            assert str(fault.value), "says what to do"
        bench.becomes(State.ABSENT)
        rig.plug()
    bench.becomes(State.READY)
    rig.job(bench.device)


@pytest.mark.real_stack
def test_every_trouble_is_a_state_with_its_remedy_and_passes(bench: Bench) -> None:
    bench.becomes(State.READY)
    for trouble, state in bench.rig.troubles:
        trouble()
        found = bench.becomes(state)
        assert found.remedy == REMEDIES[state]
        bench.rig.well()
        bench.becomes(State.READY)


@pytest.mark.real_stack
def test_closing_twice_is_harmless(bench: Bench) -> None:
    bench.answers()
    close = getattr(bench.device, "close", None)
    if close is not None:
        close()
        close()


@pytest.mark.parametrize("name", REGISTERED)
def test_settings_are_checked_by_name_and_type(name: str) -> None:
    one = known(name)
    good = {
        key: {"str": "x", "int": 1, "float": 1.0, "bool": True}[str(p.annotation)] for key, p in one.settings().items()
    }
    one.check(good)
    with pytest.raises(DeviceError, match="knows no nonsense") as fault:
        one.check({**good, "nonsense": 1})
    assert fault.value.code == "profile-wrong"
    for key, parameter in one.settings().items():
        with pytest.raises(DeviceError, match=f"{key} must be of type"):
            one.check({**good, key: WRONG[str(parameter.annotation)]})
        if parameter.default is parameter.empty:
            with pytest.raises(DeviceError, match=f"needs {key}"):
                one.check({k: v for k, v in good.items() if k != key})


@pytest.mark.parametrize("path", [None, "/nonexistent"], ids=["as it is", "without programs"])
@pytest.mark.parametrize("name", REGISTERED)
def test_what_is_found_is_accepted(name: str, path: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if path is not None:
        monkeypatch.setenv("PATH", path)
    one = known(name)
    try:
        found = one.find()
    except DeviceError as fault:
        assert str(fault)
        return
    for settings in found:
        one.check(settings)


@pytest.mark.parametrize("name", REGISTERED)
def test_every_driver_says_what_it_is_for(name: str) -> None:
    assert known(name).words
    assert f"{known(name).section}.{known(name).name}" == name


@pytest.mark.parametrize("name", ["printer.ipp", "receipt.escpos-network", "scanner.escl"])
def test_a_device_that_takes_a_connection_and_says_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, constant in ((ipp, "ANSWER"), (escl, "LOOK"), (escpos_lines, "TIMEOUT"), (sane, "LOOK")):
        assert getattr(module, constant) <= LOOKING
        monkeypatch.setattr(module, constant, 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        settings: dict[str, dict[str, Any]] = {
            "printer.ipp": {"uri": f"ipp://127.0.0.1:{port}/ipp/print"},
            "receipt.escpos-network": {"host": "127.0.0.1", "port": port},
            "scanner.escl": {"url": f"http://127.0.0.1:{port}/eSCL"},
        }
        found = known(name).make(**settings[name]).status()
    assert found.state in (State.ABSENT, State.FAULT)
    assert found.remedy

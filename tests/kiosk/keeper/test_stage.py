# SPDX-License-Identifier: Apache-2.0
"""Who has the screen: after a visit, a crash, a hang; with real processes, real windows and real devices' protocols."""

from __future__ import annotations

import os
import signal

import pytest

from devices.simulation import SimulatedDevices
from kiosk.demo.people import GRANDMOTHER
from tests.kiosk.keeper.conftest import Driven, House, until


def begin(visit: Driven, devices: SimulatedDevices) -> None:
    """A person's card is laid down and read."""
    visit.at("attract")
    devices.present_card(GRANDMOTHER)
    visit.at("home")


def test_a_visit_that_held_somebody_ends_with_its_process(house: House, devices: SimulatedDevices) -> None:
    first = house.on_stage()
    spare = house.spare()
    begin(first, devices)
    devices.remove_card()
    first.say("GoHome")
    first.say("GoBack")
    until(lambda: house.stage.current is spare and spare.painted, "the spare on stage")
    until(lambda: all(p.pid != first.pid for p in house.stage.processes), "the first process to end")
    with pytest.raises(ProcessLookupError):
        os.kill(first.pid, 0)
    second = house.on_stage()
    assert second.screen == "attract"
    begin(second, devices)  # the devices have passed over


def test_a_visit_of_nobody_keeps_its_process(house: House) -> None:
    first = house.on_stage()
    house.spare()
    first.say("Touched")
    first.at("home")
    first.say("OpenChoose")
    first.at("choose")
    first.say("GoHome")
    first.say("GoBack")
    first.at("attract")
    assert house.on_stage().pid == first.pid


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGKILL"])
@pytest.mark.expects_log
def test_after_a_crash_the_screen_comes_back(house: House, devices: SimulatedDevices, how: str) -> None:
    first = house.on_stage()
    spare = house.spare()
    begin(first, devices)
    devices.remove_card()  # else the next window reads it at once, and what it says of the crash gives way
    os.kill(first.pid, getattr(signal, how))
    until(lambda: house.stage.current is spare and spare.painted, "the spare on stage")
    second = house.on_stage()
    assert second.state["overlay"] == "broken"
    assert second.screen == "attract"
    until(lambda: second.state["devices"].get("id-card") == "ready", "the reader to pass over")


@pytest.mark.expects_log
def test_a_window_that_hangs_is_replaced(house: House) -> None:
    first = house.on_stage()
    spare = house.spare()
    os.kill(first.pid, signal.SIGSTOP)
    until(lambda: house.stage.current is spare and spare.painted, "the spare on stage")
    assert house.on_stage().state["overlay"] == "broken"


def test_a_window_that_works_hard_is_left_alone(house: House) -> None:
    first = house.on_stage()
    house.spare()
    first.do("work", 2.5)
    assert house.on_stage().pid == first.pid


@pytest.mark.expects_log
def test_a_spare_that_froze_is_replaced_before_it_is_needed(house: House) -> None:
    first = house.on_stage()
    spare = house.spare()
    os.kill(spare.pid, signal.SIGSTOP)
    until(lambda: spare not in house.stage.processes, "the frozen one to go")
    fresh = house.spare()
    assert fresh is not spare
    assert house.on_stage().pid == first.pid
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: house.stage.current is fresh and fresh.painted, "the fresh one on stage")


@pytest.mark.expects_log
def test_a_spare_that_freezes_as_it_takes_the_stage_is_replaced(house: House) -> None:
    first = house.on_stage()
    spare = house.spare()
    os.kill(spare.pid, signal.SIGSTOP)
    os.kill(first.pid, signal.SIGKILL)

    def another() -> bool:
        now = house.stage.current
        return now is not None and now.pid not in (first.pid, spare.pid) and now.painted

    until(another, "another one on stage")

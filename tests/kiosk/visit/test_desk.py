# SPDX-License-Identifier: Apache-2.0
"""The staff's desk in the visit: nobody else gets there, and what a resident began is still there afterwards."""

from __future__ import annotations

import pytest

from kiosk.visit import effects, intents
from kiosk.visit.desk_view import PaperForm, PaperState, UsbState
from kiosk.visit.view import StaffMember
from tests.kiosk.visit.conftest import Walk

STAFF = StaffMember("s1", "李明")
READY = UsbState("ready", records=2, label="X", free=10**9)


@pytest.fixture
def walk() -> Walk:
    return Walk()


@pytest.fixture
def desk(walk: Walk) -> Walk:
    walk.to_form()
    walk.say(intents.StaffUnlocked(STAFF), intents.OpenDesk())
    assert walk.screen == "desk"
    return walk


def test_residents_do_not_get_there(walk: Walk) -> None:
    walk.to_form()
    for wish in (intents.OpenDesk(), intents.OpenUsb(), intents.OpenPaper(), intents.StartUsb()):
        walk.say(wish)
        assert walk.screen == "form"
    assert walk.count(effects.WatchUsb) == 0


def test_back_leads_to_where_the_resident_was(desk: Walk) -> None:
    desk.say(intents.OpenUsb(), intents.GoBack())
    assert desk.screen == "desk"
    desk.say(intents.OpenDevices(), intents.GoBack())
    assert desk.screen == "desk"
    desk.say(intents.OpenPaper(), intents.GoBack(), intents.GoBack())
    assert desk.screen == "form"
    assert desk.view.identity is not None


@pytest.mark.parametrize("page", [None, intents.OpenUsb(), intents.OpenPaper(), intents.OpenDevices()])
@pytest.mark.parametrize("how", ["handed back", "card pulled"])
def test_when_staff_leave_the_resident_is_where_they_were(desk: Walk, page: object, how: str) -> None:
    if page is not None:
        desk.say(page)
    if how == "card pulled":
        desk.machine.visit.by_card = True
    desk.say(intents.StaffLock() if how == "handed back" else intents.StaffCardGone())
    assert desk.screen == "form"
    assert desk.view.staff is None


def test_a_stick_is_watched_while_the_page_is_open(desk: Walk) -> None:
    desk.say(intents.OpenUsb())
    assert desk.last(effects.WatchUsb) is not None
    desk.say(intents.UsbNews(READY))
    assert desk.view.usb == READY
    desk.say(intents.GoBack())
    assert desk.last(effects.LeaveUsb) is not None
    desk.say(intents.UsbNews(UsbState("absent")))  # late
    assert desk.view.usb is None


def test_touching_twice_starts_once(desk: Walk) -> None:
    desk.say(intents.OpenUsb(), intents.StartUsb())
    assert desk.count(effects.RunUsb) == 0  # no stick yet
    desk.say(intents.UsbNews(READY), intents.StartUsb(), intents.StartUsb())
    assert desk.count(effects.RunUsb) == 1
    assert desk.view.usb is not None
    assert desk.view.usb.busy


def test_nobody_is_sent_away_while_the_stick_must_stay(desk: Walk) -> None:
    desk.say(intents.OpenUsb(), intents.UsbNews(READY), intents.StartUsb())
    desk.wait(4000)
    assert (desk.screen, desk.view.idle_left) == ("usb", None)
    desk.say(intents.UsbNews(UsbState("done")))
    desk.wait(181)
    assert desk.view.idle_left is not None


def test_an_ended_visit_lets_go_of_stick_and_forms(desk: Walk) -> None:
    desk.say(intents.OpenUsb(), intents.GoHome())
    assert desk.screen == "home"
    assert desk.last(effects.LeaveUsb) is not None
    desk.say(intents.StaffUnlocked(STAFF), intents.OpenDesk(), intents.OpenPaper())
    desk.say(intents.PaperNews(PaperState((PaperForm("a", "missing", 2, (1,)),))))
    desk.say(intents.GoHome())
    assert desk.last(effects.ForgetPaper) is not None
    assert desk.view.paper is None


def test_codes_are_the_forms_only_where_forms_are_scanned(desk: Walk) -> None:
    desk.say(intents.CodeSeen("DS1/ABC"))
    assert desk.count(effects.ReadPaperCode) == 0
    desk.say(intents.OpenPaper(), intents.CodeSeen("DS1/ABC"))
    assert desk.last(effects.ReadPaperCode) == effects.ReadPaperCode("DS1/ABC")
    assert desk.screen == "paper"


def test_one_page_is_read_at_a_time(desk: Walk) -> None:
    desk.say(intents.OpenPaper(), intents.ScanPaper("scanner"), intents.ScanPaper("scanner"))
    assert desk.count(effects.ScanPaper) == 1
    desk.say(intents.PaperNews(PaperState(code="paper-no-code")), intents.ScanPaper("camera"))
    assert desk.last(effects.ScanPaper) == effects.ScanPaper("camera")
    assert desk.view.paper == PaperState(reading=True)

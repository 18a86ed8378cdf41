# SPDX-License-Identifier: Apache-2.0
"""The table of screens: whole, with a way back from each, and deaf to answers that come too late."""

from __future__ import annotations

from typing import get_args

import pytest

from kiosk.visit import intents
from kiosk.visit.screen import Screen
from kiosk.visit.screens import EVERYWHERE, SCREENS, STEP_COUNT
from kiosk.visit.view import DeviceTest, PaperState, PrintState, StaffMember, Submitted, UsbState
from tests.kiosk.visit.conftest import Walk, person

SAMPLES: dict[type, intents.Answer] = {
    type(answer): answer
    for answer in (
        *(intents.CardFailed("card-unreadable"), intents.CardGone(), intents.StaffCardGone()),
        *(intents.CardForgotten(), intents.DevicesKnown(True, True), intents.ScanDone("m:nothing", code="jam")),
        *(intents.PictureTaken(None, "absent"), intents.PrintProgress("strip", PrintState("done"))),
        *(intents.DeviceTried(DeviceTest("printer", "done")), intents.UsbNews(UsbState()), intents.DraftFound(None)),
        *(intents.PaperNews(PaperState()), intents.IntakeChecked(True), intents.SubmitFailed("disk-full")),
        intents.SubmitDone(Submitted("r1", "004210001375", "2026-11-23T09:00:00+08:00")),
        *(intents.OtherKept("complaint"), intents.OtherFailed("complaint", "disk-full"), intents.DraftTrouble("x")),
        *(intents.StaffUnlocked(StaffMember("s1", "张代办")), intents.StaffRefusedNote("staff-locked", 30)),
        *(intents.SheetsLoaded(()), intents.CasesFound(()), intents.NetworkChanged(True)),
    )
}


def test_every_screen_has_its_entry() -> None:
    assert set(SCREENS) == set(Screen)


def test_every_answer_is_waited_for_somewhere_or_everywhere() -> None:
    local = {answer for spec in SCREENS.values() for answer in spec.answers}
    assert local | EVERYWHERE == set(get_args(intents.Answer)) == set(SAMPLES)
    assert not local & EVERYWHERE


def test_steps_go_from_the_first_to_the_last() -> None:
    assert {spec.step for spec in SCREENS.values()} == set(range(STEP_COUNT + 1))


def test_only_where_nobody_may_leave_there_is_no_way_back() -> None:
    assert {screen for screen, spec in SCREENS.items() if spec.back is None} == {Screen.ATTRACT, Screen.SUBMITTING}


@pytest.mark.parametrize("screen", [s for s in Screen if SCREENS[s].back is not None])
def test_back_leads_to_another_screen(screen: Screen) -> None:
    walk = Walk()
    walk.to_form()
    walk.machine._core.go(screen)
    walk.say(intents.GoBack())
    assert walk.screen != screen


@pytest.mark.parametrize("screen", Screen)
def test_an_answer_nobody_waits_for_changes_nothing(screen: Screen) -> None:
    """Whatever worker is late, it moves nobody and says nothing on a screen that did not ask."""
    for kind, answer in SAMPLES.items():
        if kind in EVERYWHERE or kind in SCREENS[screen].answers:
            continue
        walk = Walk()
        walk.to_form(who=person())
        walk.machine._core.go(screen)
        before = walk.view
        assert walk.say(answer) == ()
        assert walk.view == before

# SPDX-License-Identifier: Apache-2.0
"""Every effect is carried out: each is handed to a whole terminal, and what it promises comes about."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, get_args

import pytest
from PySide6.QtWidgets import QApplication

from contract.paper import to_symbols
from contract.record import Kind
from contract.sample import sample_catalogue
from devices.camera.sample_pages import stamped_form
from devices.camera.scene import View, photograph
from devices.page.picture import encode_jpeg
from devices.simulation import SimulatedDevices
from devices.speech.speaker import Speaker
from kiosk.app.app import KioskApp
from kiosk.config import KioskConfig
from kiosk.demo.finger import Finger
from kiosk.demo.gallery.visit import sample_case
from kiosk.demo.people import GRANDMOTHER
from kiosk.frame.unlock import UnlockOverlay
from kiosk.keeper.in_process import keeper_beside
from kiosk.keeper.keeper import Keeper
from kiosk.visit import effects, intents
from kiosk.visit.effects import Effect
from kiosk.visit.screen import Screen
from kiosk.visit.view import Message, StoredDraft, VisitView
from kiosk.workers.bridge import Posted
from kiosk.workers.news import SyncNews
from offline.terminal import Terminal
from tests.devices.speech.test_speech import Ends, recorder
from tests.kiosk.visit.conftest import Walk

T = TypeVar("T")
VISIT = "a visit that is not the one on screen"
ITEM = sample_catalogue().items["old80"]
DRAFT = StoredDraft(
    "019a0000-0000-7000-8000-00000000000d", GRANDMOTHER.id_number, "old80", ITEM.version, {}, "2026-11-23"
)
ANSWERED: tuple[tuple[Effect, type[intents.Answer]], ...] = (
    (effects.CheckIntake(), intents.IntakeChecked),
    (effects.SubmitOther(Kind.COMPLAINT, "", {"text": "好", "at": "2026-11-23T09:00:00+08:00"}), intents.OtherKept),
    (effects.LookupCases(code="004210000011"), intents.CasesFound),
    (effects.UnlockStaff("张代办", "0000"), intents.StaffRefusedNote),
    (effects.Print("blank-form", item=ITEM), intents.PrintProgress),
    (effects.PrintCase(sample_case("old80", "高龄津贴申领", "004210000011", ("received",))), intents.PrintProgress),
    (effects.Scan("m:invoice"), intents.ScanDone),
    (effects.LoadSheets(("d" * 64,)), intents.SheetsLoaded),
    (effects.TakePicture(), intents.PictureTaken),
    (effects.ProveStaffCard("0000"), intents.StaffRefusedNote),
    (effects.TryDevice("printer"), intents.DeviceTried),
    (effects.WatchUsb(), intents.UsbNews),
    (effects.ScanPaper("scanner"), intents.PaperNews),
)
"""Those whose doing is told by an answer."""
SHOWN = (
    *(effects.CallStaffNotice, effects.AskStaffCard, effects.RefuseStaff, effects.CloseOverlay),
    *(effects.RemindCard, effects.CardTaken, effects.Wipe),
)
SEEN_OTHERWISE = (
    *(effects.SubmitApplication, effects.SaveDraft, effects.LookupDraft, effects.DiscardDraft, effects.JournalNote),
    *(effects.UsePicture, effects.ForgetPicture, effects.ReadPaperCode, effects.ForgetPaper),
    *(effects.RunUsb, effects.LeaveUsb, effects.SendNow, effects.Speak, effects.Silence),
)


class Whole:
    """A whole terminal that nobody stands before."""

    keeper: Keeper

    def __init__(self, terminal: Terminal, kiosk: KioskApp) -> None:
        self.terminal, self.kiosk = terminal, kiosk
        self.finger = Finger(kiosk.shell)
        self.posted: list[Posted] = []
        kiosk._bridge.arrived.connect(self.posted.append)
        kiosk.start()
        self.until(lambda: kiosk.manager is not None, "the devices")

    def do(self, effect: Effect) -> None:
        self.kiosk._performer.carry_out(effect, VISIT)

    def until(self, what: Callable[[], object], why: str) -> None:
        self.finger.wait(what, why, 30)

    def told(self, effect: Effect, kind: type[T]) -> T:
        """Does it; the first answer of this kind that comes of it."""
        del self.posted[:]
        self.do(effect)
        self.until(lambda: any(isinstance(p.message, kind) for p in self.posted), f"{kind.__name__} for {effect}")
        return next(p.message for p in self.posted if isinstance(p.message, kind))


@pytest.fixture
def whole(qapp: QApplication, terminal: Terminal, tmp_path: Path) -> Iterator[Whole]:
    del qapp
    desk = tmp_path / "desk"
    desk.mkdir()
    picture = photograph(stamped_form(), View(surface="wood", seed=3, turn=3, width=1300, height=1734)).picture
    (desk / "1.jpg").write_bytes(encode_jpeg(picture))
    config = KioskConfig(full_screen=False, speech=False, sync_seconds=3600.0, idle_seconds=900.0)
    with SimulatedDevices() as devices:
        profile = dataclasses.replace(devices.profile, camera={"driver": "stills", "folder": str(desk)})
        with keeper_beside(terminal, sync_seconds=config.sync_seconds, media_root=tmp_path / "root") as (
            keeper,
            client,
        ):
            kiosk = KioskApp(client, profile, config)
            try:
                whole = Whole(terminal, kiosk)
                whole.keeper = keeper
                yield whole
            finally:
                kiosk.stop()
                kiosk.shell.deleteLater()


def test_none_is_left_out() -> None:
    assert {*(type(effect) for effect, _kind in ANSWERED), *SHOWN, *SEEN_OTHERWISE} == set(get_args(effects.Effect))


def test_each_that_promises_an_answer_gives_it(whole: Whole) -> None:
    for effect, kind in ANSWERED:
        whole.told(effect, kind)
    whole.do(effects.LeaveUsb())
    assert {p.visit_id for p in whole.posted if isinstance(p.message, intents.Answer)} <= {VISIT, None}


def test_drafts_are_kept_found_and_thrown_away(whole: Whole) -> None:
    whole.do(effects.SaveDraft(DRAFT))
    found = whole.told(effects.LookupDraft(GRANDMOTHER.id_number), intents.DraftFound).draft
    assert found is not None
    assert found.id == DRAFT.id
    whole.do(effects.DiscardDraft(DRAFT.id))
    assert whole.told(effects.LookupDraft(GRANDMOTHER.id_number), intents.DraftFound).draft is None


def test_an_application_is_registered(whole: Whole) -> None:
    walk = Walk()
    walk.to_done()
    wish = walk.last(effects.SubmitApplication)
    done = whole.told(wish, intents.SubmitDone)
    case = whole.terminal.case(done.submitted.tracking_code)
    assert case is not None
    assert case.item_id == "old80"


def test_a_note_is_in_the_journal(whole: Whole, tmp_path: Path) -> None:
    whole.do(effects.JournalNote("card-accepted", (("staff", "s1"), ("why", "card-expired"))))
    whole.told(effects.CheckIntake(), intents.IntakeChecked)  # the store's thread has got there
    journal = b"".join(p.read_bytes() for p in (tmp_path / "terminal").rglob("*journal*") if p.is_file())
    assert b"card-accepted" in journal


def test_a_picture_is_kept_or_forgotten(whole: Whole) -> None:
    taken = whole.told(effects.TakePicture(), intents.PictureTaken)
    assert taken.view is not None, taken.code
    use = effects.UsePicture("m:invoice", taken.view.corners)
    (sheet,) = whole.told(use, intents.ScanDone).sheets
    assert whole.terminal.client.drafts.picture(sheet.digest)
    whole.do(effects.ForgetPicture())
    assert whole.told(use, intents.ScanDone).code == "empty"


def test_codes_of_a_form_are_put_together_and_forgotten(whole: Whole) -> None:
    first, *others = to_symbols(os.urandom(4000))
    assert others
    (form,) = whole.told(effects.ReadPaperCode(first), intents.PaperNews).state.forms
    assert form.status == "missing"
    whole.do(effects.ForgetPaper())
    assert whole.told(effects.ReadPaperCode("no code of ours"), intents.PaperNews).state.forms == ()


def test_a_stick_is_looked_for_used_and_left(whole: Whole) -> None:
    looking = [t for t in threading.enumerate() if t.name == "usb"]
    assert looking == []
    assert whole.told(effects.WatchUsb(), intents.UsbNews).state.phase == "absent"
    whole.do(effects.RunUsb())  # there is none: nothing happens, and nothing breaks
    whole.do(effects.LeaveUsb())
    whole.until(lambda: not any(t.name == "usb" for t in threading.enumerate()), "the stick's thread to end")


def test_sending_begins_at_once(whole: Whole) -> None:
    whole.until(lambda: whole.kiosk.net_state.link == "good", "the first exchange")
    whole.finger.breathe(0.2)
    whole.told(effects.SendNow(), SyncNews)  # of itself the next exchange is an hour away


@pytest.mark.real_stack
def test_a_text_is_read_aloud_until_it_is_stopped(whole: Whole, tmp_path: Path) -> None:
    ends, played = Ends(), tmp_path / "played"
    whole.kiosk._performer.speaker = Speaker(ends, player=recorder(played, sleep=60))
    whole.do(effects.Speak("好"))
    whole.until(played.exists, "the voice")
    whole.do(effects.Silence())
    ends.wait()
    assert ends.ends == [False]


def test_the_window_shows_what_it_is_told(whole: Whole) -> None:
    shell = whole.kiosk.shell
    whole.do(effects.CallStaffNotice())
    assert shell.overlay is not None
    assert shell.overlay.key == "staff-called"
    whole.do(effects.CloseOverlay())
    assert shell.overlay is None
    whole.do(effects.AskStaffCard("张代办"))
    assert isinstance(shell.overlay, UnlockOverlay)
    whole.do(effects.RefuseStaff(Message("staff-card-pin-wrong", {"remaining": "2"}, "fault")))
    assert "还可以试 2 次" in shell.overlay._problem.head.text()
    whole.do(effects.CardTaken())
    assert isinstance(shell.overlay, UnlockOverlay), "only a reminder of the card goes with the card"
    whole.do(effects.RemindCard())
    assert shell.overlay.key == "take-card"
    whole.do(effects.CardTaken())
    assert shell.overlay is None


def test_after_the_wipe_every_page_is_another(whole: Whole) -> None:
    shell = whole.kiosk.shell
    before = shell.page
    shell.show_page(Screen.CARD, VisitView("v", Screen.CARD, item=ITEM, identity=GRANDMOTHER))
    whole.do(effects.Wipe("v"))
    assert shell.page is not before
    assert shell.view is not None
    assert shell.view.identity is None

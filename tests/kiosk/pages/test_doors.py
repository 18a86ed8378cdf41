# SPDX-License-Identifier: Apache-2.0
"""No rule without a door: whatever a finger can say is said here by touching what can be seen, in a real window."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from PySide6.QtCore import QPoint

from devices.base import State, status
from kiosk.demo.gallery.camera import camera_view
from kiosk.demo.gallery.visit import sample_case
from kiosk.frame.state import NetState
from kiosk.pages.sign import SignPage
from kiosk.visit import effects, intents
from kiosk.visit.screen import Screen
from kiosk.visit.screens import SCREENS
from kiosk.visit.view import PrintState, ScannedSheet, Submitted, UsbState
from kiosk.window.shell import Shell
from tests.kiosk.pages.conftest import MakeStand, Stand
from tests.kiosk.pages.test_people import SON, STAFF, type_identity
from tests.kiosk.visit.conftest import person
from tests.kiosk.visit.test_people import EXPIRED

SHEET = ScannedSheet("d" * 64, "image/jpeg")


class Doors(Stand):
    """Keeps what the window said, and shows the overlays that the application shows."""

    def __init__(self, shell: Shell) -> None:
        self.said: list[tuple[Screen, intents.Touch]] = []
        shell.intent.connect(self._hear)
        super().__init__(shell)
        self.say()

    def _hear(self, intent: intents.Touch) -> None:
        self.said.append((self.machine.screen, intent))

    def say(self, *said: object) -> tuple[object, ...]:
        found = super().say(*said)
        for effect in found:
            match effect:
                case effects.CallStaffNotice():
                    self.shell.show_called()
                case effects.AskStaffCard(name=name):
                    self.shell.ask_staff_card(name)
                case effects.CloseOverlay():
                    self.shell.answered()
        self.finger.breathe(0)
        return found

    def heard(self) -> set[type]:
        return {type(intent) for _screen, intent in self.said}

    def touch_in_list(self, words: str) -> None:
        """Turns the pages of a list until it is there."""
        while not self.there(words) and self.there("下一页"):
            self.tap("下一页")
        self.tap(words)

    def enter_pin(self) -> None:
        self.finger.type("4711")
        self.tap("解锁")

    def unlock(self) -> None:
        """A member of staff comes, and says who they are."""
        self.tap("叫工作人员", "我是工作人员", "张代办")
        self.enter_pin()
        self.say(intents.StaffUnlocked(STAFF))

    def to_guide(self, group: str = "养老", item: str = "八十岁补贴") -> None:
        self.finger.touch_at(QPoint(self.shell.width() // 2, 300))
        self.finger.tap("办事", patience=3)
        self.finger.tap(group, exact=False, patience=3)
        self.finger.tap(item, exact=False, patience=3)
        assert self.screen == Screen.GUIDE

    def to_card_by_hand(self) -> None:
        self.to_guide()
        self.tap("开始办理")
        self.say(intents.IntakeChecked(True))
        self.tap("同意，继续")
        assert self.screen == Screen.CARD


def the_frame(doors: Doors) -> None:
    doors.finger.touch_at(QPoint(doors.shell.width() // 2, 300))
    assert doors.screen == Screen.HOME
    doors.tap("大字", "普通字", "English", "中文", "朗读")
    doors.unlock()
    doors.tap("交还给居民")
    doors.say(intents.StaffCardSeen("张代办"))
    doors.enter_pin()
    doors.say(intents.StaffUnlocked(STAFF))
    doors.tap("工作台", "返回", "首页")
    doors.say(intents.StaffCardGone())
    for answer in ("我还在", "不办了"):
        doors.wait(300)
        doors.say()
        doors.tap(answer)
    assert doors.screen == Screen.ATTRACT


def the_desk(doors: Doors) -> None:
    doors.say(intents.Touched(), intents.StaffUnlocked(STAFF), intents.DevicesKnown(camera=True, scanner=True))
    doors.shell.set_network(NetState("good", 2))
    doors.shell.set_devices([status("printer", State.READY)])
    doors.tap("工作台", "现在就上报", "U盘收发")
    doors.say(intents.UsbNews(UsbState("ready", records=2, label="移动盘", free=10**9)))
    doors.tap("开始收发", "返回", "扫描纸质申请表", "扫描这一页", "返回", "设备", "打印机")
    assert doors.last(effects.TryDevice) == effects.TryDevice("printer")


def from_the_guide_to_the_form(doors: Doors) -> None:
    doors.to_guide()
    doors.tap("打印材料清单", "打印空白表", "开始办理")
    doors.say(intents.IntakeChecked(True))
    doors.tap("不同意", "开始办理")
    doors.say(intents.IntakeChecked(True))
    doors.tap("同意，继续", "没带身份证")
    doors.unlock()
    type_identity(doors, "990123194203050022")
    doors.tap("给自己办", "下一步", "下一步")
    doors.finger.type("13800001942")
    doors.tap("下一步")
    assert doors.view.values["mobile"].data == {"number": "13800001942"}


def a_card_that_is_not_valid_today(doors: Doors) -> None:
    doors.to_card_by_hand()
    doors.say(intents.CardSeen(EXPIRED))
    assert "过期" in doors.shell.spoken()
    doors.tap("先填好", "给自己办")
    doors.fill()
    doors.tap("社会保障卡或银行卡", "以后补交", "下一步", "去补第一处")
    assert (doors.screen, doors.there("接受这张证"), doors.there("没带身份证")) == ("card", False, False)
    doors.unlock()
    doors.tap("接受这张证")
    assert (doors.screen, doors.view.checks) == ("check", ())
    assert doors.there("从头看一遍")


def acting_for_another(doors: Doors) -> None:
    doors.to_card_by_hand()
    doors.say(intents.CardSeen(SON))
    doors.tap("替别人办")
    doors.say(intents.CardGone(), intents.CardSeen(person()))
    doors.tap("儿子", "下一步")
    assert doors.screen == Screen.FORM


def leaving_and_coming_back(doors: Doors) -> None:
    doors.to_form()
    doors.tap("首页", "存好，回首页")
    draft = doors.last(effects.SaveDraft).draft
    doors.to_card()
    doors.say(intents.CardSeen(person()), intents.DraftFound(draft))
    doors.tap("接着上次的办")
    assert doors.screen == Screen.FORM


def materials(doors: Doors) -> None:
    seen = camera_view("wood")
    doors.say(intents.DevicesKnown(camera=True, scanner=True))
    doors.to_form("med-claim")
    doors.fill()
    doors.tap("医疗收费票据及费用清单", "现在扫描")
    doors.say(intents.ScanDone("m:invoice", (SHEET,)))
    doors.tap("删掉第 1 页", "现在拍照")
    doors.shell.show_camera(seen, "")
    doors.tap("拍照")
    doors.say(intents.PictureTaken(seen))
    doors.tap("重拍")
    doors.shell.show_camera(seen, "")
    doors.tap("拍照")
    doors.say(intents.PictureTaken(seen))
    doors.tap("用这张")
    doors.say(intents.ScanDone("m:invoice", (SHEET,)))
    assert doors.screen == Screen.MATERIALS


def a_picture_in_the_form(doors: Doors) -> None:
    doors.say(intents.DevicesKnown(camera=False, scanner=True))
    doors.to_form("old-card")
    pages = [page.id for page in doors.machine.visit.item.pages if "photo" in page.fields]  # type: ignore[union-attr]
    while doors.view.page is not None and doors.view.page.id not in pages:
        for field, data in FILLED.items():
            doors.say(intents.SetValue(field, data))
        doors.say(intents.NextPage())
    doors.touch_in_list("扫一张")
    assert doors.last(effects.Scan) == effects.Scan("f:photo")


FILLED = {"mobile": {"number": "13800000000"}, "contact": {"name": "王小明", "phone": "13900000000"}}


def handing_in(doors: Doors) -> None:
    doors.to_form()
    doors.fill()
    doors.tap("社会保障卡或银行卡", "以后补交", "下一步", "从头看一遍")
    doors.touch_in_list("改")
    assert doors.screen == Screen.FORM
    doors.tap("下一步")
    while doors.screen == Screen.REVIEW:
        doors.finger.tap_any("看下一页", "都对，去签名")
    doors.say(intents.StaffUnlocked(STAFF))
    doors.tap("写不了，在纸上按手印", "写不了，在纸上按手印")
    doors.say(intents.StaffLock())
    page = doors.shell.page
    assert isinstance(page, SignPage)
    doors.finger.sign(page.pad)
    doors.tap("提交申请")
    doors.say(intents.SubmitDone(Submitted("r1", "000420000013", doors.clock.now().isoformat())))
    for kind in ("strip", "receipt", "form", "checklist"):
        doors.say(intents.PrintProgress(kind, PrintState("done")))
    doors.tap("再打一张", "办完了", "非常满意")
    assert doors.screen == Screen.ATTRACT


def how_it_stands(doors: Doors) -> None:
    doors.finger.touch_at(QPoint(doors.shell.width() // 2, 300))
    doors.tap("打印", "补打回执")
    first = sample_case("old80", "高龄津贴申领", "004210000011", ("received", "accepted"))
    second = sample_case("med-claim", "医疗费用手工（零星）报销", "004210000020", ("received", "correction"))
    doors.say(intents.CasesFound((first, second)))
    doors.tap("高龄津贴申领", "补打回执")
    assert doors.last(effects.PrintCase) == effects.PrintCase(first)


def a_complaint(doors: Doors) -> None:
    doors.finger.touch_at(QPoint(doors.shell.width() // 2, 300))
    doors.finger.tap("评价和投诉", exact=False, patience=3)
    for key in "hao":
        doors.tap(key)
    doors.tap("好", "交上去")
    assert doors.last(effects.SubmitOther).payload["text"] == "好"


WALKS: dict[Callable[[Doors], None], tuple[type[intents.Touch], ...]] = {
    the_frame: (
        *(intents.Touched, intents.ToggleElder, intents.ToggleLanguage, intents.ReadAloud, intents.CallStaff),
        *(intents.StaffUnlock, intents.StaffLock, intents.StaffCardPin, intents.OpenDesk, intents.GoBack),
        *(intents.GoHome, intents.IAmHere, intents.FinishVisit),
    ),
    the_desk: (
        *(intents.SendNow, intents.OpenUsb, intents.StartUsb, intents.OpenPaper, intents.ScanPaper),
        *(intents.OpenDevices, intents.TryDevice),
    ),
    from_the_guide_to_the_form: (
        *(intents.OpenChoose, intents.ChooseService, intents.PrintChecklist, intents.PrintBlankForm),
        *(intents.StartApplication, intents.ConsentRefused, intents.ConsentGiven, intents.NoCard),
        *(intents.ManualIdentity, intents.ApplyFor, intents.SetValue, intents.NextPage),
    ),
    a_card_that_is_not_valid_today: (intents.AcceptCard, intents.EditField),
    acting_for_another: (intents.AgentGiven,),
    leaving_and_coming_back: (intents.KeepDraft, intents.ResumeDraft),
    materials: (
        *(intents.ScanMaterial, intents.DropScan, intents.OpenCamera, intents.TakePicture, intents.TakeAgain),
        intents.UsePicture,
    ),
    a_picture_in_the_form: (intents.ScanImage,),
    handing_in: (
        *(intents.AnswerMaterial, intents.SignOnPaper, intents.Signed, intents.Submit, intents.PrintAgain),
        intents.Rated,
    ),
    how_it_stands: (intents.OpenPrint, intents.Track, intents.OpenCase, intents.PrintCase),
    a_complaint: (intents.OpenComplaint, intents.SendComplaint),
}


@pytest.fixture(params=["portrait", "landscape"])
def doors(request: pytest.FixtureRequest, make_stand: MakeStand) -> Doors:
    return make_stand(request.param, Doors)  # type: ignore[return-value]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_each_has_its_door(doors: Doors, walk: Callable[[Doors], None]) -> None:
    walk(doors)
    assert doors.heard() >= set(WALKS[walk])


def test_the_way_on_from_each_screen_has_its_door(doors: Doors) -> None:
    handing_in(doors)
    a_card_that_is_not_valid_today(doors)
    touched = {screen for screen, intent in doors.said if isinstance(intent, intents.NextPage)}
    assert touched == {screen for screen, spec in SCREENS.items() if spec.on is not None}


@pytest.mark.parametrize("screen", [s for s in Screen if s != Screen.ATTRACT])
def test_back_home_help_type_and_voice_are_on_every_screen(doors: Doors, screen: Screen) -> None:
    doors.to_form()
    doors.machine._core.go(screen)
    doors.say()
    doors.said.clear()
    doors.tap("朗读", "叫工作人员", "知道了", "返回")
    wanted = {intents.ReadAloud, intents.CallStaff, intents.GoBack}
    if SCREENS[screen].back is None:
        wanted.remove(intents.GoBack)
    assert doors.heard() == wanted


def test_nothing_a_finger_can_say_is_left_out() -> None:
    assert {kind for kinds in WALKS.values() for kind in kinds} == set(get_args(intents.Touch))

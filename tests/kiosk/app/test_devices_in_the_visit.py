# SPDX-License-Identifier: Apache-2.0
"""Camera, staff cards and codes in a whole terminal: real drivers, real daemon, real window."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

import kiosk.commands.staff_card
from devices.camera.sample_pages import stamped_form
from devices.camera.scene import View, photograph
from devices.page.picture import encode_jpeg
from devices.profile import DeviceProfile
from devices.smart_card.applets import PivApplet
from devices.smart_card.pcsc_stack import PcscStack
from devices.smart_card.reader import PcscReader
from kiosk.demo.people import GRANDMOTHER
from kiosk.frame.dialog import Dialog
from kiosk.frame.unlock import UnlockOverlay
from kiosk.pages.camera import CameraPage
from kiosk.pages.desk.devices import DevicesPage
from kiosk.visit import intents
from kiosk.visit.view import VisitView
from kiosk.widgets.tiles import ChoiceTile
from offline.terminal import Terminal
from tests.cards import until_seen_empty
from tests.kiosk.app.conftest import Post

PIN = "246810"


MakePost = Callable[..., Post]


def view(post: Post) -> VisitView:
    return post.kiosk.machine.view()


def test_a_material_through_the_camera_reaches_the_store(tmp_path: Path, make_post: MakePost) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    picture = photograph(stamped_form(), View(surface="wood", seed=3, turn=3, width=1300, height=1734)).picture
    (desk / "1.jpg").write_bytes(encode_jpeg(picture))
    post = make_post(profile=DeviceProfile(camera={"driver": "stills", "folder": str(desk)}))
    post.until(lambda: view(post).camera, "the camera")
    post.to_form(GRANDMOTHER)
    post.fill()
    post.finger.tap("社会保障卡或银行卡")
    post.finger.tap("现在拍照")
    page = post.kiosk.shell.page
    assert isinstance(page, CameraPage)
    post.until(lambda: "看清了" in page.spoken(), "a clear preview")
    post.finger.tap("拍照")
    post.until(lambda: "四个角" in page.title(), "the picture")
    post.finger.tap("用这张")
    post.at("materials")
    (digest,) = view(post).materials["bankcard"].attachments
    kept = post.terminal.client.drafts.picture(digest)
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size) == ("WEBP", (1654, 2339))
    assert len(kept) < 40_000
    # Pulled out while it watches: said, and the other ways stay.
    post.finger.tap("再拍一页")
    post.until(lambda: "看清了" in page.spoken(), "a clear preview")
    (desk / "fault").write_text("unplug")
    post.until(lambda: "没接上" in page.spoken(), "the fault")
    post.until(lambda: not view(post).camera, "the news")
    post.finger.tap("返回")
    post.at("materials")
    assert view(post).materials["bankcard"].attachments == (digest,)


def proven() -> str:
    """The key of the card in the reader, once the daemon has seen it."""
    reader = PcscReader()
    reader.open()
    try:
        ends = time.monotonic() + 10
        while not reader.present():
            assert time.monotonic() < ends
            time.sleep(0.02)
        return reader.prove(PIN)
    finally:
        reader.close()


class TestStaffCard:
    @pytest.fixture
    def post(self, terminal: Terminal, make_post: MakePost, card_stack: PcscStack) -> Post:
        terminal.client.staff.add("张代办", "2580", "s1")
        card_stack.insert_staff(self.applet, "张代办", PIN)
        terminal.client.staff.bind_card("张代办", proven())
        card_stack.remove()
        until_seen_empty()
        post = make_post(profile=DeviceProfile(smart_card={"driver": "pcsc"}))
        post.until(lambda: post.kiosk.manager and post.kiosk.manager.statuses()[0].usable, "the reader")
        return post

    applet = PivApplet("张代办", PIN)

    def enter(self, post: Post, pin: str) -> UnlockOverlay:
        post.until(lambda: isinstance(post.kiosk.shell.overlay, UnlockOverlay), "the question for the number")
        overlay = post.kiosk.shell.overlay
        assert isinstance(overlay, UnlockOverlay)
        for digit in pin:
            overlay.keypad.button(digit).click()
        overlay.unlock_button.click()
        return overlay

    def test_card_and_number_unlock_and_taking_it_out_locks(self, post: Post, card_stack: PcscStack) -> None:
        post.say(intents.Touched())
        card_stack.insert_staff(self.applet, "张代办", PIN)
        overlay = self.enter(post, "111111")
        post.until(lambda: overlay._problem.isVisible(), "the refusal")
        assert "还可以试 2 次" in overlay._problem.head.text()
        self.enter(post, PIN)
        post.until(lambda: view(post).staff is not None, "the unlocking")
        assert view(post).staff.name == "张代办"  # type: ignore[union-attr]
        card_stack.remove()
        post.until(lambda: view(post).staff is None, "the locking")

    def test_a_card_of_somebody_else_is_refused(self, post: Post, card_stack: PcscStack) -> None:
        post.say(intents.Touched())
        card_stack.insert_staff(PivApplet("外人", PIN), "外人", PIN)
        overlay = self.enter(post, PIN)
        post.until(lambda: overlay._problem.isVisible(), "the refusal")
        assert "没有在这台机器上登记" in overlay._problem.head.text()
        assert view(post).staff is None


class TestBindingByCommand:
    def told(self, terminal: Path, name: str) -> Result:
        return CliRunner().invoke(kiosk.commands.staff_card.staff_card, ["--data", str(terminal), "--pin", PIN, name])

    def test_the_card_in_the_reader_becomes_theirs(
        self, tmp_path: Path, card_stack: PcscStack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kiosk.commands.staff_card, "WAIT", 0.3)
        applet = PivApplet("张代办", PIN)
        with Terminal.open(tmp_path) as terminal:
            terminal.client.staff.add("张代办", "2580", "s1")
        told = self.told(tmp_path, "张代办")
        assert (told.exit_code, "no card is in the reader" in told.output) == (1, True)
        monkeypatch.setattr(kiosk.commands.staff_card, "WAIT", 10.0)
        card_stack.insert_staff(applet, "张代办", PIN)
        told = self.told(tmp_path, "李四")
        assert (told.exit_code, "staff-unknown" in told.output) == (1, True)
        assert self.told(tmp_path, "张代办").exit_code == 0
        key = proven()
        with Terminal.open(tmp_path) as terminal:
            assert terminal.client.staff.unlock_by_card(key).staff_id == "s1"


class TestTypingScanner:
    @pytest.fixture
    def post(self, make_post: MakePost) -> Post:
        return make_post(profile=DeviceProfile(code_scanner={"driver": "wedge"}))

    def burst(self, post: Post, text: str) -> None:
        target = post.kiosk.shell.focusWidget() or post.kiosk.shell
        QTest.keyClicks(target, text)
        QTest.keyClick(target, Qt.Key.Key_Return)

    def test_a_receipts_code_is_looked_up(self, post: Post) -> None:
        code = post.terminal.new_tracking_code()
        self.burst(post, code)
        post.at("track")
        post.until(lambda: "没有这个编号" in post.kiosk.shell.frame.message_words, "the answer")

    def test_what_is_no_code_of_ours_does_nothing(self, post: Post) -> None:
        self.burst(post, "6901234567892")
        post.finger.breathe(0.1)
        assert post.screen == "attract"

    def test_a_form_never_gets_the_scanners_keys_but_gets_a_persons(self, post: Post) -> None:
        post.say(intents.Touched(), intents.OpenComplaint())
        field = post.kiosk.shell.page.findChild(QPlainTextEdit)  # type: ignore[union-attr]
        assert field is not None
        field.setFocus()
        before = field.toPlainText()
        self.burst(post, "004210000011")
        post.finger.breathe(0.1)
        assert field.toPlainText() == before
        for letter in "abc":
            QTest.keyClick(field, letter)
            post.finger.breathe(0.08)
        post.until(lambda: field.toPlainText() == before + "abc", "the typed letters")
        QTest.keyClicks(field, "xy")  # two quick ones are no code
        post.until(lambda: field.toPlainText() == before + "abcxy", "all letters, in their order")


def test_a_card_left_behind_is_said_when_nobody_is_there(make_post: MakePost) -> None:
    made = make_post()
    made.say(intents.CardForgotten())
    overlay = made.kiosk.shell.overlay
    assert isinstance(overlay, Dialog)
    assert "身份证" in overlay.spec.title
    made.say(intents.Touched())


class TestTrials:
    """The devices' screen: each button makes the device do its work."""

    def test_every_device_can_be_tried(self, make_post: MakePost, terminal: Terminal) -> None:
        terminal.client.staff.add("张代办", "2580", "s1")
        post = make_post(devices=True)
        assert post.devices is not None
        post.until(lambda: post.kiosk.manager and all(s.usable for s in post.kiosk.manager.statuses()), "the devices")
        post.say(intents.Touched(), intents.StaffUnlock("张代办", "2580"))
        post.until(lambda: view(post).staff is not None, "the unlocking")
        post.finger.tap("工作台")
        post.at("desk")
        post.finger.tap("设备")
        post.at("devices")
        self.try_it(post, "身份证读卡器", "没有卡")
        post.devices.present_card(GRANDMOTHER)
        self.try_it(post, "身份证读卡器", "王*英")
        self.try_it(post, "打印机", "打好了")
        assert post.devices.printed_pdfs
        self.try_it(post, "小票打印机", "打好了")
        assert post.devices.receipts
        self.try_it(post, "扫描仪", "没有纸")
        post.devices.load_pages([b"\xff\xd8page\xff\xd9"])
        self.try_it(post, "扫描仪", "扫到 1 页")
        post.devices.set_paper("printer", "out")
        self.try_it(post, "打印机", "没纸了")
        post.finger.tap("交还给居民")
        assert post.screen == "home"

    def try_it(self, post: Post, device: str, said: str) -> None:
        post.finger.tap(device)
        name = {"身份证读卡器": "id-card", "打印机": "printer", "小票打印机": "receipt-printer", "扫描仪": "scanner"}[
            device
        ]
        post.until(lambda: view(post).tests[name].state != "running", f"the trial of {name}")
        page = post.kiosk.shell.page
        assert isinstance(page, DevicesPage)
        words = [tile.accessibleName() for tile in page.findChildren(ChoiceTile) if tile.isVisible()]
        assert any(said in each for each in words), words

    def test_residents_do_not_get_there(self, make_post: MakePost) -> None:
        post = make_post()
        post.say(intents.Touched(), intents.OpenDevices())
        assert post.screen == "home"


def test_a_receipt_is_printed_again_from_its_case(make_post: MakePost) -> None:
    post = make_post(devices=True)
    assert post.devices is not None
    post.to_form(GRANDMOTHER)
    post.to_sign()
    post.hand_in()
    post.at("done")
    post.until(post.printed, "the papers")
    code = view(post).submitted.tracking_code  # type: ignore[union-attr]
    before = len(post.devices.receipts)
    post.devices.remove_card()
    post.until(lambda: not view(post).card_present, "the card to be taken")
    post.say(intents.FinishVisit(), intents.Touched(), intents.Track(code))
    post.at("case")
    post.devices.set_paper("receipt-printer", "out")
    post.finger.tap("补打回执")
    post.until(lambda: "打印机没有纸了" in post.kiosk.shell.spoken(), "the fault")
    assert len(post.devices.receipts) == before, "nothing is said to be printed that was not"
    post.devices.set_paper("receipt-printer", "ok")
    post.finger.tap("补打回执")
    post.until(lambda: "回执打好了" in post.kiosk.shell.spoken(), "the copy")
    assert len(post.devices.receipts) == before + 1

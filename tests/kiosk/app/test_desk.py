# SPDX-License-Identifier: Apache-2.0
"""The staff's desk in a whole terminal: a stick out and back, and forms on paper from printer to scanner."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from contract.events import ReceiptEntry, Receipts, sign_statement
from contract.paper import sort_symbols, to_symbols
from contract.paper_scan import read_texts
from contract.record import Record
from contract.returns import Return, build_return
from contract.sealing import OpeningKey
from devices.camera.sample_pages import SamplePage
from devices.camera.scene import View, photograph
from devices.page.picture import encode_jpeg
from devices.profile import DeviceProfile
from kiosk.demo.people import GRANDMOTHER
from kiosk.i18n.desk_words import result_warnings
from kiosk.visit import intents
from kiosk.visit.view import VisitView
from kiosk.workers.news import SyncNews
from offline.stick.export import Exported, Progress, Watch, export
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.kiosk.app.conftest import Post
from tests.live import Link, LiveGateway, enrolled_terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import own_records, records_in
from tests.sticks import Machine

MakePost = Callable[..., Post]


def view(post: Post) -> VisitView:
    return post.kiosk.machine.view()


def at_desk(post: Post, what: str) -> None:
    post.terminal.client.staff.add("张代办", "258036", "s1")
    post.say(intents.Touched(), intents.StaffUnlock("张代办", "258036"))
    post.until(lambda: view(post).staff is not None, "the unlocking")
    post.finger.tap("工作台")
    post.at("desk")
    if what:
        post.finger.tap(what)


def said(post: Post, words: str) -> None:
    post.until(lambda: words in post.kiosk.shell.spoken(), f"{words!r} in {post.kiosk.shell.spoken()!r}")


def still_here(post: Post) -> int:
    """Records that have not left, in a try or between two."""
    status = post.terminal.outbox()
    return status.waiting + status.sending


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "root")


class TestStick:
    @pytest.fixture
    def post(self, make_post: MakePost, machine: Machine, link: Link, terminal: Terminal) -> Post:
        link.up = False
        terminal.submit(application(terminal.new_tracking_code()))
        post = make_post(media_root=machine.root)
        at_desk(post, "U盘收发")
        post.at("usb")
        return post

    def phase(self, post: Post, phase: str) -> None:
        post.until(lambda: (usb := view(post).usb) is not None and usb.phase == phase, f"{phase}, is {view(post).usb}")

    def test_out_and_back(self, post: Post, machine: Machine, tmp_path: Path, gateway: LiveGateway) -> None:
        self.phase(post, "absent")
        assert post.kiosk.shell.frame.action_row.buttons[-1].isEnabled() is False
        stick = machine.plug(tmp_path / "stick")
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        said(post, "现在可以拔下U盘了")
        (parcel,) = stick.glob("*.parcel")
        (record,) = records_in(parcel)
        assert still_here(post) == 1
        machine.pull()
        post.finger.breathe(1.5)
        said(post, "现在可以拔下U盘了")  # still says so with the stick in the hand
        self.answer(stick, post.terminal, gateway, record)
        machine.plug(stick)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        result = view(post).usb.result  # type: ignore[union-attr]
        assert result is not None
        assert (result.delivered, result.records) == (1, 0)
        assert post.terminal.outbox().delivered == 1
        assert list(stick.glob("*.parcel")) == []  # what the platform has need not stay on the stick

    def answer(self, stick: Path, terminal: Terminal, gateway: LiveGateway, record: Record) -> None:
        key = gateway.platform.keys.current.sign
        receipts = Receipts("record", "2026-11-24T09:00:00+00:00", (ReceiptEntry(record.header.id, record.digest),))
        content = Return(record.header.terminal, 1, 0, 1, "00" * 8, 0, (sign_statement(receipts, key),))
        (stick / "1.return").write_bytes(build_return(content, OpeningKey.of(terminal.keys.seal).public, key))

    def test_pulled_at_the_moment_of_touching(self, post: Post, machine: Machine, tmp_path: Path) -> None:
        stick = machine.plug(tmp_path / "stick")
        self.phase(post, "ready")
        stick.rename(tmp_path / "away")
        post.finger.tap("开始收发")
        self.phase(post, "failed")
        said(post, "U盘拔早了")
        assert still_here(post) == 1

    @pytest.mark.parametrize("stage", ["writing", "syncing", "checking"])
    def test_pulled_while_it_is_written_and_put_in_again(
        self, post: Post, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str,
        gateway: LiveGateway,
    ) -> None:  # fmt: skip
        """The real export, whose stick goes away as it begins a stage; what the stick had brought is told as safe."""
        stick = machine.plug(tmp_path / "stick")
        self.answer(stick, post.terminal, gateway, own_records(post.terminal)[0])
        post.terminal.submit(application(post.terminal.new_tracking_code(), 2), [attachment(2, 60)])

        def pulled(terminal: Terminal, mount: Path, *, watch: Watch) -> Exported:
            def see(progress: Progress) -> None:
                if progress.stage == stage and mount.exists():
                    mount.rename(tmp_path / "away")
                watch(progress)

            return export(terminal, mount, watch=see)

        monkeypatch.setattr("offline.stick.watch.export", pulled)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "failed")
        assert "1 份回执" in post.kiosk.shell.page._list.list.shown[-1].head.text()  # type: ignore[union-attr]
        assert (post.terminal.outbox().delivered, still_here(post)) == (1, 1)
        left = list((tmp_path / "away").glob("*.parcel"))
        assert [len(records_in(path)) for path in left] == ([1] if stage == "checking" else [])
        monkeypatch.undo()
        machine.pull()
        (tmp_path / "away").rename(stick)
        machine.plug(stick)
        button = post.kiosk.shell.frame.action_row.buttons
        post.until(lambda: button[-1].isEnabled() and button[-1].text() == "再来一次", "the way to begin again")
        post.finger.tap("再来一次")
        self.phase(post, "done")
        (parcel,) = stick.glob("*.parcel*")
        assert len(records_in(parcel)) == 1

    def test_a_stick_that_cannot_be_opened(self, post: Post, machine: Machine) -> None:
        machine.disk("sdb", "8:16", removable=True)
        self.phase(post, "unreadable")

    def test_leaving_the_page_ends_the_watching(self, post: Post, machine: Machine, tmp_path: Path) -> None:
        self.phase(post, "absent")
        post.finger.tap("返回")
        post.at("desk")
        machine.plug(tmp_path / "stick")
        post.finger.tap("U盘收发")
        self.phase(post, "ready")

    def test_another_terminals_stick_is_taken_along(
        self, post: Post, machine: Machine, tmp_path: Path, elsewhere: Terminal, gateway: LiveGateway, link: Link
    ) -> None:
        """Left alone while there is no network here either; then sent from here, sealed as it is."""
        record = registered(elsewhere)
        post.until(lambda: not post.terminal.outbox().online, "that there is no network")
        stick = tmp_path / "stick"
        stick.mkdir()
        export(elsewhere, stick)
        machine.plug(stick)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        said_words = [head for head, _ in result_warnings(view(post).usb.result)]  # type: ignore[union-attr,arg-type]
        assert said_words == ["U盘上还有别的机器的 1 个文件"]
        assert post.terminal.outbox().carried_waiting == 0
        link.up = True
        post.keeper.wake()
        post.until(lambda: post.terminal.outbox().online, "the network")
        machine.pull()
        post.finger.tap("好了")
        post.finger.tap("U盘收发")
        machine.plug(stick)
        self.phase(post, "ready")
        post.finger.tap("开始收发")
        self.phase(post, "done")
        result = view(post).usb.result  # type: ignore[union-attr]
        assert result is not None
        assert (result.carried, result.not_carried, result.foreign) == (1, 0, 0)
        arrived = gateway.platform.cases.listing
        post.until(lambda: record.header.id in {row["record_id"] for row in arrived()}, "the case at the platform")


# --- how sending stands ----------------------------------------------------------------------------------------------


def test_what_is_left_and_how_long_it_takes(make_post: MakePost, terminal: Terminal, link: Link) -> None:
    link.up = False
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 900), attachment(2, 900)])
    post = make_post()
    at_desk(post, "")
    card = post.kiosk.shell.page.sync  # type: ignore[union-attr]
    post.until(lambda: "还有 1 份申请、2 份材料" in card.left.text(), f"what is left, is {card.left.text()!r}")
    said(post, "网络不通")
    assert "待上报 1 件" in band(post)
    under_way = SyncState(online=True, phase="attachments", bytes_left=300_000, rate=4_000, seconds_left=76)

    def told() -> bool:
        if band(post) == "正在上报，大约 1 分钟":
            return True
        now = time.monotonic()
        post.kiosk._bridge.post(
            SyncNews(replace(under_way, renewed=now))
        )  # as the engine tells it, which meanwhile finds the link dead
        return False

    post.until(told, "the estimate in the band")
    assert (card.head.text(), card.time.text()) == ("正在上报", "大约 1 分钟")
    assert card.left.text() == "还有 1 份申请、2 份材料，共 300 KB"
    assert 0.5 < card.bar.share < 1
    link.up = True
    post.keeper.wake()
    post.until(lambda: card.head.text() == "都上报了", "all of it sent")
    assert band(post) == "网络正常"
    assert (card.left.text(), card.bar.isVisible()) == ("", False)


def band(post: Post) -> str:
    return post.kiosk.shell.frame.band._network.text()


# --- forms on paper --------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, gateway: LiveGateway) -> Iterator[Terminal]:
    """Another terminal of the same platform, cut off since it was enrolled."""
    with enrolled_terminal(tmp_path / "elsewhere", gateway) as other:
        yield other


def pages(pdf: bytes, dpi: int = 200) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = []
        for number in range(len(document)):
            page = document[number]
            found.append(page.render(scale=dpi / 72).to_pil().convert("L"))
            page.close()
        return found
    finally:
        document.close()


def form_of(terminal: Terminal, record: Record) -> bytes:
    """As its own terminal prints it."""
    from kiosk.station import Station
    from kiosk.visit.effects import Print
    from kiosk.visit.view import Submitted
    from kiosk.workers.printouts import PrintoutMaker

    made = application(record.header.tracking_code)
    submitted = Submitted(record.header.id, record.header.tracking_code, "2026-11-23T09:52:00+08:00")
    port = terminal.client.port
    return PrintoutMaker(Station.ask(port), port).document(
        Print("form", terminal.catalogue().item("old80"), made, submitted)
    )[1]


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def registered(terminal: Terminal) -> Record:
    terminal.submit(application(terminal.new_tracking_code()))
    return own_records(terminal)[-1]


def test_the_printed_form_carries_the_record_once_it_is_registered(make_post: MakePost) -> None:
    post = make_post(devices=True)
    assert post.devices is not None
    post.to_form(GRANDMOTHER)
    post.to_sign()
    post.hand_in()
    post.at("done")
    post.until(post.printed, "the papers")
    texts = [t for pdf in post.devices.printed_pdfs for page in pages(pdf) for t in read_texts(np.asarray(page))]
    (form,), _ = sort_symbols(texts)
    submitted = view(post).submitted
    assert submitted is not None
    assert form.record == post.terminal.record(submitted.record_id)


def test_a_blank_form_carries_none(make_post: MakePost) -> None:
    post = make_post(devices=True)
    assert post.devices is not None
    post.say(intents.Touched(), intents.ChooseService("old80"), intents.PrintBlankForm())
    post.until(lambda: post.devices.printed_pdfs, "the paper")  # type: ignore[union-attr]
    assert all(sort_symbols(read_texts(np.asarray(p))) == ([], []) for p in pages(post.devices.printed_pdfs[0], 100))


def test_scanned_here_it_reaches_the_platform_under_its_id(
    make_post: MakePost, elsewhere: Terminal, gateway: LiveGateway
) -> None:
    record = registered(elsewhere)
    post = make_post(devices=True)
    assert post.devices is not None
    at_desk(post, "扫描纸质申请表")
    post.at("paper")
    post.devices.load_pages([jpeg(page) for page in pages(form_of(elsewhere, record))])
    post.finger.tap("扫描这一页")
    post.until(lambda: view(post).paper is not None and view(post).paper.forms, "the form")  # type: ignore[union-attr]
    said(post, "已经登记")
    arrived = gateway.platform.cases.listing
    post.until(lambda: [row["record_id"] for row in arrived()] == [record.header.id], "the case at the platform")
    post.until(lambda: post.terminal.outbox().carried_delivered == 1, "its receipt")
    post.devices.load_pages([jpeg(page) for page in pages(form_of(elsewhere, record))])
    post.finger.tap("扫描这一页")
    post.until(lambda: not view(post).paper.reading, "the reading")  # type: ignore[union-attr]
    assert len(arrived()) == 1


def test_under_the_camera(make_post: MakePost, elsewhere: Terminal, tmp_path: Path, link: Link) -> None:
    record = registered(elsewhere)
    link.up = False
    desk = tmp_path / "desk"
    desk.mkdir()
    page = np.asarray(pages(form_of(elsewhere, record))[-1].convert("RGB"))
    sheet = SamplePage(page, (), (210, 297))
    lying = photograph(sheet, View(surface="wood", seed=3, turn=3, width=1800, height=2400)).picture
    (desk / "1.jpg").write_bytes(encode_jpeg(lying))
    post = make_post(profile=DeviceProfile(camera={"driver": "stills", "folder": str(desk)}))
    post.until(lambda: view(post).camera, "the camera")
    at_desk(post, "扫描纸质申请表")
    post.finger.tap("拍这一页")
    said(post, "已经登记")
    assert post.terminal.outbox().carried_waiting == 1


def test_by_code_scanner_one_after_the_other(make_post: MakePost, elsewhere: Terminal, link: Link) -> None:
    link.up = False
    big = application(elsewhere.new_tracking_code())
    strokes = [[[n * 7 % 900, n * k * 13 % 800, n * 16, 0.5] for n in range(60)] for k in range(1, 7)]
    from dataclasses import replace

    elsewhere.submit(replace(big, signature={"width": 984, "height": 900, "strokes": strokes}))
    texts = to_symbols(own_records(elsewhere)[-1].encode())
    assert len(texts) >= 2
    post = make_post()
    at_desk(post, "扫描纸质申请表")
    post.say(intents.CodeSeen(texts[-1]), intents.CodeSeen(texts[-1]))
    said(post, "还差第 1")
    post.say(intents.CodeSeen("https://example.org/t/000420000018"))
    said(post, "这不是申请表上的码")
    for text in texts:
        post.say(intents.CodeSeen(text))
    said(post, "已经登记")
    assert post.terminal.outbox().carried_waiting == 1


def test_by_a_code_scanner_that_types(make_post: MakePost, elsewhere: Terminal, link: Link) -> None:
    """As a keyboard: every character a key, blanks and signs too, then Enter."""
    link.up = False
    record = registered(elsewhere)
    (text,) = to_symbols(record.encode())
    post = make_post(profile=DeviceProfile(code_scanner={"driver": "wedge"}))
    at_desk(post, "扫描纸质申请表")
    post.at("paper")
    QTest.keyClicks(post.kiosk.shell, text)
    QTest.keyClick(post.kiosk.shell, Qt.Key.Key_Return)
    said(post, "已经登记")
    assert post.terminal.outbox().carried_waiting == 1


def test_a_page_without_codes_and_an_empty_scanner(make_post: MakePost) -> None:
    post = make_post(devices=True)
    assert post.devices is not None
    at_desk(post, "扫描纸质申请表")
    post.finger.tap("扫描这一页")
    said(post, "扫描仪里没有纸")
    post.devices.load_pages([jpeg(Image.new("L", (800, 1100), 255))])
    post.finger.tap("扫描这一页")
    said(post, "这一页没有找到方块码")

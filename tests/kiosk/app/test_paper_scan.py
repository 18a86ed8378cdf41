# SPDX-License-Identifier: Apache-2.0
"""Forms on paper in a whole terminal, from printer to scanner."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from contract.paper import sort_symbols, to_symbols
from contract.paper_scan import read_texts
from contract.record import Record
from devices.camera.sample_pages import SamplePage
from devices.camera.scene import View, photograph
from devices.page.picture import encode_jpeg
from devices.profile import DeviceProfile
from kiosk.demo.people import GRANDMOTHER
from kiosk.visit import intents
from offline.terminal import Terminal
from tests.kiosk.app.test_desk import MakePost, at_desk, registered, said, view
from tests.live import Link, LiveGateway
from tests.offline.conftest import application
from tests.offline.enrolled import own_records


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

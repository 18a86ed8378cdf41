# SPDX-License-Identifier: Apache-2.0
"""Prints are opened again: their text is searchable, their codes decode, nothing is boxed or missing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from contract.application import Agent, Application, Consent, MaterialAnswer, StaffAct, Value
from contract.sample import sample_calendar, sample_catalogue
from contract.sample.people import example_values, person
from printing.codes import qr_image
from printing.documents import ChecklistDoc, FormDoc, ReceiptDoc, receipt_document
from printing.errors import FontMissing
from printing.fonts import PDF_CHAIN, FontFile, font_for, path_of
from printing.pdf.checklist import render_checklist
from printing.pdf.form import render_form
from printing.pdf.receipt import render_receipt
from printing.pdf.text import drawable
from printing.receipt.raster import WIDTH, render_receipt_strip

ITEMS = sorted(sample_catalogue().items)
CODE = "004210001372"
RARE = "\U00020bb7\U0002a6d6\U0003106c·艾力"


def application(item_id: str, name: str | None = None) -> Application:
    item = sample_catalogue().item(item_id)
    identity, values = example_values(item, random.Random(5), date(2026, 11, 23))
    if name:
        identity, values["name"] = replace(identity, name=name), name
    return Application(
        item.id, item.version, item.content_hash, CODE, identity, {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
        Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
        signature={"width": 800, "height": 300, "strokes": [[[10, 10, 0, 0.5], [700, 280, 90, 0.5]]]},
    )  # fmt: skip


def receipt(made: Application, **changes: object) -> ReceiptDoc:
    doc = receipt_document(
        sample_catalogue().item(made.item_id), made, sample_catalogue(), sample_calendar(), station="示例村便民服务点",
        phone="12345", terminal=421, public_url="https://example.org",
        confirmed_at=datetime(2026, 11, 23, 9, 52), sent=False,
    )  # fmt: skip
    return replace(doc, **changes)  # type: ignore[arg-type]


def form(made: Application | None, item_id: str) -> FormDoc:
    item = sample_catalogue().item(item_id)
    url = f"https://example.org/t/{CODE}"
    return FormDoc(
        item, made, sample_catalogue(), CODE if made else None, url if made else "", "示例村", "2026年11月23日"
    )


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r", "")
    finally:
        document.close()


def codes_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=150 / 72, grayscale=True).to_pil()
        return [found.text for found in zxingcpp.read_barcodes(image)]
    finally:
        document.close()


def test_a_receipt_masks_and_its_code_decodes() -> None:
    made = application("old80", RARE)
    pdf = render_receipt(receipt(made))
    text = text_of(pdf)
    assert made.applicant.id_number not in text
    assert made.applicant.id_number[:4] + "*" * 10 + made.applicant.id_number[-4:] in text
    assert RARE not in text
    assert "已受理" not in text
    assert "还没上报" in text
    assert "0042 1000 1372" in text
    assert codes_of(pdf) == [f"https://example.org/t/{CODE}"]
    phone = made.values["mobile"].data.get("number")
    assert phone is None or phone not in text.replace(" ", "")
    assert str(made.values["bank_no"].data) not in text.replace(" ", "")


def test_rare_names_are_searchable_and_drawn() -> None:
    text = text_of(render_form(form(application("old80", RARE), "old80")))
    assert RARE in text
    assert all(drawable(c) for c in RARE)
    assert {font_for(c, PDF_CHAIN).name for c in RARE} >= {"sans", "han"}


@pytest.mark.parametrize("item_id", ITEMS)
def test_every_item_prints_filled_blank_and_as_a_checklist(item_id: str) -> None:
    catalogue = sample_catalogue()
    item = catalogue.item(item_id)
    made = application(item_id)
    filled = render_form(form(made, item_id))
    text = text_of(filled)
    assert made.applicant.id_number in text
    assert made.applicant.name in text
    assert codes_of(filled) == [f"https://example.org/t/{CODE}"]
    blank = text_of(render_form(form(None, item_id)))
    assert made.applicant.name not in blank
    plain = text.replace("\n", "")
    for field in item.fields:
        if field.type not in ("signature", "image"):
            assert field.label in plain
            assert field.label in blank.replace("\n", "")
    listed = text_of(render_checklist(ChecklistDoc(item, catalogue, "示例村", "12345", date(2026, 11, 23)))).replace(
        "\n", ""
    )
    for material in item.materials:
        assert material.name in listed
    assert item.legal_basis[0].text in listed
    assert "12345" in listed


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("item_id", ["old80", *ITEMS[::8]])
def test_what_is_signed_stands_on_the_page_of_the_signature(item_id: str, filled: bool) -> None:
    """Also where the declaration's first lines would just fit on the page before."""
    document = pypdfium2.PdfDocument(render_form(form(application(item_id) if filled else None, item_id)))
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    (signed,) = [page for page in pages if "签名：" in page]
    assert "申请人声明" in signed


def test_who_acted_stands_on_the_form() -> None:
    agent = Agent(person(random.Random(8), date(2026, 11, 23)), "20", "高龄津贴申领", "代为申请、签收", "2026-12-31")
    made = replace(application("old80"), agent=agent, staff=StaffAct("s1", "张梅", ("unlocked",)))
    text = text_of(render_form(form(made, "old80")))
    for said in (agent.identity.name, agent.identity.id_number, "张梅", "代为申请、签收", "本人填写"):
        assert said in text


def test_long_texts_run_over_pages_that_are_counted() -> None:
    made = application("dibao")
    long = replace(made, values={**made.values, "reason": Value("家里困难，请求帮助。" * 50, "resident")})
    text = text_of(render_form(form(long, "dibao")))
    assert "第 1 页，共 2 页" in text or "第 1 页，共 3 页" in text
    assert text.replace("\n", "").count("家里困难") == 50


@pytest.mark.parametrize(("changes", "language"), [({}, "zh"), ({"sent": True, "copy": True}, "zh"), ({}, "en")])
def test_the_strip_decodes_and_fits(changes: dict[str, object], language: str) -> None:
    strip = render_receipt_strip(receipt(application("dibao", RARE), language=language, **changes))
    assert (strip.mode, strip.width) == ("1", WIDTH)
    assert [b.text for b in zxingcpp.read_barcodes(strip.convert("L"))] == [f"https://example.org/t/{CODE}"]
    grey = strip.convert("L")
    assert grey.crop((0, 0, 12, grey.height)).getextrema() == (255, 255)
    assert grey.crop((WIDTH - 12, 0, WIDTH, grey.height)).getextrema() == (255, 255)
    assert grey.crop((0, grey.height - 20, WIDTH, grey.height)).getextrema() == (255, 255)


def test_codes_have_their_quiet_zone() -> None:
    image = qr_image("https://example.org/t/004210001372", 3)
    assert isinstance(image, Image.Image)
    assert image.convert("L").crop((0, 0, image.width, 12)).getextrema() == (255, 255)


def test_a_missing_font_names_its_package() -> None:
    with pytest.raises(FontMissing, match="fonts-nowhere"):
        path_of(FontFile("x", "no-such-font.ttf", 0, "fonts-nowhere"))


def test_english_receipts_have_english_labels() -> None:
    text = text_of(render_receipt(receipt(application("old80"), language="en")))
    assert "Tracking code" in text

# SPDX-License-Identifier: Apache-2.0
"""Forms on paper at the platform: the case is filed under the same id, whatever pile they come in."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image

from contract.paper import to_symbols
from contract.record import Record
from contract.sample import sample_catalogue
from gateway.command import gateway
from gateway.errors import GatewayError
from gateway.paper_scan.pages import grey_pages
from gateway.platform import Platform
from offline.terminal import Terminal
from printing.codes import qr_image
from printing.documents import FormDoc
from printing.pdf.form import render_form
from tests.live import enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import own_records

SIGNATURE = {
    "width": 984, "height": 900,
    "strokes": [[[x * 7 % 900, (x * s * 13) % 800, x * 16, 0.5] for x in range(60)] for s in range(1, 7)],
}  # fmt: skip


class Desk:
    """A gateway's data directory, with what one of its terminals registered while it was cut off."""

    def __init__(self, data: Path, forms: Path, records: list[Record]) -> None:
        self.data = data
        self.forms = forms
        self.records = records

    def form(self, number: int = 0) -> Path:
        return self.forms / f"{number}.pdf"

    def scan(self, *files: Path) -> tuple[int, dict[str, list[dict[str, object]]]]:
        ended = CliRunner().invoke(gateway, ["scan", "--data", str(self.data), "--json", *map(str, files)])
        assert ended.output.startswith("{"), ended.output
        return ended.exit_code, json.loads(ended.output)

    def cases(self) -> list[str]:
        platform = Platform(self.data)
        try:
            return sorted(row["record_id"] for row in platform.cases.listing())
        finally:
            platform.close()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Made once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("scan")
    forms = folder / "forms"
    forms.mkdir()
    with live_gateway(folder / "gateway") as live, enrolled_terminal(folder / "terminal", live) as terminal:
        for number in range(2):
            code = terminal.new_tracking_code()
            made = replace(application(code, number), signature=SIGNATURE)
            terminal.submit(made, [attachment(number, 40)])
            record = own_records(terminal)[-1]
            (forms / f"{number}.pdf").write_bytes(form_of(terminal, made, record))
        return Desk(folder / "gateway", forms, own_records(terminal))


def form_of(terminal: Terminal, made: object, record: Record) -> bytes:
    return render_form(
        FormDoc(
            sample_catalogue().item("old80"), made, terminal.catalogue(), record.header.tracking_code,  # type: ignore[arg-type]
            f"https://example.org/t/{record.header.tracking_code}", "示例村便民服务点", "2026年11月23日",
            tuple(to_symbols(record.encode())),
        )
    )  # fmt: skip


@pytest.fixture
def desk(drawn: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(drawn.data, tmp_path / "gateway")
    return Desk(tmp_path / "gateway", drawn.forms, drawn.records)


def pictures(pdf: Path, folder: Path, dpi: int = 200) -> list[Path]:
    document = pypdfium2.PdfDocument(pdf)
    made = []
    for number in range(len(document)):
        page = document[number]
        made.append(folder / f"{pdf.stem}-{number}.png")
        page.render(scale=dpi / 72).to_pil().save(made[-1])
        page.close()
    document.close()
    return made


def test_a_pdf_files_the_case_under_its_id(desk: Desk) -> None:
    status, found = desk.scan(desk.form())
    assert (status, [f["status"] for f in found["filed"]]) == (0, ["stored"])
    assert found["filed"][0]["record_id"] == desk.records[0].header.id
    assert found["filed"][0]["tracking_code"] == desk.records[0].header.tracking_code
    assert found["filed"][0]["attachments"] == 1
    assert desk.cases() == [desk.records[0].header.id]


def test_twice_is_once(desk: Desk) -> None:
    desk.scan(desk.form())
    status, found = desk.scan(desk.form(), desk.form())
    assert (status, [f["status"] for f in found["filed"]]) == (0, ["duplicate"])
    assert len(desk.cases()) == 1


def test_a_pile_of_pictures_in_any_order(desk: Desk, tmp_path: Path) -> None:
    pile = [*pictures(desk.form(0), tmp_path), *pictures(desk.form(1), tmp_path, 150)]
    status, found = desk.scan(*reversed(pile))
    assert status == 0
    assert sorted(str(f["record_id"]) for f in found["filed"]) == sorted(r.header.id for r in desk.records)
    assert len(found["empty"]) == 2  # the first page of each form
    assert len(desk.cases()) == 2


def test_many_pages_in_one_tiff(desk: Desk, tmp_path: Path) -> None:
    first, *rest = [Image.open(p).convert("L") for p in pictures(desk.form(), tmp_path)]
    first.save(tmp_path / "pile.tif", save_all=True, append_images=rest, compression="tiff_lzw")
    assert desk.scan(tmp_path / "pile.tif")[0] == 0


def test_a_missing_code_is_named_and_nothing_is_filed(desk: Desk, tmp_path: Path) -> None:
    texts = to_symbols(desk.records[0].encode())
    assert len(texts) > 1
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.png")
        qr_image(text, 4).save(files[-1])
    status, found = desk.scan(*files[1:])
    assert (status, found["filed"]) == (1, [])
    assert found["incomplete"][0]["missing"] == [1]
    assert desk.cases() == []
    assert desk.scan(*files)[0] == 0


def test_a_forged_record_is_refused(desk: Desk, tmp_path: Path) -> None:
    genuine = desk.records[0]
    forged = Record(replace(genuine.header, sequence=99), genuine.sealed, genuine.signature)
    qr_files = []
    for number, text in enumerate(to_symbols(forged.encode())):
        qr_files.append(tmp_path / f"{number}.png")
        qr_image(text, 4).save(qr_files[-1])
    status, found = desk.scan(*qr_files)
    assert (status, found["filed"][0]["status"], found["filed"][0]["code"]) == (1, "refused", "record-signature")
    assert desk.cases() == []


def test_a_code_of_ours_that_holds_no_record(desk: Desk, tmp_path: Path) -> None:
    qr_image(to_symbols(b"no record at all")[0], 4).save(tmp_path / "x.png")
    status, found = desk.scan(tmp_path / "x.png", desk.form())
    assert (status, len(found["filed"]), len(found["refused"])) == (1, 1, 1)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n cut", b"words"])
def test_files_that_are_no_scans(desk: Desk, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.pdf").write_bytes(data)
    status, found = desk.scan(tmp_path / "bad.pdf", desk.form())
    assert (status, len(found["filed"])) == (1, 1)
    assert "bad.pdf" in str(found["refused"][0])


def test_words_for_people(desk: Desk, tmp_path: Path) -> None:
    Image.new("L", (300, 300), 255).save(tmp_path / "white.png")
    ended = CliRunner().invoke(
        gateway, ["scan", "--data", str(desk.data), str(desk.form()), str(tmp_path / "white.png")]
    )
    code = desk.records[0].header.tracking_code
    assert f"{code[:4]} {code[4:8]} {code[8:]}  filed; 1 attachments come from its terminal" in ended.output
    assert "white.png, page 1: no code of a form" in ended.output


def test_a_page_of_a_mile_is_rendered_small(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_400, 14_400)
    document.save(tmp_path / "wide.pdf")
    document.close()
    (page,) = grey_pages(tmp_path / "wide.pdf")
    assert page.size <= 121_000_000
    with pytest.raises(GatewayError, match="cannot be read"):
        list(grey_pages(tmp_path / "gone.pdf"))

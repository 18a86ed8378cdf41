# SPDX-License-Identifier: Apache-2.0
"""Renders the screens into docs/pictures, small enough to keep beside the sources: `make pictures`."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from PIL import Image

OUT = Path(__file__).parents[1] / "docs" / "pictures"
STORY = ("02-home", "04-guide", "06-card", "10-form-3-phone", "15-sign", "17-done-offline")
"""The way of a visit, side by side in the README."""
SINGLE = ("03-choose-items", "19-camera-clear", "14-review", "21-case-correction", "22-devices", "40-idle")
DESK = ("23-desk-down", "24-usb-ready", "24-usb-done", "25-paper-forms")
"""Sticks and paper, for docs/ferry.md."""
HEIGHT = 760
GAP = 24
GROUND = "#e9e4da"
COLOURS = 64


def strip(pictures: list[Path]) -> Image.Image:
    """Pictures side by side on a quiet ground, all of one height."""
    loaded = []
    for path in pictures:
        with Image.open(path) as picture:
            width = round(picture.width * HEIGHT / picture.height)
            loaded.append(picture.convert("RGB").resize((width, HEIGHT), Image.Resampling.LANCZOS))
    sheet = Image.new("RGB", (sum(p.width + GAP for p in loaded) + GAP, HEIGHT + 2 * GAP), GROUND)
    left = GAP
    for picture in loaded:
        sheet.paste(picture, (left, GAP))
        left += picture.width + GAP
    return sheet


def save(picture: Image.Image, name: str) -> None:
    """As a palette PNG: screens have few colours."""
    path = OUT / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


def form_pages(folder: Path) -> list[Path]:
    """An application form with its record in codes, as it comes out of the printer."""
    import random
    from dataclasses import replace
    from datetime import date

    import pypdfium2

    from contract.application import Application, Consent, MaterialAnswer, Value
    from contract.paper import to_symbols
    from contract.sample import sample_catalogue
    from contract.sample.people import example_values
    from printing.documents import FormDoc
    from printing.pdf.form import render_form

    catalogue, rng, code = sample_catalogue(), random.Random(7), "004210001375"
    item = catalogue.item("old80")
    identity, values = example_values(item, rng, date(2026, 11, 23))
    at = "2026-11-23T09:41:00+08:00"
    made = Application(
        item.id, item.version, item.content_hash, code, identity, {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required), Consent("1", at, True, True), at,
    )  # fmt: skip
    wave = [[120 + 26 * n, 150 + (n * 67) % 120 - 60, 16 * n, 0.5] for n in range(24)]
    made = replace(made, signature={"width": 800, "height": 300, "strokes": [wave[:9], wave[9:17], wave[17:]]})
    symbols = tuple(to_symbols(rng.randbytes(1150)))  # what is sealed looks like chance
    url = f"https://example.org/t/{code}"
    document = pypdfium2.PdfDocument(
        render_form(FormDoc(item, made, catalogue, code, url, "示例村便民服务点", "2026年11月23日", symbols))
    )
    written = []
    for number in range(len(document)):
        path = folder / f"form-{number}.png"
        document[number].render(scale=2).to_pil().convert("L").save(path)
        written.append(path)
    document.close()
    return written


def main() -> None:
    """Writes them all."""
    from kiosk.demo.gallery.render import render_gallery
    from kiosk.demo.gallery.samples import offscreen_platform

    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["QT_QPA_PLATFORM"] = offscreen_platform(folder)
        render_gallery(folder / "zh")
        render_gallery(folder / "elder", elder=True)
        render_gallery(folder / "lying", "landscape")
        render_gallery(folder / "en", language="en")

        def chosen(look: str, names: tuple[str, ...]) -> list[Path]:
            return [folder / look / f"{n}.png" for n in names]

        save(strip(chosen("zh", STORY)), "visit")
        save(strip(chosen("en", STORY)), "visit-english")
        save(strip(chosen("zh", SINGLE)), "more")
        save(strip([*chosen("elder", ("06-card", "10-form-3-phone", "21-case-accepted"))]), "large-type")
        save(strip(chosen("zh", DESK)), "desk")
        save(strip(form_pages(folder)), "form")
        save(strip(chosen("lying", ("02-home", "10-form-3-phone"))), "landscape")


if __name__ == "__main__":
    main()

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


def main() -> None:
    """Writes them all."""
    from kiosk.demo.gallery import offscreen_platform, render_gallery

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
        save(strip(chosen("lying", ("02-home", "10-form-3-phone"))), "landscape")


if __name__ == "__main__":
    main()

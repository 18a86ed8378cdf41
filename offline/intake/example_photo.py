# SPDX-License-Identifier: Apache-2.0
"""A made-up portrait, for example lines: a head and shoulders in grey, as a data URL that the line carries itself."""

from __future__ import annotations

import base64
import io
import random

from PIL import Image, ImageDraw

_SIZE = (358, 441)  # pixels: the size of a photo for a certificate (GA 461)
_TYPE = "data:image/jpeg;base64,"


def example_photo(rng: random.Random) -> str:
    """The same state of `rng` gives the same picture."""
    width, height = _SIZE
    image = Image.new("L", _SIZE, 238)
    draw = ImageDraw.Draw(image)
    middle, grey = width // 2 + rng.randint(-12, 12), rng.randint(90, 150)
    draw.ellipse((middle - 130, 300, middle + 130, height + 160), fill=grey - 30)
    draw.ellipse((middle - 72, 100, middle + 72, 290), fill=grey)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return _TYPE + base64.b64encode(out.getvalue()).decode()


def picture_of(url: str) -> bytes | None:
    """The bytes of a picture that stands in the line itself (RFC 2397, base64); None for what is none."""
    head, comma, body = url.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        return None
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        return None

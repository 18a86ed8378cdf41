# SPDX-License-Identifier: Apache-2.0
"""Whether a page can be read: what a text recogniser makes of it, and how far that is from what stands on it."""

from __future__ import annotations

import io
import subprocess

from PIL import Image

DPI = 200


def read(image: Image.Image) -> str:
    """What the recogniser makes of it, without spaces."""
    out = io.BytesIO()
    image.save(out, "PNG")
    command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "4", "--dpi", str(DPI)]
    done = subprocess.run(command, input=out.getvalue(), capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def errors(text: str, wanted: str) -> float:
    """Edits to the wanted text as a share of it (Levenshtein)."""
    row = list(range(len(wanted) + 1))
    for i, letter in enumerate(text, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(wanted, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (letter != other))
    return row[-1] / len(wanted)

# SPDX-License-Identifier: Apache-2.0
"""Files that a scanner or telephone made, as grey pictures: PDF pages, and images of one or many pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from contract.paper_scan import MOST_PIXELS
from gateway.errors import GatewayError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

PDF_DPI = 300  # codes of 0.5 mm a module are six pixels wide then
MOST_PAGES = 500


def grey_pages(path: Path) -> Iterator[Grey]:
    """Each page in order, one at a time. Raises GatewayError scan-unreadable, scan-too-large."""
    try:
        with path.open("rb") as stream:
            is_pdf = b"%PDF-" in stream.read(1024)
    except OSError as fault:
        raise GatewayError(400, "scan-unreadable", f"{path.name} cannot be read: {fault.strerror}") from fault
    yield from _pdf_pages(path) if is_pdf else _image_pages(path)


def _pdf_pages(path: Path) -> Iterator[Grey]:
    import numpy as np
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as fault:
        raise _unreadable(path) from fault
    try:
        if len(document) > MOST_PAGES:
            raise GatewayError(400, "scan-too-large", f"{path.name} has more than {MOST_PAGES} pages; split it")
        for number in range(len(document)):
            try:
                page = document[number]
                width, height = page.get_size()
                dpi = min(PDF_DPI, 72 * (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
                picture = page.render(scale=dpi / 72, grayscale=True)
            except pypdfium2.PdfiumError as fault:
                raise _unreadable(path) from fault
            yield np.array(picture.to_numpy()[..., 0] if picture.n_channels > 1 else _plane(picture.to_numpy()))
            picture.close()
            page.close()
    finally:
        document.close()


def _plane(pixels: Grey) -> Grey:
    return pixels.reshape(pixels.shape[:2])


def _image_pages(path: Path) -> Iterator[Grey]:
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP", "TIFF", "BMP")) as image:
            for number, page in enumerate(ImageSequence.Iterator(image)):
                if page.width * page.height > MOST_PIXELS or number >= MOST_PAGES:
                    raise GatewayError(400, "scan-too-large", f"{path.name} is too large; scan with less detail")
                yield np.array(ImageOps.exif_transpose(page).convert("L"))
    except UnidentifiedImageError as fault:
        raise _unreadable(path) from fault
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise _unreadable(path) from fault


def _unreadable(path: Path) -> GatewayError:
    return GatewayError(400, "scan-unreadable", f"{path.name} is no picture or PDF that can be read; scan it again")

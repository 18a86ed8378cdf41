# SPDX-License-Identifier: Apache-2.0
"""Pictures before they are taken: whole, of a known kind, small enough; without a camera's hidden data."""

from __future__ import annotations

import hashlib
import io

from offline.errors import AttachmentRejected
from offline.registration import Attachment

MOST_BYTES = 5_000_000
MOST_SIDE = 2480  # pixels: A4 at 300 dpi across
MOST_PIXELS = 80_000_000
_QUALITY = 82
_KEPT = {"JPEG": "image/jpeg", "WEBP": "image/webp"}


def prepare_image(
    data: bytes, *, material: str | None = None, max_bytes: int = MOST_BYTES, max_side: int = MOST_SIDE
) -> Attachment:
    """A picture as it will be sent: JPEG and WebP as they are where they fit, all else as JPEG.

    Raises AttachmentRejected: attachment-too-large (`data` itself), attachment-not-image, attachment-truncated.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > 8 * max_bytes:
        raise AttachmentRejected("the file is too large; scan it again with less detail", "attachment-too-large")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "TIFF", "BMP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise AttachmentRejected("the picture has too many pixels; scan it again", "attachment-too-large")
            image.load()
            fits = image.format in _KEPT and max(image.size) <= max_side and len(data) <= max_bytes
            as_it_is = fits and not image.getexif()
            kept = data if as_it_is else _smaller(image, max_bytes, max_side)
            kind = _KEPT[str(image.format)] if as_it_is else "image/jpeg"
    except UnidentifiedImageError as fault:
        raise AttachmentRejected("this is no picture; scan the page again", "attachment-not-image") from fault
    except (OSError, SyntaxError, ValueError) as fault:
        raise AttachmentRejected("the picture is cut off; scan the page again", "attachment-truncated") from fault
    return Attachment(hashlib.sha256(kept).hexdigest(), kept, kind, material)


def media_type(data: bytes) -> str:
    """Of a picture that `prepare_image` gave."""
    return "image/webp" if data[:4] == b"RIFF" else "image/jpeg"


def _smaller(image: object, max_bytes: int, max_side: int) -> bytes:
    from PIL import Image, ImageOps

    assert isinstance(image, Image.Image)
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((max_side, max_side))
    picture = upright if upright.mode in ("RGB", "L") else upright.convert("RGB")
    for quality in (_QUALITY, 60, 40):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= max_bytes:
            return out.getvalue()
    raise AttachmentRejected("the picture is too large even when made smaller", "attachment-too-large")

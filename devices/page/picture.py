# SPDX-License-Identifier: Apache-2.0
"""Pictures in memory: 8 bits, blue-green-red, as OpenCV has them; and how bytes become one."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from devices.errors import ScanFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]  # height x width x 3
    Corners = NDArray[np.float32]  # 4 x 2: x, y in pixels; clockwise from the top left

MOST_PIXELS = 80_000_000
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")


def decode(data: bytes) -> Picture:
    """The picture in a file, upright as its EXIF says. Raises ScanFailed not-an-image, picture-too-large."""
    import warnings

    import numpy as np
    from PIL import Image, ImageOps

    too_large = ScanFailed("picture-too-large", "the picture has too many pixels; scan it again with less detail")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata and large sizes; the size is looked at below
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise too_large
                image.load()
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as fault:
        raise too_large from fault
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error) as fault:
        # What the library's decoders raise for files that lie about themselves.
        raise ScanFailed("not-an-image", "this is no whole picture; scan the page again") from fault
    return np.ascontiguousarray(np.asarray(upright, dtype=np.uint8)[:, :, ::-1])


def encode_jpeg(picture: Picture, quality: int = 92) -> bytes:
    """A colour JPEG."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture[:, :, ::-1]).save(out, "JPEG", quality=quality)
    return out.getvalue()


def grey(picture: Picture) -> NDArray[np.uint8]:
    """Brightness, 0 to 255."""
    import cv2
    import numpy as np

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

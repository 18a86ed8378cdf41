# SPDX-License-Identifier: Apache-2.0
"""QR codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def qr_image(text: str, module_px: int = 4, ecc: str = "M") -> Image:
    """A QR code with its quiet zone of 4 modules, black on white, mode "1"."""
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=ecc)
    raw = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    small = Image.fromarray(raw).convert("L")
    framed = Image.new("L", (small.width + 8, small.height + 8), 255)
    framed.paste(small, (4, 4))
    return framed.resize((framed.width * module_px, framed.height * module_px), Image.Resampling.NEAREST).convert("1")

# SPDX-License-Identifier: Apache-2.0
"""Scanned pages on their way into the store: checked, made smaller, kept encrypted, with a small preview."""

from __future__ import annotations

import io
from collections.abc import Sequence

from kiosk.visit.view import ScannedSheet
from offline.client.drafts import DraftBox

PREVIEW_SIDE = 480  # pixels


def keep_pages(drafts: DraftBox, pages: Sequence[bytes], *, ready: bool = False) -> tuple[ScannedSheet, ...]:
    """`ready`: made small already. Not for the UI thread.

    Raises ScanFailed not-an-image, AttachmentRejected, DiskFull, DiskReadOnly.
    """
    from devices.page.compact import compact
    from offline.client.images import prepare_image

    sheets = []
    for data in pages:
        picture = prepare_image(data if ready else compact(data).data)
        digest = drafts.keep_picture(picture.data)
        sheets.append(ScannedSheet(digest, picture.media_type, preview(picture.data)))
    return tuple(sheets)


def load_pages(drafts: DraftBox, digests: Sequence[str]) -> tuple[ScannedSheet, ...]:
    """Those of a resumed draft that are still there."""
    from offline.client.images import media_type

    found = ((digest, drafts.picture(digest)) for digest in digests)
    return tuple(ScannedSheet(digest, media_type(data), preview(data)) for digest, data in found if data is not None)


def preview(data: bytes) -> bytes:
    """A small JPEG of a picture that was already checked."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        image.draft("RGB", (PREVIEW_SIDE * 2, PREVIEW_SIDE * 2))
        small = image.convert("RGB")
        small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=75)
        return out.getvalue()

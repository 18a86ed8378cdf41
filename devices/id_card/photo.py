# SPDX-License-Identifier: Apache-2.0
"""The photo of a card: in the maker's closed coding. A vendor's decoder may be plugged in; without one it stays shut.

A decoder is a function `decode(block: bytes) -> bytes` that gives a PNG, JPEG or BMP, named by an entry point:
`[project.entry-points."doorstep.photo"]`, `wlt = "vendor_package:decode"`.
"""

from __future__ import annotations

import logging
from importlib.metadata import entry_points

log = logging.getLogger(__name__)
GROUP = "doorstep.photo"


def decode_photo(block: bytes) -> bytes | None:
    """A picture, or None where no plug-in can open the block. Never raises: a photo is not needed for any service."""
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            picture = entry.load()(block)
        except Exception as fault:  # third-party code
            log.warning("the photo decoder %s failed: %s", entry.name, type(fault).__name__)
            continue
        if isinstance(picture, bytes) and picture:
            return picture
    return None

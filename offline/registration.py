# SPDX-License-Identifier: Apache-2.0
"""What is handed in beside an application, and what is confirmed. For both halves of the store."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture to send: SHA-256 (hex) of its bytes, its type, and the material it belongs to.

    Small ones are given as `data`; a large one as `file`, which is never held whole.
    """

    digest: str
    data: bytes
    media_type: str
    material: str | None = None
    file: Path | None = None

    def open(self) -> BinaryIO:
        """The plain bytes."""
        return io.BytesIO(self.data) if self.file is None else self.file.open("rb")

    @property
    def size(self) -> int:
        """Of the plain bytes."""
        return len(self.data) if self.file is None else self.file.stat().st_size


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was confirmed, and when (ISO)."""

    record_id: str
    tracking_code: str
    confirmed_at: str

# SPDX-License-Identifier: Apache-2.0
"""What staff see of a stick and of scanned forms: values for the two pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from offline.stick.state import StickResult as UsbResult
from offline.stick.state import StickState as UsbState

__all__ = ["PaperForm", "PaperState", "UsbResult", "UsbState"]


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form whose codes were read: `status` "missing" (these numbers, of `total`), "kept", "known", "delivered",
    or "refused" (`code`). `tracking_code` and `item` are known once it is whole; `key` tells forms apart."""

    key: str
    status: Literal["missing", "kept", "known", "delivered", "refused"]
    total: int = 0
    missing: tuple[int, ...] = ()
    tracking_code: str = ""
    item: str = ""
    attachments: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class PaperState:
    """The forms of this sitting, newest first. `code`: what to say about the last try, "" where all is well."""

    forms: tuple[PaperForm, ...] = ()
    reading: bool = False
    code: str = ""

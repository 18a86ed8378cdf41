# SPDX-License-Identifier: Apache-2.0
"""What staff see of a stick and of scanned forms: values for the two pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UsbPhase = Literal["looking", "absent", "unreadable", "ready", "working", "done", "failed"]
UsbStage = Literal["", "taking", "writing", "syncing", "checking", "carrying"]


@dataclass(frozen=True, slots=True)
class UsbResult:
    """What came and went: counts. `carried`: records of other terminals that are sent from here now, `not_carried`
    those that could not be; `foreign`: parcels of other terminals, left alone, `foreign_returns`: receipts for them;
    `refused`: returns that were."""

    records: int = 0
    attachments: int = 0
    left: int = 0
    delivered: int = 0
    events: int = 0
    published: bool = False
    refused: int = 0
    foreign: int = 0
    foreign_returns: int = 0
    carried: int = 0
    not_carried: int = 0


@dataclass(frozen=True, slots=True)
class UsbState:
    """`records`, `attachments`, `size` (bytes) wait on the terminal; `free` (bytes) is of the stick `label`, ""
    where there is none.

    `done` of `total` bytes at `stage`; `seconds_left` is an estimate, None where it is nearly done or unknown.
    `code` says why it failed; `result` is there once `phase` is "done".
    """

    phase: UsbPhase = "looking"
    records: int = 0
    attachments: int = 0
    size: int = 0
    label: str = ""
    free: int = 0
    stage: UsbStage = ""
    done: int = 0
    total: int = 0
    seconds_left: int | None = None
    code: str = ""
    result: UsbResult | None = None

    @property
    def may_start(self) -> bool:
        """Whether a stick is there to begin with, or to begin again."""
        return self.phase == "ready" or (self.phase == "failed" and bool(self.label))

    @property
    def busy(self) -> bool:
        """Whether the stick must stay where it is."""
        return self.phase == "working"


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

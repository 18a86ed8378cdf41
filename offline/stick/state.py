# SPDX-License-Identifier: Apache-2.0
"""The state of a stick, as values to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StickPhase = Literal["looking", "absent", "unreadable", "ready", "working", "done", "failed"]
StickStage = Literal["", "taking", "writing", "syncing", "checking", "carrying"]


@dataclass(frozen=True, slots=True)
class StickResult:
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
class StickState:
    """`records`, `attachments`, `size` (bytes) wait on the terminal; `free` (bytes) is of the stick `label`, ""
    where there is none.

    `done` of `total` bytes at `stage`; `seconds_left` is an estimate, None where it is nearly done or unknown.
    `code` says why it failed; `result` is there once `phase` is "done".
    """

    phase: StickPhase = "looking"
    records: int = 0
    attachments: int = 0
    size: int = 0
    label: str = ""
    free: int = 0
    stage: StickStage = ""
    done: int = 0
    total: int = 0
    seconds_left: int | None = None
    code: str = ""
    result: StickResult | None = None

    @property
    def may_start(self) -> bool:
        """Whether a stick is there to begin with, or to begin again."""
        return self.phase == "ready" or (self.phase == "failed" and bool(self.label))

    @property
    def busy(self) -> bool:
        """Whether the stick must stay where it is."""
        return self.phase == "working"

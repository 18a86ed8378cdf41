# SPDX-License-Identifier: Apache-2.0
"""When a link is up: always, or in turns of so many seconds up and so many down, beginning up."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cuts:
    """Turns of `up` seconds with the link and `down` seconds without. The n-th turn is its epoch, from 0."""

    up: float = math.inf
    down: float = 0.0

    def epoch(self, t: float) -> int:
        """The turn that time `t` (seconds since the start) lies in; its time without the link belongs to it."""
        return 0 if math.isinf(self.up) else int(t // (self.up + self.down))

    def is_up(self, t: float) -> bool:
        """Whether the link carries anything at `t`."""
        return t < self.cut_at(t)

    def cut_at(self, t: float) -> float:
        """When the link goes, or went, down in the turn of `t`; never: infinity."""
        return math.inf if math.isinf(self.up) else self.epoch(t) * (self.up + self.down) + self.up

    def time_for(self, seconds: float) -> float:
        """How long it takes to have had `seconds` of link."""
        if math.isinf(self.up) or seconds <= 0:
            return seconds
        return seconds + (math.ceil(seconds / self.up) - 1) * self.down


NEVER = Cuts()

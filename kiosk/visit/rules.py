# SPDX-License-Identifier: Apache-2.0
"""The numbers of a visit (domain research: ISO-like kiosk evidence and the MIIT rules for older users)."""

from __future__ import annotations

from dataclasses import dataclass

ELDER_AGE = 70  # large type and voice start by themselves from this age
OF_AGE = 18
ALONE_FROM = 8  # Civil Code, art. 19-20: below, a guardian acts; until 18, a guardian agrees
NOT_TODAY = ("card-expired", "card-not-yet-valid")  # a card that only staff may accept
NOTICE_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds. `warning` is part of neither idle time: it comes after it."""

    idle: float = 90.0
    idle_slow: float = 180.0
    warning: float = 30.0
    card_wait: float = 60.0

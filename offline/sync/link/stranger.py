# SPDX-License-Identifier: Apache-2.0
"""Who answered, where an answer lacks the gateway's header: a proxy whose platform is away, or an unrelated page."""

from __future__ import annotations

from collections.abc import Mapping

from offline.errors import LinkDown
from offline.sync.refusals import retry_after

LONGEST = 300.0  # seconds that we stay away because a stranger asks for it
BUSY, LOG_IN = 429, 511  # RFC 6585, sections 4 and 6
AGAIN = frozenset({408, 502})  # RFC 9110, 15.5.9: repeat it on another connection; 15.6.3: one upstream of several died


def not_the_platform(status: int, headers: Mapping[str, str]) -> LinkDown:
    """What to think of it: `platform-away` or `captive-portal`. `headers` by lower-case or case-insensitive names.

    A proxy answers in the platform's place with 5xx (502, 503 and 504 of RFC 9110, 15.6) or, where it limits, 429. A
    portal wants its page to be seen: it says 200, redirects, or says 511.
    """
    if status in AGAIN or status == BUSY or (status >= 500 and status != LOG_IN):
        wait = retry_after(headers.get("retry-after", "0"))
        return LinkDown(
            f"a proxy answers in the platform's place ({status}): the platform is away",
            "platform-away",
            retry_after=min(wait, LONGEST),
        )
    return LinkDown("something that is not the platform answered; this network may want a log-in", "captive-portal")

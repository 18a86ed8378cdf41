# SPDX-License-Identifier: Apache-2.0
"""How much may be on its way: all flows together keep a little more than the link holds, and probe upward.

What is queued beyond the link's bandwidth-delay product only delays the next application and dies with the next cut.
"""

from __future__ import annotations

from collections import deque

FIRST_WINDOW = 24 * 1024  # bytes; grows as in slow start until the link is full
LEAST_WINDOW = 6 * 1024
MOST_WINDOW = 8 * 1024 * 1024
GAIN = 1.3  # times the bandwidth-delay product: above 1, so a link that became faster shows it
RATE_MEMORY = 12.0  # seconds of a full link over which the fastest rate counts
FULL_AFTER = 3  # round trips without a quarter more: the link is full
FIRST_FRAME = 128 * 1024  # bytes of one PATCH while nothing is known of the link
LEAST_FRAME, MOST_FRAME = 16 * 1024, 4 * 1024 * 1024
FRAME_TIME = 30.0  # seconds of link time


class Window:
    """Fed with what was delivered, says how many bytes may be under way. Seconds and bytes."""

    def __init__(self) -> None:
        self.limit = FIRST_WINDOW
        self.rate = 0.0
        self.min_rtt = 0.0
        self._samples: deque[tuple[float, int]] = deque()
        self._rates: deque[tuple[float, float]] = deque()  # (busy time, rate), falling rates only
        self._busy = 0.0  # seconds in which the link was seen full
        self._noted = 0.0
        self._growing = True
        self._round_ends = 0.0
        self._at_round = 0
        self._best = 0.0
        self._flat_rounds = 0
        self._full_since = 0.0

    def restart(self, now: float) -> None:
        """After an outage: what was measured of the link still counts, the gap in time does not."""
        self._samples.clear()
        self._full_since = 0.0
        self._round_ends = now

    def note(self, now: float, delivered: int, rtt: float, min_rtt: float, tick: float, *, full: bool) -> None:
        """`delivered`: bytes of all flows so far; `rtt` now and the least known; `tick`: seconds between two looks;
        `full`: there was more to send than the window let pass."""
        if min_rtt > 0:
            self.min_rtt = min_rtt
        if full:
            self._full_since = self._full_since or now
        else:
            self._full_since = 0.0
        recent = self._recent_rate(now, delivered)
        told = self._full_since > 0 and now - self._full_since >= self.min_rtt
        if recent > self.rate or (recent > 0 and told):  # less than it could have been says nothing of the link
            self._busy += min(now - self._noted, 0.5) if told else 0.0
            self._remember(recent)
        self._noted = now
        if self._growing:
            self._grow(now, delivered, rtt, told)
        if not self._growing:
            rate = self.rate
            if rtt > 2.5 * self.min_rtt + 0.2:  # a queue stands somewhere: the link became slower
                rate = recent or rate
            self.limit = int(rate * (GAIN * self.min_rtt + 2 * tick))
        self.limit = max(LEAST_WINDOW, min(MOST_WINDOW, self.limit))

    def _recent_rate(self, now: float, delivered: int) -> float:
        self._samples.append((now, delivered))
        span = max(self.min_rtt, 0.25)
        while len(self._samples) > 2 and self._samples[1][0] <= now - span:
            self._samples.popleft()
        first = self._samples[0]
        if now - first[0] < span * 0.75:
            return 0.0
        return (delivered - first[1]) / (now - first[0])

    def _remember(self, rate: float) -> None:
        while self._rates and self._rates[-1][1] <= rate:
            self._rates.pop()
        self._rates.append((self._busy, rate))
        while self._rates[0][0] < self._busy - RATE_MEMORY:
            self._rates.popleft()
        self.rate = self._rates[0][1]

    def _grow(self, now: float, delivered: int, rtt: float, told: bool) -> None:
        if now < self._round_ends or not told:
            return
        moved, self._at_round = delivered - self._at_round, delivered
        self._round_ends = now + max(rtt, self.min_rtt, 0.02)
        if moved < self.limit // 2:
            return
        if self.rate > 1.25 * self._best:
            self._best, self._flat_rounds = self.rate, 0
        else:
            self._flat_rounds += 1
        if self._flat_rounds >= FULL_AFTER or (self.min_rtt > 0.02 and rtt > 1.25 * self.min_rtt + 0.02):
            self._growing = False
        else:
            self.limit = min(MOST_WINDOW, self.limit * 2)


def frame_size(rate: float, flows: int) -> int:
    """Bytes of the next PATCH: at most 30 s of link time, the link being shared by `flows`."""
    if rate <= 0:
        return FIRST_FRAME
    return int(max(LEAST_FRAME, min(MOST_FRAME, rate * FRAME_TIME / max(1, flows))))

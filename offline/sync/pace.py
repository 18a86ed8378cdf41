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
RATE_MEMORY = 12.0  # seconds in which something moved, over which the fastest rate counts
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
        self._rates: deque[tuple[float, float]] = deque()  # (active time, rate), falling rates only
        self._active = 0.0
        self._growing = True
        self._round_ends = 0.0
        self._best = 0.0
        self._flat_rounds = 0

    def restart(self, now: float) -> None:
        """After an outage: what was measured of the link still counts, the gap in time does not."""
        self._samples.clear()
        self._round_ends = now

    def note(self, now: float, delivered: int, rtt: float, min_rtt: float, tick: float) -> None:
        """`delivered`: bytes of all flows so far; `rtt` now and the least known; `tick`: seconds between two looks."""
        if min_rtt > 0:
            self.min_rtt = min_rtt
        recent = self._recent_rate(now, delivered)
        if recent > 0:
            self._remember(now, recent)
        if self._growing:
            self._grow(now, rtt)
        if not self._growing:
            rate = self.rate
            if rtt > 2.5 * self.min_rtt + 0.2:  # a queue stands somewhere: the link became slower
                rate = recent or rate
            self.limit = int(rate * (GAIN * self.min_rtt + 2 * tick))
        self.limit = max(LEAST_WINDOW, min(MOST_WINDOW, self.limit))

    def _recent_rate(self, now: float, delivered: int) -> float:
        if self._samples and delivered == self._samples[-1][1] and len(self._samples) > 1:
            self._samples.pop()
        self._samples.append((now, delivered))
        span = max(self.min_rtt, 0.25)
        while len(self._samples) > 2 and self._samples[1][0] <= now - span:
            self._samples.popleft()
        first = self._samples[0]
        if now - first[0] < span * 0.75:
            return 0.0
        return (delivered - first[1]) / (now - first[0])

    def _remember(self, now: float, rate: float) -> None:
        while self._rates and self._rates[-1][1] <= rate:
            self._rates.pop()
        self._rates.append((now, rate))
        while self._rates[0][0] < now - RATE_MEMORY:
            self._rates.popleft()
        self.rate = self._rates[0][1]

    def _grow(self, now: float, rtt: float) -> None:
        if now < self._round_ends:
            return
        self._round_ends = now + max(rtt, self.min_rtt, 0.02)
        if self.rate <= 0:
            return
        if self.rate > 1.25 * self._best:
            self._best, self._flat_rounds = self.rate, 0
        else:
            self._flat_rounds += 1
        if self._flat_rounds >= FULL_AFTER or (self.min_rtt > 0.02 and rtt > 1.6 * self.min_rtt):
            self._growing = False
        else:
            self.limit = min(MOST_WINDOW, self.limit * 2)


def frame_size(rate: float, flows: int) -> int:
    """Bytes of the next PATCH: at most 30 s of link time, the link being shared by `flows`."""
    if rate <= 0:
        return FIRST_FRAME
    return int(max(LEAST_FRAME, min(MOST_FRAME, rate * FRAME_TIME / max(1, flows))))

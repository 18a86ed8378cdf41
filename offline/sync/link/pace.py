# SPDX-License-Identifier: Apache-2.0
"""How much may be on its way: all flows together keep a little more than the link holds, and probe upward.

What is queued beyond the link's bandwidth-delay product only delays the next application and dies with the next cut.
"""

from __future__ import annotations

import math
from collections import deque
from typing import NamedTuple

FIRST_WINDOW = 24 * 1024  # bytes; grows as in slow start until the link is full
LEAST_WINDOW = 6 * 1024
MOST_WINDOW = 8 * 1024 * 1024
GAIN = 1.3  # times the bandwidth-delay product: above 1, so a link that became faster shows it
LOSSY_GAIN = 1.6  # where packets are lost a flow stands still now and then, and the others fill in for it
RATE_MEMORY = 12.0  # seconds of a full link over which the fastest rate counts
RTT_MEMORY = 120.0  # seconds over which the least round trip counts, at least
IN_USE = 0.75  # share of the window under way from which what was delivered tells something of the link


class _Sample(NamedTuple):
    at: float
    delivered: int
    pipe: int


class Window:
    """Fed with what was delivered, says how many bytes may be under way. Seconds and bytes."""

    def __init__(self) -> None:
        self.limit = FIRST_WINDOW
        self.rate = 0.0
        self.min_rtt = 0.0
        self.lossy = False  # the link loses packets
        self._samples: deque[_Sample] = deque()
        self._rates: deque[tuple[float, float]] = deque()  # (busy time, rate), falling rates only
        self._busy = 0.0  # seconds in which the window was in use
        self._in_use_since = math.inf
        self._least = (math.inf, math.inf)  # round trips of this spell and of the one before
        self._spell_ends = 0.0
        self._noted = 0.0
        self._growing = True
        self._round_ends = 0.0

    def restart(self, now: float) -> None:
        """After an outage: what was measured of the link still counts, the gap in time does not."""
        self._samples.clear()
        self._in_use_since = math.inf
        self._round_ends = now

    def note(self, now: float, delivered: int, pipe: int, rtt: float, min_rtt: float, tick: float) -> None:
        """`delivered`: bytes of all flows so far; `pipe`: bytes under way; `rtt` of those that carry much (0: none),
        and the least known; `tick`: seconds between two looks."""
        self._note_rtt(now, min_rtt)
        recent, used = self._lately(now, delivered, pipe)
        self._in_use_since = min(now, self._in_use_since) if used >= IN_USE * self.limit else math.inf
        told = now - self._in_use_since >= self.min_rtt  # what was sent since has been acknowledged by now
        if recent > self.rate or (recent > 0 and told):  # less than it could have been says nothing of the link
            self._busy += min(now - self._noted, 0.5) if told else 0.0
            self._remember(recent)
        self._noted = now
        if self._growing and told and recent and now >= self._round_ends:
            self._round_ends = now + max(rtt, self.min_rtt, 0.02)
            self._grow(recent, used, rtt)
        if not self._growing:
            rate = self.rate
            if rtt > 2.5 * self.min_rtt + 0.2:  # a queue stands somewhere: the link became slower
                rate = recent or rate
            gain = LOSSY_GAIN if self.lossy else GAIN
            self.limit = int(rate * (gain * self.min_rtt + 2 * tick))
        self.limit = max(LEAST_WINDOW, min(MOST_WINDOW, self.limit))

    def _note_rtt(self, now: float, min_rtt: float) -> None:
        """The least of lately: a connection that was made while a queue stood knows only its own."""
        if now >= self._spell_ends:
            self._least, self._spell_ends = (math.inf, self._least[0]), now + RTT_MEMORY
        if min_rtt > 0:
            self._least = (min(self._least[0], min_rtt), self._least[1])
            self.min_rtt = min(self._least)

    def _lately(self, now: float, delivered: int, pipe: int) -> tuple[float, float]:
        """Over the last round trip: bytes delivered a second (0: not known yet), and bytes under way on average."""
        self._samples.append(_Sample(now, delivered, pipe))
        span = max(self.min_rtt, 0.25)
        while len(self._samples) > 2 and self._samples[1].at <= now - span:
            self._samples.popleft()
        first = self._samples[0]
        if now - first.at < span * 0.75:
            return 0.0, 0.0
        return (delivered - first.delivered) / (now - first.at), sum(s.pipe for s in self._samples) / len(self._samples)

    def _remember(self, rate: float) -> None:
        while self._rates and self._rates[-1][1] <= rate:
            self._rates.pop()
        self._rates.append((self._busy, rate))
        while self._rates[0][0] < self._busy - RATE_MEMORY:
            self._rates.popleft()
        self.rate = self._rates[0][1]

    def _grow(self, recent: float, used: float, rtt: float) -> None:
        """The window was in use for a round trip. What is under way by what is delivered is the time that a byte takes
        (Little's law); where that is more than a round trip, a queue stands, and the link is full. Who stops too early
        loses little: `GAIN` goes on more slowly."""
        if max(rtt, used / recent) > 1.3 * self.min_rtt + 0.03:
            self._growing = False
        else:
            self.limit = min(MOST_WINDOW, self.limit * 2)

# SPDX-License-Identifier: Apache-2.0
"""One direction of a link: a queue that drops its tail, a rate, random loss, a delay, and cuts.

A packet is lost at random after it used its time on the link, as on the air. A cut loses what waits in the queue and
what is offered meanwhile; what was sent before still arrives.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from bench.link.schedule import Cuts


@dataclass(slots=True)
class Counters:
    """Packets and bytes (of IP) of one direction. `offered` is all that the sender put out, and holds the others.

    `carried` used the link: it arrived, or was lost on it at random. The queue or a cut threw the rest away before.
    """

    offered: int = 0
    offered_bytes: int = 0
    carried_bytes: int = 0
    delivered: int = 0
    delivered_bytes: int = 0
    overflowed: int = 0
    lost: int = 0
    cut: int = 0


class Pipe:
    """Says of each packet when it arrives; the times are seconds since the link's start."""

    def __init__(
        self, rate: float, delay: float, *, queue: int, loss: float = 0.0, cuts: Cuts, rng: random.Random
    ) -> None:
        self._seconds_a_byte = 8 / rate
        self._delay = delay
        self._queue_time = queue * self._seconds_a_byte
        self._loss = loss
        self._cuts = cuts
        self._rng = rng
        self._free_at = 0.0
        self._epoch = 0
        self.counters = Counters()
        self.by_second: Counter[int] = Counter()  # bytes carried in each second since the start

    def offer(self, now: float, size: int) -> float | None:
        """When a packet of `size` bytes that comes now arrives at the other end; None: never."""
        count = self.counters
        count.offered += 1
        count.offered_bytes += size
        lost = self._rng.random() < self._loss  # drawn for every packet: the n-th has the same fate on a like link
        if not self._cuts.is_up(now):
            count.cut += 1
            return None
        epoch = self._cuts.epoch(now)
        if epoch != self._epoch:
            self._epoch, self._free_at = epoch, now  # the cut emptied the queue
        begins = max(now, self._free_at)
        takes = size * self._seconds_a_byte
        if begins - now + takes > self._queue_time and begins > now:
            count.overflowed += 1
            return None
        self._free_at = begins + takes
        if self._free_at >= self._cuts.cut_at(now):
            count.cut += 1
            return None
        count.carried_bytes += size
        self.by_second[int(begins)] += size
        if lost:
            count.lost += 1
            return None
        count.delivered += 1
        count.delivered_bytes += size
        return self._free_at + self._delay

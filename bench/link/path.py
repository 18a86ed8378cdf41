# SPDX-License-Identifier: Apache-2.0
"""Both directions of a link with what is under way in them. Knows no clock: whoever drives it says what time it is."""

from __future__ import annotations

import enum
import heapq
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from bench.link.flows import FlowTable, Mode
from bench.link.pipe import Counters, Pipe
from bench.link.schedule import NEVER, Cuts


class End(enum.IntEnum):
    """The two ends of a link: the terminal's, and the platform's."""

    NEAR = 0
    FAR = 1

    @property
    def other(self) -> End:
        """The end across."""
        return End(1 - self)


@dataclass(frozen=True, slots=True)
class Profile:
    """A link: bits a second up (near to far) and down, seconds of delay one way, bytes of queue, share lost."""

    up: float = 256_000
    down: float = 512_000
    delay: float = 0.3
    queue: int = 48 * 1024
    loss: float = 0.0
    cuts: Cuts = NEVER
    mode: Mode = Mode.DROP
    seed: int = 1


FAST = Profile(up=1e9, down=1e9, delay=0.0, queue=1 << 30)


class Path:
    """The link itself. Times are seconds since its start; packets are whole IP packets."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.flows = FlowTable(profile.mode)
        self._pipes = tuple(self._pipe(rate, way) for rate, way in ((profile.up, "up"), (profile.down, "down")))
        self._under_way: list[tuple[float, int, End, int | None, bytes]] = []  # no epoch: the box's own
        self._count = 0

    def _pipe(self, rate: float, way: str) -> Pipe:
        p = self.profile
        rng = random.Random(f"{p.seed} {way}")
        return Pipe(rate, p.delay, queue=p.queue, loss=p.loss, cuts=p.cuts, rng=rng)

    @property
    def up(self) -> Counters:
        """What went from near to far."""
        return self._pipes[End.NEAR].counters

    @property
    def down(self) -> Counters:
        """What went from far to near."""
        return self._pipes[End.FAR].counters

    def timeline(self) -> list[tuple[int, int]]:
        """Bytes carried up and down in each second since the start."""
        up, down = (pipe.by_second for pipe in self._pipes)
        return [(up[second], down[second]) for second in range(max((*up, *down), default=-1) + 1)]

    def offer(self, now: float, sender: End, packet: bytes) -> None:
        """Takes a packet that an end sends."""
        cuts = self.profile.cuts
        epoch = cuts.epoch(now)
        if sender is End.FAR and cuts.is_up(now):  # the box that knows flows stands at the far end
            passes, answer = self.flows.judge(packet, epoch)
            if not passes:
                if answer is not None:
                    self._put(now, End.FAR, None, answer)
                return
        self._carry(now, sender, packet)

    def _carry(self, now: float, sender: End, packet: bytes) -> None:
        arrives = self._pipes[sender].offer(now, len(packet))
        if arrives is not None:
            self._put(arrives, sender.other, self.profile.cuts.epoch(now), packet)

    def _put(self, when: float, to: End, epoch: int | None, packet: bytes) -> None:
        self._count += 1
        heapq.heappush(self._under_way, (when, self._count, to, epoch, packet))

    def next_arrival(self) -> float:
        """When `arrivals` has something to say; infinity: nothing is under way."""
        return self._under_way[0][0] if self._under_way else math.inf

    def arrivals(self, now: float) -> Iterator[tuple[End, bytes]]:
        """What has come by now, in the order of time: the end it comes to, and the packet."""
        while self._under_way and self._under_way[0][0] <= now:
            when, _, to, epoch, packet = heapq.heappop(self._under_way)
            if to is End.FAR and epoch is not None:
                passes, answer = self.flows.judge(packet, epoch)
                if not passes:
                    if answer is not None:
                        self._carry(when, End.FAR, answer)
                    continue
            yield to, packet

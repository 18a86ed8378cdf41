# SPDX-License-Identifier: Apache-2.0
"""Who is served when more come than can be served: bounded queues, terminals in turn, records before attachments.

One of these per worker process. Without a place the answer says when to come back; the time grows with how many wait,
here and outside, so that after an outage the fleet spreads itself out.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import anyio
from starlette.types import Message, Receive

from gateway.errors import GatewayError

_MEMORY = 20.0  # seconds in which refusals fade by a factor of e
_CLOSE = {"Connection": "close"}
_LONGEST_PAUSE = 2.0  # seconds that a chunk of an attachment waits for records


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one worker process."""

    at_once: int = 4  # batches being written
    waiting: int = 256  # batches that wait for it
    of_terminal: int = 6  # batches of one terminal, waiting or written
    buffered: int = 64 * 1024 * 1024  # bytes of parcels in memory
    attachments: int = 128  # attachments that are coming in
    attachments_of_terminal: int = 6
    others: int = 512  # feeds, tokens and the rest
    longest_wait: int = 300  # seconds that anybody is sent away for
    silence: float = 60.0  # seconds without a byte after which a half-sent request is given up: its flow is dead


USUAL = Limits()


class Admission:
    """Use from one event loop."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self._limits = limits
        self._running = 0
        self._queues: dict[int, deque[asyncio.Future[None]]] = {}
        self._turns: deque[int] = deque()  # terminals whose queue is not empty, in the order they are served
        self._of_terminal: dict[int, int] = {}
        self._attachments: dict[int, list[anyio.CancelScope]] = {}  # of each terminal, the oldest first
        self._attachments_open = 0
        self._others = 0
        self._buffered = 0
        self._service = 0.01  # seconds of one batch, smoothed
        self._refused = 0.0
        self._refused_at = time.monotonic()
        self._records_idle = asyncio.Event()
        self._records_idle.set()

    @property
    def busy(self) -> bool:
        """Whether records are being taken in or wait for it. Any thread may ask."""
        return self._running > 0

    @property
    def waiting(self) -> int:
        """How many batches wait."""
        return sum(len(queue) for queue in self._queues.values())

    @contextmanager
    def buffered(self, size: int) -> Iterator[None]:
        """Room for a parcel's bytes. Raises GatewayError busy."""
        if self._buffered + size > self._limits.buffered:
            raise self._busy()
        self._buffered += size
        try:
            yield
        finally:
            self._buffered -= size

    @asynccontextmanager
    async def records(self, terminal: int) -> AsyncIterator[None]:
        """A turn for one batch. Raises GatewayError busy."""
        mine = self._of_terminal.get(terminal, 0)
        if mine >= self._limits.of_terminal or self.waiting >= self._limits.waiting:
            raise self._busy()
        self._of_terminal[terminal] = mine + 1
        self._records_idle.clear()
        try:
            if self._running >= self._limits.at_once:
                await self._turn(terminal)
            else:
                self._running += 1
            began = time.monotonic()
            try:
                yield
            finally:
                self._service += (time.monotonic() - began - self._service) / 16
                self._running -= 1
                self._next()
        finally:
            _count_down(self._of_terminal, terminal)
            if not self._of_terminal:
                self._records_idle.set()

    async def _turn(self, terminal: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._queues.setdefault(terminal, deque())
        queue.append(turn)
        if len(queue) == 1:
            self._turns.append(terminal)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it had just been given to us
                self._running -= 1
                self._next()
            raise

    def _next(self) -> None:
        """Gives the free place to the next terminal's first batch."""
        while self._turns and self._running < self._limits.at_once:
            terminal = self._turns.popleft()
            queue = self._queues[terminal]
            turn = queue.popleft()
            if queue:
                self._turns.append(terminal)
            else:
                del self._queues[terminal]
            if not turn.done():
                self._running += 1
                turn.set_result(None)

    @asynccontextmanager
    async def attachment(self, terminal: int) -> AsyncIterator[None]:
        """A place for one attachment that comes in. Raises GatewayError busy."""
        mine = self._attachments.setdefault(terminal, [])
        limits = self._limits
        if self.waiting > limits.waiting // 2 or self._attachments_open >= limits.attachments:
            raise self._busy()
        if len(mine) >= limits.attachments_of_terminal:
            mine.pop(0).cancel()  # after a cut the terminal goes on elsewhere; of the old flow we hear nothing
        self._attachments_open += 1
        scope = anyio.CancelScope()
        mine.append(scope)
        try:
            with scope:
                yield
        finally:
            self._attachments_open -= 1
            if scope in mine:
                mine.remove(scope)
            if not mine:
                self._attachments.pop(terminal, None)
        if scope.cancelled_caught:
            raise GatewayError(409, "taken-over", "newer requests of this terminal took its place", _CLOSE)

    async def records_first(self) -> None:
        """Lets records pass before an attachment's next bytes; they then wait in the sender's connection."""
        if not self._records_idle.is_set():
            try:
                async with asyncio.timeout(_LONGEST_PAUSE):
                    await self._records_idle.wait()
            except TimeoutError:
                return

    @asynccontextmanager
    async def other(self) -> AsyncIterator[None]:
        """A place for any other request. Raises GatewayError busy."""
        if self._others >= self._limits.others:
            raise self._busy()
        self._others += 1
        try:
            yield
        finally:
            self._others -= 1

    def patient(self, receive: Receive) -> Receive:
        """`receive` that gives up a sender of whom nothing comes any more. Raises GatewayError silent."""

        async def within_time() -> Message:
            try:
                async with asyncio.timeout(self._limits.silence):
                    return await receive()
            except TimeoutError as fault:
                raise GatewayError(408, "silent", "the rest did not come; send it again", _CLOSE) from fault

        return within_time

    def _busy(self) -> GatewayError:
        now = time.monotonic()
        self._refused = self._refused * math.exp((self._refused_at - now) / _MEMORY) + 1
        self._refused_at = now
        ahead = (self.waiting + self._others / 4 + self._refused) * self._service / self._limits.at_once
        seconds = max(1, min(self._limits.longest_wait, math.ceil(ahead)))
        return GatewayError(
            503, "busy", f"more is coming in than can be taken; try again in {seconds} s", {"Retry-After": str(seconds)}
        )


def _count_down(counts: dict[int, int], terminal: int) -> None:
    counts[terminal] -= 1
    if not counts[terminal]:
        del counts[terminal]

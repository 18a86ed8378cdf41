# SPDX-License-Identifier: Apache-2.0
"""How simulated devices are made to fail: at a given answer, or at random with a seed that brings the same again."""

from __future__ import annotations

import random
import threading
from collections.abc import Collection, Iterable


class Faults:
    """The plan of one simulated device: it asks `next` once an answer. Any thread.

    `kinds` are the faults it knows. What is planned for a given answer goes before what chance brings.
    """

    def __init__(self, kinds: Collection[str]) -> None:
        self.kinds = tuple(kinds)
        self.answers = 0
        """How many were given so far."""
        self.told: list[tuple[int, str]] = []
        """Number of the answer (0 is the first) and its fault, of all that had one."""
        self._planned: dict[int, str] = {}
        self._chance: tuple[random.Random, float, tuple[str, ...]] | None = None
        self._lock = threading.Lock()

    def once(self, kind: str, after: int = 0) -> None:
        """A single fault, `after` so many more good answers. Raises ValueError for an unknown kind."""
        self._known([kind])
        with self._lock:
            self._planned[self.answers + after] = kind

    def randomly(self, seed: int | str, share: float, kinds: Iterable[str] | None = None) -> None:
        """From now on one of `kinds` (all, if None) in this share of the answers, 0 to 1. Raises ValueError."""
        chosen = self._known(self.kinds if kinds is None else kinds)
        if not 0 <= share <= 1:
            raise ValueError("a share is from 0 to 1")
        with self._lock:
            self._chance = (random.Random(seed), share, chosen)

    def clear(self) -> None:
        """Nothing is planned any more."""
        with self._lock:
            self._planned.clear()
            self._chance = None

    def next(self) -> str | None:
        """The fault of the answer that comes now."""
        with self._lock:
            fault = self._planned.pop(self.answers, None) or self._by_chance()
            if fault is not None:
                self.told.append((self.answers, fault))
            self.answers += 1
            return fault

    def _by_chance(self) -> str | None:
        if self._chance is None:
            return None
        source, share, kinds = self._chance
        return source.choice(kinds) if source.random() < share and kinds else None

    def _known(self, kinds: Iterable[str]) -> tuple[str, ...]:
        chosen = tuple(kinds)
        if unknown := set(chosen) - set(self.kinds):
            raise ValueError(f"{', '.join(sorted(unknown))}: this device knows {', '.join(self.kinds)}")
        return chosen


class PulledOut(Exception):
    """The plug is pulled while an answer is sent; `sent` is what still went out."""

    def __init__(self, sent: bytes) -> None:
        super().__init__("pulled out")
        self.sent = sent

# SPDX-License-Identifier: Apache-2.0
"""How fast bytes leave, and how long what is left will take."""

from __future__ import annotations

from collections import deque


def estimate(bytes_left: int, rate: float) -> int | None:
    """Seconds for what is left, protocol overhead included."""
    if not bytes_left or rate < 50:
        return None
    return int(bytes_left * 1.01 / rate) + 1


class Throughput:
    """Bytes a second that left lately. What the kernel measures ends at the next box, which may take more than it
    passes on; what is handed over is held back by the whole way."""

    def __init__(self, over: float = 8.0) -> None:
        self._over = over
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, handed: int) -> None:
        """`handed`: bytes so far; an exchange begins at 0 again."""
        if self._seen and handed < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, handed))
        while len(self._seen) > 2 and self._seen[1][0] <= now - self._over:
            self._seen.popleft()

    def rate(self, otherwise: float) -> float:
        """`otherwise` where too little was seen."""
        (began, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if now - began >= 1.0 and last > first else otherwise

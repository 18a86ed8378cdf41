# SPDX-License-Identifier: Apache-2.0
"""The operator's box at the far end of a link, which forgets its flows with every cut.

What a flow from before the cut meets: it goes on (`drop`: only packets are lost), it is reset at its first packet
(`rst`), or its packets vanish for ever (`hang`). New connections always work.
"""

from __future__ import annotations

import enum

from bench.link.packet import RST, Segment, read_segment, reset_for


class Mode(enum.StrEnum):
    """What a cut does to the connections that lived through it."""

    DROP = "drop"
    RST = "rst"
    HANG = "hang"


class FlowTable:
    """Knows in which epoch of the link each connection was opened."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._born: dict[tuple[bytes, int, bytes, int], int] = {}
        self.resets = 0

    def judge(self, packet: bytes, epoch: int) -> tuple[bool, bytes | None]:
        """Whether a packet passes in this epoch, and if not, the reset that its sender gets."""
        if self._mode is Mode.DROP:
            return True, None
        segment = read_segment(packet)
        if segment is None:
            return True, None
        if segment.opens:
            self._born[segment.flow] = epoch
            return True, None
        if self._born.get(segment.flow, 0) == epoch:
            return True, None
        return False, self._refuse(segment)

    def _refuse(self, segment: Segment) -> bytes | None:
        if self._mode is Mode.HANG or segment.flags & RST:
            return None
        self.resets += 1
        return reset_for(segment)

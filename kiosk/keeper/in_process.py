# SPDX-License-Identifier: Apache-2.0
"""Keeper and visit in one process, over the same socket pair and messages: where a window is driven from within, as by
the demo that plays itself, and one process's memory is not the question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.keeper.keeper import Keeper
from offline.port.client import Client
from offline.terminal import Terminal


@contextmanager
def keeper_beside(
    terminal: Terminal, *, sync_seconds: float = 30.0, media_root: Path = Path("/")
) -> Iterator[tuple[Keeper, Client]]:
    """A keeper that works, and a visit's connection to it. The terminal stays its owner's."""
    keeper = Keeper(terminal, sync_seconds=sync_seconds, media_root=media_root)
    try:
        keeper.start()
        client = Client(keeper.connect()[1], "visit")
        try:
            yield keeper, client
        finally:
            client.close()
    finally:
        keeper.stop()

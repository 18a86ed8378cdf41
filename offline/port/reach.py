# SPDX-License-Identifier: Apache-2.0
"""A command's way to a terminal's store: through the keeper where the terminal runs, else by opening it here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline.client.store import StoreClient
from offline.port.client import Client
from offline.port.server import connect
from offline.terminal import Terminal


@contextmanager
def reach(data: Path) -> Iterator[StoreClient]:
    """Raises what `Terminal.open` raises; DataDirInUse where another command has the directory."""
    client = ask_keeper(data)
    if client is None:
        with Terminal.open(data) as terminal:
            yield terminal.client
        return
    try:
        yield StoreClient(client, client.welcome.hash_key)
    finally:
        client.close()


def ask_keeper(data: Path) -> Client | None:
    """A connection to the keeper of this data directory; None where none runs. Close it. Raises OfflineError."""
    try:
        sock = connect(data)
    except OSError:
        return None
    return Client(sock, "command")

# SPDX-License-Identifier: Apache-2.0
"""A keeper that serves its socket in this process, over a terminal that needs no network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.keeper.keeper import Keeper
from offline.client.store import StoreClient
from offline.port.client import Client
from offline.port.server import connect
from offline.terminal import Terminal
from tests.offline.enrolled import Keys, terminal_at


@pytest.fixture
def platform() -> Keys:
    return Keys.new()


@pytest.fixture
def terminal(tmp_path: Path, platform: Keys) -> Iterator[Terminal]:
    with terminal_at(tmp_path / "terminal", platform) as one:
        yield one


@contextmanager
def serving(terminal: Terminal) -> Iterator[Keeper]:
    keeper = Keeper(terminal, sync_seconds=3600)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()


@pytest.fixture
def keeper(terminal: Terminal) -> Iterator[Keeper]:
    with serving(terminal) as one:
        yield one


@pytest.fixture
def raw(keeper: Keeper) -> Iterator[Callable[[], socket.socket]]:
    """Bare connections to the keeper's socket."""
    made = []

    def make() -> socket.socket:
        sock = connect(keeper.terminal.data)
        sock.settimeout(30)
        made.append(sock)
        return sock

    yield make
    for sock in made:
        sock.close()


@pytest.fixture
def ask(keeper: Keeper) -> Iterator[Callable[[], StoreClient]]:
    """Clients over the keeper's socket, as commands have them."""
    made = []

    def make() -> StoreClient:
        client = Client(connect(keeper.terminal.data), "command")
        made.append(client)
        return StoreClient(client, client.welcome.hash_key)

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(ask: Callable[[], StoreClient]) -> StoreClient:
    return ask()

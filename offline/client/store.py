# SPDX-License-Identifier: Apache-2.0
"""The whole client half over one port: registering, drafts, cases, staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from offline.client.cases import CaseFinder
from offline.client.drafts import DraftBox
from offline.client.port import Port
from offline.client.registrar import Registrar
from offline.client.staff import StaffDoor

if TYPE_CHECKING:
    from offline.sync.progress import SyncState
    from offline.sync.report import SyncReport
    from offline.terminal import Terminal


class StoreClient:
    """Make it of a port and the key that hashes ID numbers; both come with the keeper's welcome."""

    def __init__(self, port: Port, hash_key: bytes) -> None:
        self.port = port
        self.registrar = Registrar(port, hash_key)
        self.drafts = DraftBox(port, hash_key)
        self.cases = CaseFinder(port, hash_key)
        self.staff = StaffDoor(port)


def client_here(terminal: Terminal) -> StoreClient:
    """Keeper and client in one process, where nobody else is served: commands on a terminal that does not run."""
    from offline.port.service import Service

    return StoreClient(Service(terminal, _Alone(terminal)).session(), terminal.hash_key)


class _Alone:
    """Beside the store there is nothing."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def wake(self) -> None:
        """Nobody sends."""

    def exchange(self, retry_parked: bool) -> SyncReport:
        """By an engine of this moment."""
        from offline.sync import SyncEngine

        if retry_parked:
            self._terminal.ask(lambda outbox, _i, _s: outbox.unpark())
        return SyncEngine(self._terminal).run_once()

    def state(self) -> SyncState | None:
        """No engine runs."""
        return None

    def stick(self, wish: str) -> None:
        """Nobody looks for one."""

    def devices(self) -> tuple[Mapping[str, Any], ...] | None:
        """No visit is on stage."""
        return None

    def settings(self) -> Mapping[str, Any]:
        """No visit is served."""
        return {}

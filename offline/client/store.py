# SPDX-License-Identifier: Apache-2.0
"""The whole client half over one port: registering, drafts, cases, staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contract.catalogue import load_catalogue
from contract.items import Catalogue
from contract.packing import from_cbor
from offline.client.cases import CaseFinder
from offline.client.drafts import DraftBox
from offline.client.port import Port
from offline.client.registrar import Registrar
from offline.client.staff import StaffDoor
from offline.port import messages

if TYPE_CHECKING:
    from offline.sync.report import SyncReport
    from offline.sync.state import SyncState
    from offline.terminal import Terminal


class StoreClient:
    """Make it of a port and the key that hashes ID numbers; both come with the keeper's welcome."""

    def __init__(self, port: Port, hash_key: bytes) -> None:
        self.port = port
        self.registrar = Registrar(port, hash_key)
        self.drafts = DraftBox(port, hash_key)
        self.cases = CaseFinder(port, hash_key)
        self.staff = StaffDoor(port)
        self._catalogue: Catalogue | None = None

    def catalogue(self) -> Catalogue:
        """As it was when first asked for: a batch is judged by one. Raises NoCatalogue."""
        if self._catalogue is None:
            document = self.port.ask(messages.AskCatalogue()).data
            assert document is not None
            self._catalogue = load_catalogue(from_cbor(document), trusted=True)
        return self._catalogue

    def now(self) -> datetime:
        """By the keeper's clock."""
        return datetime.fromisoformat(self.port.ask(messages.AskClock()).value or "")


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
        from offline.sync.engine import SyncEngine

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

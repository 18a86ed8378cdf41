# SPDX-License-Identifier: Apache-2.0
"""Looking cases up: the keeper finds them by the keyed hash or the code, the names in them are unlocked here."""

from __future__ import annotations

from offline.case import CaseView
from offline.client.port import Port
from offline.errors import VaultDamaged
from offline.port import messages
from offline.secrets import person_hash, unlock


class CaseFinder:
    """Cases as a person may see them."""

    def __init__(self, port: Port, hash_key: bytes) -> None:
        self._port = port
        self._hash_key = hash_key

    def of(self, id_number: str) -> list[CaseView]:
        """This person's cases, newest first."""
        found = self._port.ask(messages.CasesOf(person_hash(self._hash_key, id_number)))
        return [_view(case) for case in found.cases]

    def by_code(self, tracking_code: str) -> CaseView | None:
        """A case by its code."""
        found = self._port.ask(messages.CaseOf(tracking_code)).cases
        return _view(found[0]) if found else None

    def secret(self, seq: int) -> bytes:
        """By which the sealed body of one event opens. Raises OfflineError event-unknown."""
        secret = self._port.ask(messages.AskSecret(seq)).data
        assert secret is not None
        return secret


def _view(case: messages.Case) -> CaseView:
    name = case.applicant
    if case.locked_name:
        try:
            name = unlock(case.name_key, case.locked_name, "name").decode()
        except (VaultDamaged, UnicodeDecodeError):
            name = ""
    return CaseView(
        case.tracking_code, case.item_id, case.item_name, name, case.confirmed_at, case.state, case.record_id,
        case.case_number, case.received_at, case.events, case.outbox, case.parked_reason,
    )  # fmt: skip

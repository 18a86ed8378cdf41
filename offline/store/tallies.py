# SPDX-License-Identifier: Apache-2.0
"""How many records and bytes are in which state: counts that the vault keeps, so they cost the same at any size."""

from __future__ import annotations

from dataclasses import dataclass

from offline.outbox_status import OutboxStatus
from offline.store.vault import Vault

WAITING, SENDING, DELIVERED, PARKED = "waiting", "sending", "delivered", "parked"
FILES = "files"  # attachments not yet delivered, in the vault's tallies


@dataclass(frozen=True, slots=True)
class Left:
    """What has still to leave, own and carried: counts and bytes."""

    records: int
    record_bytes: int
    attachments: int
    attachment_bytes: int
    parked: int


def outbox_status(vault: Vault, own: int) -> OutboxStatus:
    """Counts and times; the counts are kept by the vault as states change, so this costs the same at any size."""
    tallies = vault.rows("SELECT what, terminal = ? AS own, n, bytes FROM tallies", own)

    def number(*states: str, own: int = 1) -> int:
        return sum(int(r["n"]) for r in tallies if r["what"] in states and r["own"] == own)

    oldest = vault.row("SELECT min(confirmed_at) AS at FROM records WHERE state IN ('waiting', 'sending')")
    return OutboxStatus(
        waiting=number(WAITING),
        sending=number(SENDING),
        delivered=number(DELIVERED),
        parked=number(PARKED),
        attachments_waiting=number(FILES) + number(FILES, own=0),
        bytes_waiting=sum(int(r["bytes"]) for r in tallies if r["what"] in (WAITING, SENDING, FILES)),
        oldest_waiting_at=oldest["at"] if oldest else None,
        last_contact=vault.fact("last_contact"),
        online=vault.fact("online") == "1",
        carried_waiting=number(WAITING, SENDING, own=0),
        carried_delivered=number(DELIVERED, own=0),
        carried_parked=number(PARKED, own=0),
    )


def what_is_left(vault: Vault) -> Left:
    """What has still to leave."""
    rows = vault.rows("SELECT what, sum(n) AS n, sum(bytes) AS bytes FROM tallies GROUP BY what")
    tally = {r["what"]: (int(r["n"]), int(r["bytes"])) for r in rows}
    waiting, sending = tally.get(WAITING, (0, 0)), tally.get(SENDING, (0, 0))
    files, parked = tally.get(FILES, (0, 0)), tally.get(PARKED, (0, 0))
    return Left(waiting[0] + sending[0], waiting[1] + sending[1], *files, parked[0])

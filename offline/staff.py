# SPDX-License-Identifier: Apache-2.0
"""Staff accounts of a terminal: name and PIN, locked for a while after wrong tries.

A PIN is never seen here: it is hashed where it is typed (`offline.client.staff`), with the salt that is kept here.
"""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from offline.clock import Clock
from offline.errors import OfflineError, StaffRefused
from offline.secrets import Secrets
from offline.vault import Vault

TRIES = 5
LOCK = timedelta(minutes=5)
SALT, HASH = 16, 64  # bytes
COST, BLOCK, LANES = 2**14, 8, 1  # scrypt's n, r and p (RFC 7914)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff who may unlock the terminal."""

    staff_id: str
    name: str


class StaffAccounts:
    """Accounts in the vault."""

    def __init__(self, vault: Vault, secrets: Secrets, clock: Clock) -> None:
        self._vault = vault
        self._secrets = secrets
        self._clock = clock

    def add(self, name: str, verifier: bytes, staff_id: str | None = None) -> StaffMember:
        """Adds somebody, or gives a new PIN: `verifier` is the salt and the hash."""
        if len(verifier) != SALT + HASH:
            raise OfflineError("this is no PIN's verifier", "staff-verifier")
        kept = base64.b64encode(verifier).decode()
        found = self._vault.row("SELECT id FROM staff WHERE name = ?", name)
        member = StaffMember(staff_id or (str(found["id"]) if found else f"s{os.urandom(4).hex()}"), name)
        self._vault.run("DELETE FROM staff WHERE name = ?", name)
        self._vault.run("INSERT INTO staff (id, name, pin) VALUES (?, ?, ?)", member.staff_id, name, kept)
        return member

    def names(self) -> list[str]:
        """Who may unlock."""
        return [str(r["name"]) for r in self._vault.rows("SELECT name FROM staff ORDER BY name")]

    def bind_card(self, name: str, key: str) -> StaffMember:
        """The card with this key is theirs from now on, and no other. Raises OfflineError staff-unknown."""
        found = self._vault.row("SELECT id FROM staff WHERE name = ?", name)
        if found is None:
            raise OfflineError(f"nobody named {name} may unlock this terminal; add them first", "staff-unknown")
        member = StaffMember(str(found["id"]), name)
        self._vault.run("DELETE FROM staff_cards WHERE staff_id = ? OR key = ?", member.staff_id, key)
        self._vault.run("INSERT INTO staff_cards (key, staff_id) VALUES (?, ?)", key, member.staff_id)
        return member

    def unlock_by_card(self, key: str) -> StaffMember:
        """Whose card it is; the card has proven itself. Raises StaffRefused staff-card-unknown."""
        row = self._vault.row(
            "SELECT staff.id, staff.name FROM staff_cards JOIN staff ON staff.id = staff_cards.staff_id WHERE key = ?",
            key,
        )
        if row is None:
            raise StaffRefused("staff-card-unknown", "this card belongs to nobody who may unlock this terminal", 0)
        return StaffMember(str(row["id"]), str(row["name"]))

    def salt(self, name: str) -> bytes:
        """What a PIN of this name is hashed with; for an unknown name bytes too, and always the same."""
        row = self._vault.row("SELECT pin FROM staff WHERE name = ?", name)
        if row is None:
            return self._secrets.key(f"no such staff {name}")[:SALT]
        return base64.b64decode(row["pin"])[:SALT]

    def prove(self, name: str, proof: bytes) -> StaffMember:
        """By the hash of what was typed. Raises StaffRefused staff-wrong-pin (tries left), staff-locked (seconds)."""
        row = self._vault.row("SELECT * FROM staff WHERE name = ?", name)
        now = self._clock.now()
        if row is None:
            raise StaffRefused("staff-wrong-pin", "name or PIN is wrong", TRIES)
        if row["locked_until"] and (left := datetime.fromisoformat(row["locked_until"]) - now) > timedelta(0):
            if left > LOCK:  # the clock was set back meanwhile: nobody waits longer than the lock is long
                left = LOCK
                self._vault.run("UPDATE staff SET locked_until = ? WHERE name = ?", (now + left).isoformat(), name)
            raise StaffRefused("staff-locked", "too many wrong tries; wait", int(left.total_seconds()) + 1)
        if hmac.compare_digest(proof, base64.b64decode(row["pin"])[SALT:]):
            self._vault.run("UPDATE staff SET failures = 0, locked_until = NULL WHERE name = ?", name)
            return StaffMember(str(row["id"]), name)
        failures = int(row["failures"]) + 1
        if failures >= TRIES:
            until = (now + LOCK).isoformat()
            self._vault.run("UPDATE staff SET failures = 0, locked_until = ? WHERE name = ?", until, name)
            raise StaffRefused("staff-locked", "too many wrong tries; wait", int(LOCK.total_seconds()))
        self._vault.run("UPDATE staff SET failures = ? WHERE name = ?", failures, name)
        raise StaffRefused("staff-wrong-pin", "name or PIN is wrong", TRIES - failures)

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
from offline.staff_member import HASH, SALT, StaffMember
from offline.store.vault import Vault

TRIES = 5
LOCK = timedelta(minutes=5)
_NAMES = 100  # names that nobody has, of which tries are counted


@dataclass(slots=True)
class _Tries:
    """Wrong tries since the last right one, and until when (ISO) none is taken."""

    failures: int = 0
    locked_until: str | None = None

    def refusal(self, now: datetime, *, right: bool) -> StaffRefused | None:
        """What this try is answered with; None where it is let in. To be kept afterwards."""
        if self.locked_until and (left := datetime.fromisoformat(self.locked_until) - now) > timedelta(0):
            if left > LOCK:  # the clock was set back meanwhile: nobody waits longer than the lock is long
                left = LOCK
                self.locked_until = (now + left).isoformat()
            return StaffRefused("staff-locked", "too many wrong tries; wait", int(left.total_seconds()) + 1)
        if right:
            self.failures, self.locked_until = 0, None
            return None
        self.failures += 1
        if self.failures < TRIES:
            return StaffRefused("staff-wrong-pin", "name or PIN is wrong", TRIES - self.failures)
        self.failures, self.locked_until = 0, (now + LOCK).isoformat()
        return StaffRefused("staff-locked", "too many wrong tries; wait", int(LOCK.total_seconds()))


class StaffAccounts:
    """Accounts in the vault."""

    def __init__(self, vault: Vault, secrets: Secrets, clock: Clock) -> None:
        self._vault = vault
        self._secrets = secrets
        self._clock = clock
        self._unknown: dict[str, _Tries] = {}

    def add(self, name: str, verifier: bytes, staff_id: str | None = None) -> StaffMember:
        """Adds somebody, or gives a new PIN: `verifier` is the salt and the hash. Raises OfflineError staff-verifier,
        staff-id-taken."""
        if len(verifier) != SALT + HASH:
            raise OfflineError("this is no PIN's verifier", "staff-verifier")
        kept = base64.b64encode(verifier).decode()
        found = self._vault.row("SELECT id FROM staff WHERE name = ?", name)
        member = StaffMember(staff_id or (str(found["id"]) if found else f"s{os.urandom(4).hex()}"), name)
        if self._vault.row("SELECT id FROM staff WHERE id = ? AND name != ?", member.staff_id, name) is not None:
            raise OfflineError(f"{member.staff_id} is somebody else's number", "staff-id-taken")
        with self._vault.atomic():
            self._vault.run("DELETE FROM staff WHERE name = ?", name)
            self._vault.run("INSERT INTO staff (id, name, pin) VALUES (?, ?, ?)", member.staff_id, name, kept)
        self._unknown.pop(name, None)
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
        with self._vault.atomic():
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
        """By the hash of what was typed. Raises StaffRefused staff-wrong-pin (tries left), staff-locked (seconds); of a
        name that nobody has alike."""
        row = self._vault.row("SELECT * FROM staff WHERE name = ?", name)
        now = self._clock.now()
        tries = self._tries_of(name) if row is None else _Tries(int(row["failures"]), row["locked_until"])
        kept = b"" if row is None else base64.b64decode(row["pin"])[SALT:]
        refusal = tries.refusal(now, right=row is not None and hmac.compare_digest(proof, kept))
        if row is not None and (tries.failures, tries.locked_until) != (row["failures"], row["locked_until"]):
            self._vault.run(
                "UPDATE staff SET failures = ?, locked_until = ? WHERE name = ?",
                *(tries.failures, tries.locked_until, name),
            )
        if refusal is not None:
            raise refusal
        assert row is not None
        return StaffMember(str(row["id"]), name)

    def _tries_of(self, unknown: str) -> _Tries:
        if unknown not in self._unknown and len(self._unknown) >= _NAMES:
            del self._unknown[next(iter(self._unknown))]
        return self._unknown.setdefault(unknown, _Tries())

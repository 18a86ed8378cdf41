# SPDX-License-Identifier: Apache-2.0
"""Who may unlock the terminal. A PIN is hashed where it is typed and goes no further."""

from __future__ import annotations

import hashlib
import os
import re

from offline.client.port import Port
from offline.errors import OfflineError
from offline.port import messages
from offline.staff_member import BLOCK, COST, HASH, LANES, SALT


class StaffDoor:
    """Accounts of this terminal, as those who unlock meet them."""

    def __init__(self, port: Port) -> None:
        self._port = port

    def names(self) -> list[str]:
        """Who may unlock."""
        return list(self._port.ask(messages.AskStaff()).values)

    def unlock(self, name: str, pin: str) -> messages.StaffKnown:
        """Raises StaffRefused staff-wrong-pin (tries left), staff-locked (seconds)."""
        how = self._port.ask(messages.AskSalt(name))
        return self._port.ask(messages.ProvePin(name, _hash(pin, how.salt, how.n, how.r, how.p)))

    def unlock_by_card(self, key: str) -> messages.StaffKnown:
        """The card has proven itself. Raises StaffRefused staff-card-unknown."""
        return self._port.ask(messages.ProveCard(key))

    def add(self, name: str, pin: str, staff_id: str = "") -> messages.StaffKnown:
        """Adds somebody, or gives a new PIN. Raises OfflineError staff-pin-weak."""
        if not re.fullmatch(r"\d{4,12}", pin, re.ASCII) or len(set(pin)) == 1:
            raise OfflineError("a PIN is 4 to 12 digits, not all the same", "staff-pin-weak")
        salt = os.urandom(SALT)
        return self._port.ask(messages.AddStaff(name, salt + _hash(pin, salt, COST, BLOCK, LANES), staff_id))

    def bind_card(self, name: str, key: str) -> messages.StaffKnown:
        """The card with this key is theirs from now on, and no other. Raises OfflineError staff-unknown."""
        return self._port.ask(messages.BindCard(name, key))


def _hash(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, dklen=HASH)

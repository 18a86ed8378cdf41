# SPDX-License-Identifier: Apache-2.0
"""Making a terminal known: a one-time code, the terminal's public keys, a number that is never given twice."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from gateway.clock import now_ms, now_said
from gateway.database.store import Store
from gateway.database.tables import enrol_codes, enrol_failures, terminals
from gateway.errors import GatewayError
from gateway.keys.generations import Keys

CODE_LIFE = 24 * 3600  # seconds
FIRST_TERMINAL = 421
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread
_MOST_FAILURES = 10  # within the window, at all workers together; a code has 31^10 possibilities
_WINDOW_MS = 60_000


class Enrolment:
    """Gives out codes and takes them."""

    def __init__(self, store: Store, keys: Keys, *, public_url: str, station: Mapping[str, str]) -> None:
        self._store = store
        self._keys = keys
        self.public_url = public_url
        self._station = dict(station)

    def new_code(self, name: str) -> str:
        """A code for one terminal, valid for a day. Only its hash is kept."""
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        with self._store.transaction() as db:
            db.execute(
                insert(enrol_codes).values(code_hash=_hash(code), name=name, expires=int(time.time()) + CODE_LIFE)
            )
        return code

    def enrol(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answers POST /v1/enrol. Raises GatewayError enrol-code, enrol-keys, enrol-slow."""
        self._slow_down()
        try:
            keys = [base64.b64decode(request[k], validate=True) for k in ("sign_key", "seal_key")]
            code, name = str(request["code"]), str(request.get("name", ""))[:80]
        except (KeyError, TypeError, ValueError, binascii.Error) as fault:
            raise GatewayError(400, "enrol-keys", "the request lacks a code or a key") from fault
        if any(len(key) != 32 for key in keys):
            raise GatewayError(400, "enrol-keys", "a public key has 32 bytes")
        with self._store.transaction() as db:
            self._store.lock(db, "terminals")
            row = db.execute(select(enrol_codes).where(enrol_codes.c.code_hash == _hash(code))).one_or_none()
            good = row is not None and row.used_at is None and row.expires >= time.time()
            if row is not None and good:
                name = name or row.name
                number = (db.execute(select(func.max(terminals.c.terminal))).scalar() or FIRST_TERMINAL - 1) + 1
                client_id = f"terminal-{number:05d}"
                now = now_said()
                db.execute(update(enrol_codes).where(enrol_codes.c.code_hash == row.code_hash).values(used_at=now))
                db.execute(
                    insert(terminals).values(
                        terminal=number, client_id=client_id, name=name,
                        sign_key=keys[0], seal_key=keys[1], enrolled_at=now,
                    )
                )  # fmt: skip
                platform = self._keys.within(db).public
            else:
                db.execute(insert(enrol_failures).values(at_ms=now_ms()))
        if not good:
            raise GatewayError(
                403, "enrol-code", "the code is wrong, used or older than a day; make a new one at the gateway"
            )
        return {
            "terminal": number,
            "client_id": client_id,
            "platform": platform.to_dict(),
            "public_url": self.public_url,
            "station": {**self._station, "name": name or self._station["name"]},
        }

    def _slow_down(self) -> None:
        edge = now_ms() - _WINDOW_MS
        with self._store.reading() as db:
            failures = db.execute(select(func.count()).where(enrol_failures.c.at_ms > edge)).scalar_one()
        if failures >= _MOST_FAILURES:
            raise GatewayError(429, "enrol-slow", "too many wrong codes; wait a minute", {"Retry-After": "60"})
        if failures == 0:
            with self._store.transaction() as db:
                db.execute(delete(enrol_failures))


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()

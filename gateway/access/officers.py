# SPDX-License-Identifier: Apache-2.0
"""Officers of the desk: accounts, sessions, and the token that ties a form to its session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time

import jwt
from sqlalchemy import select

from gateway.database.store import Store
from gateway.database.tables import officers
from gateway.errors import GatewayError

SESSION_LIFE = 8 * 3600  # seconds
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class Officers:
    """Accounts are kept as salted scrypt hashes."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret

    def add(self, name: str, password: str) -> None:
        """Adds an officer, or gives one a new password. Raises GatewayError password-short."""
        if len(password) < 8:
            raise GatewayError(400, "password-short", "a password has at least 8 characters")
        salt = os.urandom(16)
        kept = base64.b64encode(salt + hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)).decode()
        with self._store.transaction() as db:
            db.execute(
                self._store.upsert(officers)
                .values(name=name, password=kept)
                .on_conflict_do_update(index_elements=[officers.c.name], set_={"password": kept})
            )

    def session(self, name: str, password: str) -> str:
        """A session token. Raises GatewayError login."""
        with self._store.reading() as db:
            kept = db.execute(select(officers.c.password).where(officers.c.name == name)).scalar()
        raw = base64.b64decode(kept) if kept else bytes(80)
        given = hashlib.scrypt(password.encode(), salt=raw[:16], **_SCRYPT)
        if not hmac.compare_digest(given, raw[16:]):
            raise GatewayError(401, "login", "name or password is wrong")
        claims = {"officer": name, "exp": int(time.time()) + SESSION_LIFE, "use": "desk"}
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def who(self, session: str) -> str | None:
        """The officer of a session, or None."""
        try:
            claims = jwt.decode(session, self._secret, algorithms=["HS256"], options={"require": ["exp"]})
        except jwt.PyJWTError:
            return None
        return str(claims["officer"]) if claims.get("use") == "desk" else None

    def form_token(self, session: str) -> str:
        """What a form must carry to act in this session."""
        return hmac.new(self._secret, b"form " + session.encode(), "sha256").hexdigest()

    def check_form(self, session: str, token: str) -> None:
        """Raises GatewayError form-token."""
        if not hmac.compare_digest(self.form_token(session), token):
            raise GatewayError(403, "form-token", "the form is not of this session; open the page again")

# SPDX-License-Identifier: Apache-2.0
"""OAuth 2.0 client credentials with private_key_jwt (RFC 7523): a terminal proves its key, gets a short-lived token."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, select

from gateway.database.store import Store
from gateway.database.tables import terminals, used_assertions
from gateway.errors import GatewayError

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "/v1/token"
TOKEN_LIFE = 900  # seconds
_MOST_KNOWN = 50_000  # tokens that were checked and are remembered
_SWEEP_EVERY = 60  # seconds between two removals of assertions that are out of date
_LONGEST_ASSERTION = 330  # seconds: five minutes and some drift


class Tokens:
    """Issues and reads access tokens."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret
        self._terminals: dict[str, tuple[int, Ed25519PublicKey]] = {}
        self._swept = 0.0
        self._known: dict[str, tuple[int, float]] = {}  # checked tokens: terminal, end

    def issue(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """Answers POST /v1/token. Raises GatewayError invalid-request, invalid-client."""
        if form.get("grant_type") != "client_credentials" or form.get("client_assertion_type") != ASSERTION_TYPE:
            raise GatewayError(400, "invalid-request", "client_credentials with a jwt-bearer assertion is served here")
        terminal = self._check(str(form.get("client_assertion", "")))
        now = int(time.time())
        claims = {"terminal": terminal, "iat": now, "exp": now + TOKEN_LIFE, "use": "terminal"}
        token = jwt.encode(claims, self._secret, algorithm="HS256")
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE}

    def _check(self, assertion: str) -> int:
        refused = GatewayError(401, "invalid-client", "the assertion does not prove a known terminal; enrol it again")
        try:
            client = str(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
        except jwt.PyJWTError as fault:
            raise refused from fault
        known = self._terminal(client)
        if known is None:
            raise refused
        terminal, key = known
        try:
            claims = jwt.decode(
                assertion,
                key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=client,
                leeway=60,
                options={"require": ["exp", "jti", "sub", "iss", "aud"]},
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as fault:  # raised after the signature fits
            raise GatewayError(
                401, "clock-wrong", "the assertion is of another day; set the terminal's clock"
            ) from fault
        except jwt.PyJWTError as fault:
            raise refused from fault
        if claims["exp"] > time.time() + _LONGEST_ASSERTION:
            raise GatewayError(401, "clock-wrong", "the assertion lives too long; set the terminal's clock")
        if not self._first_use(str(claims["jti"])[:128], int(claims["exp"])):
            raise refused
        return terminal

    def _terminal(self, client: str) -> tuple[int, Ed25519PublicKey] | None:
        """Number and key of an enrolled terminal: they never change."""
        if client not in self._terminals:
            with self._store.reading() as db:
                row = db.execute(select(terminals).where(terminals.c.client_id == client)).one_or_none()
            if row is None:
                return None
            self._terminals[client] = row.terminal, Ed25519PublicKey.from_public_bytes(row.sign_key)
        return self._terminals[client]

    def _first_use(self, jti: str, expires: int) -> bool:
        """Whether no worker has seen this assertion yet."""
        now = time.time()
        if now > self._swept + _SWEEP_EVERY:
            self._swept = now
            with self._store.transaction() as db:
                db.execute(delete(used_assertions).where(used_assertions.c.expires < now - 120))
        with self._store.alone() as db:
            new = self._store.insert_new(used_assertions).values(jti=jti, expires=expires)
            return db.execute(new.returning(used_assertions.c.jti)).first() is not None

    def terminal_of(self, authorization: str) -> int:
        """The terminal behind a bearer token. Raises GatewayError token."""
        terminal, ends = self._known.get(authorization, (0, 0.0))
        if time.time() < ends:
            return terminal
        scheme, _, token = authorization.partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise jwt.InvalidTokenError("no bearer token")
            claims = jwt.decode(token, self._secret, algorithms=["HS256"], options={"require": ["exp"]})
            if claims.get("use") != "terminal":
                raise jwt.InvalidTokenError("another use")
            terminal = int(claims["terminal"])
        except (jwt.PyJWTError, KeyError, ValueError) as fault:
            self._known.pop(authorization, None)
            raise GatewayError(
                401,
                "token",
                "the token is missing, wrong or expired; ask for a new one",
                {"WWW-Authenticate": "Bearer"},
            ) from fault
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[authorization] = terminal, float(claims["exp"])
        return terminal

# SPDX-License-Identifier: Apache-2.0
"""T: access tokens (OAuth 2.0 client credentials with private_key_jwt, RFC 7523)."""

from __future__ import annotations

import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.record import uuid7
from tests.contract_kit.answers import refused, said
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import NotTried, must, point, same
from tests.contract_kit.terminal import jwt, parcel_of

NEEDS_TOKEN = (
    ("GET", "/v1/catalogue"), ("GET", "/v1/calendar"), ("GET", "/v1/dictionary/1"), ("GET", "/v1/feed"),
    ("POST", "/v1/records"), ("POST", "/v1/inventory"), ("PATCH", f"/v1/attachments/{'0' * 64}"),
)  # fmt: skip
LEEWAY = 30  # seconds that a clock may be behind; the contract allows 60


@point(
    "T-01",
    "A terminal that proves its key gets a bearer token for a while",
    "Answer 200 with access_token, token_type Bearer and expires_in in seconds.",
)
def granted(kit: Kit) -> str:
    given = said(kit.one.ask_token(kit.one.assertion()), 200)
    must(isinstance(given.get("access_token"), str) and given["access_token"], "access_token is missing")
    same(str(given.get("token_type")).lower(), "bearer", "token_type")
    life = given.get("expires_in")
    must(isinstance(life, int) and life > 0, f"expires_in is {life!r}")
    return f"for {life} s"


@point(
    "T-02",
    "An assertion serves once",
    "Remember each jti until its assertion has run out; refuse it with 401 invalid-client.",
)
def once(kit: Kit) -> None:
    assertion = kit.one.assertion()
    said(kit.one.ask_token(assertion), 200)
    refused(kit.one.ask_token(assertion), 401, "invalid-client")


@point(
    "T-03",
    "An assertion for another audience is refused",
    "Take aud /v1/token only (a path, so that a renamed host changes nothing): 401 invalid-client.",
)
def audience(kit: Kit) -> None:
    for other in ("/v1/feed", "https://elsewhere.example/v1/token", None):
        refused(kit.one.ask_token(kit.one.assertion(aud=other)), 401, "invalid-client")


@point(
    "T-04",
    "An assertion that proves nothing is refused: another's key, an unknown client, no jti, no JWT, no signature",
    "Verify EdDSA by the key given at enrolment, want iss = sub = client id, jti, exp; take no other algorithm: 401 "
    "invalid-client.",
)
def proves_nothing(kit: Kit) -> None:
    one = kit.one
    claims = {"iss": one.client, "sub": one.client, "aud": "/v1/token", "jti": uuid7(), "exp": one.now + 200}
    unsigned = jwt(claims, one.sign).rpartition(".")[0] + "."
    for wrong in (
        jwt(claims, Ed25519PrivateKey.generate()),
        one.assertion(iss="terminal-00000", sub="terminal-00000"),
        one.assertion(jti=None),
        one.assertion(exp=None),
        unsigned,
        "e30.e30.AAAA",
        "no.jwt.here",
        "",
    ):
        refused(one.ask_token(wrong), 401, "invalid-client")


@point(
    "T-05",
    "A wrong clock is told as such",
    "Answer 401 clock-wrong to a rightly signed assertion that has run out, or that lives longer than five minutes: "
    "the terminal then sets itself by your Date and asks again.",
)
def clock(kit: Kit) -> None:
    for exp in (kit.one.now - 3600, kit.one.now + 9000):
        refused(kit.one.ask_token(kit.one.assertion(exp=exp)), 401, "clock-wrong")


@point(
    "T-06",
    "A clock that is a little behind is put up with",
    "Allow 60 seconds around exp.",
)
def skew(kit: Kit) -> None:
    said(kit.one.ask_token(kit.one.assertion(exp=kit.one.now - LEEWAY)), 200)


@point(
    "T-07", "Another grant is refused", "Answer 400 invalid-request to any other grant_type or client_assertion_type."
)
def grant(kit: Kit) -> None:
    for change in ({"grant_type": "password"}, {"client_assertion_type": "urn:other"}):
        refused(kit.one.ask_token(kit.one.assertion(), **change), 400, "invalid-request")


@point(
    "T-08",
    "Nothing is served without a token, or with one that was changed",
    "Answer 401 token with WWW-Authenticate: Bearer; the terminal then asks for a new one, once.",
)
def needed(kit: Kit) -> None:
    token = kit.one.token
    for given in (
        "",
        "Bearer nonsense",
        f"Bearer {token[:-4]}{'AAAA' if token[-4:] != 'AAAA' else 'BBBB'}",
        f"Basic {token}",
    ):
        for method, path in NEEDS_TOKEN:
            answer = kit.line.ask(method, path, Authorization=given)
            refused(answer, 401, "token")
            must("WWW-Authenticate" in answer.headers, f"{method} {path}: 401 without WWW-Authenticate")
        answer = kit.line.ask("HEAD", NEEDS_TOKEN[-1][1], Authorization=given)
        same(answer.status_code, 401, "status of HEAD")


@point(
    "T-09",
    "A token that has run out is refused",
    "Refuse it with 401 token, like none.",
)
def runs_out(kit: Kit) -> None:
    given = said(kit.one.ask_token(kit.one.assertion()), 200)
    life = given["expires_in"]
    if life > kit.choices.patience:
        raise NotTried(f"a token lives {life} s; wait for it with --patience {life}")
    time.sleep(life + 1)
    refused(kit.line.ask("GET", "/v1/feed", Authorization=f"Bearer {given['access_token']}"), 401, "token")


@point(
    "T-10",
    "Who sends without a token leaves nothing behind",
    "Look at the token before anything is stored.",
)
def leaves_nothing(kit: Kit) -> None:
    record = kit.one.note()
    refused(kit.line.ask("POST", "/v1/records", parcel_of(record.encode())), 401, "token")
    same(kit.one.results(record.encode()), [{"status": "stored"}], "result of a record sent before without a token")

# SPDX-License-Identifier: Apache-2.0
"""Enrolment and tokens."""

from __future__ import annotations

import time

from sqlalchemy import update

from gateway.database.tables import enrol_codes
from tests.gateway.conftest import HandTerminal
from tests.live import LiveGateway


def test_a_code_serves_once(gateway: LiveGateway) -> None:
    code = gateway.platform.enrolment.new_code("示例村")
    one, two = HandTerminal(gateway), HandTerminal(gateway)
    with one.session, two.session:
        assert one.enrol(code).json()["terminal"] == 421
        refused = two.enrol(code)
        assert (refused.status_code, refused.json()["error"]) == (403, "enrol-code")
        assert refused.headers["Doorstep-Gateway"] == "1"
        assert two.enrol().json()["terminal"] == 422


def test_an_old_code_is_refused(gateway: LiveGateway) -> None:
    code = gateway.platform.enrolment.new_code("示例村")
    with gateway.platform.store.transaction() as db:
        db.execute(update(enrol_codes).values(expires=int(time.time()) - 1))
    one = HandTerminal(gateway)
    with one.session:
        assert one.enrol(code).status_code == 403


def test_guessing_is_slowed_down(gateway: LiveGateway) -> None:
    one = HandTerminal(gateway)
    with one.session:
        answers = [one.enrol("AAAAA-AAAAA").status_code for _ in range(11)]
        assert answers == [403] * 10 + [429]


def test_keys_must_be_keys(gateway: LiveGateway) -> None:
    one = HandTerminal(gateway)
    with one.session:
        for body in (
            {},
            {"code": "x", "sign_key": "AAAA", "seal_key": "AAAA"},
            {"code": "x", "sign_key": 5, "seal_key": "?"},
        ):
            answer = one.session.post(gateway.url + "/v1/enrol", json=body, timeout=10)
            assert (answer.status_code, answer.json()["error"]) == (400, "enrol-keys")
        assert one.session.post(gateway.url + "/v1/enrol", data="{", timeout=10).status_code == 400


def test_an_assertion_serves_once_and_only_if_it_is_right(terminal: HandTerminal) -> None:
    good = terminal.assertion()
    assert terminal.ask_token(good).status_code == 200
    assert terminal.ask_token(good).status_code == 401
    for wrong in (
        terminal.assertion(aud="/other"),
        terminal.assertion(jti=None),
        terminal.assertion(sub="terminal-99999", iss="terminal-99999"),
        "no.jwt.here",
    ):
        assert terminal.ask_token(wrong).json()["error"] == "invalid-client"
    for late in (terminal.assertion(exp=int(time.time()) - 100), terminal.assertion(exp=int(time.time()) + 9000)):
        assert terminal.ask_token(late).json()["error"] == "clock-wrong"


def test_another_terminals_key_gets_no_token(terminal: HandTerminal, gateway: LiveGateway) -> None:
    thief = HandTerminal(gateway, number=terminal.number)
    with thief.session:
        assert thief.ask_token(thief.assertion()).status_code == 401


def test_nothing_is_served_without_a_token(terminal: HandTerminal) -> None:
    for token in ("", "nonsense", terminal.token[:-3] + "abc"):
        terminal.token = token
        for method, path in (("GET", "/v1/catalogue"), ("GET", "/v1/feed"), ("POST", "/v1/records")):
            answer = terminal.call(method, path)
            assert (answer.status_code, answer.json()["error"]) == (401, "token")


def test_nonsense_is_refused_and_no_failure(terminal: HandTerminal) -> None:
    deep = b"[" * 100_000
    for path in ("/v1/enrol", "/v1/inventory"):
        answer = terminal.call("POST", path, data=deep)
        assert (answer.status_code, answer.json()["error"]) == (400, "json")
    for since in ("9" * 30, str(2**63), "-1"):
        answer = terminal.call("GET", f"/v1/feed?since={since}")
        assert (answer.status_code, answer.json()["error"]) == (400, "cursor")
    assert terminal.call("GET", "/v1/catalogue?since=%00").status_code in (200, 400)
    code = terminal.gateway.platform.enrolment.new_code("示例村")
    named = HandTerminal(terminal.gateway)
    with named.session:
        body = named.enrolment(code) | {"name": "a\x00b"}
        answer = named.session.post(terminal.gateway.url + "/v1/enrol", json=body, timeout=10)
        assert answer.status_code in (200, 400)

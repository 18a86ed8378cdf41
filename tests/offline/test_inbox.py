# SPDX-License-Identifier: Apache-2.0
"""What the platform says reaches the vault: case numbers, refusals after custody, new keys."""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.events import Event, KeyChange, Statement, sign_statement
from contract.sealing import SUITE_XWING
from offline.terminal import Terminal
from tests.live import LiveGateway
from tests.offline.conftest import application

AT = "2026-11-24T01:41:00+00:00"


def hears(terminal: Terminal, key: Ed25519PrivateKey, *statements: Statement) -> list[bool]:
    """Gives statements to the terminal as its feed does."""
    texts = [sign_statement(s, key) for s in statements]
    return terminal.ask(lambda _o, inbox, _s: [inbox.take(t, terminal.require_enrolment().platform) for t in texts])


def test_a_case_number_comes_with_received(terminal: Terminal, gateway: LiveGateway) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()))
    event = Event(1, done.record_id, done.tracking_code, "received", AT, case_number="C1")
    assert hears(terminal, gateway.platform.keys.current.sign, event) == [True]
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert (case.state, case.case_number) == ("received", "C1")


def test_what_opening_refuses_is_parked_with_its_reason(terminal: Terminal, gateway: LiveGateway) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()))
    event = Event(1, done.record_id, done.tracking_code, "refused", AT, "application-incomplete")
    assert hears(terminal, gateway.platform.keys.current.sign, event) == [True]
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert (case.outbox, case.parked_reason, case.state) == ("parked", "application-incomplete", "refused")


def test_new_keys_are_kept_and_used_from_the_next_statement_on(terminal: Terminal, gateway: LiveGateway) -> None:
    old, new = gateway.platform.keys.current.sign, Ed25519PrivateKey.generate()
    done = terminal.submit(application(terminal.new_tracking_code()))
    before = Event(1, done.record_id, done.tracking_code, "received", AT, case_number="C1")
    after = replace(before, seq=2, type="accepted")
    platform = replace(gateway.platform.keys.public, sign=new.public_key(), preferred=SUITE_XWING)
    assert hears(terminal, old, before, KeyChange(platform, AT)) == [True, True]
    assert hears(terminal, new, after) == [True]
    assert hears(terminal, old, replace(after, seq=3)) == [False], "the old key has said its last word"
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert [e.type for e in case.events] == ["received", "accepted"]
    assert terminal.require_enrolment().platform == platform
    data = terminal.data
    terminal.close()
    with Terminal.open(data) as again:
        assert again.require_enrolment().platform == platform
        kept = again.case(done.tracking_code)
        assert kept is not None
        assert [e.type for e in kept.events] == ["received", "accepted"]
        again.submit(application(again.new_tracking_code(), 2))
        raw = again.ask(lambda outbox, _i, spool: spool.read(outbox.waiting_records(9)[-1].place))
        from contract.record import Record

        assert Record.decode(raw).header.suite == SUITE_XWING

# SPDX-License-Identifier: Apache-2.0
"""What the platform says reaches the vault: case numbers, refusals after custody, new keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.event_body import CorrectionAsk, EventBody, EventBodyError, seal_body
from contract.events import Event, KeyChange, Statement, open_body, sign_statement
from contract.sealing import SUITE_XWING, OpeningKey, SealError
from offline.enrolment import TerminalKeys
from offline.errors import OfflineError
from offline.terminal import Terminal
from tests.contract.old_events import old_event, old_values
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
    event = Event(1, done.record_id, done.tracking_code, "refused", AT, reason="application-incomplete")
    assert hears(terminal, gateway.platform.keys.current.sign, event) == [True]
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert (case.outbox, case.parked_reason, case.state) == ("parked", "application-incomplete", "refused")


BODY = EventBody("请补正", (CorrectionAsk("bank_no", "少一位"),), {"bank_no": "6223091234567890"})


def test_what_an_event_says_stays_sealed_until_somebody_asks_for_its_secret(
    terminal: Terminal, gateway: LiveGateway
) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()))
    own = terminal.require_enrolment().terminal
    key = OpeningKey.of(terminal.keys.seal).public
    sealed = seal_body(BODY, key, terminal=own, tracking_code=done.tracking_code, seq=4)
    event = Event(4, done.record_id, done.tracking_code, "correction", AT, sealed=sealed)
    silent = replace(event, seq=5, type="accepted", sealed=b"")
    assert hears(terminal, gateway.platform.keys.current.sign, event, silent) == [True, True]
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert case.events == (event, silent)
    secret = terminal.shared_secret(4)
    assert open_body(case.events[0], secret, own) == BODY
    with pytest.raises(EventBodyError):
        open_body(case.events[0], secret, own + 1)
    for seq in (5, 6, -1):  # nothing is sealed in it; nothing came there
        with pytest.raises(OfflineError) as refused:
            terminal.shared_secret(seq)
        assert refused.value.code == "event-unknown"


def test_no_secret_is_given_for_what_is_about_nothing_here(terminal: Terminal, gateway: LiveGateway) -> None:
    key = OpeningKey.of(terminal.keys.seal).public
    sealed = seal_body(BODY, key, terminal=terminal.require_enrolment().terminal, tracking_code="000420000021", seq=1)
    foreign = Event(1, "019a0000-0000-7000-8000-000000000001", "000420000021", "message", AT, sealed=sealed)
    assert hears(terminal, gateway.platform.keys.current.sign, foreign) == [False]
    assert hears(terminal, Ed25519PrivateKey.generate(), foreign) == [False]
    with pytest.raises(OfflineError):
        terminal.shared_secret(1)


def test_a_sealed_part_that_is_none_has_no_secret(terminal: Terminal, gateway: LiveGateway) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()))
    for seq, sealed in enumerate((b"x", bytes(80)), start=1):
        event = Event(seq, done.record_id, done.tracking_code, "message", AT, sealed=sealed)
        assert hears(terminal, gateway.platform.keys.current.sign, event) == [True]
        with pytest.raises(SealError):
            terminal.shared_secret(seq)


def test_an_event_of_before_in_the_vault_says_what_it_said(terminal: Terminal, gateway: LiveGateway) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()))
    own = terminal.require_enrolment()
    sealed = old_values(BODY.values, OpeningKey.of(terminal.keys.seal).public)
    asks = [(a.subject, a.text) for a in BODY.asks]
    sign = gateway.platform.keys.current.sign
    texts = [
        old_event(sign, 1, done.record_id, done.tracking_code, "received", case_number="C1"),
        old_event(sign, 2, done.record_id, done.tracking_code, "correction", text="请补正", asks=asks, sealed=sealed),
    ]
    assert terminal.ask(lambda _o, inbox, _s: [inbox.take(t, own.platform) for t in texts]) == [True, True]
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert (case.state, case.case_number) == ("correction", "C1")
    assert open_body(case.events[1], terminal.shared_secret(2), own.terminal) == BODY
    refused = old_event(sign, 3, done.record_id, done.tracking_code, "refused", text="unknown-item")
    assert terminal.ask(lambda _o, inbox, _s: inbox.take(refused, own.platform))
    parked = terminal.case(done.tracking_code)
    assert parked is not None
    assert parked.parked_reason == "unknown-item"


def test_what_was_sealed_to_keys_that_are_gone_does_not_open(terminal: Terminal, gateway: LiveGateway) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()))
    own = terminal.require_enrolment()
    key = OpeningKey.of(terminal.keys.seal).public
    sealed = seal_body(BODY, key, terminal=own.terminal, tracking_code=done.tracking_code, seq=1)
    event = Event(1, done.record_id, done.tracking_code, "correction", AT, sealed=sealed)
    assert hears(terminal, gateway.platform.keys.current.sign, event) == [True]
    terminal.adopt(own, TerminalKeys.new())
    with pytest.raises(EventBodyError):
        open_body(event, terminal.shared_secret(1), own.terminal)


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

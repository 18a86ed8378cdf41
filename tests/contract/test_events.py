# SPDX-License-Identifier: Apache-2.0
"""Statements of the platform, and the state that follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.event_body import MAX_SEALED, CorrectionAsk, EventBody
from contract.events import (
    Event,
    KeyChange,
    ReceiptEntry,
    Receipts,
    Statement,
    StatementError,
    case_state,
    known_statement,
    read_statement,
    sign_statement,
)  # fmt: skip
from contract.ids import uuid7
from tests.contract.old_events import AT as OLD_AT
from tests.contract.old_events import old_event
from tests.contract.sealed import HYBRID, PLATFORM, PLATFORM_SIGN, SIGN

AT = "2026-11-23T10:00:00+00:00"
RECEIPTS = Receipts("record", AT, tuple(ReceiptEntry(uuid7(), "cd" * 32) for _ in range(3)))
EVENT = Event(7, uuid7(), "004210001372", "correction", AT, "C1", "", b"x" * 99)


REFUSED = replace(EVENT, type="refused", reason="application-incomplete", sealed=b"")


@pytest.mark.parametrize(
    "statement", [RECEIPTS, replace(RECEIPTS, kind="attachment"), EVENT, REFUSED, KeyChange(HYBRID, AT)]
)
def test_statements_are_believed_only_from_the_platform(statement: Statement) -> None:
    text = sign_statement(statement, PLATFORM_SIGN)
    assert read_statement(text, PLATFORM) == statement
    assert known_statement(text) == statement
    with pytest.raises(StatementError) as refused:
        read_statement(sign_statement(statement, SIGN), PLATFORM)
    assert refused.value.code == "statement-signature"
    for broken in ("", "???", text[:-8], text.swapcase()):
        with pytest.raises(StatementError):
            read_statement(broken, PLATFORM)


def test_a_statement_of_another_kind_says_so() -> None:
    with pytest.raises(StatementError) as refused:
        read_statement(sign_statement(replace(EVENT, type="dreamt"), PLATFORM_SIGN), PLATFORM)
    assert refused.value.code == "statement-malformed"


def event(seq: int, kind: str) -> Event:
    return replace(EVENT, seq=seq, type=kind)


@pytest.mark.parametrize("seq", [0, -1, 2**63])
def test_a_place_that_no_database_counts_to_is_none(seq: int) -> None:
    with pytest.raises(StatementError):
        known_statement(sign_statement(replace(EVENT, seq=seq), PLATFORM_SIGN))
    with pytest.raises(StatementError):
        known_statement(old_event(PLATFORM_SIGN, seq, EVENT.record_id, EVENT.tracking_code, "accepted"))


def test_a_sealed_part_has_a_largest_size() -> None:
    assert known_statement(sign_statement(replace(EVENT, sealed=bytes(MAX_SEALED)), PLATFORM_SIGN))
    with pytest.raises(StatementError):
        known_statement(sign_statement(replace(EVENT, sealed=bytes(MAX_SEALED + 1)), PLATFORM_SIGN))


def test_an_event_of_before_is_read_with_what_it_said_in_clear() -> None:
    text = old_event(
        PLATFORM_SIGN, 7, EVENT.record_id, EVENT.tracking_code, "correction", text="请补" * 9000,
        asks=[("bank_no", "少一位")], sealed=b"values", case_number="C1",
    )  # fmt: skip
    said = EventBody("请补" * 9000, (CorrectionAsk("bank_no", "少一位"),))
    wanted = replace(EVENT, at=OLD_AT, sealed=b"values", clear=said)
    assert read_statement(text, PLATFORM) == known_statement(text) == wanted


def test_the_text_of_a_refusal_of_before_was_its_reason() -> None:
    text = old_event(
        PLATFORM_SIGN, 7, EVENT.record_id, EVENT.tracking_code, "refused", text="application-incomplete"
    )  # fmt: skip
    assert known_statement(text) == replace(
        REFUSED, at=OLD_AT, case_number="", reason="application-incomplete", clear=EventBody()
    )


def test_nothing_is_written_in_clear_any_more() -> None:
    before = known_statement(old_event(PLATFORM_SIGN, 7, EVENT.record_id, "", "message", text="x"))
    with pytest.raises(ValueError, match="never written"):
        sign_statement(before, PLATFORM_SIGN)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), "waiting"),
        (("received", "accepted"), "accepted"),
        (("received", "correction", "message"), "correction"),
        (("received", "accepted", "result"), "finished"),
        (("received", "accepted", "received"), "accepted"),
        (("received", "accepted", "refused"), "accepted"),
        (("refused",), "refused"),
        (("refused", "received"), "received"),
    ],
)
def test_the_state_follows_from_the_events_in_order(kinds: tuple[str, ...], state: str) -> None:
    events = [event(seq, kind) for seq, kind in enumerate(kinds)]
    assert case_state(reversed(events)) == state

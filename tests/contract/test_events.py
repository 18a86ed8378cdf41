# SPDX-License-Identifier: Apache-2.0
"""Statements of the platform, and the state that follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.events import (
    CorrectionAsk,
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
from tests.contract.sealed import HYBRID, PLATFORM, PLATFORM_SIGN, SIGN

AT = "2026-11-23T10:00:00+00:00"
RECEIPTS = Receipts("record", AT, tuple(ReceiptEntry(uuid7(), "cd" * 32) for _ in range(3)))
EVENT = Event(
    7, uuid7(), "004210001372", "correction", AT, "请补", (CorrectionAsk("bank_no", "少一位"),), b"x", "C1"
)  # fmt: skip


@pytest.mark.parametrize("statement", [RECEIPTS, replace(RECEIPTS, kind="attachment"), EVENT, KeyChange(HYBRID, AT)])
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

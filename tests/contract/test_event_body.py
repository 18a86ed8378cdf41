# SPDX-License-Identifier: Apache-2.0
"""What an event says: sealed to one terminal, for one case and one place of its feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.event_body import (
    MAX_ASKS,
    MAX_BODY,
    MAX_SEALED,
    MAX_WORDS,
    STEP,
    CorrectionAsk,
    EventBody,
    EventBodyError,
    body_info,
    decode_body,
    encode_body,
    open_sealed_body,
    seal_body,
)
from contract.events import Event, known_statement, open_body
from contract.hpke import ENC_SIZE, decapsulate
from contract.ids import uuid7
from contract.packing import MAX_PLAIN, to_cbor
from contract.sealing import OVERHEAD, OpeningKey, open_sealed, seal
from tests.contract.old_events import old_event, old_values
from tests.contract.sealed import PLATFORM_SIGN

KEY = OpeningKey.new()
PRIVATE = X25519PrivateKey.from_private_bytes(KEY.secret)
CODE = "004210001372"
PLACE: dict[str, Any] = {"terminal": 421, "tracking_code": CODE, "seq": 7}
BODY = EventBody("请补正", (CorrectionAsk("bank_no", "少一位"),), {"bank_no": "6223091234567890"})


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(EventBodyError) as refused:
        work()
    return refused.value.code


def secret_of(sealed: bytes) -> bytes:
    return decapsulate(sealed[:ENC_SIZE], PRIVATE)


def event(sealed: bytes, **changes: Any) -> Event:
    parts: dict[str, Any] = {"seq": 7, "record_id": uuid7(), "tracking_code": CODE, "type": "correction", "at": ""}
    return Event(**(parts | changes), sealed=sealed)


BODIES = [
    BODY,
    EventBody("x"),
    EventBody(asks=(CorrectionAsk("a", ""),)),
    EventBody(values={"members": [{"name": "王秀英", "n": 1}], "mobile": {"number": "13800000000"}, "none": None}),
]


@pytest.mark.parametrize("body", BODIES)
def test_it_comes_back(body: EventBody) -> None:
    assert decode_body(encode_body(body)) == body
    sealed = seal_body(body, KEY.public, **PLACE)
    assert open_body(event(sealed), secret_of(sealed), 421) == body
    assert open_sealed(sealed, KEY, body_info(421, CODE, 7)).find(encode_body(body)) == 4


def test_nothing_to_say_seals_nothing() -> None:
    assert not EventBody()
    assert seal_body(EventBody(), KEY.public, **PLACE) == b""
    assert open_body(event(b""), b"", 421) == EventBody() == decode_body(encode_body(EventBody()))


@pytest.mark.parametrize(
    ("terminal", "changes"),
    [(422, {}), (421, {"seq": 8}), (421, {"tracking_code": "004210001380"}), (421, {"tracking_code": ""})],
)
def test_it_opens_for_no_other_terminal_case_or_place(terminal: int, changes: dict[str, Any]) -> None:
    sealed = seal_body(BODY, KEY.public, **PLACE)
    assert code_of(lambda: open_body(event(sealed, **changes), secret_of(sealed), terminal)) == "event-body-sealed"


def test_the_secret_of_another_message_opens_nothing() -> None:
    one, two = (seal_body(BODY, KEY.public, **PLACE) for _ in range(2))
    assert code_of(lambda: open_body(event(one), secret_of(two), 421)) == "event-body-sealed"
    for broken in (one[:-1], one[:ENC_SIZE], one[:5], one[:-1] + bytes([one[-1] ^ 1])):
        assert code_of(lambda b=broken: open_body(event(b), secret_of(one), 421)) == "event-body-sealed"  # type: ignore[misc]


def test_the_length_does_not_tell_what_kind_of_message_it_is() -> None:
    usual = [
        EventBody("已受理，请等通知"),
        EventBody("材料不符合条件"),
        EventBody("", (CorrectionAsk("bank_no", "少一位"),), {"bank_no": "6223091234567890"}),
    ]
    sizes = {len(seal_body(body, KEY.public, **PLACE)) for body in usual}
    assert sizes == {STEP + OVERHEAD[1]}
    for length in range(1, 300):
        assert (len(seal_body(EventBody("x" * length), KEY.public, **PLACE)) - OVERHEAD[1]) % STEP == 0


def test_what_is_added_later_is_passed_over() -> None:
    assert decode_body(to_cbor({"text": "x", "results": [{"file": "ab"}], "n": 1})) == EventBody("x")


@pytest.mark.parametrize(
    "value",
    [
        [],
        "x",
        1,
        None,
        {"text": 1},
        {"asks": {}},
        {"asks": [1]},
        {"asks": [["a"]]},
        {"asks": [["a", 1]]},
        {"values": []},
    ],
)
def test_what_is_no_body_says_so(value: Any) -> None:
    assert code_of(lambda: decode_body(to_cbor(value))) == "event-body-malformed"


def test_what_is_not_as_long_as_it_says_is_refused() -> None:
    data = encode_body(BODY)
    for plain in (
        b"", b"\x00\x00\x00", (len(data) + 1).to_bytes(4, "big") + data, len(data).to_bytes(4, "big") + data + b"\x01",
        (5).to_bytes(4, "big") + b"\x00" * 5, (2).to_bytes(4, "big") + b"\x9f\xff",
    ):  # fmt: skip
        sealed = seal(plain, KEY.public, body_info(421, CODE, 7))
        assert code_of(lambda s=sealed: open_sealed_body(s, secret_of(s), **PLACE)) == "event-body-malformed"  # type: ignore[misc]


@pytest.mark.parametrize(
    "body",
    [
        EventBody("x" * (MAX_WORDS + 1)),
        EventBody(asks=(CorrectionAsk("a", "x" * (MAX_WORDS + 1)),)),
        EventBody(asks=(CorrectionAsk("a", ""),) * (MAX_ASKS + 1)),
        EventBody(values={"a": "x" * MAX_BODY}),
    ],
)
def test_too_much_is_refused_by_both_sides(body: EventBody) -> None:
    assert code_of(lambda: encode_body(body)) == "event-body-too-large"
    parts = {"text": body.text, "asks": [[a.subject, a.text] for a in body.asks], "values": dict(body.values)}
    assert code_of(lambda: decode_body(to_cbor(parts))) == "event-body-too-large"


def test_all_values_of_the_largest_application_fit() -> None:
    body = EventBody(
        "x" * 300, tuple(CorrectionAsk(f"f{n}", "错" * 20) for n in range(MAX_ASKS)), {"a": "x" * MAX_PLAIN}
    )
    assert len(seal_body(body, KEY.public, **PLACE)) <= MAX_SEALED


def test_an_event_of_before_says_what_it_said_and_opens_its_values() -> None:
    values = {"bank_no": "6223091234567890"}
    sealed = old_values(values, KEY.public)
    text = old_event(
        PLATFORM_SIGN, 7, uuid7(), CODE, "correction", text="请补", asks=[("bank_no", "少一位")], sealed=sealed
    )
    old = known_statement(text)
    assert isinstance(old, Event)
    clear = EventBody("请补", (CorrectionAsk("bank_no", "少一位"),))
    assert old.clear == clear
    assert open_body(old, secret_of(sealed), 421) == replace(clear, values=values)
    assert code_of(lambda: open_body(old, bytes(32), 421)) == "event-body-sealed"
    for wrong in ([], "x"):
        box = seal(to_cbor(wrong), KEY.public, b"doorstep correction 1")
        assert code_of(lambda b=box: open_body(replace(old, sealed=b), secret_of(b), 421)) == "event-body-malformed"  # type: ignore[misc]
    plain = known_statement(old_event(PLATFORM_SIGN, 8, uuid7(), CODE, "message", text="来一趟"))
    assert isinstance(plain, Event)
    assert open_body(plain, b"", 421) == EventBody("来一趟")

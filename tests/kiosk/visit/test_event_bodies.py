# SPDX-License-Identifier: Apache-2.0
"""What events say is read one by one; what does not open is lost alone."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.event_body import CorrectionAsk, EventBody, seal_body
from contract.events import Event
from contract.hpke import ENC_SIZE, decapsulate
from contract.sealing import OpeningKey
from kiosk.visit.event_bodies import Said, read_events
from offline.errors import OfflineError

KEY = OpeningKey.new()
CODE = "004210001372"
CLEAR = EventBody("请补", (CorrectionAsk("bank_no", "少一位"),))


def event(seq: int, sealed: bytes = b"", clear: EventBody | None = None, code: str = CODE) -> Event:
    return Event(seq, "019a0000-0000-7000-8000-000000000001", code, "correction", "", sealed=sealed, clear=clear)


def sealed(seq: int, text: str = "您好") -> bytes:
    return seal_body(EventBody(text), KEY.public, terminal=421, tracking_code=CODE, seq=seq)


@pytest.mark.expects_log
def test_one_that_does_not_open_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    events = {
        1: event(1, sealed(1)),
        2: event(2),
        3: event(3, sealed(9)),  # moved here from another place
        4: event(4, bytes(99)),  # no point of the curve that counts
        5: event(5, sealed(5)),  # the keeper does not have it
        6: event(6, sealed(6, "再见")),
        7: event(7, b"values", CLEAR),  # of before; its present values do not open
        8: event(8, b"", CLEAR),
    }

    def secret_of(seq: int) -> bytes:
        if seq == 5:
            raise OfflineError("nothing that is sealed came there", "event-unknown")
        return decapsulate(events[seq].sealed[:ENC_SIZE], X25519PrivateKey.from_private_bytes(KEY.secret))

    lost = Said(EventBody(), lost=True)
    assert read_events(events.values(), secret_of, 421) == {
        1: Said(EventBody("您好")), 2: Said(EventBody()), 3: lost, 4: lost, 5: lost, 6: Said(EventBody("再见")),
        7: Said(CLEAR, lost=True), 8: Said(CLEAR),
    }  # fmt: skip
    assert "您好" not in caplog.text
    assert [r.args for r in caplog.records] == [
        (3, "event-body-sealed"), (4, "seal-broken"), (5, "event-unknown"), (7, "seal-broken"),
    ]  # fmt: skip


def test_nothing_is_asked_for_where_nothing_is_sealed() -> None:
    def secret_of(seq: int) -> bytes:
        raise AssertionError(seq)

    assert read_events([event(1), event(2, b"", CLEAR)], secret_of, 421)[2] == Said(CLEAR)

# SPDX-License-Identifier: Apache-2.0
"""K, H, D: new keys, hostile bytes, the description."""

from __future__ import annotations

from dataclasses import replace

from contract.events import KeyChange
from tests.kit_check.breaking import (
    Answer,
    Asked,
    Fault,
    answering,
    asking,
    in_feed,
)
from tests.kit_check.wrong import (
    OURS,
    status_of,
    wrong,
)

wrong(
    "new keys are announced to nobody",
    "K-01",
    "P-04",
    in_feed(lambda s: None if isinstance(s, KeyChange) else s),
    hurried=True,
)


def failing(call: str, status: int) -> Fault:
    return status_of(call, status, Answer(500, OURS, b"Internal Server Error"))


def failing_on_spoiled(asked: Asked, answer: Answer) -> Answer | None:
    spoiled = asked.path == "/v1/records" and (answer.status == 400 or b"record-digest" in answer.body)
    return Answer(500, OURS, b"oops") if spoiled else None


wrong("a spoiled record is a failure", "H-01", "H-03", answering(failing_on_spoiled))
wrong("nonsense is a failure", "H-02", "H-01", failing("/v1/inventory", 400))
wrong(
    "a huge number is a failure",
    "H-03",
    "H-01 F-11",
    asking(lambda a: Answer(500, OURS, b"oops") if len(a.query.get("since", "")) > 25 else None),
)


def undescribed(asked: Asked, answer: Answer) -> Answer:
    del asked
    return replace(answer, status=418)


wrong("nothing is answered as described", " ".join(f"D-{n:02d}" for n in range(1, 14)), "", answering(undescribed))

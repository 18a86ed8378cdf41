# SPDX-License-Identifier: Apache-2.0
"""F, I, P, K: feed, inventory, what is published, new keys."""

from __future__ import annotations

from dataclasses import replace

from contract.events import Event, Statement, known_statement, sign_statement
from tests.kit_check.breaking import (
    Answer,
    Asked,
    Fault,
    Forward,
    answering,
    asking,
    in_feed,
    in_json,
)
from tests.kit_check.wrong import (
    OURS,
    STRANGER,
    Memory,
    event_change,
    ignoring,
    ignoring_query,
    refusing,
    status_of,
    wrong,
)

# -- F

FEED = "/v1/feed"
wrong(
    "the feed's answer lacks a part", "F-01", "R-01",
    in_json(FEED, lambda page: {k: v for k, v in page.items() if k != "settled"}),
)  # fmt: skip
wrong(
    "numbers of the feed are text", "F-01", "F-04", in_json(FEED, lambda page: page | {"settled": str(page["settled"])})
)


def with_a_strangers() -> Fault:
    async def fault(asked: Asked, forward: Forward) -> Answer:
        answer = await forward(asked)
        if asked.path != FEED or answer.status != 200:
            return answer
        page = answer.json
        entries = [sign_statement(known_statement(text), STRANGER) for text in page["entries"][1:2]]
        return answer.saying(page | {"entries": page["entries"] + entries}) if len(page["entries"]) > 2 else answer

    return fault


wrong("a stranger's statement is in the feed", "F-02", "F-01", with_a_strangers())
wrong("`since` is ignored", "F-03", "F-01 F-04", ignoring_query(FEED, "since"))


def changing() -> Fault:
    count = 0

    def change(statement: Statement) -> Statement:
        nonlocal count
        count += 1
        return replace(statement, at=f"x{count}") if isinstance(statement, Event) else statement

    return in_feed(change)


wrong("entries change", "F-03 F-04 F-06", "F-01", Memory(changing))
wrong("`limit` is ignored", "F-05", "F-01 F-03", ignoring_query(FEED, "limit"))
wrong("`more` is never said", "F-05", "F-01 F-03", in_json(FEED, lambda page: page | {"more": False}))
wrong("the mark is another", "F-06 F-07", "F-01 F-04", in_json(FEED, lambda page: page | {"mark": "0" * 16}))
wrong("a wrong mark is not seen", "F-07", "F-03 F-06", ignoring_query(FEED, "mark"))
wrong("what has just come is settled", "F-08", "F-01", in_json(FEED, lambda page: page | {"settled": 2**31}))
for part in ("catalogue", "calendar", "dictionary"):
    wrong(
        f"the feed announces another {part}", "F-09", "F-01",
        in_json(FEED, lambda page, part=part: page | {part: page[part] | {"content_hash": "c" * 64}}),  # type: ignore[misc]
    )  # fmt: skip
wrong(
    "any cursor will do", "F-11", "F-03",
    asking(
        lambda a: (
            replace(a, query={k: v for k, v in a.query.items() if v.isdigit() or k == "mark"})
            if a.path == FEED
            else None
        )
    ),
)  # fmt: skip

# -- I

INVENTORY = "/v1/inventory"
wrong("no record is ever missing", "I-01 I-05", "I-02 I-03", in_json(INVENTORY, lambda d: d | {"missing_records": []}))
wrong(
    "no attachment is ever missing", "I-02", "I-01 I-03", in_json(INVENTORY, lambda d: d | {"missing_attachments": []})
)
wrong(
    "who asks for nothing is refused", "I-03", "I-01",
    answering(
        lambda a, x: refusing(400, "inventory") if a.path == INVENTORY and not any((x.json or {}).values()) else None
    ),
)  # fmt: skip
wrong(
    "any question will do", "I-04", "I-01 I-03",
    status_of(INVENTORY, 400, Answer(200, OURS).saying({"missing_records": [], "missing_attachments": []})),
)  # fmt: skip

# -- P

CATALOGUE = "/v1/catalogue"
wrong(
    "the catalogue's hash is wrong", "P-01", "P-02 P-04", in_json(CATALOGUE, lambda d: d | {"content_hash": "d" * 64})
)
wrong("If-None-Match is ignored", "P-02", "P-01 P-04", ignoring("GET", "if-none-match"))
wrong(
    "a delta from what is not known", "P-03", "P-01",
    asking(lambda a: replace(a, query={"since": "2026.11.1"}) if a.path == CATALOGUE and "since" in a.query else None),
)  # fmt: skip
wrong(
    "the calendar's tag is none of its own", "P-04", "P-01",
    answering(lambda a, x: x.with_header("etag", '"1"') if a.path == "/v1/calendar" else None),
)  # fmt: skip
wrong(
    "the dictionary's bytes are others", "P-05", "P-01 P-06",
    answering(
        lambda a, x: (
            replace(x, body=x.body + b"x") if a.path.startswith("/v1/dictionary") and x.status == 200 else None
        )
    ),
)  # fmt: skip
wrong("any dictionary is known", "P-06", "P-05", status_of("/v1/dictionary", 404, Answer(200, OURS, b"x")))
wrong(
    "the published dictionary is not known when a record comes", "P-07", "P-05",
    event_change(lambda e: e.tracking_code == "", type="refused", reason="dictionary-unknown"),
)  # fmt: skip

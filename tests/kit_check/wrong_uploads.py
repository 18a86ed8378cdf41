# SPDX-License-Identifier: Apache-2.0
"""A: attachments."""

from __future__ import annotations

from dataclasses import replace

from contract.events import Receipts, known_statement, sign_statement
from tests.kit_check.breaking import (
    Answer,
    Asked,
    Fault,
    Forward,
    answering,
    asking,
    in_feed,
    in_results,
)
from tests.kit_check.wrong import (
    OURS,
    Memory,
    ignoring,
    refusing,
    status_of,
    without_header,
    wrong,
)

ATTACHMENTS = "/v1/attachments/"
wrong("what no record names is taken", "A-01", "A-02", status_of(ATTACHMENTS, 404, 204))
wrong("HEAD does not say how much there will be", "A-02", "A-01 A-03 A-04", without_header("HEAD", "upload-length"))
wrong("HEAD may be cached", "A-02", "A-03", without_header("HEAD", "cache-control"))
wrong("a part is not answered with its offset", "A-03", "A-02 A-04", without_header("PATCH", "upload-offset"))
wrong(
    "HEAD says more than is there", "A-02 A-03 A-06", "A-01 A-04",
    answering(
        lambda a, x: (
            x.with_header("upload-offset", str(int(x.headers["upload-offset"]) + 1))
            if a.method == "HEAD" and x.status == 200
            else None
        )
    ),
)  # fmt: skip


def other_attachment(asked: Asked, answer: Answer) -> Answer | None:
    if asked.method != "PATCH" or answer.status != 200:
        return None
    receipt = known_statement(answer.json["receipt"])
    assert isinstance(receipt, Receipts)
    entries = tuple(replace(e, digest="b" * 64) for e in receipt.entries)
    return answer.saying(
        {"receipt": sign_statement(replace(receipt, entries=entries), asked.platform.keys.current.sign)}
    )


wrong(
    "the receipt is for another attachment", "A-04 A-05", "A-02 A-03 A-13", answering(other_attachment)
) if False else None
wrong("the receipt is for another attachment", "A-04 A-05", "A-02 A-03", answering(other_attachment))


def whole_once() -> Fault:
    done: set[str] = set()

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.method != "PATCH":
            return await forward(asked)
        if asked.path in done:
            return refusing(409, "offset").with_header("upload-offset", "0")
        answer = await forward(asked)
        if answer.status == 200:
            done.add(asked.path)
        return answer

    return fault


wrong("what is whole is refused", "A-05", "A-04", Memory(whole_once))


def at_any_offset() -> Fault:
    """Ignores Upload-Offset: what comes is put behind what is there."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.method == "PATCH" and "upload-offset" in asked.headers:
            end = asked.platform.partials.offset(asked.path.removeprefix(ATTACHMENTS))
            asked = replace(asked, headers=asked.headers | {"upload-offset": str(end)})
        return await forward(asked)

    return fault


wrong("Upload-Offset is ignored", "A-06", "A-03 A-04", at_any_offset())
wrong(
    "a missing Upload-Offset is taken for 0", "A-07", "A-03 A-06",
    asking(
        lambda asked: (
            replace(asked, headers=asked.headers | {"upload-offset": "0"})
            if asked.method == "PATCH" and not asked.headers.get("upload-offset", "").isdigit()
            else None
        )
    ),
)  # fmt: skip


def only_whole_requests() -> Fault:
    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.method == "PATCH":
            await asked.whole()
        return await forward(asked)

    return fault


wrong("what came before a cut is lost", "A-08 A-09", "A-03 A-04", only_whole_requests(), hurried=True)


def first_come() -> Fault:
    under_way: set[str] = set()

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.method != "PATCH":
            return await forward(asked)
        if asked.path in under_way:
            end = asked.platform.partials.offset(asked.path.removeprefix(ATTACHMENTS))
            return refusing(409, "offset").with_header("upload-offset", str(end))
        under_way.add(asked.path)
        try:
            return await forward(asked)
        finally:
            under_way.discard(asked.path)

    return fault


wrong("a half-dead upload locks the others out", "A-09", "A-03 A-04", Memory(first_come))
wrong(
    "wrong bytes are taken for right", "A-10", "A-04", status_of(ATTACHMENTS, 422, Answer(204, {"upload-offset": "0"}))
)
wrong("more than was said is taken", "A-11", "A-04", status_of(ATTACHMENTS, 413, Answer(204, {"upload-offset": "0"})))
wrong("overlap is not known", "A-12", "A-06", ignoring("PATCH", "doorstep-overlap"))
wrong(
    "attachments are not in the feed", "A-13", "A-04 O-02",
    in_feed(lambda s: None if isinstance(s, Receipts) else s), hurried=True,
)  # fmt: skip
wrong(
    "nobody is told what is wanted", "A-14", "R-01",
    in_results(lambda results: [{k: v for k, v in r.items() if k != "wanted"} for r in results]),
)  # fmt: skip
wrong(
    "small attachments are refused", "A-15", "A-03",
    asking(
        lambda a: refusing(400, "small") if a.method == "PATCH" and a.headers["content-length"] == "106" else None
    ),
)  # fmt: skip


def few_places() -> Fault:
    """Everybody who uploads has a place until the upload ends."""
    places = 0

    async def fault(asked: Asked, forward: Forward) -> Answer:
        nonlocal places
        if asked.method != "PATCH":
            return await forward(asked)
        if places >= 5:
            return Answer(500, OURS, b"no place")
        places += 1
        try:
            return await forward(asked)
        finally:
            places -= 1

    return fault


wrong("uploads that stand still fill all places", "A-16", "A-03 A-09", Memory(few_places))

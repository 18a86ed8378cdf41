# SPDX-License-Identifier: Apache-2.0
"""A: attachments in pieces, resumed at the byte."""

from __future__ import annotations

import http.client
from contextlib import suppress

import requests

from contract.events import Receipts
from contract.record import Record
from tests.contract_kit.answers import number, refused, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import broken, must, point, same
from tests.contract_kit.terminal import Terminal, digest_of

SIZE = 150_000  # plain bytes
PART = 70_000
STANDING = 12  # uploads of one terminal of which nothing more comes


def announced(kit: Kit, size: int = SIZE) -> tuple[Terminal, bytes, str, Record]:
    """A file that a record names, and nothing of it sent yet."""
    file = kit.one.file(size)
    record = kit.one.note([file])
    kit.one.kept(record)
    return kit.one, file, digest_of(file), record


def offset_of(terminal: Terminal, digest: str) -> int:
    """What HEAD says."""
    return number(status(terminal.state(digest), 200), "Upload-Offset")


def whole(terminal: Terminal, answer: requests.Response, digest: str) -> None:
    """Raises Broken where this is not the answer to the last byte."""
    entries = terminal.entries(said(answer, 200).get("receipt"), "attachment")
    must(digest in [e.digest for e in entries], "the receipt does not name the attachment")


@point(
    "A-01",
    "Nobody uploads what no record names",
    "Answer HEAD and PATCH with 404 (attachment-unknown): the terminal sends the record first.",
)
def unnamed(kit: Kit) -> None:
    digest = digest_of(kit.one.random.randbytes(9))
    status(kit.one.state(digest), 404)
    refused(kit.one.patch(digest, 0, b"x"), 404, "attachment-unknown")


@point(
    "A-02",
    "HEAD says how much is there and how much there will be",
    "Answer 200 with Upload-Offset and Upload-Length (of the record's manifest), not to be cached.",
)
def state(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit)
    answer = status(terminal.state(digest), 200)
    same(number(answer, "Upload-Offset"), 0, "Upload-Offset of what was not begun")
    same(number(answer, "Upload-Length"), len(file), "Upload-Length")
    must(
        "no-store" in answer.headers.get("Cache-Control", ""), "HEAD may be cached: Cache-Control: no-store is missing"
    )


@point(
    "A-03",
    "A part is kept: 204 with the new offset, and HEAD says the same",
    "Append at the offset and answer 204 with Upload-Offset while bytes are missing.",
)
def part(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit)
    for at in (0, 1, PART):
        end = {0: 1, 1: PART, PART: PART + 5}[at]
        answer = status(terminal.patch(digest, at, file[at:end]), 204)
        same(number(answer, "Upload-Offset"), end, "Upload-Offset of the answer")
        same(offset_of(terminal, digest), end, "Upload-Offset by HEAD")


@point(
    "A-04",
    "The last byte is answered 200 with a signed receipt for the attachment",
    'Verify the digest, keep it durably, then sign ["receipts", "attachment", at, [[id of a record that names it, '
    "digest]]].",
)
def receipt(kit: Kit) -> None:
    terminal, file, digest, record = announced(kit)
    status(terminal.patch(digest, 0, file[:PART]), 204)
    answer = terminal.patch(digest, PART, file[PART:])
    whole(terminal, answer, digest)
    named = [e.record_id for e in terminal.entries(answer.json()["receipt"], "attachment") if e.digest == digest]
    same(named, [record.header.id], "record named in the receipt")


@point(
    "A-05",
    "What is whole stays whole, and its receipt can be had again",
    "Answer a PATCH at any offset of what is whole with 200 and the receipt; HEAD with Upload-Offset = Upload-Length.",
)
def again(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit, 5000)
    whole(terminal, terminal.patch(digest, 0, file), digest)
    same(offset_of(terminal, digest), len(file), "Upload-Offset of what is whole")
    whole(terminal, terminal.patch(digest, len(file), b""), digest)
    whole(terminal, terminal.patch(digest, 0, b""), digest)


@point(
    "A-06",
    "At another offset nothing is written: 409 with the offset that is right",
    "Only Upload-Offset of the platform counts; answer 409 offset with it.",
)
def offset(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit)
    status(terminal.patch(digest, 0, file[:1000]), 204)
    for wrong in (0, 999, 1001, len(file) + 5):
        answer = terminal.patch(digest, wrong, file[wrong : wrong + 10] or b"x")
        refused(answer, 409, "offset")
        same(number(answer, "Upload-Offset"), 1000, "Upload-Offset of the refusal")
    same(offset_of(terminal, digest), 1000, "Upload-Offset after refused parts")


@point(
    "A-07",
    "A PATCH without Upload-Offset is refused",
    "Answer 400 offset-missing; never guess.",
)
def offset_missing(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit, 100)
    for headers in ({}, {"Upload_Offset": "soon"}):
        refused(terminal.call("PATCH", f"/v1/attachments/{digest}", file, **headers), 400, "offset-missing")


@point(
    "A-08",
    "What came before a broken connection is kept, and the rest goes on from there",
    "Write each piece as it comes; keep parts for weeks.",
)
def broken_connection(kit: Kit) -> str:
    terminal, file, digest, _ = announced(kit)
    connection = begin(terminal, digest, 0, file, PART)
    connection.close()
    found = kit.wait("bytes that were sent before the cut", lambda: offset_of(terminal, digest))
    last = -1
    while found != last:  # the rest may still be on its way to the disk
        last, found = found, offset_of(terminal, digest)
    must(found <= PART, f"Upload-Offset is {found} after {PART} bytes were sent")
    answer = terminal.patch(digest, found, file[found:])
    if answer.status_code == 409:  # some more had arrived
        found = number(answer, "Upload-Offset")
        answer = terminal.patch(digest, found, file[found:])
    whole(terminal, answer, digest)
    return f"{found} of {PART} bytes were kept"


@point(
    "A-09",
    "The newest request takes over from a half-dead one",
    "Never wait for the older connection: it may hang for hours behind a dead link. What still comes of it is not "
    "written.",
)
def takes_over(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit)
    half_dead = begin(terminal, digest, 0, file, PART)
    try:
        found = kit.wait("bytes of an upload that stands still", lambda: offset_of(terminal, digest))
        answer = terminal.patch(digest, found, file[found:-5])
        if answer.status_code == 409:
            found = number(answer, "Upload-Offset")
            answer = terminal.patch(digest, found, file[found:-5])
        status(answer, 204)
        with suppress(OSError):
            half_dead.send(file[PART:])
        with suppress(OSError):
            half_dead.getresponse().read()
        whole(terminal, terminal.patch(digest, len(file) - 5, file[-5:]), digest)
    finally:
        half_dead.close()


@point(
    "A-10",
    "Bytes that do not give the digest are thrown away: 422, and it begins anew",
    "Compare before you sign; answer 422 digest-wrong with Upload-Offset: 0.",
)
def digest_wrong(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit, 3000)
    wrong = file[:500] + bytes([file[500] ^ 1]) + file[501:]
    answer = terminal.patch(digest, 0, wrong)
    refused(answer, 422, "digest-wrong")
    same(number(answer, "Upload-Offset"), 0, "Upload-Offset of the refusal")
    same(offset_of(terminal, digest), 0, "Upload-Offset afterwards")
    whole(terminal, terminal.patch(digest, 0, file), digest)


@point(
    "A-11",
    "More bytes than the record said are refused",
    "Answer 413 too-long.",
)
def too_long(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit, 3000)
    refused(terminal.patch(digest, 0, file + b"more"), 413, "too-long")


@point(
    "A-12",
    "With Doorstep-Overlap: skip, what is there already is passed over",
    "Skip bytes before your offset instead of a refusal: a terminal that lost an answer saves a round trip.",
)
def overlap(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit, 5000)
    status(terminal.patch(digest, 0, file[:3000]), 204)
    answer = status(terminal.patch(digest, 1000, file[1000:4000], Doorstep_Overlap="skip"), 204)
    same(number(answer, "Upload-Offset"), 4000, "Upload-Offset after an overlapping part")
    refused(terminal.patch(digest, 4001, file[4001:], Doorstep_Overlap="skip"), 409, "offset")
    whole(terminal, terminal.patch(digest, 0, file, Doorstep_Overlap="skip"), digest)


@point(
    "A-13",
    "The receipt of an attachment stands in the feed too",
    "Put it into the feed of the terminal whose record names it: the answer may have been lost.",
)
def in_feed(kit: Kit) -> None:
    terminal, file, digest, _ = announced(kit, 900)
    whole(terminal, terminal.patch(digest, 0, file), digest)

    def told() -> bool:
        receipts = [s for s in terminal.feed() if isinstance(s, Receipts) and s.kind == "attachment"]
        return any(entry.digest == digest for receipt in receipts for entry in receipt.entries)

    kit.wait("the receipt in the feed", told)


@point(
    "A-14",
    "The result of a record says how much of its attachments is there already",
    "Give `wanted`: an offset for each of the manifest in its order (complete = its size); leave it out where all "
    "begin at 0.",
)
def wanted(kit: Kit) -> None:
    one = kit.one
    done, begun, new = one.file(900), one.file(2000), one.file(300)
    one.kept(one.note([done, begun]))
    whole(one, one.patch(digest_of(done), 0, done), digest_of(done))
    status(one.patch(digest_of(begun), 0, begun[:1500]), 204)
    result = one.results(one.note([new, done, begun]).encode())[0]
    same(result.get("wanted"), [0, len(done), 1500], "`wanted` for one new, one whole, one begun")
    result = one.results(one.note([one.file(10)]).encode())[0]
    if result.get("wanted", [0]) != [0]:
        broken(f"`wanted` for a new attachment is {result['wanted']}")


@point(
    "A-15",
    "An attachment of no bytes but its seal, and one of exactly one chunk, are taken",
    "Take the size of the manifest as it is.",
)
def small(kit: Kit) -> None:
    for size in (0, 65_536):
        terminal, file, digest, _ = announced(kit, size)
        whole(terminal, terminal.patch(digest, 0, file), digest)


@point(
    "A-16",
    "Uploads that stand still take no place from those that move",
    "Limit them for each terminal: end the oldest (409 taken-over) or send the newest away (503), and go on serving.",
)
def standing_still(kit: Kit) -> str:
    files = [kit.one.file(2000) for _ in range(STANDING)]
    moving = kit.one.file(2000)
    kit.one.kept(kit.one.note([*files, moving]))
    standing = [begin(kit.one, digest_of(file), 0, file, 500) for file in files]
    try:
        for _ in range(3):  # those that stand still may come to the platform's notice later than this one
            at = offset_of(kit.one, digest_of(moving))
            answer = kit.one.patch(digest_of(moving), at, moving[at:])
            if answer.status_code != 409:
                break
        if answer.status_code == 503:
            must(number(answer, "Retry-After") >= 1, "Retry-After is 0")
            return f"the newest is sent away at {STANDING} that stand still"
        whole(kit.one, answer, digest_of(moving))
    finally:
        for connection in standing:
            connection.close()
    return f"served beside {STANDING} that stand still"


def begin(terminal: Terminal, digest: str, at: int, file: bytes, stop: int) -> http.client.HTTPConnection:
    """A PATCH that stops half-way without an end."""
    return terminal.line.begin(
        "PATCH",
        f"/v1/attachments/{digest}",
        {
            "Authorization": f"Bearer {terminal.token}", "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(at), "Content-Length": str(len(file) - at),
        },
        file[at:stop],
    )  # fmt: skip

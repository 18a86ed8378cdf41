# SPDX-License-Identifier: Apache-2.0
"""C: what the platform signed for is there after it was killed."""

from __future__ import annotations

from tests.contract_kit.answers import number, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import NotTried, must, point, same
from tests.contract_kit.terminal import digest_of, entry_of

PART = 50_000


@point(
    "C-01",
    "What was signed for, and what the feed said, is there after the platform was killed",
    "Sync to disk before you sign, and give nothing to anybody that a crash could take back: a terminal deletes on "
    "your word.",
)
def killed(kit: Kit) -> str:
    if kit.choices.crash is None:
        raise NotTried(
            "it needs a crash; name a command that kills the platform hard and starts it with --crash-command"
        )
    terminal = kit.one
    terminal.feed()
    whole, part = terminal.file(3000), terminal.file(90_000)
    records = [terminal.note([whole, part]), *(terminal.note() for _ in range(20))]
    kit.fate(terminal, _first(kit))
    before = terminal.feed_texts()
    status_of_part = _upload(kit, records[0].encode(), whole, part)
    answer = said(terminal.send(*(record.encode() for record in records)), 200)
    entries = terminal.entries(answer["receipt"])
    must(set(entries) == {entry_of(record) for record in records}, "the receipt does not cover the batch")
    kit.choices.crash()
    kit.hang_up()
    again = terminal.results(*(record.encode() for record in records))
    found = [result.get("status") for result in again]
    same(found, ["duplicate"] * len(records), "results of what was signed for, after the crash")
    offsets = [number(status(terminal.state(digest_of(f)), 200), "Upload-Offset") for f in (whole, part)]
    same(offsets[0], len(whole), "Upload-Offset of the attachment that was signed for, after the crash")
    must(offsets[1] <= status_of_part, f"{offsets[1]} bytes are there of {status_of_part}")
    said(terminal.patch(digest_of(part), offsets[1], part[offsets[1] :]), 200)
    after = terminal.feed_texts()
    same(after[: len(before)], before, "entries of the feed from before the crash")
    for record in records:
        same(kit.fate(terminal, record.header.id).type, "received", "event of a record that was taken before the crash")
    return f"{len(records)} records and an attachment; of a part, {offsets[1]} of {status_of_part} bytes"


def _first(kit: Kit) -> str:
    """An entry of the feed to be remembered."""
    record = kit.one.note()
    kit.one.kept(record)
    return record.header.id


def _upload(kit: Kit, record: bytes, whole: bytes, part: bytes) -> int:
    """One attachment whole, one begun; how much of that one is there."""
    terminal = kit.one
    terminal.results(record)
    receipt = said(terminal.patch(digest_of(whole), 0, whole), 200)["receipt"]
    must(
        digest_of(whole) in [e.digest for e in terminal.entries(receipt, "attachment")], "no receipt for an attachment"
    )
    return number(status(terminal.patch(digest_of(part), 0, part[:PART]), 204), "Upload-Offset")

# SPDX-License-Identifier: Apache-2.0
"""R-20 to R-29: what custody refuses, code by code; and records of other terminals."""

from __future__ import annotations

from dataclasses import replace

from contract.packing import load_cbor, to_cbor
from contract.record import Record
from contract.sealing import SUITES, OpeningKey, PlatformKeys
from tests.contract_kit.answers import refused, said
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import NotTried, must, point, same
from tests.contract_kit.terminal import entry_of

PLACE = {"version": 0, "terminal": 2, "kind": 4, "clock": 7, "suite": 8, "payload": 10}


def refuses(kit: Kit, raw: bytes, *codes: str) -> None:
    """Raises Broken where custody says anything but one of these codes."""
    result = kit.one.results(raw)[0]
    same(result.get("status"), "refused", "status")
    must(result.get("code") in codes, f"code: {result.get('code')} instead of {' or '.join(codes)}")


def with_part(kit: Kit, place: int, value: object) -> bytes:
    """A record whose header has another value at a place, rightly signed."""
    record = kit.one.note()
    parts = load_cbor(record.header.encode())
    parts[place] = value
    header = to_cbor(parts)
    return to_cbor([header, record.sealed, kit.one.sign.sign(b"doorstep record 1" + header)])


@point(
    "R-20", "Bytes that are no record: record-malformed", "Read the envelope as docs/parcel.md, sections 1 and 3 say."
)
def malformed(kit: Kit) -> None:
    whole = kit.one.note().encode()
    longer = whole + b"\x00"
    other_form = b"\x9f" + whole[1:] + b"\xff"  # an array of indefinite length
    for raw in (b"", b"hello", whole[:-1], longer, other_form, to_cbor([b"", b"", bytes(64)]), bytes(200)):
        refuses(kit, raw, "record-malformed")
    refuses(kit, with_part(kit, PLACE["clock"], 2), "record-malformed")
    refuses(kit, with_part(kit, PLACE["terminal"], 100_000), "record-malformed")


@point(
    "R-21",
    "A version or kind of later programs: record-version",
    "Say so by name: the terminal keeps the record and offers it again once you are newer.",
)
def version(kit: Kit) -> None:
    refuses(kit, with_part(kit, PLACE["version"], 2), "record-version")
    refuses(kit, with_part(kit, PLACE["kind"], 99), "record-version")


@point(
    "R-22",
    "A payload that does not fit its header: record-digest",
    "Compare SHA-256 of the sealed part before you store it.",
)
def digest(kit: Kit) -> None:
    record = kit.one.note()
    sealed = bytearray(record.sealed)
    sealed[len(sealed) // 2] ^= 4
    refuses(kit, replace(record, sealed=bytes(sealed)).encode(), "record-digest")


@point("R-23", "A suite of later programs: suite-unknown", "Refuse by that code what you have no cipher for.")
def suite(kit: Kit) -> None:
    refuses(kit, with_part(kit, PLACE["suite"], max(SUITES) + 60), "suite-unknown")


@point(
    "R-24",
    "Sealed to a key that is not the platform's: key-unknown",
    "Refuse at once what you cannot open. Nobody can seal it anew, the terminal neither: never throw a private key "
    "away.",
)
def key(kit: Kit) -> None:
    strange = PlatformKeys(kit.one.platform.sign, (OpeningKey.new().public,))
    refuses(kit, kit.one.note(platform=strange).encode(), "key-unknown")


@point(
    "R-25",
    "A record of another terminal is taken for it, with that terminal's signature",
    "Look up the key of the terminal in the header, verify, store, and cover it by the receipt of whoever brought it.",
)
def carried(kit: Kit) -> None:
    record = kit.two.note()
    answer = said(kit.one.send(record.encode()), 200)
    same(answer["results"], [{"status": "stored"}], "result of a carried record")
    must(entry_of(record) in kit.one.entries(answer["receipt"]), "the carrier's receipt does not name it")
    same(kit.two.results(record.encode()), [{"status": "duplicate"}], "result when its own terminal sends it too")


@point(
    "R-26",
    "A record of another terminal with a wrong signature: record-signature",
    "Verify before you store: else anybody could file for anybody, or block an id.",
)
def forged(kit: Kit) -> None:
    record = kit.two.note(signer=kit.one.sign)
    refuses(kit, record.encode(), "record-signature")
    good = Record(record.header, record.sealed, kit.two.sign.sign(b"doorstep record 1" + record.header.encode()))
    same(kit.two.results(good.encode()), [{"status": "stored"}], "result of the true record afterwards")


@point(
    "R-27",
    "A record of a terminal that is not enrolled: terminal-unknown",
    "Refuse it by that code.",
)
def stranger(kit: Kit) -> None:
    number = next(n for n in range(99_999, 0, -1) if n not in (kit.one.number, kit.two.number))
    refuses(kit, kit.one.note(terminal=number).encode(), "terminal-unknown")


@point(
    "R-29",
    "More than 4096 records at once are refused, and none of them is kept",
    "Answer 413 too-many, however short they are.",
)
def too_many(kit: Kit) -> None:
    record = kit.one.note().encode()
    refused(kit.one.send(record, *[b""] * 4096), 413, "too-many")
    same(kit.one.results(record), [{"status": "stored"}], "result of a record that was among too many")


@point(
    "R-28",
    "Records sealed by suite 2 are taken like those by suite 1",
    "Where you offer a key of suite 2 (X-Wing), take what is sealed to it.",
)
def suite_2(kit: Kit) -> None:
    keys = kit.one.platform
    if 2 not in [k.suite for k in keys.sealing]:
        raise NotTried("the platform offers no key of suite 2")
    record = kit.one.note(platform=replace(keys, preferred=2))
    same(kit.one.results(record.encode()), [{"status": "stored"}], "result of a record sealed by suite 2")
    event = kit.fate(kit.one, record.header.id)
    same((event.type, event.reason), ("received", ""), "event of a record sealed by suite 2")

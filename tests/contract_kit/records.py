# SPDX-License-Identifier: Apache-2.0
"""R-01 to R-19: records into custody."""

from __future__ import annotations

import gzip
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import requests

from contract.parcel import FrameType, frame, parcel_header
from contract.record import MAX_RECORD, uuid7
from tests.contract_kit.answers import TIMEOUT, refused, said
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import broken, must, point, same
from tests.contract_kit.terminal import PARCEL, entry_of, parcel_of, results_of

MOST = 8 * 1024 * 1024  # bytes of one POST
UNKNOWN_FRAME = 77


@point(
    "R-01",
    "A new record is stored, the same again is a duplicate",
    "Answer 200 with one result a record; a record is known by its id and the digest of its bytes. Keep it durably "
    "before you answer.",
)
def stored_once(kit: Kit) -> None:
    record = kit.one.note().encode()
    same(kit.one.results(record), [{"status": "stored"}], "result of a new record")
    same(kit.one.results(record), [{"status": "duplicate"}], "result of the same record again")


@point(
    "R-02",
    "The receipt is signed by the platform's key and is about records",
    'Sign ["receipts", "record", at, [[id, digest], ...]] over "doorstep statement 1" || body with the key of the '
    "enrolment "
    "(docs/parcel.md, section 6).",
)
def receipt_signed(kit: Kit) -> None:
    kit.one.entries(said(kit.one.send(kit.one.note().encode()), 200).get("receipt"))


@point(
    "R-03",
    "The receipt names every record that is stored, by id and digest",
    "Cover all of the batch that are stored or duplicate in one statement: a terminal takes only that for delivered.",
)
def receipt_covers_stored(kit: Kit) -> None:
    records = [kit.one.note() for _ in range(3)]
    entries = kit.one.entries(said(kit.one.send(*(r.encode() for r in records)), 200)["receipt"])
    missing = {entry_of(r) for r in records} - set(entries)
    must(not missing, f"{len(missing)} of 3 stored records are not in the receipt")


@point(
    "R-04",
    "The receipt of a duplicate can be had again",
    "A terminal that lost your answer sends again: cover duplicates by the receipt like new records.",
)
def receipt_covers_duplicate(kit: Kit) -> None:
    record = kit.one.note()
    kit.one.kept(record)
    receipt = said(kit.one.send(record.encode()), 200)["receipt"]
    must(receipt, "the answer to a duplicate has no receipt")
    must(entry_of(record) in kit.one.entries(receipt), "the receipt does not name the duplicate")


@point(
    "R-05",
    "The receipt names nothing that was refused, and nothing that was not sent",
    "Put only stored and duplicate records of this batch into the statement; leave `receipt` empty where there are "
    "none.",
)
def receipt_no_more(kit: Kit) -> None:
    good, bad = kit.one.note(), kit.one.note()
    answer = said(kit.one.send(good.encode(), bad.encode()[:-100], b"hello"), 200)
    more = set(kit.one.entries(answer["receipt"])) - {entry_of(good), entry_of(bad)}
    must(not more, f"the receipt names {len(more)} records that were not sent")
    only_bad = said(kit.one.send(b"hello"), 200)
    same(only_bad.get("receipt"), "", "receipt where everything was refused")


@point(
    "R-06",
    "Results stand in the order sent",
    "Answer positionally: result N is of record N, whatever was looked at first.",
)
def in_order(kit: Kit) -> None:
    fresh = [kit.one.note().encode() for _ in range(4)]
    kit.one.results(fresh[1])
    answer = said(kit.one.send(fresh[0], b"hello", fresh[1], fresh[2], b"", fresh[3], fresh[0]), 200)
    found = [result.get("status") for result in results_of(answer, 7)]
    wanted = ["stored", "refused", "duplicate", "stored", "refused", "stored", "duplicate"]
    same(found, wanted, "statuses")


@point("R-07", "An empty parcel is answered", 'Answer 200 {"results": [], "receipt": ""}.')
def empty(kit: Kit) -> None:
    same(said(kit.one.send(), 200), {"results": [], "receipt": ""}, "answer to an empty parcel")


@point(
    "R-08",
    "A damaged parcel keeps what stood before the damage",
    "Answer 400 parcel-damaged with the results and the receipt of what came before, and keep it.",
)
def damaged(kit: Kit) -> None:
    one, two = kit.one.note(), kit.one.note()
    second = bytearray(frame(FrameType.RECORD, two.encode()))
    second[40] ^= 1
    answer = refused(kit.one.send_bytes(parcel_of(one.encode()) + bytes(second)), 400, "parcel-damaged")
    same([r.get("status") for r in results_of(answer, 1)], ["stored"], "results before the damage")
    same(kit.one.entries(answer["receipt"]), [entry_of(one)], "receipt for what stood before the damage")
    same(kit.one.results(one.encode()), [{"status": "duplicate"}], "result of the record before the damage, again")
    same(kit.one.results(two.encode()), [{"status": "stored"}], "result of the damaged record, again")


@point(
    "R-09",
    "What is no parcel is refused, and a frame of impossible length is damage",
    "Answer 400 parcel-damaged with results and receipt, however few.",
)
def no_parcel(kit: Kit) -> None:
    record = kit.one.note()
    too_long = (MAX_RECORD + 6).to_bytes(4, "big") + bytes([FrameType.RECORD]) + bytes(MAX_RECORD + 1)
    too_long += zlib.crc32(too_long[4:]).to_bytes(4, "big")
    for body, count in (
        (b"hello, this is no parcel", 0),
        (parcel_header()[:-1] + b"\x09", 0),
        (parcel_of(record.encode()) + bytes(4) + b"\x01....", 1),
        (parcel_of(record.encode()) + too_long, 1),
    ):
        answer = refused(kit.one.send_bytes(body), 400, "parcel-damaged")
        same(len(results_of(answer, count)), count, "number of results")


@point(
    "R-10",
    "An incomplete frame at the end is no error: it is cut off",
    "Take the complete frames; the torn one comes again.",
)
def torn(kit: Kit) -> None:
    one, two = kit.one.note(), kit.one.note()
    parcel = parcel_of(one.encode(), two.encode())
    same(results_of(said(kit.one.send_bytes(parcel[:-7]), 200), 1), [{"status": "stored"}], "results of a torn parcel")
    same(kit.one.results(two.encode()), [{"status": "stored"}], "result of the record whose frame was torn")


@point(
    "R-11",
    "Frames of unknown type and attachments are passed over",
    "Skip what you do not know; only records have results here.",
)
def unknown_frames(kit: Kit) -> None:
    record = frame(FrameType.RECORD, kit.one.note().encode())
    parcel = parcel_header() + frame(UNKNOWN_FRAME, b"later") + frame(FrameType.ATTACHMENT, bytes(900)) + record
    same(results_of(said(kit.one.send_bytes(parcel), 200), 1), [{"status": "stored"}], "results")


@point(
    "R-12",
    "More than 8 MiB at once is refused, and nothing of it is kept",
    "Answer 413 with a refusal as JSON, also where the length was not announced.",
)
def too_large(kit: Kit) -> None:
    record = kit.one.note().encode()
    body = parcel_of(record) + frame(UNKNOWN_FRAME, bytes(MOST))
    for sent in (body, (body[at : at + 65536] for at in range(0, len(body), 65536))):
        refused(kit.one.send_bytes(sent), 413, "parcel-too-large")
    same(kit.one.results(record), [{"status": "stored"}], "result of a record that was in a parcel too large")


@point(
    "R-13",
    "Batches as terminals send them are taken, and so are large records",
    f"Take batches of 64 KB at least, and records up to {MAX_RECORD} bytes.",
)
def as_large_as_allowed(kit: Kit) -> None:
    records = [kit.one.note().encode() for _ in range(330)]
    must(len(parcel_of(*records)) > 60_000, "the kit's batch is smaller than meant")
    found = {result.get("status") for result in kit.one.results(*records)}
    same(found, {"stored"}, f"results of {len(records)} records")
    large = kit.one.sealed("journal", {"data": kit.one.random.randbytes(200_000)}, "", "")
    same(kit.one.results(large.encode()), [{"status": "stored"}], f"result of a record of {len(large.encode())} bytes")


@point(
    "R-14",
    "Answers are zipped for whoever asks, and for nobody else",
    "Send Content-Encoding: gzip where Accept-Encoding has it and the answer is more than a kilobyte; plain bytes "
    "else.",
)
def zipped(kit: Kit) -> str:
    parcel = parcel_of(*(kit.one.note().encode() for _ in range(40)))
    plain = kit.one.send_bytes(parcel, Accept_Encoding="identity")
    must("Content-Encoding" not in plain.headers, "an answer is encoded although identity was asked for")
    answer = kit.one.line.session.post(
        kit.url.rstrip("/") + "/v1/records", data=parcel, stream=True, timeout=TIMEOUT,
        headers={"Authorization": f"Bearer {kit.one.token}", "Content-Type": PARCEL, "Accept-Encoding": "gzip"},
    )  # fmt: skip
    raw = answer.raw.read(decode_content=False)
    same(answer.headers.get("Content-Encoding"), "gzip", "Content-Encoding where gzip is asked for")
    same(len(json.loads(gzip.decompress(raw))["results"]), 40, "number of results in the zipped answer")
    must(len(raw) < len(plain.content), "zipped is no shorter than plain")
    return f"{len(plain.content)} bytes plain, {len(raw)} zipped"


@point(
    "R-15",
    "Several batches at once: a record in all of them is stored once",
    "Let the database say what is new (a unique key), in one transaction a batch.",
)
def at_once(kit: Kit) -> None:
    records = [kit.one.note().encode() for _ in range(20)]
    token = kit.one.token

    def send(_: int) -> requests.Response:
        with requests.Session() as session:
            session.trust_env, session.verify = False, kit.choices.ca or True
            return session.post(
                kit.url.rstrip("/") + "/v1/records", data=parcel_of(*records), timeout=TIMEOUT,
                headers={"Authorization": f"Bearer {token}", "Content-Type": PARCEL},
            )  # fmt: skip

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    taken = [results_of(said(answer, 200), 20) for answer in answers if answer.status_code != 503]
    for place in range(20):
        found = sorted(str(results[place].get("status")) for results in taken)
        same(found, ["duplicate"] * (len(taken) - 1) + ["stored"], "results of one record in batches at once")


@point(
    "R-16",
    "The same id with other bytes is a conflict, never an overwrite",
    "Refuse that record with code conflict (the others of the batch go on), and keep the first.",
)
def conflict(kit: Kit) -> None:
    name = uuid7()
    first, second, other = kit.one.note(record_id=name), kit.one.note(record_id=name), kit.one.note()
    same(kit.one.results(first.encode()), [{"status": "stored"}], "result of the first record")
    results = kit.one.results(second.encode(), other.encode())
    same((results[0].get("status"), results[0].get("code")), ("refused", "conflict"), "result of the second record")
    same(results[1].get("status"), "stored", "status of another record in the batch")
    same(kit.one.results(first.encode()), [{"status": "duplicate"}], "result of the first record again")


@point(
    "R-17",
    "Two records with one id in the same batch: the first is stored, the second a conflict",
    "Look for the id in the batch too.",
)
def conflict_within(kit: Kit) -> None:
    name = uuid7()
    results = kit.one.results(kit.one.note(record_id=name).encode(), kit.one.note(record_id=name).encode())
    same([r.get("status") for r in results], ["stored", "refused"], "statuses")
    same(results[1].get("code"), "conflict", "code of the second")


@point(
    "R-18",
    "One bad record refuses nobody else",
    "Answer 200: refusals are per record, each with code and reason.",
)
def one_by_one(kit: Kit) -> None:
    good = [kit.one.note().encode() for _ in range(2)]
    results = kit.one.results(good[0], b"\x83\x40\x40\x40", good[1])
    same([r.get("status") for r in results], ["stored", "refused", "stored"], "statuses")
    if not (isinstance(results[1].get("code"), str) and isinstance(results[1].get("reason"), str)):
        broken(f"a refusal lacks code or reason: {results[1]}")


@point(
    "R-19",
    "The receipt says when, with offset",
    "Write received_at as ISO 8601 with offset, by the platform's clock.",
)
def when(kit: Kit) -> None:
    statement = kit.one.read(said(kit.one.send(kit.one.note().encode()), 200)["receipt"])
    text = getattr(statement, "received_at", "")
    try:
        offset = datetime.fromisoformat(text).utcoffset()
    except ValueError:
        offset = None
    must(offset is not None, f"received_at is {text!r}")

# SPDX-License-Identifier: Apache-2.0
"""Makes contract/vectors/*.json: what another implementation of docs/parcel.md is to read, and where nothing is random
to write, byte by byte. Private keys are derived from words and are nobody's."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.attachment import CHUNK, open_whole, seal_whole
from contract.base45 import encode_base45
from contract.errors import ContractError
from contract.event_body import CorrectionAsk, EventBody, body_info, open_sealed_body, seal_body
from contract.events import (
    Event,
    KeyChange,
    ReceiptEntry,
    Receipts,
    known_statement,
    open_body,
    read_statement,
    sign_statement,
)
from contract.hpke import ENC_SIZE, decapsulate
from contract.ids import id_bytes
from contract.packing import Dictionaries, from_cbor, join_strings, pack, to_cbor, unpack
from contract.paper import PIECE, read_symbol, to_symbols
from contract.parcel import FrameType, frame, parcel_header, read_frames
from contract.record import AttachmentRef, Kind, Record, open_record, seal_record, verify_record
from contract.returns import Return, build_return, open_return
from contract.sealing import SUITE_X25519, SUITE_XWING, Keyring, OpeningKey, PlatformKeys, SealingKey, open_sealed, seal
from contract.tracking import check_tracking_code, code_from_scan, group_code, make_tracking_code, tracking_url

OUT = Path("contract/vectors")
AT = "2026-11-24T01:41:00+00:00"
CREATED = 1_795_484_460_000
IDS = [f"019{n}d3a4-b5c6-7d8e-9fa0-b1c2d3e4f5a{n}" for n in range(1, 4)]


def secret(word: str) -> bytes:
    """32 bytes that belong to a word."""
    return hashlib.sha256(b"doorstep test vector: " + word.encode()).digest()


PLATFORM_SIGN = Ed25519PrivateKey.from_private_bytes(secret("platform signs"))
NEXT_SIGN = Ed25519PrivateKey.from_private_bytes(secret("platform signs next"))
TERMINAL_SIGN = Ed25519PrivateKey.from_private_bytes(secret("terminal signs"))
OPENING = [OpeningKey(s, secret(f"platform opens {s}")) for s in (SUITE_X25519, SUITE_XWING)]
TERMINAL_OPENS = OpeningKey(SUITE_X25519, secret("terminal opens"))
RING = Keyring(OPENING)
PLATFORM = PlatformKeys(PLATFORM_SIGN.public_key(), tuple(key.public for key in OPENING))
HYBRID = replace(PLATFORM, preferred=SUITE_XWING)
NEXT = replace(HYBRID, sign=NEXT_SIGN.public_key())
PAYLOAD = {
    "item_id": "old80",
    "values": {"name": ["王秀英", "card", True], "mobile": ["13800000000", "resident", False]},
}
TRAINED = zstandard.train_dictionary(
    1024, [to_cbor({"item_id": f"i{n % 9}", "values": {"name": [f"n{n}", "card", n % 2 == 0]}}) for n in range(3000)]
).as_bytes()


def hexed(value: Any) -> Any:
    """Bytes as hex, wherever they are."""
    match value:
        case bytes():
            return value.hex()
        case dict():
            return {k: hexed(v) for k, v in value.items()}
        case list() | tuple():
            return [hexed(v) for v in value]
    return value


def refused(read: Callable[[Any], object], cases: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """What must be refused, and with which code."""
    found = []
    for why, data in cases:
        try:
            read(data)
        except ContractError as fault:
            found.append({"why": why, "data": data, "code": fault.code})
        else:
            raise AssertionError(f"not refused: {why}")
    return found


def keys() -> dict[str, Any]:
    """Whose keys the other files are about."""
    return {
        "platform": {
            "sign_private": PLATFORM_SIGN.private_bytes_raw(),
            "sign_public": PLATFORM.sign.public_bytes_raw(),
            "sealing": [
                {"suite": k.suite, "private": k.secret, "public": k.public.raw, "key_id": k.id} for k in OPENING
            ],
            "as_it_travels": PLATFORM.to_dict(),
        },
        "platform_next": {"sign_private": NEXT_SIGN.private_bytes_raw(), "as_it_travels": NEXT.to_dict()},
        "terminal": {
            "number": 421,
            "sign_private": TERMINAL_SIGN.private_bytes_raw(),
            "sign_public": TERMINAL_SIGN.public_key().public_bytes_raw(),
            "seal_private": TERMINAL_OPENS.secret,
            "seal_public": TERMINAL_OPENS.public.raw,
        },
    }


def sealing() -> list[dict[str, Any]]:
    """The two suites alone."""
    return [
        {
            "suite": key.suite, "context": b"a context", "plain": b"plain",
            "sealed": seal(b"plain", SealingKey(key.suite, key.public.raw), b"a context"),
        }
        for key in OPENING
    ]  # fmt: skip


def packing() -> dict[str, Any]:
    """CBOR, and packed payloads with and without dictionaries."""
    shelf = Dictionaries()
    shelf.add(16, TRAINED)
    shelf.add(300, TRAINED)
    values: list[Any] = [
        None,
        True,
        0,
        23,
        24,
        256,
        65536,
        -1,
        -500,
        1.5,
        "",
        "中文",
        [],
        {},
        {"b": 1, "a": 2, "aa": 3},
    ]
    values += [list(range(25)), 2**64 - 1, -(2**64), PAYLOAD]
    bad = ("9fff", "a2616100616101", "a10101", "f7", "c100", "0000", "81" * 17 + "00", "d9d9f700", "1900", "")
    return {
        "dictionary": {"bytes": TRAINED, "numbers": [16, 300]},
        "cbor": [{"value": v, "bytes": to_cbor(v)} for v in values],
        "cbor_refused": refused(from_cbor, [("see the page", bytes.fromhex(b)) for b in bad]),
        "packed": [
            {"value": PAYLOAD, "dictionary": n, "bytes": pack(PAYLOAD, dictionary=n, dictionaries=shelf)}
            for n in (0, 1, 16, 300)
        ],
        "packed_refused": refused(
            unpack,
            [
                ("empty", b""),
                ("dictionary nobody has", b"\x09" + pack(1, dictionary=0)[1:]),
                ("bytes after the frame", pack(1, dictionary=0) + b"x"),
                ("claims 50 MB", b"\x00" + zstandard.compress(bytes(50_000_000))),
            ],
        ),
    }


def make_record(platform: PlatformKeys, kind: Kind, **changes: Any) -> Record:
    """A record of terminal 421."""
    parts: dict[str, Any] = {
        "terminal": 421, "sequence": 7, "tracking_code": make_tracking_code(421, 137), "item": "old80",
        "attachments": [], "platform": platform, "signer": TERMINAL_SIGN, "now_ms": CREATED, "record_id": IDS[0],
    }  # fmt: skip
    return seal_record(kind, PAYLOAD, **(parts | changes))


def records() -> dict[str, Any]:
    """Records of both suites, and damaged ones."""
    refs = [
        AttachmentRef(hashlib.sha256(b"one").hexdigest(), 3),
        AttachmentRef(hashlib.sha256(b"two").hexdigest(), 70000),
    ]
    made = [
        make_record(PLATFORM, Kind.APPLICATION, attachments=refs),
        make_record(HYBRID, Kind.CORRECTION, record_id=IDS[1], sequence=2**40, clock="unsure"),
        make_record(PLATFORM, Kind.JOURNAL, record_id=IDS[2], tracking_code="", item=""),
    ]
    for record in made:
        verify_record(Record.decode(record.encode()), TERMINAL_SIGN.public_key())
        assert open_record(record, RING) == PAYLOAD
    good = made[0]
    head = from_cbor(good.header.encode())
    changed = [
        ("version 2", 0, 2), ("kind 8", 4, 8), ("suite 9", 8, 9), ("terminal 0", 2, 0), ("no tracking code", 5, 0),
        ("digest of something else", 10, bytes(32)), ("id of version 4", 1, head[1][:6] + b"\x4d" + head[1][7:]),
    ]  # fmt: skip
    cases = [
        (why, join_strings(to_cbor([*head[:at], value, *head[at + 1 :]]), good.sealed, good.signature))
        for why, at, value in changed
    ]
    cases.append(("one byte more", good.encode() + b"\x00"))
    cases.append(
        ("a header longer than need be", join_strings(b"\x98\x0c" + good.header.encode()[1:], good.sealed, bytes(64)))
    )
    return {
        "records": [
            {
                "header": asdict(r.header), "header_bytes": r.header.encode(), "binding": r.header.binding(),
                "sealed": r.sealed, "signature": r.signature, "record": r.encode(), "digest": r.digest,
                "payload": PAYLOAD,
            }
            for r in made
        ],
        "refused": refused(Record.decode, cases),
        "bad_signature": replace(good, signature=bytes(64)).encode(),
    }  # fmt: skip


def parcels() -> dict[str, Any]:
    """A parcel with what is known and what is not, cut and damaged."""
    bodies = [(1, b"a record's bytes"), (2, b"an attachment's sealed bytes"), (77, b"of the future"), (1, b"")]
    whole = parcel_header() + b"".join(frame(kind, body) for kind, body in bodies)
    import io

    def read(data: bytes) -> list[Any]:
        return list(read_frames(io.BytesIO(data)))

    flipped = bytearray(whole)
    flipped[20] ^= 1
    return {
        "parcel": whole,
        "frames": [
            {"type": f.type, "offset": f.offset, "body": body, "sha256": hashlib.sha256(body).hexdigest()}
            for f, (_, body) in zip(read(whole), bodies, strict=True)
        ],
        "torn": [{"length": n, "whole_frames": len(read(whole[:n]))} for n in (0, 5, 9, 12, 34, 60, len(whole) - 1)],
        "refused": refused(
            read,
            [
                ("another magic", b"DSPARCE1\x01"),
                ("version 2", b"DSPARCEL\x02"),
                ("a flipped byte", bytes(flipped)),
                ("length 4", parcel_header() + bytes.fromhex("0000000401") + bytes(9)),
                ("a record of 2 MiB", parcel_header() + (2 * 1024 * 1024).to_bytes(4, "big") + b"\x01" + bytes(9)),
            ],
        ),
        "record_type": int(FrameType.RECORD),
        "attachment_type": int(FrameType.ATTACHMENT),
    }


def sha256(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()


def attachments() -> dict[str, Any]:
    """Sealed attachments; the plain bytes of one are bytes n % 251."""
    plains = [b"", b"a small picture", bytes(n % 251 for n in range(CHUNK + 5))]
    made = [(p, seal_whole(p, platform)) for p, platform in zip(plains, (PLATFORM, HYBRID, PLATFORM), strict=True)]
    small = made[1][1]
    return {
        "attachments": [
            {"size": len(p), "plain_sha256": sha256(p), "sealed": s, "digest": sha256(s)}
            for p, s in made
        ],
        "refused": refused(
            lambda data: open_whole(data, RING),
            [
                ("cut by a byte", small[:-1]),
                ("one byte more", small + b"x"),
                ("version 2", b"\x02" + small[1:]),
                ("suite 9", b"\x01\x09" + small[2:]),
                ("another key", small[:2] + bytes(8) + small[10:]),
            ],
        ),
    }  # fmt: skip


CODE = make_tracking_code(421, 137)
BODY = EventBody("请补正", (CorrectionAsk("bank_no", "少一位"),), {"bank_no": "6223091234567890"})


def secret_of(sealed: bytes) -> bytes:
    """The shared secret of one message to terminal 421."""
    return decapsulate(sealed[:ENC_SIZE], X25519PrivateKey.from_private_bytes(TERMINAL_OPENS.secret))


def asks_of(body: EventBody) -> list[list[str]]:
    """As in CBOR."""
    return [[ask.subject, ask.text] for ask in body.asks]


def statements() -> dict[str, Any]:
    """Receipts, events with what they say, a change of keys; and events of the first form."""
    digest = hashlib.sha256(b"record").hexdigest()
    sealed = seal_body(BODY, TERMINAL_OPENS.public, terminal=421, tracking_code=CODE, seq=2)
    made = [
        Receipts("record", AT, tuple(ReceiptEntry(i, digest) for i in IDS)),
        Receipts("attachment", AT, (ReceiptEntry(IDS[0], digest),)),
        Event(1, IDS[0], CODE, "received", AT, "1199012399900011XX4990500010000202611240001"),
        Event(2, IDS[0], CODE, "correction", AT, sealed=sealed),
        Event(3, IDS[1], CODE, "refused", AT, reason="application-incomplete"),
        KeyChange(NEXT, AT),
    ]
    signed = [sign_statement(s, PLATFORM_SIGN) for s in made]
    other = sign_statement(made[0], TERMINAL_SIGN)
    return {
        "statements": [
            {
                "type": type(s).__name__,
                "fields": {"platform": s.platform.to_dict(), "at": s.at} if isinstance(s, KeyChange) else told(s),
                "text": text,
            }
            for s, text in zip(made, signed, strict=True)
        ],
        "body": opened_body(sealed),
        "body_refused": bodies_refused(sealed),
        "in_clear": [in_clear(*parts) for parts in old_events()],
        "after_the_change": sign_statement(made[2], NEXT_SIGN),
        "refused": refused(
            lambda text: read_statement(text, PLATFORM),
            [("signed by somebody else", other), ("no base64", "???"), ("cut", signed[0][:-8])],
        ),
    }


def told(statement: Receipts | Event) -> dict[str, Any]:
    """What stands in clear in a statement."""
    return {name: part for name, part in asdict(statement).items() if name != "clear"}


def opened_body(sealed: bytes) -> dict[str, Any]:
    """Each step of opening what the correction says."""
    info = body_info(421, CODE, 2)
    return {
        "terminal": 421, "tracking_code": CODE, "seq": 2, "sealed": sealed, "shared_secret": secret_of(sealed),
        "info": info, "plain": open_sealed(sealed, TERMINAL_OPENS, info),
        "text": BODY.text, "asks": asks_of(BODY), "values": dict(BODY.values),
    }  # fmt: skip


def bodies_refused(sealed: bytes) -> list[dict[str, Any]]:
    """Sealed parts that are none in the correction's place."""

    def box(plain: bytes) -> bytes:
        return seal(plain, TERMINAL_OPENS.public, body_info(421, CODE, 2))

    def elsewhere(terminal: int, code: str, seq: int) -> bytes:
        return seal_body(BODY, TERMINAL_OPENS.public, terminal=terminal, tracking_code=code, seq=seq)

    def read(data: bytes) -> object:
        return open_sealed_body(data, secret_of(data), terminal=421, tracking_code=CODE, seq=2)

    no_list = to_cbor({"asks": "x"})
    return refused(
        read,
        [
            ("of another terminal", elsewhere(422, CODE, 2)),
            ("of another case", elsewhere(421, make_tracking_code(421, 138), 2)),
            ("of another place", elsewhere(421, CODE, 3)),
            ("cut", sealed[:-1]),
            ("longer than it says", box(b"\x00\x00\x00\x01\xa0\x01")),
            ("shorter than it says", box(b"\x00\x00\x00\x09\xa0")),
            ("no map", box(b"\x00\x00\x00\x01\x80")),
            ("asks that are none", box(len(no_list).to_bytes(4, "big") + no_list)),
            ("a text of 5000 characters", box(b"\x00\x00\x13\x91" + to_cbor({"text": "x" * 5000}))),
        ],
    )


def old_events() -> list[tuple[list[Any], EventBody]]:
    """Events of the first form: their bodies, which nothing of ours makes any more, and what they say."""
    values = seal(to_cbor(dict(BODY.values)), TERMINAL_OPENS.public, b"doorstep correction 1")
    number = "1199012399900011XX4990500010000202611240001"
    return [
        (["event", 1, id_bytes(IDS[0]), CODE, "received", AT, number, "", [], b""], EventBody()),
        (["event", 2, id_bytes(IDS[0]), CODE, "correction", AT, "", BODY.text, asks_of(BODY), values], BODY),
        (["event", 3, id_bytes(IDS[1]), CODE, "refused", AT, "", "application-incomplete", [], b""], EventBody()),
    ]


def in_clear(parts: list[Any], body: EventBody) -> dict[str, Any]:
    """One of these, signed."""
    raw = to_cbor(parts)
    text = base64.b64encode(join_strings(raw, PLATFORM_SIGN.sign(b"doorstep statement 1" + raw))).decode()
    event = known_statement(text)
    assert isinstance(event, Event)
    secret = secret_of(event.sealed) if event.sealed else b""
    assert open_body(event, secret, 421) == body
    said = {"text": body.text, "asks": asks_of(body), "values": dict(body.values)}
    return {"text": text, "fields": told(event), "shared_secret": secret, "body": said}


def returns() -> dict[str, Any]:
    """A file for terminal 421, signed by the next key, with the announcement that leads there."""
    entries = (sign_statement(KeyChange(NEXT, AT), PLATFORM_SIGN),)
    content = Return(
        421, CREATED, 3, 9, "0123456789abcdef", 5, entries, {"version": "1"}, {"version": "2"}, (16, b"bytes")
    )  # fmt: skip
    data = build_return(content, TERMINAL_OPENS.public, NEXT_SIGN)
    assert open_return(data, 421, TERMINAL_OPENS, PLATFORM) == content
    other = build_return(replace(content, terminal=422), TERMINAL_OPENS.public, NEXT_SIGN)
    plain = build_return(replace(content, entries=()), TERMINAL_OPENS.public, NEXT_SIGN)
    return {
        "file": data,
        "content": asdict(content),
        "refused": refused(
            lambda d: open_return(d, 421, TERMINAL_OPENS, PLATFORM),
            [
                ("signed by a key that nothing announces", plain),
                ("cut", data[:-1]),
                ("version 2", data[:8] + b"\x02" + data[9:]),
                ("no return", b"DSPARCEL\x01"),
                ("for another terminal", other),
            ],
        ),
    }  # fmt: skip


def paper() -> dict[str, Any]:
    """Records as QR texts."""
    long = bytes(n % 253 for n in range(2 * PIECE + 100))
    texts = to_symbols(long)
    samples = (b"", b"\x00", b"AB", b"Hello!!", b"base-45", b"\xff\xff")
    cases = [
        ("another code", "http://127.0.0.1/t/004210001372"),
        ("version 2", "DS2/ABC"),
        ("misread", texts[0][:-2] + "00"),
    ]
    return {
        "base45": [{"bytes": b, "text": encode_base45(b)} for b in samples],
        "records": [{"record": r, "texts": to_symbols(r)} for r in (b"a short record", long)],
        "refused": refused(read_symbol, cases),
    }  # fmt: skip


def tracking() -> dict[str, Any]:
    """Codes, and what people mistype."""
    pairs = [(421, 137), (1, 1), (99_999, 999_999), (421, 138)]
    code = make_tracking_code(421, 137)
    swapped = code[:9] + code[10] + code[9] + code[11:]
    cases = [
        ("a digit wrong", "1" + code[1:]),
        ("two digits swapped", swapped),
        ("too short", code[:-1]),
        ("letters", "x" * 12),
    ]
    return {
        "codes": [
            {"terminal": t, "counter": c, "code": make_tracking_code(t, c), "in_header": t * 1_000_000 + c}
            for t, c in pairs
        ],
        "grouped": group_code(code),
        "url": tracking_url("http://127.0.0.1/", code),
        "typed": [
            {"text": t, "code": code_from_scan(t)} for t in (code, group_code(code), f"http://127.0.0.1/t/{code}")
        ],
        "refused": refused(check_tracking_code, cases),
    }


def main() -> None:
    """Writes the files; what is random in them is new each time."""
    for part in (keys, sealing, packing, records, parcels, attachments, statements, returns, paper, tracking):
        path = OUT / f"{part.__name__}.json"
        path.write_text(json.dumps(hexed(part()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{path}: {path.stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()

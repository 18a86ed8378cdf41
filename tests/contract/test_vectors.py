# SPDX-License-Identifier: Apache-2.0
"""The published vectors: we read and, where nothing is random, write them; so does another implementation."""

from __future__ import annotations

import ast
import base64
import dataclasses
import hashlib
import io
import json
import random
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.attachment import open_whole, sealed_size
from contract.base45 import decode_base45, encode_base45
from contract.errors import ContractError
from contract.event_body import CorrectionAsk, EventBody, body_info, encode_body, open_sealed_body
from contract.events import Event, KeyChange, ReceiptEntry, Receipts, open_body, read_statement, sign_statement
from contract.hpke import ENC_SIZE, decapsulate
from contract.packing import Dictionaries, from_cbor, pack, to_cbor, unpack
from contract.paper import Assembly, read_symbol, to_symbols
from contract.parcel import frame, parcel_header, read_frames
from contract.record import AttachmentRef, Header, Record, RecordError, open_record, verify_record
from contract.returns import open_return
from contract.sealing import Keyring, OpeningKey, PlatformKeys, SealingKey, open_sealed
from contract.tracking import check_tracking_code, code_from_scan, code_of_number, group_code, make_tracking_code
from tests.contract import stranger


def vectors(name: str) -> Any:
    return json.loads(resources.files("contract.vectors").joinpath(f"{name}.json").read_text(encoding="utf-8"))


KEYS = vectors("keys")
RAW = bytes.fromhex
RING = Keyring(OpeningKey(k["suite"], RAW(k["private"])) for k in KEYS["platform"]["sealing"])
SECRETS = {k["key_id"]: RAW(k["private"]) for k in KEYS["platform"]["sealing"]}
PLATFORM = PlatformKeys.from_dict(KEYS["platform"]["as_it_travels"])
PLATFORM_SIGN = Ed25519PrivateKey.from_private_bytes(RAW(KEYS["platform"]["sign_private"]))
TERMINAL_SIGN = Ed25519PrivateKey.from_private_bytes(RAW(KEYS["terminal"]["sign_private"]))
TERMINAL_OPENS = X25519PrivateKey.from_private_bytes(RAW(KEYS["terminal"]["seal_private"]))
TRAINED = RAW(vectors("packing")["dictionary"]["bytes"])
SHELF = Dictionaries()
for number in vectors("packing")["dictionary"]["numbers"]:
    SHELF.add(number, TRAINED)
BYTES_OF = {1: SHELF.bytes_of(1), 16: TRAINED, 300: TRAINED}


def refused(cases: list[dict[str, str]], read: Any, *, text: bool = False) -> None:
    assert cases
    for case in cases:
        with pytest.raises(ContractError) as fault:
            read(case["data"] if text else RAW(case["data"]))
        assert fault.value.code == case["code"], case["why"]


def test_keys() -> None:
    for key in KEYS["platform"]["sealing"]:
        own = OpeningKey(key["suite"], RAW(key["private"]))
        assert (own.public, own.id) == (SealingKey(key["suite"], RAW(key["public"])), key["key_id"])
        assert hashlib.sha256(RAW(key["public"])).hexdigest()[:16] == key["key_id"]
    assert PLATFORM.sign == PLATFORM_SIGN.public_key()
    assert PLATFORM.to_dict() == KEYS["platform"]["as_it_travels"]
    assert base64.b64decode(KEYS["platform"]["as_it_travels"]["sign"]) == RAW(KEYS["platform"]["sign_public"])


def test_sealing() -> None:
    for v, key in zip(vectors("sealing"), RING, strict=True):
        assert v["suite"] == key.suite
        assert open_sealed(RAW(v["sealed"]), key, RAW(v["context"])) == RAW(v["plain"])
        assert stranger.unseal(v["suite"], key.secret, RAW(v["sealed"]), RAW(v["context"])) == RAW(v["plain"])


def test_packing() -> None:
    all_of_them = vectors("packing")
    for v in all_of_them["cbor"]:
        assert to_cbor(v["value"]) == RAW(v["bytes"])
        assert from_cbor(RAW(v["bytes"])) == v["value"]
    for v in all_of_them["packed"]:
        assert unpack(RAW(v["bytes"]), dictionaries=SHELF) == v["value"]
        assert stranger.unpack(RAW(v["bytes"]), BYTES_OF) == v["value"]
        assert (
            unpack(pack(v["value"], dictionary=v["dictionary"], dictionaries=SHELF), dictionaries=SHELF) == v["value"]
        )
    refused(all_of_them["cbor_refused"], from_cbor)
    refused(all_of_them["packed_refused"], unpack)


def test_records() -> None:
    all_of_them = vectors("records")
    for v in all_of_them["records"]:
        record = Record.decode(RAW(v["record"]))
        refs = tuple(AttachmentRef(**a) for a in v["header"]["attachments"])
        header = Header(**v["header"] | {"attachments": refs})
        assert record.header == header
        assert (header.encode(), header.binding()) == (RAW(v["header_bytes"]), RAW(v["binding"]))
        signature = TERMINAL_SIGN.sign(b"doorstep record 1" + RAW(v["header_bytes"]))
        assert Record(header, RAW(v["sealed"]), signature).encode() == RAW(v["record"])
        assert record.digest == v["digest"]
        verify_record(record, TERMINAL_SIGN.public_key())
        assert open_record(record, RING) == v["payload"]
        parts, payload = stranger.record(RAW(v["record"]), RAW(KEYS["terminal"]["sign_public"]), SECRETS, BYTES_OF)
        assert payload == v["payload"]
        assert parts[2:4] == [header.terminal, header.sequence]
    refused(all_of_them["refused"], Record.decode)
    bad = Record.decode(RAW(all_of_them["bad_signature"]))
    with pytest.raises(RecordError):
        verify_record(bad, TERMINAL_SIGN.public_key())
    with pytest.raises(InvalidSignature):
        stranger.record(RAW(all_of_them["bad_signature"]), RAW(KEYS["terminal"]["sign_public"]), SECRETS, BYTES_OF)


def test_parcels() -> None:
    v = vectors("parcels")
    data = RAW(v["parcel"])
    assert parcel_header() + b"".join(frame(f["type"], RAW(f["body"])) for f in v["frames"]) == data
    want = [(f["type"], f["offset"], len(RAW(f["body"]))) for f in v["frames"]]
    found = list(read_frames(io.BytesIO(data)))
    assert [(f.type, f.offset, f.size) for f in found] == want
    for ours, theirs in zip(found, v["frames"], strict=True):
        assert ours.body.hex() == theirs["body"] if ours.type == v["record_type"] else ours.digest == theirs["sha256"]
    assert [(k, at, body.hex()) for k, at, body in stranger.frames(data)] == [
        (f["type"], f["offset"], f["body"]) for f in v["frames"]
    ]
    for torn in v["torn"]:
        assert len(list(read_frames(io.BytesIO(data[: torn["length"]])))) == torn["whole_frames"]
    refused(v["refused"], lambda raw: list(read_frames(io.BytesIO(raw))))


def test_attachments() -> None:
    all_of_them = vectors("attachments")
    for v in all_of_them["attachments"]:
        sealed, plain = RAW(v["sealed"]), open_whole(RAW(v["sealed"]), RING)
        assert (len(plain), hashlib.sha256(plain).hexdigest()) == (v["size"], v["plain_sha256"])
        assert hashlib.sha256(sealed).hexdigest() == v["digest"]
        assert len(sealed) == sealed_size(v["size"], sealed[1])
        assert stranger.attachment(sealed, SECRETS) == plain
    refused(all_of_them["refused"], lambda raw: open_whole(raw, RING))


def as_statement(kind: str, fields: dict[str, Any]) -> Receipts | Event | KeyChange:
    if kind == "Receipts":
        return Receipts(**fields | {"entries": tuple(ReceiptEntry(**e) for e in fields["entries"])})
    if kind == "KeyChange":
        return KeyChange(PlatformKeys.from_dict(fields["platform"]), fields["at"])
    return Event(**fields | {"sealed": RAW(fields["sealed"])})


def as_body(said: dict[str, Any]) -> EventBody:
    return EventBody(said["text"], tuple(CorrectionAsk(*ask) for ask in said["asks"]), said["values"])


def test_statements() -> None:
    all_of_them = vectors("statements")
    for v in all_of_them["statements"]:
        said = as_statement(v["type"], v["fields"])
        assert sign_statement(said, PLATFORM_SIGN) == v["text"]
        assert read_statement(v["text"], PLATFORM) == said
        assert stranger.statement(v["text"], RAW(KEYS["platform"]["sign_public"]))[0] in ("receipts", "event 2", "keys")
        if isinstance(said, KeyChange):
            assert read_statement(all_of_them["after_the_change"], said.platform)
    refused(
        [{**c, "code": c["code"]} for c in all_of_them["refused"]], lambda t: read_statement(t, PLATFORM), text=True
    )


def test_what_an_event_says() -> None:
    all_of_them = vectors("statements")
    v = all_of_them["body"]
    place = {name: v[name] for name in ("terminal", "tracking_code", "seq")}
    sealed, secret, body = RAW(v["sealed"]), RAW(v["shared_secret"]), as_body(v)
    (event,) = (s["fields"] for s in all_of_them["statements"] if s["fields"].get("type") == "correction")
    assert (event["sealed"], event["tracking_code"], event["seq"]) == (v["sealed"], v["tracking_code"], v["seq"])
    assert decapsulate(sealed[:ENC_SIZE], TERMINAL_OPENS) == secret
    assert body_info(**place) == RAW(v["info"])
    assert RAW(v["plain"])[4:].rstrip(b"\x00") == encode_body(body)
    assert open_sealed_body(sealed, secret, **place) == body
    key = RAW(KEYS["terminal"]["seal_private"])
    assert stranger.event_body(sealed, key, v["terminal"], v["tracking_code"], v["seq"]) == {
        name: v[name] for name in ("text", "asks", "values")
    }

    def read(data: bytes) -> object:
        return open_sealed_body(data, decapsulate(data[:ENC_SIZE], TERMINAL_OPENS), **place)

    refused(all_of_them["body_refused"], read)


def test_events_of_the_first_form() -> None:
    in_clear = vectors("statements")["in_clear"]
    assert [v["fields"]["type"] for v in in_clear] == ["received", "correction", "refused"]
    for v in in_clear:
        said = read_statement(v["text"], PLATFORM)
        assert isinstance(said, Event)
        assert said.clear is not None
        assert dataclasses.replace(said, clear=None) == as_statement("Event", v["fields"])
        assert open_body(said, RAW(v["shared_secret"]), 421) == as_body(v["body"])
        parts = stranger.statement(v["text"], RAW(KEYS["platform"]["sign_public"]))
        assert (parts[0], parts[1]) == ("event", said.seq)


def test_returns() -> None:
    v = vectors("returns")
    key = OpeningKey(1, RAW(KEYS["terminal"]["seal_private"]))
    found = open_return(RAW(v["file"]), 421, key, PLATFORM)
    for name, value in v["content"].items():
        theirs = getattr(found, name)
        if name == "dictionary":
            assert theirs == (value[0], RAW(value[1]))
        else:
            assert (list(theirs) if isinstance(theirs, tuple) else theirs) == value
    terminal, created, inside = stranger.returned(RAW(v["file"]), key.secret, RAW(KEYS["platform"]["sign_public"]))
    assert (terminal, created, inside["entries"]) == (421, found.created_ms, list(found.entries))
    refused(v["refused"], lambda raw: open_return(raw, 421, key, PLATFORM))


def test_paper() -> None:
    all_of_them = vectors("paper")
    for v in all_of_them["base45"]:
        assert (encode_base45(RAW(v["bytes"])), decode_base45(v["text"])) == (v["text"], RAW(v["bytes"]))
    for v in all_of_them["records"]:
        assert to_symbols(RAW(v["record"])) == v["texts"]
        mixed = v["texts"] * 2
        random.Random(1).shuffle(mixed)
        whole = Assembly()
        for text in mixed:
            whole.add(text)
        assert whole.record == RAW(v["record"]) == stranger.paper(mixed)
    refused(all_of_them["refused"], read_symbol, text=True)


def test_tracking() -> None:
    v = vectors("tracking")
    for code in v["codes"]:
        made = make_tracking_code(code["terminal"], code["counter"])
        assert made == code["code"] == code_of_number(code["in_header"])
        assert made == stranger.tracking_code(code["terminal"], code["counter"])
    assert group_code(v["codes"][0]["code"]) == v["grouped"]
    for typed in v["typed"]:
        assert code_from_scan(typed["text"]) == typed["code"]
    assert code_from_scan(v["url"]) == v["codes"][0]["code"]
    refused(v["refused"], check_tracking_code, text=True)


def test_the_stranger_knows_nothing_of_ours() -> None:
    tree = ast.parse(Path(stranger.__file__).read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    assert {str(name).split(".")[0] for name in named} & {"contract", "offline", "gateway", "tests"} == set()

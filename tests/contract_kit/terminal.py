# SPDX-License-Identifier: Apache-2.0
"""The terminal's half of the contract, spoken word by word."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.application import Application, Consent, MaterialAnswer, Value
from contract.attachment import seal_whole
from contract.events import Event, KeyChange, ReceiptEntry, Receipts, Statement, read_statement
from contract.items import Catalogue, ServiceItem
from contract.parcel import FrameType, frame, parcel_header
from contract.record import AttachmentRef, Kind, Record, seal_record, uuid7
from contract.sample.people import example_values
from contract.sealing import PlatformKeys
from contract.tracking import make_tracking_code
from tests.contract_kit.answers import Body, Line, said
from tests.contract_kit.points import Broken, must, same

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PARCEL = "application/vnd.doorstep.parcel"
_LIFE = 240  # seconds of an assertion


@dataclass
class Terminal:
    """An enrolled one. `first_keys` are the platform's at enrolment; what is read of the feed follows from them."""

    line: Line
    sign: Ed25519PrivateKey
    seal: X25519PrivateKey
    number: int
    client: str
    first_keys: PlatformKeys
    platform: PlatformKeys
    public_url: str
    skew: float = 0.0  # seconds that the platform's clock is ahead of ours
    counter: int = 0
    _token: str = ""
    _ends: float = 0.0
    random: random.Random = field(default_factory=lambda: random.Random(421))

    # -- tokens

    @property
    def now(self) -> int:
        """Unix seconds by the platform's clock."""
        return int(time.time() + self.skew)

    def assertion(self, **changes: Any) -> str:
        """A signed JWT (RFC 7523); a change to None leaves a claim out."""
        now = self.now
        claims = {"iss": self.client, "sub": self.client, "aud": "/v1/token", "jti": uuid7(), "iat": now}
        claims |= {"exp": now + _LIFE}
        return jwt({k: v for k, v in (claims | changes).items() if v is not None}, self.sign)

    def ask_token(self, assertion: str, **changes: str) -> requests.Response:
        """POST /v1/token."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return self.line.ask("POST", "/v1/token", form | changes)

    @property
    def token(self) -> str:
        """One that is valid now. Raises Broken."""
        if time.monotonic() >= self._ends:
            given = said(self.ask_token(self.assertion()), 200)
            self._token, self._ends = str(given["access_token"]), time.monotonic() + int(given["expires_in"]) / 2
        return self._token

    def call(self, method: str, path: str, body: Body = None, **headers: str) -> requests.Response:
        """With the token."""
        return self.line.ask(method, path, body, Authorization=f"Bearer {self.token}", **headers)

    # -- records

    def application(self, item: ServiceItem, **changes: Any) -> Application:
        """One that the item's check lets pass; of somebody who does not exist."""
        self.counter += 1
        identity, values = example_values(item, self.random, date.today(), self.areas)
        needed = [m for m in item.materials if m.required]
        today = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        parts: dict[str, Any] = {
            "item_id": item.id, "item_version": item.version, "item_hash": item.content_hash,
            "tracking_code": make_tracking_code(self.number, self.counter), "applicant": identity,
            "values": {k: Value(v, "resident") for k, v in values.items()},
            "materials": tuple(MaterialAnswer(m.id, "generated" if m.ecert == "gen" else "later") for m in needed),
            "consent": Consent("1", today, True, True), "created_at": today,
            "signature": {"width": 9, "height": 9, "strokes": [[[1, 1, 0, 0.5]]]},
        }  # fmt: skip
        return Application(**(parts | changes))

    areas: Any = ()

    def know(self, catalogue: Catalogue) -> None:
        """The villages that may be chosen."""
        self.areas = catalogue.areas

    def record(self, application: Application, files: Sequence[bytes] = (), **changes: Any) -> Record:
        """Sealed and signed. `files` are sealed attachments."""
        return self.sealed(
            Kind.APPLICATION, application.to_payload(), application.tracking_code, application.item_id, files, **changes
        )

    def sealed(
        self, kind: str, payload: Mapping[str, Any], code: str, item: str, files: Sequence[bytes] = (), **changes: Any
    ) -> Record:
        """A record of any kind."""
        self.counter += 1
        parts: dict[str, Any] = {
            "terminal": self.number, "sequence": self.counter, "tracking_code": code, "item": item,
            "attachments": [AttachmentRef(digest_of(f), len(f)) for f in files], "platform": self.platform,
            "signer": self.sign, "now_ms": int(time.time() * 1000),
        }  # fmt: skip
        return seal_record(kind, payload, **(parts | changes))

    def note(self, files: Sequence[bytes] = (), **changes: Any) -> Record:
        """The least record there is: an entry of the terminal's journal. It makes no case."""
        return self.sealed(Kind.JOURNAL, {"kit": self.counter}, "", "", files, **changes)

    def signed(self, record: Record, **changes: Any) -> Record:
        """The same with another header, under a signature that fits it."""
        header = replace(record.header, **changes)
        return Record(header, record.sealed, self.sign.sign(b"doorstep record 1" + header.encode()))

    def file(self, size: int) -> bytes:
        """A sealed attachment of so many plain bytes."""
        return seal_whole(self.random.randbytes(size), self.platform)

    def send(self, *records: bytes) -> requests.Response:
        """POST /v1/records."""
        return self.send_bytes(parcel_of(*records))

    def send_bytes(self, parcel: Body, **headers: str) -> requests.Response:
        """POST /v1/records with any bytes."""
        return self.call("POST", "/v1/records", parcel, Content_Type=PARCEL, **headers)

    def results(self, *records: bytes) -> list[dict[str, Any]]:
        """What custody says of each. Raises Broken."""
        return results_of(said(self.send(*records), 200), len(records))

    def kept(self, *records: Record) -> None:
        """Sends them; raises Broken where one is not taken."""
        for record, result in zip(records, self.results(*(r.encode() for r in records)), strict=True):
            must(
                result.get("status") in ("stored", "duplicate"),
                f"a good record ({record.header.kind}) was not taken: {result}",
            )

    def entries(self, receipt: object, kind: str = "record") -> list[ReceiptEntry]:
        """The entries of a receipt by the platform's key. Raises Broken."""
        must(isinstance(receipt, str) and receipt, f"the receipt is {receipt!r}: no signed statement")
        statement = self.read(str(receipt))
        if not isinstance(statement, Receipts):
            raise Broken(f"the receipt is a statement of another kind: {type(statement).__name__}")
        same(statement.kind, kind, "kind of the receipt")
        return list(statement.entries)

    def read(self, text: str) -> Statement:
        """By the keys in force; raises StatementError."""
        return read_statement(text, self.platform)

    # -- feed

    def page(self, since: int = 0, mark: str | None = None, limit: int = 500) -> dict[str, Any]:
        """GET /v1/feed. Raises Broken."""
        asked = f"/v1/feed?since={since}&limit={limit}" + ("" if mark is None else f"&mark={mark}")
        page = said(self.call("GET", asked), 200)
        must(isinstance(page, dict), "the feed's answer is no JSON object")
        missing = {"cursor", "mark", "entries", "more", "rewound", "settled", "catalogue", "calendar", "dictionary"}
        missing -= set(page)
        must(not missing, f"the feed's answer lacks {', '.join(sorted(missing))}")
        return dict(page)

    def feed_texts(self) -> list[str]:
        """All statements from the beginning. Raises Broken."""
        texts: list[str] = []
        since, mark = 0, ""
        while True:
            page = self.page(since, mark)
            texts += page["entries"]
            if not page["more"]:
                return texts
            must(page["cursor"] > since, "the feed says `more` but its cursor stands still")
            since, mark = page["cursor"], page["mark"]

    def feed(self) -> list[Statement]:
        """All statements, each by the key in force there. Raises Broken, StatementError."""
        keys = self.first_keys
        statements = []
        for text in self.feed_texts():
            statement = read_statement(text, keys)
            if isinstance(statement, KeyChange):
                keys = statement.platform
            statements.append(statement)
        self.platform = keys
        return statements

    def events(self) -> list[Event]:
        """Only the events."""
        return [s for s in self.feed() if isinstance(s, Event)]

    # -- attachments

    def state(self, digest: str) -> requests.Response:
        """HEAD."""
        return self.call("HEAD", f"/v1/attachments/{digest}")

    def patch(self, digest: str, offset: int, body: bytes, **headers: str) -> requests.Response:
        """PATCH."""
        return self.call(
            "PATCH", f"/v1/attachments/{digest}", body, Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream", **headers,
        )  # fmt: skip


def jwt(claims: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """RFC 7519 with EdDSA (RFC 8037)."""
    head = {"alg": "EdDSA", "typ": "JWT"}
    signed = ".".join(_b64(json.dumps(part).encode()) for part in (head, claims))
    return f"{signed}.{_b64(key.sign(signed.encode()))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest_of(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def parcel_of(*records: bytes) -> bytes:
    """The bytes of a parcel with these records."""
    return parcel_header() + b"".join(frame(FrameType.RECORD, r) for r in records)


def results_of(answer: Any, count: int) -> list[dict[str, Any]]:
    """One result a record. Raises Broken."""
    results = answer.get("results") if isinstance(answer, dict) else None
    must(isinstance(results, list) and "receipt" in answer, "the answer is not {results, receipt}")
    same(len(results), count, "number of results")  # type: ignore[arg-type]
    return list(results)  # type: ignore[arg-type]


def entry_of(record: Record) -> ReceiptEntry:
    """As a receipt names it."""
    return ReceiptEntry(record.header.id, record.digest)

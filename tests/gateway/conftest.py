# SPDX-License-Identifier: Apache-2.0
"""A served gateway, and terminals that speak to it by hand."""

from __future__ import annotations

import base64
import hashlib
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import jwt
import psycopg
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bench.postgresql_cluster import postgresql_cluster
from contract.application import Application, Consent, MaterialAnswer, Value
from contract.attachment import seal_whole
from contract.events import Event, Statement, read_statement
from contract.parcel import FrameType, frame, parcel_header
from contract.record import AttachmentRef, Kind, Record, seal_record, uuid7
from contract.sample import sample_catalogue
from contract.sample.people import example_values
from contract.sealing import PlatformKeys
from contract.tracking import make_tracking_code
from gateway.platform import Setup
from tests.live import LiveGateway, live_gateway


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL server."""
    with postgresql_cluster(durable=False) as url:
        yield url


@pytest.fixture
def database(cluster: str) -> str:
    """The URL of an empty database."""
    name = f"d{uuid.uuid4().hex}"
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{cluster}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def setup(request: pytest.FixtureRequest, tmp_path: Path) -> Setup:
    """A gateway on each kind of database."""
    name = request.getfixturevalue("database") if request.param == "postgresql" else ""
    return Setup(tmp_path / "gateway", name)


@pytest.fixture
def gateway(setup: Setup) -> Iterator[LiveGateway]:
    with live_gateway(setup.data, setup=setup) as live:
        yield live


def where(setup: Setup) -> list[str]:
    """The options by which a command finds the gateway it works on."""
    return ["--data", str(setup.data), *(["--database", setup.database] if setup.database else [])]


@dataclass
class HandTerminal:
    """The terminal's half of the contract, spoken word by word."""

    gateway: LiveGateway
    sign: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    seal: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    session: requests.Session = field(default_factory=requests.Session)
    number: int = 0
    counter: int = 0
    token: str = ""

    def enrolment(self, code: str) -> dict[str, str]:
        """What it says to become known."""
        return {
            "code": code,
            "sign_key": base64.b64encode(self.sign.public_key().public_bytes_raw()).decode(),
            "seal_key": base64.b64encode(self.seal.public_key().public_bytes_raw()).decode(),
        }

    def enrol(self, code: str | None = None) -> requests.Response:
        body = self.enrolment(code or self.gateway.platform.enrolment.new_code("示例村"))
        answer = self.session.post(self.gateway.url + "/v1/enrol", json=body, timeout=10)
        if answer.ok:
            self.number = answer.json()["terminal"]
        return answer

    @property
    def client(self) -> str:
        return f"terminal-{self.number:05d}"

    def assertion(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {"iss": self.client, "sub": self.client, "aud": "/v1/token", "jti": uuid7(), "exp": now + 200}
        return jwt.encode({k: v for k, v in (claims | changes).items() if v is not None}, self.sign, algorithm="EdDSA")

    def ask_token(self, assertion: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        return self.session.post(self.gateway.url + "/v1/token", data=form, timeout=10)

    def ready(self) -> HandTerminal:
        self.enrol().raise_for_status()
        self.token = self.ask_token(self.assertion()).json()["access_token"]
        return self

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.session.request(method, self.gateway.url + path, headers=headers, timeout=20, **options)

    def application(self, item_id: str = "old80", **changes: Any) -> Application:
        item = sample_catalogue().item(item_id)
        identity, values = example_values(item, random.Random(self.counter), date(2026, 11, 23))
        self.counter += 1
        parts = {
            "item_id": item.id, "item_version": item.version, "item_hash": item.content_hash,
            "tracking_code": make_tracking_code(self.number, self.counter), "applicant": identity,
            "values": {k: Value(v, "resident") for k, v in values.items()},
            "materials": tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
            "consent": Consent("1", "2026-11-23T09:41:00+08:00", True, True),
            "created_at": "2026-11-23T09:52:00+08:00",
            "signature": {"width": 9, "height": 9, "strokes": [[[1, 1, 0, 0.5]]]},
        }  # fmt: skip
        return Application(**(parts | changes))

    def record(self, application: Application, files: list[bytes] | None = None, **changes: Any) -> Record:
        refs = [AttachmentRef(hashlib.sha256(f).hexdigest(), len(f)) for f in files or []]
        parts = {
            "terminal": self.number, "sequence": self.counter, "tracking_code": application.tracking_code,
            "item": application.item_id, "attachments": refs, "platform": self.gateway.platform.keys.public,
            "signer": self.sign, "now_ms": 1_795_000_000_000,
        }  # fmt: skip
        return seal_record(Kind.APPLICATION, application.to_payload(), **(parts | changes))

    def sealed_file(self, plain: bytes) -> bytes:
        return seal_whole(plain, self.gateway.platform.keys.public)

    def post(self, *records: bytes) -> requests.Response:
        body = parcel_header() + b"".join(frame(FrameType.RECORD, r) for r in records)
        return self.call("POST", "/v1/records", data=body)

    def verdict(self, record: Record) -> dict[str, Any]:
        """What custody says; opening is over then."""
        answer: dict[str, Any] = self.post(record.encode()).json()["results"][0]
        self.gateway.opened()
        return answer

    def feed(self, since: int = 0, mark: str = "") -> dict[str, Any]:
        """One page of the feed."""
        page: dict[str, Any] = self.call("GET", f"/v1/feed?since={since}&mark={mark}&limit=500").json()
        return page

    def said(self) -> list[Statement]:
        """Everything in the feed."""
        return [read_statement(s, self.platform_keys) for s in self.feed()["entries"]]

    def fate(self, record: Record) -> tuple[str, str]:
        """What became of a record in the end: ("received", "") or ("refused", code)."""
        verdict = self.verdict(record)
        if verdict["status"] == "refused":
            return "refused", verdict["code"]
        events = [e for e in self.said() if isinstance(e, Event) and e.record_id == record.header.id]
        assert len(events) == 1
        return events[0].type, events[0].reason

    @property
    def platform_keys(self) -> PlatformKeys:
        return self.gateway.platform.keys.public


@pytest.fixture
def terminal(gateway: LiveGateway) -> Iterator[HandTerminal]:
    one = HandTerminal(gateway).ready()
    yield one
    one.session.close()

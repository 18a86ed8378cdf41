# SPDX-License-Identifier: Apache-2.0
"""What the platform's side is measured with: enrolled terminals, their tokens, and records that cost little to make.

A record's payload is sealed and signed once; copies differ in id, terminal and sequence. Custody takes them all: it
checks structure, digest and token. (A copy's seal and signature do not fit: these runs do not open.)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from contract.ids import uuid7
from contract.packing import to_cbor
from contract.parcel import FrameType, frame, parcel_header
from contract.record import AttachmentRef, Header, Kind, seal_record
from contract.tracking import make_tracking_code
from gateway.database.tables import terminals
from gateway.platform import Platform, Setup

PAYLOAD_BYTES = 330  # of incompressible data: sealed records of about 560 bytes, as real forms give
_TEMPLATES = 64
FIRST = 1000  # number of the first terminal


@dataclass(frozen=True, slots=True)
class Template:
    """What copies are made of."""

    header: Header
    sealed: bytes
    signature: bytes

    def copy(self, terminal: int, sequence: int, files: int = 0) -> bytes:
        """A new record's bytes, naming so many attachments."""
        header = replace(
            self.header, id=uuid7(), terminal=terminal, sequence=sequence,
            tracking_code=make_tracking_code(terminal, sequence % 999_999 + 1),
            attachments=tuple(AttachmentRef(os.urandom(32).hex(), 200_000) for _ in range(files)),
        )  # fmt: skip
        return to_cbor([header.encode(), self.sealed, self.signature])


def templates(platform: Platform) -> list[Template]:
    """Some records, sealed to this platform."""
    signer = Ed25519PrivateKey.generate()
    made = []
    for _ in range(_TEMPLATES):
        record = seal_record(
            Kind.APPLICATION, {"x": os.urandom(PAYLOAD_BYTES)}, terminal=FIRST, sequence=1, item="old80",
            attachments=[], tracking_code=make_tracking_code(FIRST, 1), platform=platform.keys.public, signer=signer,
            now_ms=time.time_ns() // 1_000_000,
        )  # fmt: skip
        made.append(Template(record.header, record.sealed, record.signature))
    return made


def batches(made: Sequence[Template], terminal: int, count: int, size: int, files: int = 0) -> list[list[bytes]]:
    """Batches of records of one terminal, each naming so many attachments."""
    return [[made[(b + i) % len(made)].copy(terminal, b * size + i, files) for i in range(size)] for b in range(count)]


def parcel(records: Sequence[bytes]) -> bytes:
    """As it is posted."""
    return parcel_header() + b"".join(frame(FrameType.RECORD, r) for r in records)


def enrol(platform: Platform, count: int, key: Ed25519PrivateKey | None = None) -> list[str]:
    """Makes terminals known from FIRST on, all with one key; their access tokens."""
    public = (key or Ed25519PrivateKey.generate()).public_key().public_bytes_raw()
    with platform.store.transaction() as db:
        db.execute(
            insert(terminals),
            [
                {"terminal": FIRST + i, "client_id": client_id(FIRST + i), "name": "", "sign_key": public,
                 "seal_key": public, "enrolled_at": ""}
                for i in range(count)
            ],
        )  # fmt: skip
    ends = int(time.time()) + 3600
    return [
        jwt.encode({"terminal": FIRST + i, "exp": ends, "use": "terminal"}, platform.keys.session, algorithm="HS256")
        for i in range(count)
    ]


def client_id(terminal: int) -> str:
    """By which a terminal asks for its token."""
    return f"terminal-{terminal:05d}"


def post(host: str, path: str, token: str, body: bytes) -> bytes:
    """A request's bytes on a kept-alive connection."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/vnd.doorstep.parcel\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def served(setup: Setup, *, workers: int, opening: bool = False) -> Iterator[tuple[str, int]]:
    """`doorstep gateway` as processes of its own; host and port."""
    options = ["--data", str(setup.data), "--port", "0", "--workers", str(workers)]
    options += ["--database", setup.database] if setup.database else []
    options += [] if opening else ["--no-opening"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "gateway", *options], stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("gateway ready on "):
            log.seek(0)
            raise RuntimeError(f"the gateway did not start:\n{log.read().decode()[-2000:]}")
        parts = urlsplit(line.split()[-1])
        try:
            yield str(parts.hostname), int(parts.port or 0)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            process.stdout.close()


def fresh(database: str, directory: Path) -> Platform:
    """An empty gateway."""
    return Platform(Setup(directory, database))

# SPDX-License-Identifier: Apache-2.0
"""A terminal with a platform's keys and catalogue but without a gateway: for what needs no network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.events import Event, ReceiptEntry, Receipts, Statement, sign_statement
from contract.parcel import FrameType, read_frames
from contract.record import Record
from contract.returns import Return, build_return
from contract.sample import sample_calendar, sample_catalogue
from contract.sealing import OpeningKey, PlatformKeys
from offline.enrolment import Enrolment, TerminalKeys
from offline.terminal import Terminal

AT = "2026-11-24T09:00:00+00:00"


@dataclass(frozen=True)
class Keys:
    """The platform's private side."""

    sign: Ed25519PrivateKey
    seal: OpeningKey

    @staticmethod
    def new() -> Keys:
        return Keys(Ed25519PrivateKey.generate(), OpeningKey.new())

    @property
    def public(self) -> PlatformKeys:
        return PlatformKeys(self.sign.public_key(), (self.seal.public,))

    def say(self, statement: Statement) -> str:
        return sign_statement(statement, self.sign)

    def receipts(self, records: list[Record]) -> str:
        return self.say(Receipts("record", AT, tuple(ReceiptEntry(r.header.id, r.digest) for r in records)))

    def event(self, seq: int, record: Record, kind: str = "received", **more: str) -> str:
        return self.say(Event(seq, record.header.id, record.header.tracking_code, kind, AT, **more))

    def returned(self, terminal: Terminal, *entries: str, **more: object) -> bytes:
        values = {"since": 0, "cursor": len(entries), "mark": "00" * 8, "settled": 0, "created_ms": 1} | more
        return build_return(
            Return(terminal=terminal.require_enrolment().terminal, entries=entries, **values),  # type: ignore[arg-type]
            OpeningKey.of(terminal.keys.seal).public,
            self.sign,
        )


@contextmanager
def terminal_at(data: Path, platform: Keys, number: int = 42) -> Iterator[Terminal]:
    with Terminal.open(data) as terminal:
        if terminal.enrolment is None:
            terminal.adopt(
                Enrolment(
                    number, f"t{number}", "http://127.0.0.1:9", platform.public, "http://127.0.0.1",
                    "示例村便民服务点", "990123101201", "12345",
                ),
                TerminalKeys.new(),
            )  # fmt: skip
            terminal.accept_catalogue(sample_catalogue().document)
            terminal.accept_calendar(sample_calendar().to_dict())
        yield terminal


def records_in(path: Path) -> list[Record]:
    with path.open("rb") as stream:
        return [Record.decode(f.body) for f in read_frames(stream) if f.type == FrameType.RECORD]


def own_records(terminal: Terminal) -> list[Record]:
    """All that the spool holds."""

    def work(_outbox: object, _inbox: object, spool: object) -> list[Record]:
        walk = spool.walk()  # type: ignore[attr-defined]
        return [Record.decode(p.frame.body) for p in walk if p.frame.type == FrameType.RECORD]

    return terminal.ask(work)

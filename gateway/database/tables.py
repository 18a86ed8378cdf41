# SPDX-License-Identifier: Apache-2.0
"""The tables of the platform's database; the same in SQLite and PostgreSQL.

Record ids and digests are kept as bytes and read as text. `records` is custody: written once, never changed.
`opened` is what became of each; `waiting` is the queue between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

from contract.ids import id_bytes, id_text

if TYPE_CHECKING:
    _Decorator = TypeDecorator[str]
else:
    _Decorator = TypeDecorator


class RecordId(_Decorator):
    """A record's id: 16 bytes in the database, text in the program."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Text to bytes."""
        del dialect
        return None if value is None else id_bytes(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Bytes to text."""
        del dialect
        return None if value is None else id_text(bytes(value))


class Digest(_Decorator):
    """A SHA-256: 32 bytes in the database, hex in the program."""

    impl = LargeBinary(32)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Hex to bytes."""
        del dialect
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Bytes to hex."""
        del dialect
        return None if value is None else bytes(value).hex()


metadata = MetaData()

terminals = Table(
    "terminals", metadata,
    Column("terminal", Integer, primary_key=True, autoincrement=False),
    Column("client_id", String(64), unique=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("sign_key", LargeBinary, nullable=False),
    Column("seal_key", LargeBinary, nullable=False),
    Column("enrolled_at", String(40), nullable=False),
)  # fmt: skip
enrol_codes = Table(
    "enrol_codes", metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used_at", String(40)),
)  # fmt: skip
enrol_failures = Table(
    "enrol_failures", metadata,
    Column("number", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
)  # fmt: skip
used_assertions = Table(
    "used_assertions", metadata,
    Column("jti", String(128), primary_key=True),
    Column("expires", BigInteger, nullable=False, index=True),
)  # fmt: skip
records = Table(
    "records", metadata,
    Column("id", RecordId, primary_key=True),
    Column("digest", Digest, nullable=False),
    Column("terminal", Integer, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
)  # fmt: skip
waiting = Table(  # one row per batch and terminal: the ids of its records, one after the other
    "waiting", metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("terminal", Integer, nullable=False, index=True),
    Column("first_sequence", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("ids", LargeBinary, nullable=False),
    Column("leased_until_ms", BigInteger, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
)  # fmt: skip
opened = Table(
    "opened", metadata,
    Column("id", RecordId, primary_key=True),
    Column("terminal", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("tracking_code", String(12), nullable=False),
    Column("item", String(64), nullable=False),
    Column("digest", Digest, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("applicant", Text, nullable=False),
    Column("case_number", String(60), nullable=False),
    Column("state", String(20), nullable=False),
    Column("refusal", String(40), nullable=False, default=""),
    Column("received_ms", BigInteger, nullable=False),
    Index("opened_by_code", "tracking_code"),
    Index("opened_by_arrival", "received_ms"),
    Index("opened_by_terminal", "terminal", "received_ms"),
    Index("opened_by_sequence", "terminal", "sequence"),
)  # fmt: skip
case_serials = Table(
    "case_serials", metadata,
    Column("prefix", String(48), primary_key=True),
    Column("last", Integer, nullable=False),
)  # fmt: skip
attachments = Table(
    "attachments", metadata,
    Column("digest", Digest, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("completed_at", String(40)),
    Column("receipt", Text),
)  # fmt: skip
record_attachments = Table(
    "record_attachments", metadata,
    Column("record_id", RecordId, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", Digest, nullable=False),
    Index("records_by_digest", "digest"),
)  # fmt: skip
feed_heads = Table(  # its row is the lock under which a terminal's feed grows: entries appear in their order
    "feed_heads", metadata,
    Column("terminal", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)  # fmt: skip
feed = Table(
    "feed", metadata,
    Column("terminal", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("tracking_code", String(12), nullable=False),
    Column("type", String(20), nullable=False),
    Column("statement", Text, nullable=False),
    Index("feed_by_code", "tracking_code"),
)  # fmt: skip
event_bodies = Table(  # what an event says, as the platform's officers read it; the statement holds it sealed
    "event_bodies", metadata,
    Column("terminal", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)  # fmt: skip
catalogues = Table(
    "catalogues", metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
)  # fmt: skip
dictionaries = Table(
    "dictionaries", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip
settings = Table(
    "settings", metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip
officers = Table(
    "officers", metadata,
    Column("name", String(64), primary_key=True),
    Column("password", Text, nullable=False),
)  # fmt: skip

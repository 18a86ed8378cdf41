# SPDX-License-Identifier: Apache-2.0
"""The gateway's database: SQLite in its data directory, every commit on disk before it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)

metadata = MetaData()

terminals = Table(
    "terminals", metadata,
    Column("terminal", Integer, primary_key=True),
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
used_assertions = Table(
    "used_assertions", metadata,
    Column("jti", String(128), primary_key=True),
    Column("expires", BigInteger, nullable=False),
)  # fmt: skip
records = Table(
    "records", metadata,
    Column("id", String(36), primary_key=True),
    Column("terminal", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("tracking_code", String(12), nullable=False),
    Column("item", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("applicant", Text, nullable=False),
    Column("case_number", String(60), nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("receipt", Text, nullable=False),
    Index("records_by_code", "tracking_code"),
)  # fmt: skip
case_serials = Table(
    "case_serials", metadata,
    Column("prefix", String(48), primary_key=True),
    Column("last", Integer, nullable=False),
)  # fmt: skip
attachments = Table(
    "attachments", metadata,
    Column("digest", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("terminal", Integer, nullable=False),
    Column("completed_at", String(40)),
    Column("receipt", Text),
)  # fmt: skip
record_attachments = Table(
    "record_attachments", metadata,
    Column("record_id", String(36), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Index("records_by_digest", "digest"),
)  # fmt: skip
feed = Table(
    "feed", metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("terminal", Integer, nullable=False),
    Column("tracking_code", String(12), nullable=False),
    Column("type", String(20), nullable=False),
    Column("at", String(40), nullable=False),
    Column("statement", Text, nullable=False),
    Index("feed_by_terminal", "terminal", "seq"),
    sqlite_autoincrement=True,
)  # fmt: skip
catalogues = Table(
    "catalogues", metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
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


class Store:
    """Connections to the database under `data`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "attachments").mkdir(mode=0o700, exist_ok=True)
        self.engine = create_engine(f"sqlite:///{data / 'gateway.db'}", connect_args={"timeout": 30})
        event.listen(self.engine, "connect", _on_connect)
        event.listen(self.engine, "begin", _on_begin)
        metadata.create_all(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing; on disk when the block ends."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _on_begin
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

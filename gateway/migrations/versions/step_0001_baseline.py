# SPDX-License-Identifier: Apache-2.0
"""The layout of release 0.1.0. Where its tables are there already (they were made without steps) they stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
oldest_reader = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """From nothing, or from a database of 0.1.0."""
    _make_terminals()
    _make_custody()
    _make_opened()
    _make_attachments()
    _make_feed()
    _make_published()


def _table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(name, *columns, if_not_exists=True)


def _index(name: str, table: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), if_not_exists=True)


def _make_terminals() -> None:
    _table(
        "terminals",
        sa.Column("terminal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("client_id", sa.String(64), unique=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sign_key", sa.LargeBinary, nullable=False),
        sa.Column("seal_key", sa.LargeBinary, nullable=False),
        sa.Column("enrolled_at", sa.String(40), nullable=False),
    )
    _table(
        "enrol_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.String(40)),
    )
    _table(
        "enrol_failures",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    _index("ix_enrol_failures_at_ms", "enrol_failures", "at_ms")
    _table(
        "used_assertions",
        sa.Column("jti", sa.String(128), primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    _index("ix_used_assertions_expires", "used_assertions", "expires")
    _table(
        "officers",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
    )


def _make_custody() -> None:
    _table(
        "records",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("terminal", sa.Integer, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
    _table(
        "waiting",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("terminal", sa.Integer, nullable=False),
        sa.Column("first_sequence", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("ids", sa.LargeBinary, nullable=False),
        sa.Column("leased_until_ms", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    _index("ix_waiting_terminal", "waiting", "terminal")


def _make_opened() -> None:
    _table(
        "opened",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("terminal", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("tracking_code", sa.String(12), nullable=False),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("applicant", sa.Text, nullable=False),
        sa.Column("case_number", sa.String(60), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("refusal", sa.String(40), nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
    )
    _index("opened_by_code", "opened", "tracking_code")
    _index("opened_by_arrival", "opened", "received_ms")
    _index("opened_by_terminal", "opened", "terminal", "received_ms")
    _index("opened_by_sequence", "opened", "terminal", "sequence")
    _table(
        "case_serials",
        sa.Column("prefix", sa.String(48), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _make_attachments() -> None:
    _table(
        "attachments",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("completed_at", sa.String(40)),
        sa.Column("receipt", sa.Text),
    )
    _table(
        "record_attachments",
        sa.Column("record_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
    )
    _index("records_by_digest", "record_attachments", "digest")


def _make_feed() -> None:
    _table(
        "feed_heads",
        sa.Column("terminal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    _table(
        "feed",
        sa.Column("terminal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tracking_code", sa.String(12), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
    )
    _index("feed_by_code", "feed", "tracking_code")


def _make_published() -> None:
    _table(
        "catalogues",
        sa.Column("content_hash", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    _table(
        "dictionaries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    _table(
        "settings",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )

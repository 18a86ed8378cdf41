# SPDX-License-Identifier: Apache-2.0
"""What events say, as the platform's officers read it: the statements hold it sealed to the terminal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
oldest_reader = "0001"


def upgrade() -> None:
    """A new table; events from before it stand in their statements in clear."""
    op.create_table(
        "event_bodies",
        sa.Column("terminal", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )

# SPDX-License-Identifier: Apache-2.0
"""What Alembic runs: the steps, on the connection and in the transaction of its caller (`upgrade.py`)."""

from __future__ import annotations

from alembic import context

from gateway.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's is too, since our transactions begin with BEGIN
)
context.run_migrations()

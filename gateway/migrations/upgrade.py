# SPDX-License-Identifier: Apache-2.0
"""Brings the gateway's database up to date, once, whichever process starts first; and says who may work with it.

A step is a number, "0001" and on. The database knows the last one it was brought to (`alembic_version`) and, among its
settings, the oldest program that can work with it (`oldest_reader`, named by that program's newest step) and who
brought it there (`written_by`). A program works with a database that is ahead of it as long as `oldest_reader` lets it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text

from contract.stores import PROGRAM
from gateway.data_directory import note_stores
from gateway.database.tables import settings
from gateway.errors import DatabaseUnusableError

if TYPE_CHECKING:
    from gateway.database.store import Store

PLACE = Path(__file__).parent
BASELINE = "0001"
_LAYOUT = "2"  # what a program of 0.1.0 asks for: it knows no steps


def _steps() -> list[str]:
    return sorted(path.stem.split("_")[1] for path in (PLACE / "versions").glob("step_*.py"))


STEPS = _steps()
HEAD = STEPS[-1]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a database stands. `step` is "" for one that is empty, or was made before there were steps."""

    step: str
    oldest_reader: str
    written_by: str
    layout: str

    @property
    def due(self) -> list[str]:
        """The steps that this program would take."""
        return [step for step in STEPS if step > self.step]

    def require_readable(self) -> None:
        """Raises DatabaseUnusableError where this program must not touch it."""
        if self.oldest_reader > HEAD:
            raise DatabaseUnusableError(
                f"the database was brought to step {self.step} by doorstep {self.written_by} and needs a program that "
                f"knows step {self.oldest_reader}; this is doorstep {PROGRAM}, which knows {HEAD}: "
                f"install doorstep {self.written_by} again"
            )
        if not self.step and self.layout not in ("", _LAYOUT):
            raise DatabaseUnusableError(
                f"the database has layout {self.layout}, this program can bring up layout {_LAYOUT}; "
                "use the program that made it"
            )


_EMPTY = Standing("", "", "", "")


def standing(store: Store) -> Standing:
    """Where it stands; changes nothing. Raises OperationalError when the database does not answer."""
    if not store.postgresql and not (store.data / "gateway.db").exists():
        return _EMPTY
    with store.reading() as db:
        return _look(db)


def bring_up_to_date(store: Store) -> list[str]:
    """Takes the steps that are due, all in one transaction; which. May be called at any time, again and by several at
    once: one takes the steps, the others wait for it. The data directory notes who writes in it.

    Raises DatabaseUnusableError where a newer program has made the database one that this one must not touch;
    OperationalError when the database does not answer.
    """
    note_stores(store.data)
    now = standing(store)
    now.require_readable()
    if not now.due:
        return []
    with _one_at_a_time(store), store.transaction() as db:
        store.lock(db, "tables")
        now = _look(db)
        now.require_readable()
        if now.due:
            _take_steps(db, store)
        return now.due


def _look(db: Connection) -> Standing:
    there = inspect(db)
    kept: dict[str, str] = {}
    if there.has_table("settings"):
        names = ("layout", "oldest_reader", "written_by")
        rows = db.execute(select(settings).where(settings.c.name.in_(names)))
        kept = {str(row.name): str(row.value) for row in rows}
    step = None
    if there.has_table("alembic_version"):
        step = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return Standing(
        step or "", kept.get("oldest_reader", ""), kept.get("written_by", "an earlier release"), kept.get("layout", "")
    )


def _take_steps(db: Connection, store: Store) -> None:
    from alembic import command  # imported only where there is something to do
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(PLACE).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, "head")
    newest = ScriptDirectory.from_config(config).get_revision(HEAD)
    oldest_reader = str(newest.module.oldest_reader)
    layout = _LAYOUT if oldest_reader == BASELINE else f"step {oldest_reader}"
    for name, value in (("layout", layout), ("oldest_reader", oldest_reader), ("written_by", PROGRAM)):
        insert = store.upsert(settings).values(name=name, value=value)
        db.execute(insert.on_conflict_do_update(index_elements=[settings.c.name], set_={"value": value}))


@contextmanager
def _one_at_a_time(store: Store) -> Iterator[None]:
    """SQLite waits half a minute for another writer, a step may take longer: a file's lock is waited for. PostgreSQL
    has a lock of its own, of the transaction."""
    if store.postgresql:
        yield
        return
    handle = os.open(store.data / "upgrade.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

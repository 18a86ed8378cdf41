# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway upgrade`: the steps that are due."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from gateway.options import faults, setup_of, where


@click.command()
@where
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 when steps are due.")
def upgrade(data: Path | None, database: str, attachments: str, check: bool) -> None:
    """Bring the database up to date, before the gateway is started; its start does it too."""
    from gateway.database.store import Store

    setup = setup_of(data, database, attachments)
    with faults(), closing(Store(setup.data, setup.database, up_to_date=False)) as store:
        now = store.standing()
        now.require_readable()
        due = now.due
        if not check:
            due, now = store.bring_up_to_date(), store.standing()
    click.echo(f"the database is at step {now.step or 'none'}")
    if due:
        click.echo(f"{'due' if check else 'taken'}: {', '.join(due)}")
    if check and due:
        raise SystemExit(1)

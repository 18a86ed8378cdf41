# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway scan`: files forms that came on paper."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract.tracking import group_code
from gateway.options import FILE, platform_of, setup_of, where

if TYPE_CHECKING:
    from gateway.platform import Platform


def file_scans(opened: AbstractContextManager[Platform], files: tuple[Path, ...], *, as_json: bool) -> None:
    """Prints what became of each form. Exit status 1 when something is missing, refused or unreadable."""
    from gateway.paper_scan.filing import file_records, read_pile

    pile = read_pile(files)
    with opened as platform:
        filed = file_records(platform, pile.records)
    if as_json:
        found = {
            "filed": [asdict(f) for f in filed],
            "incomplete": [asdict(i) for i in pile.incomplete],
            "refused": pile.refused,
            "empty": pile.empty,
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for one in filed:
            said = {"stored": "filed", "duplicate": "was here already", "refused": f"refused: {one.reason}"}
            more = f"; {one.attachments} attachments come from its terminal" if one.attachments else ""
            click.echo(f"{group_code(one.tracking_code) or one.record_id}  {said[one.status]}{more}")
        for form in pile.incomplete:
            numbers = ", ".join(map(str, form.missing))
            click.echo(f"form {form.short_id}: {numbers} of its {form.total} codes missing; scan these too")
        for words in pile.refused:
            click.echo(words)
        for name, page in pile.empty:
            click.echo(f"{name}, page {page}: no code of a form")
    if pile.incomplete or pile.refused or any(f.status == "refused" for f in filed) or not filed:
        raise SystemExit(1)


@click.command()
@where
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True)
def scan(data: Path | None, database: str, attachments: str, files: tuple[Path, ...], as_json: bool) -> None:
    """File forms that came on paper: scans or photographs of them, as images or PDF."""
    file_scans(platform_of(setup_of(data, database, attachments)), files, as_json=as_json)

# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway import`: parcels from a stick."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from contract.parcel import ParcelError
from gateway.options import platform_of, setup_of, where


@click.command("import")
@where
@click.argument("places", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def import_parcels(data: Path | None, database: str, attachments: str, places: tuple[Path, ...], as_json: bool) -> None:
    """Takes parcels from a stick, or all in a directory; writes FILE.return beside each, for where it came from.

    Exit status 1 when one was no parcel, was damaged, or its return could not be written; the others are taken.
    """
    from gateway.sticks.importing import import_parcel, parcels_of

    results: list[dict[str, Any]] = []
    failed = False
    with platform_of(setup_of(data, database, attachments)) as platform:
        platform.blobs.check()  # else a file would be taken by half
        for file in parcels_of(places):
            try:
                done = import_parcel(platform, file)
            except (ParcelError, OSError) as fault:
                failed = True
                why = fault.strerror if isinstance(fault, OSError) else str(fault)
                results.append({"file": str(file), "error": why})
                click.echo(f"{file}: {why}", err=True)
                continue
            failed = failed or bool(done.damage or done.unwritten)
            results.append(done.to_dict())
            if not as_json:
                click.echo(done.words())
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=1))
    elif not results:
        click.echo("no .parcel file is there")
    if failed:
        raise SystemExit(1)

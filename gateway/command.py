# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway`: serves. What else it does is in the `command` of each room, or below."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from gateway.access.command import enrol_code, officer
from gateway.desk.command import act, listing
from gateway.errors import GatewayError
from gateway.keys.command import rotate
from gateway.migrations.command import upgrade
from gateway.opening.command import open_records
from gateway.options import FILE, platform_of, setup_of, where
from gateway.paper_scan.command import scan
from gateway.platform import Platform
from gateway.sticks.command import import_parcels


@click.group(invoke_without_command=True)
@where
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8421, show_default=True, help="0 takes any free port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve.")
@click.option("--public-url", default="", help="What QR codes on receipts begin with.")
@click.option("--catalogue", type=FILE, help="Publish this catalogue.")
@click.option(
    "--retention-days", default=30, show_default=True, type=click.IntRange(0),
    help="How long terminals keep what they delivered, in case this side is restored from a backup.",
)  # fmt: skip
@click.option("--opening/--no-opening", default=True, help="Whether these processes open records too (see `open`).")
@click.pass_context
def gateway(
    context: click.Context, data: Path | None, database: str, attachments: str, host: str, port: int, workers: int,
    public_url: str, catalogue: Path | None, retention_days: int, opening: bool,
) -> None:  # fmt: skip
    """Serve terminals and officers (without a sub-command)."""
    if context.invoked_subcommand is not None:
        return
    setup_of(data, database, attachments)
    from gateway.http.serving import listen, serve  # only the serving command pays for it

    try:
        listener = listen(host, port)
    except OSError as fault:
        raise click.ClickException(
            f"port {port} cannot be used: {os.strerror(fault.errno or 0)}; choose another --port"
        ) from fault
    with listener:
        url = public_url or f"http://{host}:{listener.getsockname()[1]}"
        setup = setup_of(data, database, attachments, public_url=url, retention_days=retention_days)
        with platform_of(setup, catalogue) as platform:  # makes tables and keys, publishes; or says what is wrong
            _look_for_attachments(platform)
        serve(setup, listener, workers=workers, opening=opening)


def _look_for_attachments(platform: Platform) -> None:
    """A place that says no is named at once; one that does not answer may come later."""
    try:
        platform.blobs.check()
    except GatewayError as fault:
        click.echo(f"{fault}; the gateway starts without it", err=True)


@gateway.command()
@where
@click.option("--json", "as_json", is_flag=True)
def status(data: Path | None, database: str, attachments: str, as_json: bool) -> None:
    """What works, and what waits to be opened. Exit status 1 when a part is away."""
    from gateway.status import status_of

    with platform_of(setup_of(data, database, attachments)) as platform:
        found = status_of(platform)
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1) if as_json else found.words())
    if not found.well:
        raise SystemExit(1)


@gateway.command("publish-dictionary")
@where
@click.argument("file", type=FILE)
def publish_dictionary(data: Path | None, database: str, attachments: str, file: Path) -> None:
    """Gives terminals a new compression dictionary; what was packed with older ones still opens."""
    with platform_of(setup_of(data, database, attachments)) as platform:
        number = platform.publications.publish_dictionary(file.read_bytes())
        platform.opening.retry()
    click.echo(f"dictionary {number} is published")


for command in (enrol_code, officer, listing, act, import_parcels, scan, open_records, rotate, upgrade):
    gateway.add_command(command)

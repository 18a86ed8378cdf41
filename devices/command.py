# SPDX-License-Identifier: Apache-2.0
"""`doorstep devices`: what is attached, how it is, and what to do about it."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path

import click

from devices.errors import DeviceError
from devices.manager import DeviceManager
from devices.profile import load_profile

LOOKING = 8.0  # seconds; a device that has not answered by then is shown as absent


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The terminal's data directory (its devices.toml).")
@click.option(
    "--profile", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A device profile (TOML)."
)
@click.option("--json", "as_json", is_flag=True)
def devices(data: Path | None, profile: Path | None, as_json: bool) -> None:
    """Every device of the profile with state and remedy."""
    path = profile or (data / "devices.toml" if data else None)
    if path is None:
        raise click.UsageError("--data or --profile is needed")
    try:
        known = load_profile(path)
    except DeviceError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    seen: set[str] = set()
    all_seen = threading.Event()
    wanted = sum(getattr(known, name) is not None for name in ("id_card", "printer", "receipt", "scanner"))

    def heard(event: object) -> None:
        status = getattr(event, "status", None)
        if status is not None:
            seen.add(status.device)
            if len(seen) == wanted:
                all_seen.set()

    manager = DeviceManager(known, heard)
    manager.start()
    all_seen.wait(LOOKING if wanted else 0)
    statuses = manager.statuses()
    manager.stop()
    if as_json:
        click.echo(json.dumps([asdict(s) for s in statuses], indent=1))
        return
    for one in statuses:
        click.echo(f"{one.device:<16} {one.state:<13} {one.remedy:<16} {one.detail}")

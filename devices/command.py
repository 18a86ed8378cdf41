# SPDX-License-Identifier: Apache-2.0
"""`doorstep devices`: what is attached, how it is, and what to do about it; and which drivers there are."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from devices.base import DeviceStatus
from devices.drivers import SECTIONS, Driver, driver, drivers_of
from devices.errors import DeviceError
from devices.manager import DeviceManager
from devices.profile import DeviceProfile, dump_profile, load_profile
from devices.remedies import STATES, WORDS

LOOKING = 8.0  # seconds; a device that has not answered by then is shown as absent


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The terminal's data directory (its devices.toml).")
@click.option(
    "--profile", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A device profile (TOML)."
)
@click.option("--drivers", "list_drivers", is_flag=True, help="Which drivers there are, and their settings.")
@click.option("--find", "propose", is_flag=True, help="Look what is attached, and propose a profile.")
@click.option("--json", "as_json", is_flag=True)
def devices(data: Path | None, profile: Path | None, list_drivers: bool, propose: bool, as_json: bool) -> None:
    """Every device of the profile, how it is, and what to do about it."""
    path = profile or (data / "devices.toml" if data else None)
    if list_drivers:
        _print_drivers(as_json, _load(path) if path is not None else None)
    elif propose:
        _print_proposal(as_json)
    elif path is None:
        raise click.UsageError("--data or --profile is needed, or --drivers, or --find")
    else:
        known = _load(path)
        _print_statuses(known, look(known), as_json)


def _load(path: Path) -> DeviceProfile:
    try:
        return load_profile(path)
    except DeviceError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault


def look(profile: DeviceProfile) -> tuple[DeviceStatus, ...]:
    """Every device's status, once each was looked at or had its time."""
    seen: set[str] = set()
    all_seen = threading.Event()
    wanted = len(profile.sections())

    def heard(event: object) -> None:
        status = getattr(event, "status", None)
        if status is not None:
            seen.add(status.device)
            if len(seen) == wanted:
                all_seen.set()

    manager = DeviceManager(profile, heard, recovers=False)
    manager.start()
    all_seen.wait(LOOKING if wanted else 0)
    statuses = manager.statuses()
    manager.stop()
    return statuses


def _print_statuses(profile: DeviceProfile, statuses: tuple[DeviceStatus, ...], as_json: bool) -> None:
    chosen = [str(settings.get("driver", "")) for settings in profile.sections().values()]
    print_rows([asdict(s) | {"driver": d} for s, d in zip(statuses, chosen, strict=True)], as_json)


def print_rows(statuses: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Statuses as plain values, each with the words for its remedy."""
    rows = [{**status, "words": WORDS[status["remedy"]]} for status in statuses]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    if not rows:
        click.echo("The profile has no device. `doorstep devices --find` looks what is attached.")
    for row in rows:
        told = " ".join(filter(None, (row["words"], f"({row['detail']})" if row["detail"] else "")))
        click.echo(f"{row['device']:<16} {STATES[row['state']]:<13} {told}".rstrip())


def _all_drivers() -> list[Driver]:
    found = []
    for section in SECTIONS:
        for name in drivers_of(section):
            try:
                found.append(driver(section, name))
            except DeviceError as fault:
                click.echo(f"{section}.{name}: {fault}", err=True)
    return found


def _print_drivers(as_json: bool, profile: DeviceProfile | None) -> None:
    known = _all_drivers()
    used = {(s, str(settings["driver"])) for s, settings in profile.sections().items()} if profile else set()
    if as_json:
        rows = [
            {"section": d.section, "driver": d.name, "settings": _settings(d), "words": d.words}
            | ({"used": (d.section, d.name) in used} if profile else {})
            for d in known
        ]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for one in known:
        mark = "  <- this profile uses it" if (one.section, one.name) in used else ""
        click.echo(f"[{one.section}] {one.name}: {one.words}{mark}")
        click.echo(f"    {', '.join(f'{k} = {v!r}' for k, v in _settings(one).items()) or 'no settings'}")


def _settings(known: Driver) -> dict[str, Any]:
    """What a profile may say, with the values where it does not."""
    return {name: "needed" if p.default is p.empty else p.default for name, p in known.settings().items()}


def propose_profile() -> tuple[DeviceProfile, list[str]]:
    """A profile of what is attached, and remarks: more than one of a kind, or a driver that could not look."""
    chosen: dict[str, dict[str, Any]] = {}
    remarks: list[str] = []
    for known in _all_drivers():
        try:
            found = known.find()
        except DeviceError as fault:
            remarks.append(f"{known.section}.{known.name}: {fault}")
            continue
        for settings in found:
            if known.section in chosen:
                remarks.append(f"[{known.section}] there is also: driver {known.name}, {settings}")
            else:
                chosen[known.section] = {"driver": known.name, **settings}
    return DeviceProfile(**chosen), remarks


def _print_proposal(as_json: bool) -> None:
    profile, remarks = propose_profile()
    if as_json:
        click.echo(json.dumps({"profile": profile.sections(), "remarks": remarks}, indent=1, ensure_ascii=False))
        return
    click.echo(dump_profile(profile) or "# nothing that a driver knows is attached\n", nl=False)
    for remark in remarks:
        click.echo(f"# {remark}")

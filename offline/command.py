# SPDX-License-Identifier: Apache-2.0
"""`doorstep enrol`, `sync`, `staff`, `catalogue`: the terminal without a window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from offline.client.port import KeeperGone
from offline.client.store import StoreClient
from offline.errors import DataDirInUse, OfflineError
from offline.port import sending
from offline.port.client import Client
from offline.port.reach import reach
from offline.terminal import Terminal

if TYPE_CHECKING:
    from offline.outbox_status import OutboxStatus
    from offline.stick.export import Exported
    from offline.stick.parcels import ParcelsTaken

_DATA = click.option("--data", type=click.Path(path_type=Path), required=True, help="The terminal's data directory.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def reached(data: Path) -> Iterator[StoreClient]:
    """The store, beside a running terminal too; the environment's faults become one clear line."""
    try:
        with reach(data) as client:
            yield client
    except OfflineError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault


@contextmanager
def opened(data: Path) -> Iterator[Terminal]:
    """The terminal; the environment's faults become one clear line."""
    try:
        with Terminal.open(data) as terminal:
            yield terminal
    except OfflineError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault


@click.command()
@_DATA
@click.option("--gateway", required=True, help="The gateway's address.")
@click.option("--code", required=True, help="The one-time code from `doorstep gateway enrol-code`.")
@click.option("--name", default="", help="The station's name.")
def enrol(data: Path, gateway: str, code: str, name: str) -> None:
    """Make this terminal known to a gateway, and fetch catalogue and calendar."""
    from offline.sync.enrol import enrol as enrol_terminal

    with opened(data) as terminal:
        enrolment = enrol_terminal(terminal, gateway, code, name)
    click.echo(f"terminal {enrolment.terminal:05d} of {enrolment.station_name} is enrolled at {enrolment.gateway_url}")


@click.group()
def sync() -> None:
    """What has left this terminal, and what waits."""


@sync.command()
@_DATA
@_JSON
def status(data: Path, as_json: bool) -> None:
    """Counts, bytes and times; also while the kiosk runs, then as its store and engine last wrote them."""
    now = _status(data)
    if as_json:
        click.echo(json.dumps(now, indent=1))
        return
    for name, value in now.items():
        click.echo(f"{name.replace('_', ' '):<20} {'-' if value is None else value}")


def _status(data: Path) -> dict[str, Any]:
    """Counts by the store, the link by the engine: of one that is stopped or silent only why it ended last."""
    from offline.store.outbox_watch import read_outbox
    from offline.sync.state import SyncState, Written, read_status

    written = read_status(data) or Written(SyncState(), "", alive=False)
    state = written.state
    try:
        with Terminal.open(data) as terminal:
            counts, engine = terminal.outbox(), "stopped"
    except DataDirInUse as fault:
        known = _beside(data) or read_outbox(data)
        if known is None:
            raise click.ClickException(f"{fault} ({fault.code}); it has not written yet what waits") from fault
        silent = "silent" if written.alive else "stopped"  # the second: another program of ours has the directory
        counts, engine = known, silent if state.is_silent(monotonic()) or not written.alive else "running"
    except OfflineError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    if engine != "running":
        problem = "sync-silent" if engine == "silent" else state.problem
        state = replace(state, phase="idle", online=False, problem=problem, seconds_left=None, rate=0)
    shown = {**asdict(counts), **asdict(state), "at": written.at or None, "engine": engine}
    del shown["renewed"]
    shown["last_contact"] = state.last_contact or counts.last_contact
    shown["bytes_left"] = counts.bytes_waiting
    if state.phase in ("records", "attachments"):
        shown["bytes_left"] = min(state.bytes_left, counts.bytes_waiting)
    return shown


def _beside(data: Path) -> OutboxStatus | None:
    """By the keeper of a terminal that runs."""
    try:
        with reach(data) as client:
            return client.port.ask(sending.AskOutbox()).outbox
    except OfflineError:
        return None


@sync.command()
@_DATA
@_JSON
@click.option("--daily", metavar="MB", help='Megabytes a day, both directions together; "none" lifts it.')
@click.option("--quiet/--no-quiet", default=None, help="Attachments wait until this is lifted; records always go.")
@click.option("--between", metavar="HH:MM-HH:MM", help='Attachments go only then; "any" lifts it.')
def limits(data: Path, as_json: bool, daily: str | None, quiet: bool | None, between: str | None) -> None:
    """What may be spent on a metered link; without options, what is set. Works while the kiosk runs."""
    from offline.store.data_directory import note_stores, require_readable
    from offline.sync.budget import load_limits, load_used, save_limits

    try:
        require_readable(data)
    except OfflineError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    now = load_limits(data)
    if daily is not None:
        now = replace(now, daily_bytes=_megabytes(daily))
    if quiet is not None:
        now = replace(now, quiet=quiet)
    if between is not None:
        now = replace(now, between="" if between == "any" else between)
    if now != load_limits(data):
        try:
            save_limits(data, now)
            note_stores(data)
        except OfflineError as fault:
            raise click.ClickException(str(fault)) from fault
    shown = {**asdict(now), "bytes_today": load_used(data, datetime.now().astimezone()).bytes}
    if as_json:
        click.echo(json.dumps(shown, indent=1))
        return
    for name, value in shown.items():
        click.echo(f"{name.replace('_', ' '):<20} {'-' if value in (None, '') else value}")


def _megabytes(text: str) -> int | None:
    if text == "none":
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e9:
        raise click.BadParameter('give megabytes as a number, or "none"', param_hint="--daily")
    return int(amount * 1_000_000)


@sync.command("now")
@_DATA
@_JSON
@click.option("--retry-parked", is_flag=True, help="Offer records that the platform refused once more.")
def sync_now(data: Path, as_json: bool, retry_parked: bool) -> None:
    """One exchange with the platform. Exit status 1 when it ended early."""
    with reached(data) as client:
        report = client.port.ask(sending.Exchange(retry_parked)).report
    if as_json:
        click.echo(json.dumps(asdict(report), indent=1))
    else:
        click.echo(
            f"sent {report.records_sent} records and {report.attachments_sent} attachments, "
            f"{report.duplicates} were there already, {report.refused} refused; {report.events} news"
        )
    if report.held_back and not as_json:
        click.echo(f"attachments wait ({report.held_back}): see doorstep sync limits")
    if report.problem:
        raise click.ClickException(f"the exchange ended early: {report.problem}; nothing is lost, it goes on next time")


@sync.command("export")
@click.argument("directory", type=click.Path(path_type=Path))
@_DATA
@_JSON
def sync_export(directory: Path, data: Path, as_json: bool) -> None:
    """Write what waits onto a stick mounted at DIRECTORY. All of it stays waiting here too.

    Where the data directory does not open, all that its spool holds is written, and nothing in it changed.
    """
    done, why = _export(data, directory)
    if as_json:
        click.echo(json.dumps(asdict(done) | ({"not_opened": why.code} if why else {}), indent=1))
        return
    if why:
        click.echo(f"the data directory does not open: {why} ({why.code})")
        click.echo(
            "all that its spool holds was taken, also what may have been delivered: the platform takes each once; "
            "the spool was only read: keep the data directory"
        )
    if not done.files:
        click.echo("nothing waits; nothing was written")
    for name in done.files:
        click.echo(name)
    click.echo(f"{done.records} records and {done.attachments} attachments, {done.size} bytes, written and read back")
    if done.left_records or done.left_attachments:
        click.echo(
            f"no room for {done.left_records} records and {done.left_attachments} attachments; "
            f"they stay here: take {'a larger' if why else 'another'} stick"
        )
    if done.unreadable_segments:
        left = done.unreadable_segments
        click.echo(f"files of the spool that only a newer program can read: {left}; install it again")
    if done.damaged:
        click.echo(f"{done.damaged} could not be read from this terminal's disk; have the disk looked at")
    click.echo("the stick may be taken out")


def _export(data: Path, directory: Path) -> tuple[Exported, OfflineError | None]:
    """What was written, and why it came from the spool alone where it did."""
    from offline.stick.export import Exported, export_spool
    from offline.stick.medium import MediumFault

    beside = False
    try:
        try:
            with reach(data) as client:
                beside = isinstance(client.port, Client)
                done = client.port.ask(sending.Export(str(directory.absolute()))).counts
                return Exported(**{**done, "files": tuple(done["files"])}), None
        except (DataDirInUse, MediumFault, KeeperGone):
            raise
        except OfflineError as fault:
            if beside or not any((data / "spool").glob("*.parcel")):
                raise  # a keeper has opened it: what went wrong is something else
            return export_spool(data, directory), fault
    except OfflineError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    except OSError as fault:
        raise click.ClickException(f"{fault.filename}: {fault.strerror}") from fault


@sync.command("import")
@click.argument("place", metavar="FILE", type=click.Path(path_type=Path))
@_DATA
@_JSON
def sync_import(place: Path, data: Path, as_json: bool) -> None:
    """Take the .return or another terminal's .parcel FILE, or all that are in a directory.

    Parcels are sealed: they are sent on as they are. Exit status 1 when something was refused or damaged.
    """
    from offline.stick.parcels import ParcelsTaken
    from offline.stick.returns import ReturnFile, ReturnsRead

    with reached(data) as client:
        found = client.port.ask(sending.Import(str(place.absolute())))
    is_parcel = place.suffix.lower() == ".parcel"
    along = ParcelsTaken(**found.relayed)
    came = ReturnsRead(**{**found.returned, "files": tuple(ReturnFile(**file) for file in found.returned["files"])})
    if as_json:
        click.echo(json.dumps(asdict(came) | {"relayed": asdict(along)}, indent=1))
    else:
        for file in came.files:
            said = {"other-terminal": f"is for terminal {file.terminal:05d}; left alone", "refused": file.reason}
            click.echo(f"{file.name}: {said.get(file.status, file.status)}")
        if not is_parcel:
            click.echo(
                f"{came.delivered} receipts and {came.events} news" if came.files else "no .return file is there"
            )
        for line in _relayed_words(along):
            click.echo(line)
    if came.of("refused") or along.refused or along.damaged:
        raise SystemExit(1)


def _relayed_words(along: ParcelsTaken) -> Iterator[str]:
    if along.parcels:
        yield (
            f"{along.records} records and {along.attachments} attachments of other terminals were taken along; "
            f"{along.known} were known; they are sent at the next exchange"
        )
    if along.left:
        yield f"{along.left} were left on the stick: the disk has no room for them"
    if along.refused:
        yield f"{along.refused} records are no good; take the stick to the platform"
    if along.damaged:
        yield f"{along.damaged} parcels or records could not be read; export them again where they came from"


@click.group()
def staff() -> None:
    """Who may unlock this terminal."""


@staff.command("add")
@_DATA
@click.argument("name")
@click.option("--pin", prompt=True, hide_input=True, confirmation_prompt=True)
def staff_add(data: Path, name: str, pin: str) -> None:
    """Adds somebody, or gives a new PIN."""
    with reached(data) as client:
        member = client.staff.add(name, pin)
    click.echo(f"{member.name} may unlock this terminal")


@staff.command("list")
@_DATA
@_JSON
def staff_list(data: Path, as_json: bool) -> None:
    """Who may unlock."""
    with reached(data) as client:
        names = client.staff.names()
    click.echo(json.dumps(names, ensure_ascii=False) if as_json else "\n".join(names))


@click.group()
def catalogue() -> None:
    """Service items."""


@catalogue.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_JSON
def catalogue_check(file: Path, as_json: bool) -> None:
    """The linter: every problem of a catalogue. Exit status 1 when it would be refused."""
    from contract.catalogue import CatalogueError, parse_catalogue

    try:
        found = parse_catalogue(file.read_bytes())
    except CatalogueError as fault:
        if as_json:
            click.echo(json.dumps([asdict(p) for p in fault.problems], ensure_ascii=False, indent=1))
        else:
            for problem in fault.problems:
                click.echo(f"{problem.path}: {problem.message}")
        raise SystemExit(1) from fault
    click.echo("[]" if as_json else f"{len(found.items)} items, version {found.version}: nothing to put right")

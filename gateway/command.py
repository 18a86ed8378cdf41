# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway`: serve, give out codes, list, act, import, publish, rotate keys."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from contract.catalogue import CatalogueError
from contract.errors import ContractError
from contract.event_body import CorrectionAsk
from contract.parcel import ParcelError
from gateway.errors import DATABASE_AWAY, DatabaseUnusableError, GatewayError, StoreAwayError
from gateway.platform import Platform, Setup

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _where(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which every command finds the gateway it works on."""

    @click.option("--data", type=click.Path(path_type=Path), help="The gateway's data directory.")
    @click.option(
        "--database",
        envvar="DOORSTEP_GATEWAY_DATABASE",
        default="",
        help="postgresql://USER@HOST/NAME; without it, SQLite in the data directory.",
    )
    @click.option(
        "--attachments", envvar="DOORSTEP_GATEWAY_ATTACHMENTS", default="",
        help="Where whole attachments are kept: a directory or s3://BUCKET/PREFIX; without it, in the data directory.",
    )  # fmt: skip
    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        return command(*arguments, **options)

    return wrapped


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except CatalogueError as fault:
        for problem in fault.problems:
            click.echo(f"{problem.path}: {problem.message}", err=True)
        raise click.ClickException("the catalogue is refused; nothing was changed") from fault
    except (DatabaseUnusableError, StoreAwayError) as fault:
        raise click.ClickException(str(fault)) from fault
    except (*DATABASE_AWAY, DBAPIError) as fault:
        raise click.ClickException(f"the database does not answer: {str(fault).partition(chr(10))[0]}") from fault
    except (GatewayError, ContractError) as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    except OSError as fault:
        raise click.ClickException(f"{fault.filename or 'the data directory'}: {fault.strerror}") from fault


def _setup(data: Path | None, database: str, attachments: str, **more: Any) -> Setup:
    if data is None:
        raise click.UsageError("--data is needed")
    return Setup(data, database, attachments, **more)


@contextmanager
def _platform(setup: Setup, catalogue: Path | None = None) -> Iterator[Platform]:
    with _faults():
        platform = Platform(setup, catalogue=catalogue)
        try:
            yield platform
        finally:
            platform.close()


@click.group(invoke_without_command=True)
@_where
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8421, show_default=True, help="0 takes any free port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve.")
@click.option("--public-url", default="", help="What QR codes on receipts begin with.")
@click.option("--catalogue", type=_FILE, help="Publish this catalogue.")
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
    _setup(data, database, attachments)
    from gateway.http.serving import listen, serve  # only the serving command pays for it

    try:
        listener = listen(host, port)
    except OSError as fault:
        raise click.ClickException(
            f"port {port} cannot be used: {os.strerror(fault.errno or 0)}; choose another --port"
        ) from fault
    with listener:
        url = public_url or f"http://{host}:{listener.getsockname()[1]}"
        setup = _setup(data, database, attachments, public_url=url, retention_days=retention_days)
        with _platform(setup, catalogue) as platform:  # makes tables and keys, publishes; or says what is wrong
            _look_for_attachments(platform)
        serve(setup, listener, workers=workers, opening=opening)


@gateway.command()
@_where
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 when steps are due.")
def upgrade(data: Path | None, database: str, attachments: str, check: bool) -> None:
    """Bring the database up to date, before the gateway is started; its start does it too."""
    from gateway.database.store import Store

    setup = _setup(data, database, attachments)
    with _faults(), closing(Store(setup.data, setup.database, up_to_date=False)) as store:
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


def _look_for_attachments(platform: Platform) -> None:
    """A place that says no is named at once; one that does not answer may come later."""
    try:
        platform.blobs.check()
    except GatewayError as fault:
        click.echo(f"{fault}; the gateway starts without it", err=True)


@gateway.command()
@_where
@click.option("--json", "as_json", is_flag=True)
def status(data: Path | None, database: str, attachments: str, as_json: bool) -> None:
    """What works, and what waits to be opened. Exit status 1 when a part is away."""
    from gateway.status import status_of

    with _platform(_setup(data, database, attachments)) as platform:
        found = status_of(platform)
    click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1) if as_json else found.words())
    if not found.well:
        raise SystemExit(1)


@gateway.command("open")
@_where
def open_records(data: Path | None, database: str, attachments: str) -> None:
    """Opens what is in custody, until it is stopped: one more worker beside those that serve."""
    import signal
    import threading

    from gateway.http.serving import log_to_stderr
    from gateway.opening.loop import Opener

    log_to_stderr()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with _platform(_setup(data, database, attachments)) as platform:
        platform.start_opener(Opener(platform.opening))
        click.echo("opening")
        stop.wait()


@gateway.command("enrol-code")
@_where
@click.option("--name", default="", help="The station's name.")
@click.option("--json", "as_json", is_flag=True)
def enrol_code(data: Path | None, database: str, attachments: str, name: str, as_json: bool) -> None:
    """A one-time code for one terminal, valid for a day."""
    with _platform(_setup(data, database, attachments)) as platform:
        code = platform.enrolment.new_code(name)
    click.echo(json.dumps({"code": code}) if as_json else code)


@gateway.command()
@_where
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def officer(data: Path | None, database: str, attachments: str, name: str, password: str) -> None:
    """Adds an officer to the desk, or gives one a new password."""
    with _platform(_setup(data, database, attachments)) as platform:
        platform.officers.add(name, password)
    click.echo(f"officer {name} may log in at /desk")


@gateway.command("list")
@_where
@click.option("--state", default="")
@click.option("--json", "as_json", is_flag=True)
def listing(data: Path | None, database: str, attachments: str, state: str, as_json: bool) -> None:
    """What has arrived; "waiting" is in custody and not opened yet."""
    with _platform(_setup(data, database, attachments)) as platform:
        rows = platform.cases.listing(state=state)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        whole = sum(a["complete"] for a in row["attachments"])
        click.echo(
            f"{row['tracking_code']:<12}  {row['kind']:<11}  {row['state']:<10}  {row['item']:<16}"
            f"  {row['received_at']}  attachments {whole}/{len(row['attachments'])}"
            + (f"  {row['refusal']}" if row["refusal"] else "")
        )


@gateway.command()
@_where
@click.argument("code")
@click.argument("act", type=click.Choice(["accept", "correct", "process", "finish", "reject"]))
@click.option("--ask", multiple=True, help="With correct: a field or material of the item.")
@click.option("--text", default="", help="What the applicant reads.")
def act(
    data: Path | None, database: str, attachments: str, code: str, act: str, ask: tuple[str, ...], text: str
) -> None:
    """What an officer does with a case, for scripts."""
    asks = tuple(CorrectionAsk(subject, text) for subject in ask)
    with _platform(_setup(data, database, attachments)) as platform:
        event = platform.cases.act(code, act, text=text, asks=asks)
    click.echo(f"{event.tracking_code} {event.type}")


@gateway.command("import")
@_where
@click.argument("places", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def import_parcels(data: Path | None, database: str, attachments: str, places: tuple[Path, ...], as_json: bool) -> None:
    """Takes parcels from a stick, or all in a directory; writes FILE.return beside each, for where it came from.

    Exit status 1 when one was no parcel, was damaged, or its return could not be written; the others are taken.
    """
    from gateway.sticks.importing import import_parcel, parcels_of

    results: list[dict[str, Any]] = []
    failed = False
    with _platform(_setup(data, database, attachments)) as platform:
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


@gateway.command("publish-dictionary")
@_where
@click.argument("file", type=_FILE)
def publish_dictionary(data: Path | None, database: str, attachments: str, file: Path) -> None:
    """Gives terminals a new compression dictionary; what was packed with older ones still opens."""
    with _platform(_setup(data, database, attachments)) as platform:
        number = platform.publications.publish_dictionary(file.read_bytes())
        platform.opening.retry()
    click.echo(f"dictionary {number} is published")


@gateway.command("rotate-keys")
@_where
@click.option(
    "--suite", default=1, show_default=True, type=click.Choice([1, 2]),
    help="How terminals seal from now on: 1 X25519, 2 X-Wing (hybrid post-quantum).",
)  # fmt: skip
def rotate(data: Path | None, database: str, attachments: str, suite: int) -> None:
    """New keys: announced to every terminal under the old signature; what was sealed to old ones still opens."""
    with _platform(_setup(data, database, attachments)) as platform:
        fresh = platform.rotate_keys(suite)
    click.echo(f"key generation {fresh.number} is in force; terminals seal to {fresh.public.key_id}")


@gateway.command()
@_where
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--json", "as_json", is_flag=True)
def scan(data: Path | None, database: str, attachments: str, files: tuple[Path, ...], as_json: bool) -> None:
    """File forms that came on paper: scans or photographs of them, as images or PDF."""
    from gateway.paper_scan.command import file_scans

    file_scans(_platform(_setup(data, database, attachments)), files, as_json=as_json)

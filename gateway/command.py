# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway`: serve, give out codes, list, act."""

from __future__ import annotations

import json
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from contract.catalogue import CatalogueError
from contract.events import CorrectionAsk
from gateway.errors import GatewayError
from gateway.platform import Platform

_DATA = click.option("--data", type=click.Path(path_type=Path), required=True, help="The gateway's data directory.")


@contextmanager
def _platform(data: Path, **options: object) -> Iterator[Platform]:
    try:
        platform = Platform(data, **options)  # type: ignore[arg-type]
    except CatalogueError as fault:
        for problem in fault.problems:
            click.echo(f"{problem.path}: {problem.message}", err=True)
        raise click.ClickException("the catalogue is refused; nothing was changed") from fault
    except OSError as fault:
        raise click.ClickException(f"the data directory cannot be used: {fault.strerror}") from fault
    try:
        yield platform
    except GatewayError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    finally:
        platform.close()


@click.group(invoke_without_command=True)
@click.option("--data", type=click.Path(path_type=Path), help="The gateway's data directory.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8421, show_default=True, help="0 takes any free port.")
@click.option("--public-url", default="", help="What QR codes on receipts begin with.")
@click.option(
    "--catalogue", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Publish this catalogue."
)
@click.pass_context
def gateway(
    context: click.Context, data: Path | None, host: str, port: int, public_url: str, catalogue: Path | None
) -> None:
    """Serve terminals and officers (without a sub-command)."""
    if context.invoked_subcommand is not None:
        return
    if data is None:
        raise click.UsageError("--data is needed")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by what it accepts: else the body of each answer would wait for the acknowledgement of its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        raise click.ClickException(f"port {port} cannot be used: {fault.strerror}; choose another --port") from fault
    url = f"http://{host}:{listener.getsockname()[1]}"
    with listener, _platform(data, public_url=public_url or url, catalogue=catalogue) as platform:
        _serve(platform, listener, url)


def _serve(platform: Platform, listener: socket.socket, url: str) -> None:
    import uvicorn  # only the serving command pays for it

    from gateway.app import create_app

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"gateway ready on {url}", flush=True)

    config = uvicorn.Config(
        create_app(platform), access_log=False, log_config=None, timeout_graceful_shutdown=3, lifespan="off",
        timeout_keep_alive=75,
    )  # fmt: skip
    Server(config).run(sockets=[listener])


@gateway.command("enrol-code")
@_DATA
@click.option("--name", default="", help="The station's name.")
@click.option("--json", "as_json", is_flag=True)
def enrol_code(data: Path, name: str, as_json: bool) -> None:
    """A one-time code for one terminal, valid for a day."""
    with _platform(data) as platform:
        code = platform.enrolment.new_code(name)
    click.echo(json.dumps({"code": code}) if as_json else code)


@gateway.command()
@_DATA
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def officer(data: Path, name: str, password: str) -> None:
    """Adds an officer to the desk, or gives one a new password."""
    with _platform(data) as platform:
        platform.officers.add(name, password)
    click.echo(f"officer {name} may log in at /desk")


@gateway.command("list")
@_DATA
@click.option("--state", default="")
@click.option("--json", "as_json", is_flag=True)
def listing(data: Path, state: str, as_json: bool) -> None:
    """What has arrived."""
    with _platform(data) as platform:
        rows = platform.cases.listing(state=state)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        whole = sum(a["complete"] for a in row["attachments"])
        click.echo(
            f"{row['tracking_code']}  {row['kind']:<11}  {row['state']:<10}  {row['item']:<16}  {row['received_at']}"
            f"  attachments {whole}/{len(row['attachments'])}"
        )


@gateway.command()
@_DATA
@click.argument("code")
@click.argument("act", type=click.Choice(["accept", "correct", "process", "finish", "reject"]))
@click.option("--ask", multiple=True, help="With correct: a field or material of the item.")
@click.option("--text", default="", help="What the applicant reads.")
def act(data: Path, code: str, act: str, ask: tuple[str, ...], text: str) -> None:
    """What an officer does with a case, for scripts."""
    asks = tuple(CorrectionAsk(subject, text) for subject in ask)
    with _platform(data) as platform:
        event = platform.cases.act(code, act, text=text, asks=asks)
    click.echo(f"{event.tracking_code} {event.type}")

# SPDX-License-Identifier: Apache-2.0
"""What the commands share: how each finds the gateway it works on, and says what is wrong."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from contract.catalogue import CatalogueError
from contract.errors import ContractError
from gateway.errors import DATABASE_AWAY, DatabaseUnusableError, GatewayError, StoreAwayError
from gateway.platform import Platform, Setup

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def where(command: Callable[..., Any]) -> Callable[..., Any]:
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
def faults() -> Iterator[None]:
    """Says in one line what is wrong, and ends with exit status 1."""
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


def setup_of(data: Path | None, database: str, attachments: str, **more: Any) -> Setup:
    """The gateway that the options name."""
    if data is None:
        raise click.UsageError("--data is needed")
    return Setup(data, database, attachments, **more)


@contextmanager
def platform_of(setup: Setup, catalogue: Path | None = None) -> Iterator[Platform]:
    """The platform, opened; see `faults`."""
    with faults():
        platform = Platform(setup, catalogue=catalogue)
        try:
            yield platform
        finally:
            platform.close()

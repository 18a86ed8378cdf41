# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway enrol-code` and `officer`: who may come in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gateway.options import platform_of, setup_of, where


@click.command("enrol-code")
@where
@click.option("--name", default="", help="The station's name.")
@click.option("--json", "as_json", is_flag=True)
def enrol_code(data: Path | None, database: str, attachments: str, name: str, as_json: bool) -> None:
    """A one-time code for one terminal, valid for a day."""
    with platform_of(setup_of(data, database, attachments)) as platform:
        code = platform.enrolment.new_code(name)
    click.echo(json.dumps({"code": code}) if as_json else code)


@click.command()
@where
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def officer(data: Path | None, database: str, attachments: str, name: str, password: str) -> None:
    """Adds an officer to the desk, or gives one a new password."""
    with platform_of(setup_of(data, database, attachments)) as platform:
        platform.officers.add(name, password)
    click.echo(f"officer {name} may log in at /desk")

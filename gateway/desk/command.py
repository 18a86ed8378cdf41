# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway list` and `act`: what officers see and do, for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import click

from contract.event_body import CorrectionAsk
from gateway.options import platform_of, setup_of, where


@click.command("list")
@where
@click.option("--state", default="")
@click.option("--json", "as_json", is_flag=True)
def listing(data: Path | None, database: str, attachments: str, state: str, as_json: bool) -> None:
    """What has arrived; "waiting" is in custody and not opened yet."""
    with platform_of(setup_of(data, database, attachments)) as platform:
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


@click.command()
@where
@click.argument("code")
@click.argument("act", type=click.Choice(["accept", "correct", "process", "finish", "reject"]))
@click.option("--ask", multiple=True, help="With correct: a field or material of the item.")
@click.option("--text", default="", help="What the applicant reads.")
def act(
    data: Path | None, database: str, attachments: str, code: str, act: str, ask: tuple[str, ...], text: str
) -> None:
    """What an officer does with a case, for scripts."""
    asks = tuple(CorrectionAsk(subject, text) for subject in ask)
    with platform_of(setup_of(data, database, attachments)) as platform:
        event = platform.cases.act(code, act, text=text, asks=asks)
    click.echo(f"{event.tracking_code} {event.type}")

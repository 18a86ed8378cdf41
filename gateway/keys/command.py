# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway rotate-keys`."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.options import platform_of, setup_of, where


@click.command("rotate-keys")
@where
@click.option(
    "--suite", default=1, show_default=True, type=click.Choice([1, 2]),
    help="How terminals seal from now on: 1 X25519, 2 X-Wing (hybrid post-quantum).",
)  # fmt: skip
def rotate(data: Path | None, database: str, attachments: str, suite: int) -> None:
    """New keys: announced to every terminal under the old signature; what was sealed to old ones still opens."""
    with platform_of(setup_of(data, database, attachments)) as platform:
        fresh = platform.rotate_keys(suite)
    click.echo(f"key generation {fresh.number} is in force; terminals seal to {fresh.public.key_id}")

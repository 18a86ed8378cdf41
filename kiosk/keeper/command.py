# SPDX-License-Identifier: Apache-2.0
"""`doorstep kiosk`: the terminal. This process is the keeper; the window is its child's."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.config import Orientation


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The terminal's data directory.")
@click.option("--orientation", type=click.Choice(["portrait", "landscape"]), help="Instead of what kiosk.toml says.")
@click.option("--windowed", is_flag=True, help="A window instead of the full screen.")
def kiosk(data: Path, orientation: Orientation | None, windowed: bool) -> None:
    """The terminal's window."""
    from kiosk.keeper.run import run_kiosk

    raise SystemExit(run_kiosk(data, orientation=orientation, windowed=windowed))

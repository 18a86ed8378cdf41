# SPDX-License-Identifier: Apache-2.0
"""`doorstep demo`: the whole house on one machine, by hand or driving itself."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from kiosk.config import Orientation


@click.command()
@click.option("--headless", is_flag=True, help="Drive itself through the window, without a display.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where everything is kept.")
@click.option("--orientation", type=click.Choice(["portrait", "landscape"]), default="portrait", show_default=True)
@click.option("--scale", type=click.FloatRange(0.2, 2.0), help="Size of the window; by default what the screen holds.")
@click.option("--faults", type=int, metavar="SEED", help="By hand: one answer in ten of every device goes wrong.")
def demo(headless: bool, out: Path | None, orientation: Orientation, scale: float | None, faults: int | None) -> None:
    """A village terminal, its devices, a weak link and a platform, with fictional people.

    With --headless the visits drive themselves by touches on the real window; --out keeps screens, papers and both
    data directories, and summary.json tells what was measured. The exit status is 0 only if all of it held.
    """
    if headless:
        if faults is not None:
            raise click.UsageError("--faults is for the demo by hand: the rehearsal tells its own story")
        raise SystemExit(_drive(out or Path("demo-output")))
    raise SystemExit(_by_hand(out, orientation, scale, faults))


def _fresh(out: Path) -> None:
    """A mixture of two runs would prove nothing."""
    if out.exists() and any(out.iterdir()):
        raise click.ClickException(f"{out} is not empty. Choose another directory for --out, or remove this one.")
    out.mkdir(parents=True, exist_ok=True)


def _drive(out: Path) -> int:
    from kiosk.demo.gallery.samples import offscreen_platform

    _fresh(out)
    with tempfile.TemporaryDirectory(prefix="doorstep-") as folder:
        os.environ["QT_QPA_PLATFORM"] = offscreen_platform(Path(folder))
        from kiosk.demo.platform_side import PlatformFailedError
        from kiosk.demo.rehearsal import rehearse
        from kiosk.demo.summary import account
        from kiosk.process.application import application
        from offline.errors import OfflineError

        application()
        try:
            summary = rehearse(out, lambda words: click.echo(f"- {words}"))
        except (PlatformFailedError, OfflineError) as fault:
            print(f"doorstep demo: {fault} ({fault.code})", file=sys.stderr)
            return 1
        click.echo(account(summary, out))
        return 0 if summary.ok else 1


def _by_hand(out: Path | None, orientation: Orientation, scale: float | None, faults: int | None) -> int:
    from kiosk.demo.by_hand import play_by_hand
    from kiosk.demo.platform_side import PlatformFailedError
    from offline.errors import OfflineError

    with tempfile.TemporaryDirectory(prefix="doorstep-") as folder:
        try:
            return play_by_hand(out or Path(folder), orientation, scale, faults)
        except (PlatformFailedError, OfflineError) as fault:
            print(f"doorstep demo: {fault} ({fault.code})", file=sys.stderr)
            return 1

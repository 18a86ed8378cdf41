# SPDX-License-Identifier: Apache-2.0
"""`doorstep devices` beside a running terminal: its visit has the devices, so the keeper is asked how they are."""

from __future__ import annotations

from pathlib import Path

import click

from devices.command import devices as look_here
from devices.command import print_rows
from offline.errors import OfflineError
from offline.port.reach import ask_keeper
from offline.port.sending import AskDevices


class _Beside(click.Command):
    """The same options; where the terminal of `--data` runs, its own answer."""

    def invoke(self, ctx: click.Context) -> object:
        """Asks the keeper first."""
        given = ctx.params
        if given.get("data") is None or any(given.get(name) for name in ("profile", "list_drivers", "propose")):
            return super().invoke(ctx)
        try:
            keeper = ask_keeper(Path(given["data"]))
            if keeper is None:
                return super().invoke(ctx)
            try:
                found = keeper.ask(AskDevices()).devices
            finally:
                keeper.close()
        except OfflineError as fault:
            raise click.ClickException(f"{fault} ({fault.code})") from fault
        if found is None:
            raise click.ClickException("the terminal runs, and its screen has not looked at its devices yet; ask again")
        print_rows([dict(row) for row in found], bool(given.get("as_json")))
        return None


devices = _Beside("devices", callback=look_here.callback, params=look_here.params, help=look_here.help)

# SPDX-License-Identifier: Apache-2.0
"""`doorstep staff-card`: whose card it is that lies in the smart-card reader. Proven with its PIN before it counts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from offline.errors import OfflineError
from offline.port.reach import reach

if TYPE_CHECKING:
    from devices.smart_card.reader import PcscReader

WAIT = 15.0  # seconds for the card to be put in


@click.command("staff-card")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The terminal's data directory.")
@click.option("--reader", default="", help="Part of the reader's name; the first reader where it is left out.")
@click.option("--pin", prompt="PIN of the card", hide_input=True)
@click.argument("name")
def staff_card(data: Path, reader: str, pin: str, name: str) -> None:
    """The card in the reader becomes NAME's: with it and its PIN they unlock this terminal."""
    from devices.errors import DeviceError
    from devices.smart_card.reader import PcscReader

    card = PcscReader(reader)
    try:
        card.open()
        _wait_for(card)
        key = card.prove(pin)
        with reach(data) as client:
            member = client.staff.bind_card(name, key)
    except (DeviceError, OfflineError) as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    finally:
        card.close()
    click.echo(f"{member.name} may unlock this terminal with the card")


def _wait_for(card: PcscReader) -> None:
    ends = time.monotonic() + WAIT
    while not card.present():
        if time.monotonic() > ends:
            raise click.ClickException("no card is in the reader; put the staff card in and call this again")
        time.sleep(0.1)

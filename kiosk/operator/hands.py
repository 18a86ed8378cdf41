# SPDX-License-Identifier: Apache-2.0
"""What the panel's keys do to the simulated devices, off the window's thread and one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from offline.jobs import SupervisedExecutor

if TYPE_CHECKING:
    from contract.identity import Identity
    from devices.simulation import SimulatedDevices


class Hands:
    """Pulling a plug waits for a thread to end; a window must not. Close it."""

    def __init__(self, devices: SimulatedDevices) -> None:
        self._devices = devices
        self._pool = SupervisedExecutor("operator")

    def close(self) -> None:
        """Finishes what was begun."""
        self._pool.shutdown()

    def wait(self) -> None:
        """Until everything asked for so far is done."""
        self._pool.submit(lambda: None).result()

    def _do(self, what: Callable[[], object]) -> None:
        self._pool.cast(what)

    def present(self, identity: Identity, fault: str | None = None) -> None:
        """Lays this card down instead of the one that lies there."""
        self._do(self._devices.remove_card)
        self._do(lambda: self._devices.present_card(identity, fault=fault))

    def take_card(self) -> None:
        """Takes the card away."""
        self._do(self._devices.remove_card)

    def paper(self, device: str, state: str) -> None:
        """ok, low or out."""
        self._do(lambda: self._devices.set_paper(device, state))

    def plug(self, device: str, plugged: bool) -> None:
        """In or out."""
        self._do(lambda: (self._devices.plug if plugged else self._devices.unplug)(device))

    def lay_pages(self, make: Sequence[Callable[[], bytes]]) -> None:
        """Draws sample pages and lays them into the scanner."""
        self._do(lambda: self._devices.load_pages([page() for page in make]))

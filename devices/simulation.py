# SPDX-License-Identifier: Apache-2.0
"""A desk full of simulated devices that speak the real protocols, for the demo and for tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from contract.identity import Identity
from devices.faults import Faults
from devices.id_card.simulator import SimulatedSamReader
from devices.printer.escpos_simulator import SimulatedReceiptPrinter
from devices.printer.ipp_simulator import SimulatedIppPrinter
from devices.profile import DeviceProfile
from devices.scanner.simulator import SimulatedScanner

if TYPE_CHECKING:
    from PIL.Image import Image

_REASONS = {"ok": (), "low": ("media-low-warning",), "out": ("media-empty-error",)}


class _Plugged(Protocol):
    def plug(self) -> None: ...

    def unplug(self) -> None: ...


class SimulatedDevices:
    """A context manager. Prints are also written to `outdir` where one is given."""

    def __init__(self, outdir: Path | None = None) -> None:
        self._outdir = outdir
        if outdir is not None:
            outdir.mkdir(parents=True, exist_ok=True)
        self._links = tempfile.TemporaryDirectory(prefix="doorstep-")
        self._port = Path(self._links.name) / "reader"
        self._reader: SimulatedSamReader | None = None
        self._printer = SimulatedIppPrinter(self._printed)
        self._receipt = SimulatedReceiptPrinter(self._receipt_printed)
        self.scanner = SimulatedScanner()
        self._on_network: dict[str, _Plugged] = {
            "printer": self._printer,
            "receipt-printer": self._receipt,
            "scanner": self.scanner,
        }
        self.plug("id-card")

    @property
    def profile(self) -> DeviceProfile:
        """Where the devices are."""
        return DeviceProfile(
            {"driver": "sam-serial", "port": str(self._port)},
            {"driver": "ipp", "uri": self._printer.uri},
            {"driver": "escpos-network", "host": "127.0.0.1", "port": self._receipt.port},
            {"driver": "escl", "url": self.scanner.url},
        )

    @property
    def printed_pdfs(self) -> list[bytes]:
        """What came out of the A4 printer."""
        return self._printer.printed

    @property
    def receipts(self) -> list[Image]:
        """What came out of the receipt printer."""
        return self._receipt.receipts

    def _printed(self, pdf: bytes) -> None:
        if self._outdir is not None:
            (self._outdir / f"printer-{len(self._printer.printed):02d}.pdf").write_bytes(pdf)

    def _receipt_printed(self, image: Image) -> None:
        if self._outdir is not None:
            image.save(self._outdir / f"receipt-{len(self._receipt.receipts):02d}.png")

    def present_card(self, identity: Identity, *, fault: str | None = None, block: bytes | None = None) -> None:
        """Lays a card on the reader; `fault` as in devices.id_card.simulator."""
        if self._reader is not None:
            self._reader.present_card(identity, fault=fault, block=block)

    def remove_card(self) -> None:
        """Takes the card away."""
        if self._reader is not None:
            self._reader.remove_card()

    def load_pages(self, pages: list[bytes]) -> None:
        """Lays JPEG pages into the scanner."""
        self.scanner.load(pages)

    def set_paper(self, device: str, state: str) -> None:
        """`device` printer or receipt-printer; `state` ok, low or out."""
        if device == "printer":
            self._printer.set_reasons(*_REASONS[state])
        else:
            self._receipt.paper = state

    def set_fault(self, device: str, code: str | None) -> None:
        """jam or cover-open; for the reader what devices.id_card.simulator knows; None mends it."""
        if device == "id-card" and self._reader is not None:
            self._reader.set_fault(code)
        elif device == "printer":
            self._printer.set_reasons(
                *({"jam": ("media-jam-error",), "cover-open": ("cover-open-error",)}.get(code or "", ()))
            )
        elif device == "receipt-printer":
            self._receipt.cover_open = code == "cover-open"
        elif device == "scanner":
            self.scanner.fault = code

    def unplug(self, device: str) -> None:
        """Pulls the plug."""
        if device == "id-card":
            if self._reader is not None:
                self._reader.close()
                self._reader = None
                self._port.unlink(missing_ok=True)
            return
        self._on_network[device].unplug()

    def plug(self, device: str) -> None:
        """Plugs it in again, at the same place."""
        if device == "id-card":
            if self._reader is None:
                self._reader = SimulatedSamReader()
                os.symlink(self._reader.port, self._port)
            return
        self._on_network[device].plug()

    def fail_randomly(self, seed: int, share: float) -> None:
        """From now on this share of all answers goes wrong, the same for the same seed and the same questions.

        Only what passes by itself, without anybody there to put paper in. A share of 0 ends it.
        """
        for name, faults in self._faults().items():
            lasting = ("unplug", "jam", "cover-open", "out-of-paper", "unlicensed")
            faults.randomly(f"{seed}-{name}", share, [kind for kind in faults.kinds if kind not in lasting])

    def faults(self, device: str) -> Faults:
        """The plan of one device's faults."""
        return self._faults()[device]

    def _faults(self) -> dict[str, Faults]:
        known = {
            "printer": self._printer.faults,
            "receipt-printer": self._receipt.faults,
            "scanner": self.scanner.faults,
        }
        return known | ({"id-card": self._reader.faults} if self._reader is not None else {})

    def close(self) -> None:
        """Ends all of them."""
        for device in ("id-card", "printer", "receipt-printer", "scanner"):
            self.unplug(device)
        self._links.cleanup()

    def __enter__(self) -> SimulatedDevices:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

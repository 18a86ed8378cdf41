# SPDX-License-Identifier: Apache-2.0
"""A rig for every driver: its device or the peer that stands in for it, to be plugged, troubled and given work."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import wave
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from devices.base import DeviceStatus, State
from devices.camera.sample_pages import text_form
from devices.card_watch import CardWatch
from devices.code_simulator import SimulatedCodeScanner
from devices.errors import DeviceError, PrintFailed, ReaderError, ScanFailed
from devices.id_card.simulator import SimulatedSamReader
from devices.id_card.usb_simulator import SimulatedUsbReader
from devices.page.picture import encode_jpeg
from devices.printer.escpos_simulator import SimulatedReceiptPrinter, SimulatedSerialPrinter
from devices.printer.ipp_simulator import SimulatedIppPrinter
from devices.printer.usb_simulator import PRODUCT, VENDOR, SimulatedUsbPrinter
from devices.scanner.simulator import SimulatedScanner
from devices.smart_card.pcsc_stack import PcscStack
from tests.devices.conftest import person
from tests.devices.printer.stacks import RealPrinter

PDF = b"%PDF-1.4\n%%EOF\n"
Act = Callable[[], object]


@dataclass
class Rig:
    """`settings` as in a profile; `beside` what no profile can say (a simulated bus).

    `job(device)` does the device's work and asserts that it was done; `interrupted(device)` is a job in whose middle
    the plug is pulled. `error` None: such a driver says nothing of it, because it is never asked. `troubles`: how to
    bring a state about, and the state. `unplug` None: cannot be seen to go.
    """

    settings: dict[str, Any]
    job: Callable[[Any], object]
    unplug: Act | None = None
    plug: Act = lambda: None
    interrupted: Callable[[Any], object] | None = None
    error: type[DeviceError] | None = None
    codes: frozenset[str] = frozenset()
    beside: dict[str, Any] = field(default_factory=dict)
    troubles: list[tuple[Act, State]] = field(default_factory=list)
    well: Act = lambda: None


@dataclass
class Place:
    """What a rig is built from."""

    folder: Path
    ends: ExitStack
    patch: pytest.MonkeyPatch
    cards: Callable[[], PcscStack]


def looker(section: str, device: Any) -> Callable[[], DeviceStatus]:
    """How the manager looks at a device of this kind."""
    if section in ("id_card", "smart_card"):
        return CardWatch(device, lambda _event: None, device=section.replace("_", "-")).look
    if section == "code_scanner":

        def look() -> DeviceStatus:
            device.codes()
            found: DeviceStatus = device.status()
            return found

        return look
    status: Callable[[], DeviceStatus] = device.status
    return status


def until(true: Callable[[], bool], patience: float = 20.0) -> None:
    ends = time.monotonic() + patience
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def opened(reader: Any) -> Any:
    reader.close()
    reader.open()
    return reader


def _reads(peer: Any) -> Callable[[Any], None]:
    def job(reader: Any) -> None:
        peer().present_card(person())
        assert opened(reader).read().identity == person()
        peer().remove_card()
        reader.close()

    return job


def _read_interrupted(peer: Any) -> Callable[[Any], None]:
    def job(reader: Any) -> None:
        peer().present_card(person())
        opened(reader)
        peer().faults.once("unplug", 1)
        reader.read()

    return job


def sam_serial(place: Place) -> Rig:
    port, now = place.folder / "reader", [SimulatedSamReader()]
    port.symlink_to(now[0].port)
    place.ends.callback(lambda: now[0].close())

    def unplug() -> None:
        now[0].close()
        port.unlink(missing_ok=True)

    def plug() -> None:
        unplug()
        now[0] = SimulatedSamReader()
        port.symlink_to(now[0].port)

    peer = lambda: now[0]  # noqa: E731
    return Rig(
        {"port": str(port)}, _reads(peer), unplug, plug, _read_interrupted(peer), ReaderError,
        frozenset({"reader-absent"}),
    )  # fmt: skip


def sam_usb(place: Place) -> Rig:
    del place
    bus = SimulatedUsbReader()
    return Rig(
        {}, _reads(lambda: bus), lambda: setattr(bus, "plugged", False), lambda: setattr(bus, "plugged", True),
        _read_interrupted(lambda: bus), ReaderError, frozenset({"reader-absent"}), {"backend": bus},
    )  # fmt: skip


def real_ipp(place: Place) -> Rig:
    peer = RealPrinter(place.ends)

    def interrupted(printer: Any) -> None:
        peer.is_slow(True)
        pulling = threading.Timer(0.8, peer.unplug)
        pulling.start()
        try:
            printer.print_pdf(PDF, "x", timeout=20)
        finally:
            pulling.join()
            peer.is_slow(False)

    def job(printer: Any) -> None:
        before = len(peer.printed())
        printer.print_pdf(PDF, "x", timeout=20)
        assert len(peer.printed()) == before + 1

    return Rig(
        {"uri": peer.uri}, job, peer.unplug, peer.plug, interrupted, PrintFailed, frozenset({"printer-absent"}),
        troubles=[(lambda: peer.trays(0, 0), State.OUT_OF_PAPER), (lambda: peer.trays(0, 25), State.PAPER_LOW)],
        well=lambda: peer.trays(250, 25),
    )  # fmt: skip


def simulated_ipp(place: Place) -> Rig:
    peer = SimulatedIppPrinter()
    place.ends.callback(peer.close)

    def interrupted(printer: Any) -> None:
        peer.faults.once("unplug", 2)
        printer.print_pdf(PDF, "x", timeout=20)

    def job(printer: Any) -> None:
        before = len(peer.printed)
        printer.print_pdf(PDF, "x", timeout=20)
        assert len(peer.printed) == before + 1

    troubles: list[tuple[Act, State]] = [
        (partial(peer.set_reasons, "media-jam-error"), State.JAM),
        (partial(peer.set_reasons, "media-empty-error"), State.OUT_OF_PAPER),
        (partial(peer.set_reasons, "cover-open-error"), State.COVER_OPEN),
    ]
    return Rig(
        {"uri": peer.uri}, job, peer.unplug, peer.plug, interrupted, PrintFailed, frozenset({"printer-absent"}),
        troubles=troubles, well=peer.set_reasons,
    )  # fmt: skip


def _receipts(place: Place, peer: Any, settings: dict[str, Any], **beside: Any) -> Rig:
    place.ends.callback(peer.close)
    strip = Image.new("1", (576, 80), 0)

    def job(printer: Any) -> None:
        before = len(peer.receipts)
        printer.print_image(strip)
        assert len(peer.receipts) == before + 1

    def interrupted(printer: Any) -> None:
        peer.faults.once("unplug", 2)
        printer.print_image(strip)

    def plug() -> None:
        peer.unplug()
        peer.plug()

    def well() -> None:
        peer.paper, peer.cover_open, peer.fault = "ok", False, None

    return Rig(
        settings, job, peer.unplug, plug, interrupted, PrintFailed, frozenset({"printer-absent"}), beside,
        troubles=[
            (lambda: setattr(peer, "paper", "low"), State.PAPER_LOW),
            (lambda: setattr(peer, "paper", "out"), State.OUT_OF_PAPER),
            (lambda: setattr(peer, "cover_open", True), State.COVER_OPEN),
            (lambda: setattr(peer, "fault", "garbage"), State.FAULT),
        ],
        well=well,
    )  # fmt: skip


def network_receipts(place: Place) -> Rig:
    peer = SimulatedReceiptPrinter()
    return _receipts(place, peer, {"host": "127.0.0.1", "port": peer.port})


def serial_receipts(place: Place) -> Rig:
    peer = SimulatedSerialPrinter(place.folder)
    return _receipts(place, peer, {"port": peer.port})


def usb_receipts(place: Place) -> Rig:
    peer = SimulatedUsbPrinter()
    return _receipts(place, peer, {"vendor": VENDOR, "product": PRODUCT}, backend=peer)


def code_serial(place: Place) -> Rig:
    peer = SimulatedCodeScanner(place.folder)
    place.ends.callback(peer.close)

    def job(scanner: Any) -> None:
        scanner.codes()
        peer.read("004210001375")
        found: list[str] = []
        until(lambda: bool(found.extend(scanner.codes()) or found))
        assert found == ["004210001375"]

    def interrupted(scanner: Any) -> None:
        scanner.codes()
        peer.faults.once("unplug")
        peer.read("004210001375")
        assert scanner.codes() == [], "half a code is no code"
        scanner.codes()

    return Rig({"port": peer.port}, job, peer.unplug, peer.plug, interrupted)


def code_wedge(place: Place) -> Rig:
    del place
    return Rig({}, lambda scanner: scanner.codes())


def speech(place: Place) -> Rig:
    played, player = place.folder / "played", place.folder / "player"
    with wave.open(str(place.folder / "said.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(b"\x01\x02" * 800)
    (place.folder / "prompts.json").write_text('{"zh": {"请": "said.wav"}}', encoding="utf-8")

    def plug() -> None:
        code = f"import sys; open({str(played)!r}, 'ab').write(sys.stdin.buffer.read())"
        player.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}"\n')
        player.chmod(0o755)

    def job(speaker: Any) -> None:
        played.unlink(missing_ok=True)
        speaker.say("请")
        until(lambda: played.exists() and played.read_bytes() == (place.folder / "said.wav").read_bytes())

    def interrupted(speaker: Any) -> None:
        player.unlink()
        speaker.say("请")
        speaker.stop()

    plug()
    settings = {"player": str(player), "prompts": str(place.folder)}
    return Rig(settings, job, lambda: player.unlink(missing_ok=True), plug, interrupted)


def pcsc(place: Place) -> Rig:
    stack = place.cards()

    def lies_there(reader: Any) -> None:
        stack.remove()
        until(lambda: not opened(reader).present())
        stack.insert_social_security(person())
        until(reader.present)

    def job(reader: Any) -> None:
        lies_there(reader)
        assert reader.read().identity.name == person().name
        stack.remove()
        until(lambda: not reader.present())

    def interrupted(reader: Any) -> None:
        lies_there(reader)
        stack.stop_daemon()
        reader.read()

    return Rig({}, job, stack.stop_daemon, stack.start_daemon, interrupted, ReaderError, frozenset({"reader-absent"}))


def _jpeg(size: tuple[int, int] = (1654, 2339)) -> bytes:
    import io

    out = io.BytesIO()
    Image.new("RGB", size, (200, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def escl(place: Place) -> Rig:
    peer = SimulatedScanner()
    place.ends.callback(peer.close)

    def job(scanner: Any) -> None:
        peer.load([_jpeg((200, 300))] * 2)
        assert len(scanner.scan()) == 2

    def interrupted(scanner: Any) -> None:
        peer.load([_jpeg((200, 300))] * 2)
        peer.faults.once("unplug", 3)
        scanner.scan()

    return Rig(
        {"url": peer.url}, job, peer.unplug, peer.plug, interrupted, ScanFailed,
        frozenset({"scanner-absent", "scanner-fault"}),
        troubles=[
            (lambda: setattr(peer, "fault", "jam"), State.JAM),
            (lambda: setattr(peer, "fault", "cover-open"), State.COVER_OPEN),
            (lambda: setattr(peer, "fault", "garbage"), State.FAULT),
        ],
        well=lambda: setattr(peer, "fault", None),
    )  # fmt: skip


def sane(place: Place) -> Rig:
    """The real scanimage and sane-airscan, in front of our eSCL peer."""
    peer = SimulatedScanner()
    place.ends.callback(peer.close)
    peer.glass = b""
    config = place.folder / "sane"
    config.mkdir()
    (config / "dll.conf").write_text("airscan\n")
    (config / "airscan.conf").write_text(
        f'[devices]\n"Desk" = {peer.url}, eSCL\n[options]\ndiscovery = disable\n[debug]\nenable = false\n'
    )
    place.patch.setattr("devices.scanner.sane.CALM", 0.0)
    asked = [0]

    def job(scanner: Any) -> None:
        peer.load([_jpeg()] * 2)
        before = peer.faults.answers
        assert len(scanner.scan()) == 2
        asked[0] = peer.faults.answers - before

    def interrupted(scanner: Any) -> None:
        peer.load([_jpeg()] * 2)
        peer.faults.once("unplug", asked[0] - 3)  # before the last page
        scanner.scan()

    assert shutil.which("scanimage"), "the package sane-utils is missing; `make test` installs it"
    return Rig(
        {"device": "airscan:e0:Desk", "config": str(config)}, job, peer.unplug, peer.plug, interrupted, ScanFailed,
        frozenset({"scanner-absent", "scanner-fault"}),
    )  # fmt: skip


def _camera(place: Place, settings: dict[str, Any], gone: Path) -> Rig:
    kept = gone.with_name("unplugged")

    def plug() -> None:
        if kept.exists():
            os.rename(kept, gone)

    def unplug() -> None:
        if gone.exists():
            os.rename(gone, kept)

    def job(camera: Any) -> None:
        assert camera.frame().shape == (400, 300, 3)

    def interrupted(camera: Any) -> None:
        camera.frame()
        unplug()
        camera.frame()

    place.ends.callback(plug)
    return Rig(settings, job, unplug, plug, interrupted, ScanFailed, frozenset({"scanner-absent"}))


def _pictures(folder: Path) -> None:
    import cv2
    import numpy as np

    folder.mkdir()
    small = np.asarray(cv2.resize(text_form().picture, (300, 400)), dtype=np.uint8)
    for place in range(1, 30):
        (folder / f"{place}.jpg").write_bytes(encode_jpeg(small))


def stills(place: Place) -> Rig:
    folder = place.folder / "pictures"
    _pictures(folder)
    return _camera(place, {"folder": str(folder)}, folder)


def uvc(place: Place) -> Rig:
    """OpenCV's own capture; its backend for files stands in for V4L2, which needs a device."""
    import cv2

    place.patch.setattr(cv2, "CAP_V4L2", cv2.CAP_IMAGES)
    folder = place.folder / "pictures"
    _pictures(folder)
    device = folder / "%d.jpg"
    device.touch()
    return _camera(place, {"device": str(device)}, device)


RIGS: dict[str, Callable[[Place], Rig]] = {
    "id_card.sam-serial": sam_serial,
    "id_card.sam-usb": sam_usb,
    "printer.ipp": real_ipp,
    "printer.ipp/simulated": simulated_ipp,
    "receipt.escpos-network": network_receipts,
    "receipt.escpos-serial": serial_receipts,
    "receipt.escpos-usb": usb_receipts,
    "code_scanner.serial": code_serial,
    "code_scanner.wedge": code_wedge,
    "speech.local": speech,
    "smart_card.pcsc": pcsc,
    "scanner.escl": escl,
    "scanner.sane": sane,
    "camera.uvc": uvc,
    "camera.stills": stills,
}
"""By the driver's entry point; what stands after a slash tells two rigs of one driver apart."""

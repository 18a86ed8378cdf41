# SPDX-License-Identifier: Apache-2.0
"""SANE scanners through the real scanimage: SANE's own test backend, and sane-airscan in front of our eSCL server."""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices.base import State
from devices.errors import ScanFailed
from devices.scanner import sane
from devices.scanner.sane import Options, SaneScanner
from devices.scanner.simulator import SimulatedScanner


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "dll.conf").write_text("test\nairscan\n")
    shutil.copy("/etc/sane.d/test.conf", tmp_path)
    (tmp_path / "airscan.conf").write_text("[devices]\n[options]\ndiscovery = disable\n")
    return tmp_path


def scanner_of(config: Path, *extra: str, patience: float = 30) -> SaneScanner:
    return SaneScanner("test:0", str(config), extra=extra, patience=patience)


def code_of(scanner: SaneScanner) -> str:
    with pytest.raises(ScanFailed) as fault:
        scanner.scan()
    return fault.value.code


def test_a_whole_feeder(config: Path) -> None:
    scanner = scanner_of(config, "--test-picture", "Color pattern", "-y", "60", "-x", "40")
    assert scanner.status().state is State.READY
    pages = scanner.scan()
    assert len(pages) == 10  # of the test backend's feeder
    with Image.open(io.BytesIO(pages[9].data)) as image:
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert (image.width, image.height) == (pytest.approx(40 / 25.4 * 200, abs=8), pytest.approx(472, abs=8))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("SANE_STATUS_JAMMED", "jam"),
        ("SANE_STATUS_COVER_OPEN", "cover-open"),
        ("SANE_STATUS_DEVICE_BUSY", "scanner-busy"),
        ("SANE_STATUS_IO_ERROR", "scanner-fault"),
        ("SANE_STATUS_NO_MEM", "scanner-fault"),
        ("SANE_STATUS_ACCESS_DENIED", "scanner-fault"),
        ("SANE_STATUS_NO_DOCS", "no-pages"),
    ],
)
def test_every_fault_has_its_name_and_leaves_no_page(config: Path, told: str, code: str) -> None:
    assert code_of(scanner_of(config, "--read-return-value", told)) == code


def put_before(config: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A scanimage of our own in front of the real one."""
    other = config / "scanimage"
    other.write_text(f"#!/bin/sh\n{script}\n")
    other.chmod(other.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{config}{os.pathsep}{os.environ['PATH']}")


def test_a_scanner_that_stops_sending_is_given_up(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.which("scanimage")
    put_before(
        config,
        monkeypatch,
        f'case "$*" in *--batch=*) while :; do read x < /dev/zero; done;; *) exec {real} "$@";; esac',
    )
    assert code_of(scanner_of(config, patience=0.6)) == "timeout"


def test_a_scanner_nobody_has_is_absent(config: Path) -> None:
    scanner = SaneScanner("test:7", str(config))
    assert scanner.status().state is State.ABSENT
    assert code_of(scanner) == "scanner-absent"


def test_a_scan_can_be_taken_back(config: Path) -> None:
    import threading

    slow = ("--read-limit=yes", "--read-limit-size", "16", "--read-delay=yes", "--read-delay-duration", "50000")
    scanner, ends = scanner_of(config, *slow), threading.Event()

    def until_heard() -> None:
        while not ends.wait(0.05):
            scanner.cancel()

    taking_back = threading.Thread(target=until_heard)
    taking_back.start()
    try:
        assert code_of(scanner) == "cancelled"
    finally:
        ends.set()
        taking_back.join()


def test_without_scanimage_it_says_what_to_install(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(config))
    found = scanner_of(config).status()
    assert found.state is State.FAULT
    assert "sane-utils" in found.detail


def test_a_scanimage_that_hangs_and_will_not_end_is_killed(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sane, "LOOK", 0.2)
    put_before(config, monkeypatch, "trap '' TERM; while :; do read x < /dev/zero; done")
    found = scanner_of(config).status()
    assert found.state is State.FAULT
    assert "stopped answering" in found.detail


@pytest.fixture
def network(config: Path) -> Iterator[tuple[SimulatedScanner, SaneScanner]]:
    peer = SimulatedScanner()
    peer.glass = b""
    (config / "airscan.conf").write_text(
        f'[devices]\n"Desk" = {peer.url}, eSCL\n[options]\ndiscovery = disable\n[debug]\nenable = false\n'
    )
    yield peer, SaneScanner("airscan:e0:Desk", str(config))
    peer.close()


def jpeg(red: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1654, 2339), (red, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def test_a_network_scanner_behind_sane(network: tuple[SimulatedScanner, SaneScanner]) -> None:
    peer, scanner = network
    assert scanner.status().state is State.READY
    peer.load([jpeg(20), jpeg(220)])
    pages = scanner.scan()
    reds = []
    for page in pages:
        with Image.open(io.BytesIO(page.data)) as image:
            reds.append(image.getpixel((800, 1000))[0])  # type: ignore[index]
    assert reds == [pytest.approx(20, abs=4), pytest.approx(220, abs=4)]


def test_a_jam_behind_sane(network: tuple[SimulatedScanner, SaneScanner]) -> None:
    peer, scanner = network
    peer.load([jpeg(20), jpeg(220)])
    peer.jams_after = 1
    assert code_of(scanner) == "jam"


def test_a_network_scanner_that_is_off(network: tuple[SimulatedScanner, SaneScanner]) -> None:
    peer, scanner = network
    peer.unplug()
    assert scanner.status().state is State.ABSENT


@given(st.text(max_size=300))
def test_any_list_of_options_is_read(text: str) -> None:
    found = Options.parse(text)
    assert isinstance(found.arguments(), list)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("    --resolution 75|150|300|600dpi [75]\n", ["--resolution", "300"]),
        ("    --resolution 75|150dpi [75]\n", ["--resolution", "150"]),
        ("    --resolution 1..1200dpi (in steps of 1) [50]\n", ["--resolution", "200"]),
        ("    --mode Lineart|Gray|24bit Color[Fast] [Gray]\n", ["--mode", "24bit Color[Fast]"]),
        ("    -x 0..215.9mm [215.9]\n    -y 0..297.011mm [297.011]\n", ["-x", "210", "-y", "297"]),
        ("    -x 0..104mm (in steps of 0.1) [104]\n", ["-x", "104"]),
    ],
)
def test_what_a_scanner_is_told(text: str, arguments: list[str]) -> None:
    assert Options.parse(text).arguments() == arguments


def test_sources_are_told_apart() -> None:
    options = Options.parse("    --source Flatbed|ADF Duplex|ADF Front [Flatbed]\n")
    assert (options.feeder(), options.glass()) == ("ADF Front", "Flatbed")
    assert Options.parse("    --source ADF Duplex [ADF Duplex]\n").feeder() == "ADF Duplex"

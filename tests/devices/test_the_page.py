# SPDX-License-Identifier: Apache-2.0
"""docs/devices.md is true: its drivers, settings, faults, words and profiles exist, and its example scans."""

from __future__ import annotations

import importlib
import json
import re
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from devices.base import REMEDIES, State
from devices.code_simulator import FAULTS as CODE_FAULTS
from devices.command import LOOKING
from devices.drivers import GROUP, driver, drivers_of
from devices.events import ScanFinished, StatusChanged
from devices.id_card.photo import decode_photo
from devices.id_card.sam_engine import FAULTS as READER_FAULTS
from devices.manager import DeviceManager
from devices.printer.escpos_engine import FAULTS as RECEIPT_FAULTS
from devices.printer.ipp_simulator import FAULTS as PRINTER_FAULTS
from devices.profile import parse_profile
from devices.remedies import WORDS
from devices.scanner.simulator import FAULTS as SCANNER_FAULTS
from devices.smart_card.pcsc_stack import FAULTS as CARD_FAULTS
from tests.devices.conftest import Heard

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "devices.md").read_text(encoding="utf-8")
REGISTERED = sorted(entry.name for entry in entry_points(group=GROUP))
SECTIONS = {m[1]: m[2] for m in re.finditer(r"^### `([\w.-]+)`\n(.*?)(?=^##)", PAGE, re.M | re.S)}


def rows(text: str) -> list[list[str]]:
    """Cells of the tables' bodies."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def chapter(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert found, title
    return found[1]


def blocks(kind: str, text: str = PAGE) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.M | re.S)


def test_every_driver_has_its_place_and_no_other() -> None:
    assert sorted(SECTIONS) == REGISTERED


@pytest.mark.parametrize("name", REGISTERED)
def test_the_settings_are_those_of_the_driver(name: str) -> None:
    section, _, rest = name.partition(".")
    known = driver(section, rest)
    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(SECTIONS[name])[1:]}
    wanted = {k: "needed" if p.default is p.empty else json.dumps(p.default) for k, p in known.settings().items()}
    assert told == wanted
    assert told or "No settings." in SECTIONS[name]


@pytest.mark.parametrize("name", REGISTERED)
def test_its_profile_is_taken(name: str) -> None:
    (text,) = blocks("toml", SECTIONS[name])
    ((section, settings),) = parse_profile(text).sections().items()
    assert f"{section}.{settings['driver']}" == name


def test_states_and_remedies_are_told_as_they_are() -> None:
    told = {cells[0].strip("`"): (cells[2].strip("`"), cells[3]) for cells in rows(chapter("How a device is"))[1:]}
    assert told == {str(s): (REMEDIES.get(s, ""), WORDS[REMEDIES.get(s, "")]) for s in State}
    assert f"within {LOOKING:.0f} seconds" in PAGE


def test_the_faults_are_those_the_peers_know() -> None:
    told = {
        cells[0]: cells[1].partition(";")[0].split(", ")
        for cells in rows(chapter("Simulated devices and their faults"))[1:]
    }
    assert {peer: sorted(kinds) for peer, kinds in told.items()} == {
        "card reader": sorted(READER_FAULTS),
        "A4 printer": sorted(PRINTER_FAULTS),
        "receipt printer": sorted(RECEIPT_FAULTS),
        "scanner": sorted(SCANNER_FAULTS),
        "smart card": sorted(CARD_FAULTS),
        "code scanner": sorted(CODE_FAULTS),
    }


def test_files_that_are_named_are_there() -> None:
    named = re.findall(r"`((?:devices|kiosk|tests)/[\w./-]*)`", PAGE)
    assert len(named) > 4
    assert [name for name in named if not (ROOT / name).exists()] == []


def install(folder: Path, module: str, text: str, group: str, name: str, value: str) -> None:
    """As an installer leaves it: the module, and a description with its entry point."""
    (folder / f"{module}.py").write_text(text, encoding="utf-8")
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
    return folder


def test_the_driver_of_the_page_is_found_and_scans(site: Path, tmp_path: Path, heard: Heard) -> None:
    (source,) = blocks("python")
    text, profile = blocks("toml", chapter("A driver of your own, in one file"))
    ((name, value),) = tomllib.loads(text)["project"]["entry-points"][GROUP].items()
    install(site, "folder_scanner", source, GROUP, name, value)
    folder = tmp_path / "scans"
    manager = DeviceManager(parse_profile(profile.replace("/srv/scans", str(folder))), heard, interval=0.05)
    manager.start()
    try:
        assert "folder" in drivers_of("scanner")
        heard.wait(StatusChanged, lambda e: e.status.state is State.ABSENT and e.status.remedy == "check-cable")
        manager.scan("gone")
        assert heard.wait(ScanFinished).code == "scanner-absent"
        folder.mkdir()
        heard.wait(StatusChanged, lambda e: e.status.state is State.READY)
        manager.scan("empty")
        assert heard.wait(ScanFinished).code == "no-pages"
        (folder / "1.jpg").write_bytes(b"\xff\xd8page\xff\xd9")
        manager.scan("one")
        assert [page.data for page in heard.wait(ScanFinished).pages] == [b"\xff\xd8page\xff\xd9"]
        manager.scan("none is taken twice")
        assert heard.wait(ScanFinished).code == "no-pages"
    finally:
        manager.stop()
        sys.modules.pop("folder_scanner", None)


def test_a_photo_plug_in_opens_the_block_and_one_that_fails_is_passed_over(
    site: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert decode_photo(b"block") is None
    (text,) = blocks("toml", chapter("Photos on ID cards"))
    ((group, named),) = tomllib.loads(text)["project"]["entry-points"].items()
    ((name, value),) = named.items()
    module = value.partition(":")[0]
    install(site, "a_broken_one", "def decode(block):\n    raise OSError(block)\n", group, "a", "a_broken_one:decode")
    install(site, module, "def decode(block):\n    return b'PNG' + block\n", group, name, value)
    importlib.invalidate_caches()
    try:
        assert decode_photo(b"block") == b"PNGblock"
        assert "the photo decoder a failed: OSError" in caplog.text
        assert "block" not in caplog.text
    finally:
        for gone in (module, "a_broken_one"):
            sys.modules.pop(gone, None)

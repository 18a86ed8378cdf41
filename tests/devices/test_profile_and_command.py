# SPDX-License-Identifier: Apache-2.0
"""The device profile, and `doorstep devices`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from devices.base import NAMES, REMEDIES, State
from devices.command import devices
from devices.drivers import SECTIONS
from devices.errors import DeviceError
from devices.events import ScanFinished, StatusChanged
from devices.manager import DeviceManager
from devices.profile import DeviceProfile, dump_profile, load_profile, parse_profile
from devices.remedies import STATES, WORDS
from devices.simulation import SimulatedDevices
from tests.devices.conftest import Heard


def test_a_profile_survives_writing_and_reading(simulated: SimulatedDevices, tmp_path: Path) -> None:
    path = tmp_path / "devices.toml"
    path.write_text(dump_profile(simulated.profile), encoding="utf-8")
    assert load_profile(path) == simulated.profile
    assert parse_profile(dump_profile(DeviceProfile())) == DeviceProfile()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[id_card", "no TOML"),
        ("[coffee]\ndriver='x'", "is no device"),
        ("[printer]\ndriver='fax'", "driver must be one of ipp"),
        ("[receipt]\ndriver='escpos-network'\nport=9100", "needs host"),
        ("[receipt]\ndriver='escpos-network'\nhost='a'\nport='9100'", "port must be of type int"),
        ("[receipt]\ndriver='escpos-network'\nhost='a'\nspeed=3", "knows no speed"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(DeviceError, match=words) as fault:
        parse_profile(text)
    assert fault.value.code == "profile-wrong"


def test_the_command_lists_every_device(simulated: SimulatedDevices, tmp_path: Path) -> None:
    (tmp_path / "devices.toml").write_text(dump_profile(simulated.profile), encoding="utf-8")
    simulated.unplug("printer")
    done = CliRunner().invoke(devices, ["--data", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    found = {one["device"]: (one["state"], one["remedy"]) for one in json.loads(done.output)}
    assert found == {
        "id-card": ("ready", ""),
        "printer": ("absent", "check-cable"),
        "receipt-printer": ("ready", ""),
        "scanner": ("ready", ""),
    }


def test_the_command_in_words(simulated: SimulatedDevices, tmp_path: Path) -> None:
    path = tmp_path / "devices.toml"
    path.write_text(dump_profile(simulated.profile), encoding="utf-8")
    simulated.unplug("scanner")
    simulated.set_paper("receipt-printer", "out")
    simulated.set_fault("printer", "jam")
    done = CliRunner().invoke(devices, ["--profile", str(path)])
    assert done.exit_code == 0, done.output
    lines = {line.split()[0]: line for line in done.output.splitlines()}
    assert len(lines) == len(done.output.splitlines()) == 4
    assert "ready" in lines["id-card"]
    for device, words in (
        ("scanner", "not found     Check that it is switched on and its cable is in. (the scanner does not answer"),
        ("receipt-printer", "out of paper  Put in paper; the job can then be printed again."),
        ("printer", "paper jam     Open it, take the jammed paper out, close it."),
    ):
        assert words in lines[device]


def test_every_driver_of_a_full_profile_is_listed_though_nothing_is_attached(tmp_path: Path) -> None:
    path = tmp_path / "devices.toml"
    path.write_text(
        "[id_card]\ndriver='sam-serial'\nport='/dev/none'\n[smart_card]\ndriver='pcsc'\nname='No Such'\n"
        "[printer]\ndriver='ipp'\nuri='ipp://127.0.0.1:9/x'\n"
        "[receipt]\ndriver='escpos-network'\nhost='127.0.0.1'\nport=9\n"
        "[scanner]\ndriver='sane'\ndevice='test:7'\n[camera]\ndriver='uvc'\ndevice='/dev/none'\n"
        "[code_scanner]\ndriver='serial'\nport='/dev/none'\n[speech]\ndriver='local'\nplayer='/no/player'\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(devices, ["--profile", str(path), "--json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert [row["device"] for row in rows] == [NAMES[section] for section in SECTIONS]
    assert {row["state"] for row in rows} == {"absent"}
    assert all(row["remedy"] == "check-cable" and row["words"] for row in rows)


def test_a_profile_without_devices_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "devices.toml"
    path.touch()
    assert "--find" in CliRunner().invoke(devices, ["--profile", str(path)]).output
    assert json.loads(CliRunner().invoke(devices, ["--profile", str(path), "--json"]).output) == []


def test_drivers_beside_a_profile_tell_which_it_uses(simulated: SimulatedDevices, tmp_path: Path) -> None:
    path = tmp_path / "devices.toml"
    path.write_text(dump_profile(simulated.profile), encoding="utf-8")
    done = CliRunner().invoke(devices, ["--drivers", "--profile", str(path), "--json"])
    used = {(row["section"], row["driver"]) for row in json.loads(done.stdout) if row["used"]}
    assert used == {("id_card", "sam-serial"), ("printer", "ipp"), ("receipt", "escpos-network"), ("scanner", "escl")}
    lines = CliRunner().invoke(devices, ["--drivers", "--profile", str(path)]).output.splitlines()
    assert [line.split(":")[0] for line in lines if "this profile uses it" in line] == [
        "[id_card] sam-serial", "[printer] ipp", "[receipt] escpos-network", "[scanner] escl",
    ]  # fmt: skip
    path.write_text("[coffee]\n", encoding="utf-8")
    assert CliRunner().invoke(devices, ["--drivers", "--profile", str(path)]).exit_code == 1


def test_every_state_has_its_words() -> None:
    assert set(STATES) == {str(state) for state in State}


def test_the_command_without_a_profile_says_what_it_needs(tmp_path: Path) -> None:
    done = CliRunner().invoke(devices, ["--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "devices.toml" in done.output


def test_every_driver_is_listed_with_its_settings() -> None:
    done = CliRunner().invoke(devices, ["--drivers", "--json"])
    assert done.exit_code == 0, done.output
    found = {(row["section"], row["driver"]): row["settings"] for row in json.loads(done.stdout)}
    assert found["id_card", "sam-serial"] == {"port": "needed", "baud": 0, "with_fingerprint": False}
    assert {section for section, _ in found} <= set(SECTIONS)
    assert all(row["words"] for row in json.loads(done.stdout))
    assert "[receipt] escpos-network" in CliRunner().invoke(devices, ["--drivers"]).output


def test_looking_for_devices_proposes_a_profile_that_can_be_used(tmp_path: Path) -> None:
    done = CliRunner().invoke(devices, ["--find"])
    assert done.exit_code == 0, done.output
    path = tmp_path / "devices.toml"
    path.write_text(done.stdout, encoding="utf-8")
    load_profile(path)
    assert "profile" in json.loads(CliRunner().invoke(devices, ["--find", "--json"]).stdout)


def test_every_remedy_has_its_words() -> None:
    assert set(REMEDIES.values()) <= set(WORDS)


@pytest.mark.expects_log
def test_a_driver_that_does_not_load_stops_no_other_device(simulated: SimulatedDevices, heard: Heard) -> None:
    broken = DeviceProfile(scanner={"driver": "no-such"}, printer=simulated.profile.printer)
    manager = DeviceManager(broken, heard)
    manager.start()
    try:
        heard.wait(StatusChanged, lambda e: e.status.device == "printer" and e.status.state is State.READY)
        found = {s.device: s for s in manager.statuses()}
        assert found["scanner"].state is State.FAULT
        assert "driver must be one of" in found["scanner"].detail
        manager.scan("x")
        assert heard.wait(ScanFinished).code == "scanner-absent"
    finally:
        manager.stop()

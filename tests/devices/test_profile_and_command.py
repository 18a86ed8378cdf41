# SPDX-License-Identifier: Apache-2.0
"""The device profile, and `doorstep devices`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from devices.command import devices
from devices.errors import DeviceError
from devices.profile import DeviceProfile, dump_profile, load_profile, parse_profile
from devices.simulation import SimulatedDevices


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


def test_the_command_without_a_profile_says_what_it_needs(tmp_path: Path) -> None:
    done = CliRunner().invoke(devices, ["--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "devices.toml" in done.output

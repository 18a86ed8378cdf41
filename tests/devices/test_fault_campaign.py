# SPDX-License-Identifier: Apache-2.0
"""An hour of random faults at all devices: each recovered, none holding up another. bench/device_faults.py runs 24."""

from __future__ import annotations

from pathlib import Path

from tests.devices.campaign import Campaign
from tests.devices.conftest import person


def test_an_hour_of_faults_is_survived(tmp_path: Path) -> None:
    with Campaign(tmp_path, person(), seed=20261124) as campaign:
        tally = campaign.run(1.0)
    faults = sum(tally.faults.values())
    assert faults == tally.recovered == tally.others > 0
    assert tally.named > 0

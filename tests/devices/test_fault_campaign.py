# SPDX-License-Identifier: Apache-2.0
"""An hour of random faults at all devices: each recovered, none holding up another. bench/device_faults.py runs 24."""

from __future__ import annotations

from pathlib import Path

from devices.smart_card.pcsc_stack import PcscStack
from tests.devices.campaign import Campaign
from tests.devices.conftest import person


def test_an_hour_of_faults_is_survived(tmp_path: Path, card_stack: PcscStack) -> None:
    with Campaign(tmp_path, person(), 20261124, card_stack) as campaign:
        tally = campaign.run(1.0)
    faults = sum(tally.faults.values())
    assert faults == tally.recovered == tally.others > 0
    assert tally.named > 0

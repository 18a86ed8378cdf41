# SPDX-License-Identifier: Apache-2.0
"""Each point of the contract, one test."""

from __future__ import annotations

import pytest

from tests.contract_kit.everything import POINTS
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import BROKEN, NOT_TRIED, Finding, Point, find


@pytest.mark.parametrize("point", sorted(POINTS.values(), key=lambda p: p.number), ids=lambda p: p.number)
def test_point(point: Point, kit: Kit, findings: list[Finding]) -> None:
    finding = find(point, kit)
    findings.append(finding)
    if finding.outcome == BROKEN:
        pytest.fail(f"{point.number} {point.title}\nseen: {finding.seen}\ndo: {point.do}", pytrace=False)
    if finding.outcome == NOT_TRIED:
        pytest.skip(f"{point.number} not tried: {finding.seen}")

# SPDX-License-Identifier: Apache-2.0
"""A gateway that breaks one rule: exactly the points that are about it say so, and those beside them do not."""

from __future__ import annotations

import pytest

from tests.contract_kit.everything import POINTS
from tests.contract_kit.points import BROKEN, KEPT, NOT_TRIED, find
from tests.kit_check.all_wrong import WRONG
from tests.kit_check.conftest import Place
from tests.kit_check.wrong import Wrong

pytestmark = pytest.mark.expects_log  # wrong records are refused with a warning, failures are logged


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: w.name.replace(" ", "-"))
def test_exactly_that_is_seen(wrong: Wrong, place: Place) -> None:
    with place.kit(wrong) as kit:
        found = [find(POINTS[number], kit) for number in sorted(wrong.looked_at)]
    seen = {f.point.number: f"{f.outcome}: {f.seen}" for f in found}
    broken = {f.point.number for f in found if f.outcome == BROKEN}
    assert broken == set(wrong.breaks.split()), seen
    if "G-01" in broken and wrong.early:
        assert {f.outcome for f in found} == {BROKEN, NOT_TRIED}
    else:
        assert {f.outcome for f in found if f.point.number not in broken} <= {KEPT}, seen
    assert all(f.seen for f in found if f.outcome == BROKEN)


def test_every_point_has_a_gateway_that_breaks_it() -> None:
    shown = {number for wrong in WRONG for number in wrong.breaks.split()}
    assert shown == set(POINTS)

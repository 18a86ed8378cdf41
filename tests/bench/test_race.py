# SPDX-License-Identifier: Apache-2.0
"""A race over real links: who arrives, who is missing, who gives up; and the limits the table shows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.link.namespaces import forbidden
from bench.link.path import Profile
from bench.link.schedule import Cuts
from bench.peers.contenders import Arrived, Contender, Doorstep, OnePost, ResumablePut, Stall
from bench.peers.race import Race
from bench.peers.workload import TODAY, Workload, name_of
from bench.weak_link import Row
from contract.application import check_application
from contract.sample import sample_catalogue

LOAD = Workload(2, attachments=1, size=4000)
LINK = Profile(up=4e6, down=4e6, delay=0.01)


@pytest.fixture(autouse=True)
def _links() -> None:
    if reason := forbidden():
        pytest.skip(f"no network namespaces here: {reason}")


class NotHere(OnePost):
    name = "absent"

    def missing(self) -> str:
        return "needs what nobody has"


class Falls(OnePost):
    name = "falls"

    def server(self, _stall: Stall) -> Sequence[str | Path]:
        return [sys.executable, "-c", "raise SystemExit('no such luck')"]


def saying(last: str) -> list[str]:
    """A client that sends nothing and says this."""
    lines = ["import sys", 'print(\'{"say": "ready"}\', flush=True)', "sys.stdin.readline()", f"print({last!r})"]
    return [sys.executable, "-c", "\n".join(lines)]


class GivesUp(OnePost):
    name = "gives up"

    def client(self, _stall: Stall) -> Sequence[str | Path]:
        return saying("no JSON")


class SaysDone(OnePost):
    name = "says done"

    def client(self, _stall: Stall) -> Sequence[str | Path]:
        return saying('{"say": "done"}')


def test_a_race_counts_bytes_and_arrivals_at_the_other_end(tmp_path: Path) -> None:
    contenders: list[Contender] = [Doorstep(), ResumablePut(), OnePost(), NotHere(), GivesUp(), SaysDone(), Falls()]
    results = Race(LINK, LOAD, 60, tmp_path).run(contenders)
    assert [r.name for r in results] == [c.name for c in contenders]
    for result in results[:3]:
        assert result.seconds is not None, result
        assert result.arrived == Arrived(2)
        assert result.bytes_up > LOAD.attachments * LOAD.applications * LOAD.size
    absent, gave_up, liar, fallen = results[3:]
    assert (absent.seconds, absent.problem) == (None, "needs what nobody has")
    assert (gave_up.seconds, gave_up.problem, gave_up.arrived) == (None, "the client ended", Arrived(0))
    assert (fallen.seconds, fallen.problem) == (None, "its server ended at once: no such luck")
    assert liar.seconds is not None
    assert liar.arrived == Arrived(0)  # the table calls these lost


def test_what_is_there_in_part_or_twice_is_told(tmp_path: Path) -> None:
    far = tmp_path / "far"
    for place, files in ((f"{name_of(0)}-a", LOAD.files(0)), (f"{name_of(0)}-b", LOAD.files(0))):
        (far / place).mkdir(parents=True)
        for name, data in files.items():
            (far / place / name).write_bytes(data)
    part = far / f"{name_of(1)}-c"
    part.mkdir()
    (part / "0-record.json").write_bytes(LOAD.record(1))
    stall = Stall(None, LOAD, tmp_path, tmp_path, far)  # type: ignore[arg-type]
    assert OnePost().arrived(stall) == Arrived(1, doubled=1)


def test_the_work_is_the_same_for_the_same_seed() -> None:
    assert LOAD.files(1) == Workload(2, attachments=1, size=4000).files(1)
    assert LOAD.files(1) != Workload(2, attachments=1, size=4000, seed=2).files(1)
    mean = sum(len(Workload(60).record(n)) for n in range(60)) / 60
    assert 1300 < mean < 1800


def test_the_limit_counts_headers_losses_round_trips_and_cuts() -> None:
    link = Profile(up=8000, delay=0.5, cuts=Cuts(10, 3))
    row = Row("", "", link, LOAD, "")
    assert row.limit_for(0) == 2.0
    assert row.limit_for(1448 * 6) == pytest.approx(9.0 + 2.0 + 3.0)
    lossy = Row("", "", Profile(up=8000, delay=0.5, loss=0.5), LOAD, "")
    assert lossy.limit_for(1448 * 6) == pytest.approx(18.0 + 2.0)


def test_what_is_carried_are_applications_that_the_platform_takes() -> None:
    catalogue = sample_catalogue()
    for number in range(len(catalogue.items)):
        application = Workload(1).application(number, "code")
        assert check_application(catalogue.item(application.item_id), application, today=TODAY) == []

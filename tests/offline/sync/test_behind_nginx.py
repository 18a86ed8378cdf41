# SPDX-License-Identifier: Apache-2.0
"""Sync through a real nginx with TLS, to two gateways that share a database: whatever the proxy does to connections
and whichever gateway dies or hangs, all is delivered once, on a thread that lives, over connections that are watched.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from offline.errors import LinkDown
from offline.sync.engine import SyncEngine
from offline.sync.enrol import enrol, enrol_terminal
from offline.sync.link.pool import Pool
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.sync.proxied import Gateways, Proxy, Settings, nginx
from tests.offline.sync.watched import check_watched

LATEST = 90.0  # seconds; on a machine that does a dozen other things


@pytest.fixture(scope="module")
def gateways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateways]:
    both = Gateways(tmp_path_factory.mktemp("platform") / "gateway")
    yield both
    both.close()


@pytest.fixture(autouse=True)
def both_run(gateways: Gateways) -> Iterator[None]:
    yield
    gateways.restore()


@pytest.fixture(autouse=True)
def unwatched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was found wrong in any pool before any wait; a test in which something was fails."""
    found: list[str] = []
    wait = Pool.wait

    def look_and_wait(pool: Pool, seconds: float) -> Any:
        try:
            check_watched(pool)
        except (AssertionError, OSError) as fault:
            found.append(str(fault))
        return wait(pool, seconds)

    monkeypatch.setattr(Pool, "wait", look_and_wait)
    return found


@dataclass
class Station:
    """A terminal whose engine runs, as in the kiosk."""

    terminal: Terminal
    engine: SyncEngine
    states: list[SyncState] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def register(self, count: int = 1, pictures: int = 1) -> None:
        for _ in range(count):
            number = len(self.codes)
            code = self.terminal.new_tracking_code()
            self.terminal.submit(
                application(code, number), [attachment(100 * number + n, 150) for n in range(pictures)]
            )
            self.codes.append(code)
        self.engine.wake()

    @property
    def problems(self) -> set[str | None]:
        return {state.problem for state in self.states} - {None}

    def until(self, what: str) -> None:
        """A state with this problem was told."""
        ends = time.monotonic() + LATEST
        while what not in self.problems:
            assert self.lives(), "the sync thread is dead"
            assert time.monotonic() < ends, f"{what} is not told, but {self.problems}"
            time.sleep(0.02)

    def lives(self) -> bool:
        return any(t.name == "sync" and t.is_alive() for t in threading.enumerate())

    def until_delivered(self) -> None:
        ends = time.monotonic() + LATEST
        while (left := self.terminal.outbox()).waiting + left.sending + left.attachments_waiting:
            assert self.lives(), "the sync thread is dead"
            assert time.monotonic() < ends, f"not delivered: {left}, {self.problems}"
            self.engine.wake()
            time.sleep(0.25)
        assert self.terminal.outbox().parked == 0


@contextmanager
def at_work(tmp_path: Path, proxy: Proxy, gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(proxy.authority))
    with gateways.platform() as platform:
        code = platform.enrolment.new_code("示例村便民服务点")
    with Terminal.open(tmp_path / "terminal") as terminal:
        enrol(terminal, proxy.url, code)
        states: list[SyncState] = []
        station = Station(terminal, SyncEngine(terminal, listener=states.append, interval=0.5), states)
        station.engine.start()
        try:
            yield station
        finally:
            station.engine.stop()
        assert not station.lives()


def check_arrived(gateways: Gateways, station: Station) -> None:
    """All, whole, once."""
    with gateways.platform() as platform:
        ends = time.monotonic() + LATEST
        while platform.opening.waiting():
            assert time.monotonic() < ends
            time.sleep(0.05)
        rows = [row for row in platform.cases.listing() if row["tracking_code"] in station.codes]
    assert sorted(row["tracking_code"] for row in rows) == sorted(station.codes)
    assert all(a["complete"] for row in rows for a in row["attachments"])
    assert all(row["state"] != "refused" for row in rows)


@pytest.mark.parametrize("buffering", [False, True])
@pytest.mark.parametrize("requests", [1, 3])
def test_connections_that_end_after_a_few_requests(
    tmp_path: Path, gateways: Gateways, monkeypatch: pytest.MonkeyPatch, unwatched: list[str],
    requests: int, buffering: bool,
) -> None:  # fmt: skip
    settings = Settings(keepalive_requests=requests, keepalive_timeout=0.6, buffering=buffering)
    with (
        nginx(tmp_path / "nginx", gateways.ports, settings) as proxy,
        at_work(tmp_path, proxy, gateways, monkeypatch) as station,
    ):
        for _ in range(4):
            station.register(3, pictures=2)
            station.until_delivered()
        assert station.problems == set()
    check_arrived(gateways, station)
    served = proxy.served()
    assert max(each.nth for each in served) == requests, "the proxy's limit was met"
    assert unwatched == []


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_later_connections_resume_the_session_of_the_first(
    tmp_path: Path, gateways: Gateways, monkeypatch: pytest.MonkeyPatch, unwatched: list[str], protocol: str
) -> None:
    settings = Settings(keepalive_requests=1, protocols=protocol)
    with (
        nginx(tmp_path / "nginx", gateways.ports, settings) as proxy,
        at_work(tmp_path, proxy, gateways, monkeypatch) as station,
    ):
        station.register(4, pictures=2)
        station.until_delivered()
    check_arrived(gateways, station)
    served = proxy.served()
    assert {each.protocol for each in served} == {protocol}
    assert [each.resumed for each in served].count(True) >= len(served) // 3
    assert unwatched == []


def test_a_gateway_that_is_killed_and_one_that_hangs(
    tmp_path: Path, gateways: Gateways, monkeypatch: pytest.MonkeyPatch, unwatched: list[str]
) -> None:
    """The other takes over; where both are away the terminal says so, waits, and goes on by itself."""
    settings = Settings(keepalive_requests=7, read_timeout=1.0)
    with (
        nginx(tmp_path / "nginx", gateways.ports, settings) as proxy,
        at_work(tmp_path, proxy, gateways, monkeypatch) as station,
    ):
        station.register(4, pictures=2)
        gateways.kill(0)
        station.register(2, pictures=2)
        station.until_delivered()
        gateways.kill(1)
        station.register(2)
        station.until("platform-away")
        assert 502 in {each.status for each in proxy.served()}
        gateways.restore()
        station.until_delivered()

        station.states.clear()
        for number in (0, 1):
            gateways.hang(number)
        station.register(2)
        station.until("platform-away")
        assert 504 in {each.status for each in proxy.served()}
        gateways.restore()
        station.until_delivered()
        assert station.problems <= {"platform-away", "link-down"}
    check_arrived(gateways, station)
    assert unwatched == []


def test_gateways_that_die_while_everything_moves(
    tmp_path: Path, gateways: Gateways, monkeypatch: pytest.MonkeyPatch, unwatched: list[str]
) -> None:
    settings = Settings(keepalive_requests=5, read_timeout=2.0, buffering=False)
    with (
        nginx(tmp_path / "nginx", gateways.ports, settings) as proxy,
        at_work(tmp_path, proxy, gateways, monkeypatch) as station,
    ):
        for turn in range(4):
            station.register(5, pictures=2)
            gateways.kill(turn % 2)
            station.register(1)
            gateways.start(turn % 2)
        station.until_delivered()
        assert station.problems <= {"platform-away", "link-down"}
    check_arrived(gateways, station)
    assert unwatched == []


def test_enrolling_while_the_platform_is_away_is_told_as_that(
    tmp_path: Path, gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        nginx(tmp_path / "nginx", gateways.ports) as proxy,
        at_work(tmp_path, proxy, gateways, monkeypatch) as station,
    ):
        for number in (0, 1):
            gateways.kill(number)
        with pytest.raises(LinkDown) as away:
            enrol_terminal(proxy.url, "x", "", station.terminal.keys)
        assert away.value.code == "platform-away"

# SPDX-License-Identifier: Apache-2.0
"""The engine over an emulated link between two real TCP stacks: flows that are cut and never say so, and lost packets.

What the kernel tells of acknowledgements is only there with a real wire between: the relay of other tests has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.link.emulator import FAR_ADDRESS, Emulator, Link
from bench.link.flows import Mode
from bench.link.namespaces import forbidden
from bench.link.path import Profile
from bench.link.schedule import Cuts
from offline.sync.engine import SyncEngine
from offline.sync.enrol import enrol
from offline.sync.report import SyncReport
from offline.terminal import Terminal
from tests.live import LiveGateway, live_gateway
from tests.offline.conftest import application, attachment

NEAR_BY = Profile(up=4e6, down=8e6, delay=0.02)


@contextmanager
def over_a_link(tmp_path: Path) -> Iterator[tuple[Emulator, Link, LiveGateway, Terminal]]:
    """A terminal at one end and its gateway at the other; the link is fast until it is shaped."""
    if reason := forbidden():
        pytest.skip(f"no network namespaces here: {reason}")
    with Emulator() as emulator:
        link = emulator.add()
        listener = link.far.socket()
        listener.bind((FAR_ADDRESS, 8421))
        listener.listen(64)
        with (
            live_gateway(tmp_path / "gateway", listener=listener) as gateway,
            Terminal.open(tmp_path / "t") as terminal,
        ):
            code = gateway.platform.enrolment.new_code("示例村便民服务点")
            link.near.inside(lambda: enrol(terminal, gateway.url, code))
            yield emulator, link, gateway, terminal


def send(link: Link, terminal: Terminal, pictures: int, side: int) -> SyncReport:
    terminal.submit(application(terminal.new_tracking_code(), 1), [attachment(n, side) for n in range(pictures)])
    return link.near.inside(lambda: SyncEngine(terminal).run_once())


def all_there(gateway: LiveGateway) -> bool:
    gateway.opened()
    (row,) = gateway.platform.cases.listing()
    return all(a["complete"] for a in row["attachments"])


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize("mode", [Mode.HANG, Mode.RST, Mode.DROP])
def test_flows_that_are_cut_are_gone_on_with_over_new_ones(
    tmp_path: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline.sync.link.flow.SLACK", 0.1)
    with over_a_link(tmp_path) as (emulator, link, gateway, terminal):
        emulator.shape(Profile(up=4e6, down=8e6, delay=0.02, cuts=Cuts(0.5, 0.25), mode=mode))
        report = send(link, terminal, 2, 500)
        assert (report.problem, report.attachments_sent) == (None, 2)
        assert report.cuts >= 1
        assert report.bytes_sent < report.bytes_payload * 1.6
        assert all_there(gateway)


def test_a_link_that_loses_packets_is_borne(tmp_path: Path) -> None:
    with over_a_link(tmp_path) as (emulator, link, gateway, terminal):
        emulator.shape(Profile(up=4e6, down=8e6, delay=0.02, loss=0.05, seed=3))
        report = send(link, terminal, 2, 400)
        assert (report.problem, report.attachments_sent) == (None, 2)
        assert link.path.up.lost > 5
        assert all_there(gateway)


def test_a_link_is_found_and_kept_full_but_no_fuller(tmp_path: Path) -> None:
    with over_a_link(tmp_path) as (emulator, link, gateway, terminal):
        emulator.shape(NEAR_BY)
        report = send(link, terminal, 2, 500)
        assert (report.problem, report.cuts) == (None, 0)
        assert all_there(gateway)
        assert (link.path.up.overflowed, link.path.up.lost) == (0, 0)
        assert link.path.up.carried_bytes < report.bytes_payload * 1.1

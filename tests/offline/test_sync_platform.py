# SPDX-License-Identifier: Apache-2.0
"""What the platform brings (catalogue, calendar, dictionary, each only where it changed), and what it may lose."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import zstandard

from contract.packing import to_cbor
from contract.sample import sample_calendar, sample_catalogue
from offline.sync import SyncEngine
from offline.terminal import Terminal
from offline.transport import Calls
from tests.live import LiveGateway, enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment
from tests.offline.scripted import point_at


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of small calls, without their parameters."""
    paths: list[str] = []
    usual = Calls.get

    def get(self: Calls, path: str) -> object:
        paths.append(path.partition("?")[0])
        return usual(self, path)

    monkeypatch.setattr(Calls, "get", get)
    return paths


def test_nothing_is_fetched_that_has_not_changed(terminal: Terminal, asked: list[str]) -> None:
    assert SyncEngine(terminal).run_once().problem is None
    assert asked == ["/v1/feed"]


def test_a_new_catalogue_comes_as_a_delta(terminal: Terminal, gateway: LiveGateway, asked: list[str]) -> None:
    document = copy.deepcopy(dict(sample_catalogue().document))
    document["version"] = "2026.12.1"
    document["items"][0]["fee"] = "5元"
    gateway.platform.shelf.publish(document)
    report = SyncEngine(terminal).run_once()
    assert report.problem is None
    assert terminal.catalogue().version == "2026.12.1"
    assert terminal.catalogue().items[document["items"][0]["id"]].fee == "5元"
    assert asked == ["/v1/feed", "/v1/catalogue"]
    assert report.wire_down < len(to_cbor(document)) / 4  # the whole would be more, however it is compressed


def test_a_new_calendar_comes_once(terminal: Terminal, gateway: LiveGateway, asked: list[str]) -> None:
    calendar = sample_calendar()
    day = date(2026, 12, 25)
    gateway.platform.shelf.publish_calendar(replace(calendar, version="2", holidays=calendar.holidays | {day}))
    engine = SyncEngine(terminal)
    assert engine.run_once().problem is None
    assert day in terminal.calendar().holidays
    assert engine.run_once().problem is None
    assert asked == ["/v1/feed", "/v1/calendar", "/v1/feed"]


def test_a_new_dictionary_comes_once(terminal: Terminal, gateway: LiveGateway, asked: list[str]) -> None:
    samples = [to_cbor(application("0" * 12, n).to_payload()) for n in range(200)]
    trained = zstandard.train_dictionary(8192, samples, dict_id=7).as_bytes()
    number = gateway.platform.shelf.publish_dictionary(trained)
    engine = SyncEngine(terminal)
    assert engine.run_once().problem is None
    assert engine.run_once().problem is None
    assert asked == ["/v1/feed", f"/v1/dictionary/{number}", "/v1/feed"]
    terminal.submit(application(terminal.new_tracking_code(), 3))
    assert engine.run_once().records_sent == 1
    gateway.opened()
    assert [row["state"] for row in gateway.platform.cases.listing()] == ["received"]


# restored from a backup


@contextmanager
def serving(data: Path, terminal: Terminal) -> Iterator[LiveGateway]:
    with live_gateway(data) as gateway:
        point_at(terminal, gateway.url)
        yield gateway


def standing(gateway: LiveGateway) -> dict[str, bool]:
    """Records at the platform, and whether their attachments are whole."""
    gateway.opened()
    rows = gateway.platform.cases.listing()
    assert len({row["record_id"] for row in rows}) == len(rows)
    return {row["record_id"]: all(a["complete"] for a in row["attachments"]) for row in rows}


@pytest.mark.usefixtures("brisk")
def test_a_platform_restored_from_an_older_backup_gets_again_what_it_lost(tmp_path: Path) -> None:
    live, backup = tmp_path / "gateway", tmp_path / "backup"

    def send(terminal: Terminal, gateway: LiveGateway, count: int) -> set[str]:
        ids = {
            terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, 150)]).record_id
            for n in range(count)
        }
        assert SyncEngine(terminal).run_once().problem is None
        gateway.opened()
        assert SyncEngine(terminal).run_once().problem is None  # the feed says that they were opened
        return ids

    with live_gateway(live) as gateway, enrolled_terminal(tmp_path / "terminal", gateway) as enrolled:
        before = send(enrolled, gateway, 1)
    shutil.copytree(live, backup)
    with Terminal.open(enrolled.data) as terminal:
        with serving(live, terminal) as again:
            lost = send(terminal, again, 2)
        assert terminal.outbox().bytes_waiting == 0
        shutil.rmtree(live)
        shutil.copytree(backup, live)
        with serving(live, terminal) as restored:
            assert set(standing(restored)) == before
            report = SyncEngine(terminal).run_once()
            assert (report.problem, report.records_sent, report.attachments_sent) == (None, 2, 2)
            assert standing(restored) == dict.fromkeys(before | lost, True)
            assert SyncEngine(terminal).run_once().records_sent == 0
        status = terminal.outbox()
        assert (status.delivered, status.waiting, status.bytes_waiting) == (3, 0, 0)

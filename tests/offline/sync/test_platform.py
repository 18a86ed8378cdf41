# SPDX-License-Identifier: Apache-2.0
"""What the platform brings (catalogue, calendar, dictionary, each only where it changed), and what it may lose."""

from __future__ import annotations

import copy
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zstandard

from contract.packing import to_cbor
from contract.sample import sample_calendar, sample_catalogue
from offline.sync.calls import Calls
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.live import LiveGateway, enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment
from tests.offline.sync.scripted import point_at


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
    gateway.platform.publications.publish(document)
    report = SyncEngine(terminal).run_once()
    assert report.problem is None
    assert terminal.catalogue().version == "2026.12.1"
    assert terminal.catalogue().items[document["items"][0]["id"]].fee == "5元"
    assert asked == ["/v1/feed", "/v1/catalogue"]
    assert report.wire_down < len(to_cbor(document)) / 4  # the whole would be more, however it is compressed


def test_a_new_calendar_comes_once(terminal: Terminal, gateway: LiveGateway, asked: list[str]) -> None:
    calendar = sample_calendar()
    day = date(2026, 12, 25)
    gateway.platform.publications.publish_calendar(replace(calendar, version="2", holidays=calendar.holidays | {day}))
    engine = SyncEngine(terminal)
    assert engine.run_once().problem is None
    assert day in terminal.calendar().holidays
    assert engine.run_once().problem is None
    assert asked == ["/v1/feed", "/v1/calendar", "/v1/feed"]


def test_a_new_dictionary_comes_once(terminal: Terminal, gateway: LiveGateway, asked: list[str]) -> None:
    samples = [to_cbor(application("0" * 12, n).to_payload()) for n in range(200)]
    trained = zstandard.train_dictionary(8192, samples, dict_id=7).as_bytes()
    number = gateway.platform.publications.publish_dictionary(trained)
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


# a platform that says what the contract does not know


def altered(usual: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
    """The gateway's own answer with something wrong in it."""
    return lambda *args, **more: change(usual(*args, **more))


def test_one_odd_verdict_holds_up_no_other_record(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = gateway.platform.ingest.take

    async def odd(*args: Any) -> Any:
        refused = {"status": "refused", "code": "conflict", "reason": "on purpose"}
        return replace(await take(*args), results=[{"status": "perhaps"}, refused], receipt="")

    monkeypatch.setattr(gateway.platform.ingest, "take", odd)
    for n in range(2):
        terminal.submit(application(terminal.new_tracking_code(), n))
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.refused) == ("answer-damaged", 1)
    assert (terminal.outbox().waiting, terminal.outbox().parked) == (1, 1)
    monkeypatch.undo()
    assert SyncEngine(terminal).run_once().problem is None
    assert (terminal.outbox().delivered, terminal.outbox().parked) == (1, 1)


@pytest.mark.parametrize("offset", [-1, 10**6])
def test_an_offset_outside_its_attachment_is_believed_in_nothing(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 150)])
    engine = SyncEngine(terminal)
    uploads = gateway.platform.uploads
    take = uploads.take

    async def elsewhere(*args: Any, **more: Any) -> Any:
        return {"offset": offset} if await take(*args, **more) else None

    monkeypatch.setattr(uploads, "take", elsewhere)
    report = engine.run_once()
    assert (report.problem, report.records_sent, report.attachments_sent) == ("answer-damaged", 1, 0)
    assert terminal.outbox().attachments_waiting == 1
    monkeypatch.undo()
    assert engine.run_once().problem is None
    assert terminal.outbox().attachments_waiting == 0


@pytest.mark.parametrize(
    "wrong",
    [{"more": True}, {"cursor": -1}, {"cursor": "0"}, {"mark": "&limit=1"}, {"entries": [None]}, {"settled": -5}],
    ids=str,
)
def test_a_feed_that_is_none_ends_the_exchange_and_is_told(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    feeds = gateway.platform.feeds
    before = terminal.fact("cursor")
    monkeypatch.setattr(feeds, "answer", altered(feeds.answer, lambda page: {**page, "entries": [], **wrong}))
    engine = SyncEngine(terminal)
    assert engine.run_once().problem == "answer-damaged"
    assert terminal.fact("cursor") == before
    monkeypatch.undo()
    assert engine.run_once().problem is None


def test_a_feed_that_begins_anew_again_and_again_ends_the_exchange(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = gateway.platform.feeds
    anew = {"rewound": True, "more": True, "cursor": 1, "entries": ["AA=="]}
    monkeypatch.setattr(feeds, "answer", altered(feeds.answer, lambda page: {**page, **anew}))
    assert SyncEngine(terminal).run_once().problem == "answer-damaged"


def test_a_dictionary_that_is_another_is_not_taken(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = [to_cbor(application("0" * 12, n).to_payload()) for n in range(200)]
    number = gateway.platform.publications.publish_dictionary(
        zstandard.train_dictionary(8192, samples, dict_id=7).as_bytes()
    )
    feeds = gateway.platform.feeds
    other = {"dictionary": {"id": number, "content_hash": "0" * 64}}
    monkeypatch.setattr(feeds, "answer", altered(feeds.answer, lambda page: {**page, **other}))
    assert SyncEngine(terminal).run_once().problem == "answer-damaged"
    terminal.submit(application(terminal.new_tracking_code(), 3))
    monkeypatch.undo()
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.records_sent) == (None, 1)
    data = gateway.platform.publications.dictionary(number)
    assert terminal.knows_dictionary(number, hashlib.sha256(data).hexdigest())

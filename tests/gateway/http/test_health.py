# SPDX-License-Identifier: Apache-2.0
"""`GET /health` and `doorstep gateway status`: red for what keeps records from being taken in and opened."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from click.testing import CliRunner
from sqlalchemy import update

from gateway.command import gateway as command
from gateway.database.tables import waiting
from gateway.opening.loop import Opener
from gateway.opening.rounds import Opening
from gateway.platform import Setup
from tests.gateway.conftest import HandTerminal, where
from tests.gateway.test_supervised import until
from tests.live import Link, LiveGateway, live_gateway


def asked(live: LiveGateway) -> tuple[int, str, dict[str, str]]:
    """Status, code and parts."""
    answer = requests.get(live.url + "/health", timeout=20)
    body = answer.json()
    assert (body.get("status") == "ok") == answer.ok
    return answer.status_code, body.get("error", ""), body["parts"]


def stored(terminal: HandTerminal) -> bool:
    """Whether a new record is taken."""
    said = terminal.post(terminal.record(terminal.application()).encode())
    return bool(said.json().get("results") == [{"status": "stored"}])


class Clock:
    """Stands still but when it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def opening(setup: Setup, clock: Clock, kind: type[Opening] = Opening) -> Iterator[LiveGateway]:
    with live_gateway(setup.data, setup=setup, opening=False) as live:
        p = live.platform
        p.start_opener(Opener(kind(p.store, p.keys, p.publications, p.feeds), clock=clock))
        yield live


def test_red_when_the_opener_hangs_for_a_minute(database: str, tmp_path: Path) -> None:
    clock = Clock()
    with (
        opening(Setup(tmp_path / "gateway", database), clock) as live,
        psycopg.connect(database) as somebody,
    ):
        somebody.execute("LOCK TABLE waiting IN ACCESS EXCLUSIVE MODE")
        blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'waiting'::regclass"
        until(lambda: somebody.execute(blocked).fetchone() == (1,))
        clock.now += 60
        assert asked(live)[0] == 200
        clock.now += 1
        status, code, parts = asked(live)
        assert (status, code) == (503, "opener-stuck")
        assert parts == {"database": "ok", "keys": "ok", "opener": "stuck", "attachments": "ok"}
        somebody.rollback()
        until(lambda: asked(live)[0] == 200)


@pytest.mark.expects_log
def test_an_exception_nobody_foresaw_in_the_openers_second_round(setup: Setup, caplog: Any) -> None:
    failing = threading.Event()
    failing.set()
    clock = Clock()

    class Faulty(Opening):
        rounds = 0

        def open_some(self, breathe: Callable[[], None] = lambda: None) -> int:
            self.rounds += 1
            if self.rounds >= 2 and failing.is_set():
                raise ZeroDivisionError("nobody foresaw this")
            return super().open_some(breathe)

    with opening(setup, clock, Faulty) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            until(lambda: "nobody foresaw this" in caplog.text)
            clock.now += 61  # every round has failed for a minute
            assert asked(live)[:2] == (503, "opener-stuck")
            assert terminal.post(terminal.record(terminal.application()).encode()).status_code == 200
            failing.clear()
            live.opened()
            until(lambda: asked(live)[0] == 200)
            assert len(live.platform.cases.listing(state="received")) == 1


def test_where_opening_is_switched_off_nothing_is_missed(setup: Setup) -> None:
    with live_gateway(setup.data, setup=setup, opening=False) as live:
        status, _, parts = asked(live)
        assert (status, parts["opener"]) == (200, "off")


@pytest.mark.expects_log
def test_a_database_that_is_cut_off_hangs_or_resets_and_is_found_again(database: str, tmp_path: Path) -> None:
    at, name = database.rsplit("/", 1)
    link = Link(int(at.rsplit(":", 1)[1]))
    try:
        setup = Setup(tmp_path / "gateway", f"postgresql://doorstep@{link.url.removeprefix('http://')}/{name}")
        with opening(setup, Clock()) as live:
            terminal = HandTerminal(live).ready()
            with terminal.session:
                link.up = False
                link.hang_up()
                status, code, parts = asked(live)
                assert (status, code, parts["database"], parts["keys"]) == (503, "store-away", "away", "unknown")
                said = terminal.post(terminal.record(terminal.application()).encode())
                assert (said.status_code, said.json()["error"]) == (503, "store-away")
                link.up = True
                until(lambda: asked(live)[0] == 200)
                until(lambda: stored(terminal))
                live.opened()  # by then nobody holds a connection of before
                link.hang()  # what is open now swallows everything
                assert asked(live)[:2] == (503, "store-away")
                link.hang_up()
                until(lambda: asked(live)[0] == 200)
                until(lambda: stored(terminal))
                live.opened()
    finally:
        link.close()


def test_a_directory_for_attachments_that_is_gone_is_said_and_turns_nothing_red(tmp_path: Path) -> None:
    place = tmp_path / "share"
    setup = Setup(tmp_path / "gateway", attachments=str(place))
    with live_gateway(setup.data, setup=setup) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            box = terminal.sealed_file(b"picture")
            record = terminal.record(terminal.application(), [box])
            digest = record.header.attachments[0].digest
            place.rename(tmp_path / "unplugged")
            assert terminal.verdict(record)["status"] == "stored"
            status, _, parts = asked(live)
            assert (status, parts["attachments"]) == (200, "away")
            path = f"/v1/attachments/{digest}"
            away = terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=box)
            assert (away.status_code, away.json()["error"]) == (503, "blobs-away")
            assert terminal.call("HEAD", path).headers["Upload-Offset"] == str(len(box)), "what came is kept"
            (tmp_path / "unplugged").rename(place)
            done = terminal.call("PATCH", path, headers={"Upload-Offset": str(len(box))})
            assert "receipt" in done.json()


def told(setup: Setup) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(
        command, ["status", *where(setup), "--attachments", setup.attachments, "--json"], catch_exceptions=False
    )
    return done.exit_code, json.loads(done.output)


def test_status_says_what_is_away_and_what_waits(setup: Setup) -> None:
    fine = {"database": "ok", "keys": "ok", "attachments": "ok"}
    with live_gateway(setup.data, setup=setup, opening=False) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            empty = {"error": "", "parts": fine, "waiting": 0, "set_apart": 0, "due_since": ""}
            assert told(setup) == (0, empty)
            for _ in range(2):
                terminal.post(*(terminal.record(terminal.application()).encode() for _ in range(3)))
            (came,) = {row["received_at"] for row in live.platform.cases.listing()[-1:]}
            assert told(setup) == (0, empty | {"waiting": 6, "due_since": came})
            with live.platform.store.transaction() as db:
                db.execute(update(waiting).where(waiting.c.number == 1).values(attempts=2, leased_until_ms=2**50))
            code, found = told(setup)
            assert (code, found["waiting"], found["set_apart"]) == (0, 6, 3)
            place = setup.data / "attachments"
            place.rename(place.with_name("moved"))
            place.write_bytes(b"a file is in its place")
            code, found = told(setup)
            assert (code, found["error"], found["parts"]["attachments"]) == (1, "", "away")
            words = CliRunner().invoke(command, ["status", *where(setup)]).output
            assert "attachments  away\nwaiting      6 records, 3 of them set apart" in words


def test_a_database_that_is_away_is_one_line_to_a_command(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and listens to none
        address = f"postgresql://x@127.0.0.1:{nobody.getsockname()[1]}/x"
        done = CliRunner().invoke(command, ["status", "--data", str(tmp_path / "gateway"), "--database", address])
    assert (done.exit_code, "the database cannot be used" in done.output) == (1, True)

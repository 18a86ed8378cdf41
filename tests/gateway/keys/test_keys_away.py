# SPDX-License-Identifier: Apache-2.0
"""Keys that a process has not, or not yet: several machines serve one database, each with its own keys/."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import update

from contract.events import Event, known_statement
from contract.parcel import FrameType, frame, parcel_header
from contract.record import Kind, Record, seal_record
from contract.sealing import SUITE_X25519
from gateway.database.tables import waiting
from gateway.errors import GatewayError
from gateway.opening.loop import Opener
from gateway.platform import Platform, Setup
from tests.gateway.conftest import HandTerminal
from tests.gateway.http.test_health import asked
from tests.gateway.test_supervised import until
from tests.live import LiveGateway, live_gateway


@contextmanager
def two_machines(database: str, place: Path) -> Iterator[tuple[LiveGateway, LiveGateway, HandTerminal]]:
    """Two gateways on one database with the same keys; only the second opens. The terminal speaks to the first."""
    one, two = Setup(place / "one", database), Setup(place / "two", database)
    Platform(one).close()
    for name in ("keys", "session.key"):
        (place / "two").mkdir(exist_ok=True)
        source = place / "one" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, place / "two" / name)
    with live_gateway(one.data, setup=one, opening=False) as first, live_gateway(two.data, setup=two) as second:
        terminal = HandTerminal(first).ready()
        with terminal.session:
            yield first, second, terminal


def send(terminal: HandTerminal, record: Record) -> str:
    """What became of it; its id."""
    assert terminal.post(record.encode()).json()["results"] == [{"status": "stored"}]
    return record.header.id


def received(terminal: HandTerminal) -> set[str]:
    said = map(known_statement, terminal.feed()["entries"])  # signed by two generations
    return {s.record_id for s in said if isinstance(s, Event) and s.type == "received"}


@pytest.mark.expects_log
def test_a_generation_in_force_that_a_machine_lacks_ends_no_opener(database: str, tmp_path: Path) -> None:
    with two_machines(database, tmp_path) as (first, second, terminal):
        first.platform.rotate_keys(SUITE_X25519)
        sent = {send(terminal, terminal.record(terminal.application())) for _ in range(3)}
        until(lambda: asked(second)[:2] == (503, "keys-away"))
        assert asked(second)[2]["keys"] == "away"
        assert asked(first)[0] == 200
        assert received(terminal) == set()
        with pytest.raises(GatewayError) as away:
            second.platform.opening.open_some()
        assert away.value.code == "keys-away"
        with second.platform.store.reading() as db:
            assert {row.attempts for row in db.execute(waiting.select())} == {0}, "nothing was leased for nothing"
        late = terminal.record(terminal.application())
        headers = {"Authorization": f"Bearer {terminal.token}"}
        parcel = parcel_header() + frame(FrameType.RECORD, late.encode())
        said = requests.post(second.url + "/v1/records", data=parcel, headers=headers, timeout=20)
        assert (said.status_code, said.json()["error"]) == (503, "keys-away"), "no refusal: another machine has the key"
        name = "keys/0002.json"
        shutil.copy(first.platform.setup.data / name, second.platform.setup.data / name)
        second.opened()
        assert received(terminal) == sent
        until(lambda: asked(second)[0] == 200)


def test_a_record_sealed_to_a_key_that_is_not_here_waits_and_blocks_none_behind_it(
    database: str, tmp_path: Path
) -> None:
    with two_machines(database, tmp_path) as (first, second, terminal):
        early = terminal.record(terminal.application())  # sealed to the first generation
        first.platform.rotate_keys(SUITE_X25519)
        theirs = second.platform.setup.data / "keys"
        shutil.copy(first.platform.setup.data / "keys" / "0002.json", theirs)
        second.platform.opener.stop()  # type: ignore[union-attr]
        (theirs / "0001.json").rename(tmp_path / "kept")
        waits = send(terminal, early)
        behind = send(terminal, terminal.record(terminal.application()))
        with closing(Platform(second.platform.setup)) as machine:  # started without the old key
            machine.start_opener(Opener(machine.opening))
            until(lambda: received(terminal) == {behind})
            until(lambda: machine.opening.waiting() == 1)
            (tmp_path / "kept").rename(theirs / "0001.json")
            until(lambda: received(terminal) == {behind, waits})


def test_custody_looks_for_the_newest_keys_before_it_refuses(database: str, tmp_path: Path) -> None:
    """A directory's time is as coarse as its file system's: two changes may look like one."""
    with two_machines(database, tmp_path) as (first, second, terminal):
        theirs = second.platform.setup.data / "keys"
        long_ago = 1_700_000_000_000_000_000
        os.utime(theirs, ns=(long_ago, long_ago))
        assert second.platform.keys.count == 1
        first.platform.rotate_keys(SUITE_X25519)
        shutil.copy(first.platform.setup.data / "keys" / "0002.json", theirs)
        os.utime(theirs, ns=(long_ago, long_ago))
        record = terminal.record(terminal.application())
        assert second.platform.ingest.take_records([record.encode()], terminal.number).results == [{"status": "stored"}]


def test_a_change_within_the_same_tick_is_seen(tmp_path: Path) -> None:
    platform = Platform(tmp_path)
    keys = platform.keys
    seen = os.stat(tmp_path / "keys").st_mtime_ns
    assert keys.count == 1
    keys.make(2)
    os.utime(tmp_path / "keys", ns=(seen, seen))
    assert keys.count == 2
    platform.close()


@pytest.mark.expects_log
def test_a_key_that_cannot_be_read_keeps_nobody_from_using_the_others(
    setup: Setup, caplog: pytest.LogCaptureFixture
) -> None:
    with live_gateway(setup.data, setup=setup) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            for name, text in (("0002.json", '{"sign": "'), ("0003.json", "{}"), ("0002 (copy).json", "")):
                (setup.data / "keys" / name).write_text(text)
            assert terminal.fate(terminal.record(terminal.application())) == ("received", "")
            said = [r.getMessage() for r in caplog.records if r.name == "gateway.keys.generations"]
            assert len(said) == 2, "once each"
            kept = setup.data / "keys-unplugged"
            (setup.data / "keys").rename(kept)
            assert terminal.fate(terminal.record(terminal.application())) == ("received", "")
            kept.rename(setup.data / "keys")
    for path in (setup.data / "keys").glob("*.json"):
        path.write_text("")
    with pytest.raises(GatewayError, match="no key in"):
        Platform(setup)


@pytest.mark.expects_log
def test_a_record_that_the_database_does_not_take_holds_up_no_other_of_its_batch(database: str, tmp_path: Path) -> None:
    """PostgreSQL keeps no NUL in a text: an item's code in a header is the sender's word."""
    setup = Setup(tmp_path / "gateway", database)
    with live_gateway(setup.data, setup=setup) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            good = [terminal.record(terminal.application()) for _ in range(2)]
            bad = seal_record(
                Kind.RATING, {"stars": 5}, tracking_code=good[0].header.tracking_code, item="old80\0",
                terminal=terminal.number, sequence=90, attachments=[], platform=terminal.platform_keys,
                signer=terminal.sign, now_ms=1_795_000_000_000,
            )  # fmt: skip
            sent = (good[0], bad, good[1])
            assert terminal.post(*(r.encode() for r in sent)).json()["results"] == [{"status": "stored"}] * 3
            until(lambda: received(terminal) == {r.header.id for r in good})
            until(lambda: live.platform.opening.waiting() == 1)
            with live.platform.store.transaction() as db:
                db.execute(update(waiting).values(leased_until_ms=0))
            later = terminal.record(terminal.application())
            terminal.post(later.encode())
            until(lambda: later.header.id in received(terminal))

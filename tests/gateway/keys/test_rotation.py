# SPDX-License-Identifier: Apache-2.0
"""New platform keys reach every terminal, by network and by stick, and shut out nothing that is on its way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract.events import KeyChange, Receipts, read_statement
from contract.record import Record
from contract.sealing import SUITE_X25519, SUITE_XWING
from gateway.command import gateway as command
from gateway.platform import Platform, Setup
from offline.stick.export import export
from offline.stick.returns import take_returns
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.gateway.conftest import HandTerminal, where
from tests.live import LiveGateway, enrolled_terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import own_records


@pytest.fixture
def kiosk(tmp_path: Path, gateway: LiveGateway) -> Iterator[Terminal]:
    with enrolled_terminal(tmp_path / "terminal", gateway) as one:
        yield one


def rotate(setup: Setup, suite: int = SUITE_X25519) -> str:
    """As an operator does it: by command, while the gateway serves."""
    done = CliRunner().invoke(command, ["rotate-keys", *where(setup), "--suite", str(suite)])
    assert done.exit_code == 0, done.output
    return str(done.output)


def submit(terminal: Terminal, seed: int) -> str:
    return terminal.submit(application(terminal.new_tracking_code(), seed), [attachment(seed, 60)]).record_id


def delivered(terminal: Terminal) -> tuple[int, int, int, int]:
    status = terminal.outbox()
    return status.waiting, status.delivered, status.parked, status.attachments_waiting


def test_a_terminal_goes_on_under_new_keys(kiosk: Terminal, gateway: LiveGateway) -> None:
    old = kiosk.require_enrolment().platform
    submit(kiosk, 1)
    assert SyncEngine(kiosk).run_once().problem is None
    waiting = submit(kiosk, 2)  # sealed to the keys of before
    assert "generation 2" in rotate(gateway.platform.setup, SUITE_XWING)
    for _ in range(2):
        report = SyncEngine(kiosk).run_once()
    assert report.problem is None
    new = kiosk.require_enrolment().platform
    assert (new.preferred, new.sign == old.sign) == (SUITE_XWING, False)
    assert new == gateway.platform.keys.public
    latest = submit(kiosk, 3)
    assert SyncEngine(kiosk).run_once().problem is None
    assert delivered(kiosk) == (0, 3, 0, 0)
    gateway.opened()
    rows = {row["record_id"]: row for row in gateway.platform.cases.listing()}
    assert {row["state"] for row in rows.values()} == {"received"}
    suites = {r.header.id: r.header.suite for r in own_records(kiosk)}
    assert (suites[waiting], suites[latest]) == (SUITE_X25519, SUITE_XWING)
    for row in rows.values():  # sealed to the old keys and to the new
        assert b"".join(gateway.platform.cases.attachment(row["attachments"][0]["digest"]))


def test_two_changes_missed_are_followed_in_their_order(kiosk: Terminal, gateway: LiveGateway) -> None:
    for _ in range(2):
        rotate(gateway.platform.setup)
    submit(kiosk, 1)
    for _ in range(2):
        report = SyncEngine(kiosk).run_once()
    assert report.problem is None
    assert kiosk.require_enrolment().platform == gateway.platform.keys.public
    assert delivered(kiosk) == (0, 1, 0, 0)


def test_a_terminal_that_only_knows_sticks_gets_them_too(kiosk: Terminal, gateway: LiveGateway, tmp_path: Path) -> None:
    setup = gateway.platform.setup
    stick = tmp_path / "stick"
    stick.mkdir()
    submit(kiosk, 1)
    export(kiosk, stick)
    rotate(setup)
    (parcel,) = stick.glob("*.parcel")
    done = CliRunner().invoke(command, ["import", *where(setup), str(parcel)])
    assert done.exit_code == 0, done.output
    assert [f.status for f in take_returns(kiosk, stick).files] == ["taken"]
    assert kiosk.require_enrolment().platform == gateway.platform.keys.public
    assert delivered(kiosk) == (0, 1, 0, 0)


def test_the_change_is_the_old_keys_last_word(terminal: HandTerminal, gateway: LiveGateway) -> None:
    old = gateway.platform.keys.public
    record = terminal.record(terminal.application())
    terminal.verdict(record)
    rotate(gateway.platform.setup)
    terminal.verdict(terminal.record(terminal.application()))
    received, change, later = terminal.feed()["entries"]
    said = read_statement(change, old)
    assert isinstance(said, KeyChange)
    assert said.platform == gateway.platform.keys.public
    assert read_statement(received, old)
    assert read_statement(later, said.platform)
    with HandTerminal(gateway).session as session:
        fresh = HandTerminal(gateway, session=session)
        assert fresh.enrol().json()["platform"] == said.platform.to_dict()
        fresh.token = fresh.ask_token(fresh.assertion()).json()["access_token"]
        assert fresh.feed()["entries"] == []


def test_a_receipt_that_is_asked_for_again_is_under_the_new_key(terminal: HandTerminal, gateway: LiveGateway) -> None:
    box = terminal.sealed_file(b"x" * 1000)
    path = f"/v1/attachments/{hashlib.sha256(box).hexdigest()}"
    terminal.verdict(terminal.record(terminal.application(), [box]))
    first = terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=box).json()["receipt"]
    rotate(gateway.platform.setup)
    again = terminal.call("PATCH", path, headers={"Upload-Offset": str(len(box))}).json()["receipt"]
    assert again != first
    said = read_statement(again, gateway.platform.keys.public)
    assert isinstance(said, Receipts)
    assert said.kind == "attachment"


def test_stopped_half_way_nothing_has_changed(terminal: HandTerminal, gateway: LiveGateway) -> None:
    platform = gateway.platform
    before = platform.keys.public

    class Stop(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stop

    whole, platform.feeds.announce = platform.feeds.announce, stop  # type: ignore[method-assign, assignment]
    with pytest.raises(Stop):
        platform.rotate_keys(SUITE_X25519)
    platform.feeds.announce = whole  # type: ignore[method-assign]
    assert platform.keys.public == before
    assert terminal.feed()["entries"] == []
    record = terminal.record(terminal.application())
    assert Record.decode(record.encode()).header.key_id == before.key_id
    assert terminal.fate(record) == ("received", "")
    restarted = Platform(platform.setup)
    assert restarted.keys.public == before
    restarted.close()
    assert "generation 3" in rotate(platform.setup)
    assert platform.keys.public != before

# SPDX-License-Identifier: Apache-2.0
"""The whole way of a stick: out of a terminal without a network, into the platform by command, and home again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner, Result

from contract.events import open_body
from contract.packing import to_cbor
from contract.sample import sample_catalogue
from gateway.command import gateway as gateway_command
from offline.command import sync
from offline.stick.export import export
from offline.stick.other_terminals import take_record
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.live import Link, LiveGateway, enrolled_terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import own_records


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def elsewhere(tmp_path: Path, gateway: LiveGateway) -> Iterator[Terminal]:
    with enrolled_terminal(tmp_path / "elsewhere", gateway) as other:
        yield other


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(sync, [str(w) for w in words], catch_exceptions=False)


def at_the_platform(gateway: LiveGateway, stick: Path) -> list[dict[str, object]]:
    """As somebody there does it: every parcel on the stick."""
    data = gateway.platform.setup.data
    files = [str(path) for path in sorted(stick.glob("*.parcel"))]
    ended = CliRunner().invoke(gateway_command, ["import", "--data", str(data), "--json", *files])
    assert ended.exit_code == 0, ended.output
    found: list[dict[str, object]] = json.loads(ended.output)
    return found


def test_out_and_home_without_a_network(terminal: Terminal, gateway: LiveGateway, link: Link, stick: Path) -> None:
    link.up = False
    for n in range(3):
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, 60)])
    data = terminal.data
    terminal.close()
    out = run("export", stick, "--data", data)
    assert out.exit_code == 0, out.output
    assert "3 records and 3 attachments" in out.output
    assert "the stick may be taken out" in out.output
    (taken,) = at_the_platform(gateway, stick)
    assert (taken["stored"], taken["attachments"], taken["refused"]) == (3, 3, 0)
    home = run("import", stick, "--data", data, "--json")
    assert home.exit_code == 0, home.output
    came = json.loads(home.output)
    assert (came["delivered"], came["events"]) == (3, 3)
    with Terminal.open(data) as again:
        status = again.outbox()
        assert (status.waiting, status.delivered, status.attachments_waiting) == (0, 3, 0)
        assert [case.state for case in again.cases_of(application("0" * 12, 0).applicant.id_number)] == ["received"]
        link.up = True
        report = SyncEngine(again).run_once()
        assert (report.problem, report.records_sent, report.duplicates) == (None, 0, 0)
    assert len(gateway.platform.cases.listing()) == 3


def test_all_that_the_platform_has_to_say_comes_home(
    terminal: Terminal, gateway: LiveGateway, link: Link, stick: Path
) -> None:
    """Receipts, an officer's decision, new keys, a new catalogue, a new dictionary: with one stick, and in force."""
    link.up = False
    done = terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 60)])
    data = terminal.data
    old_keys = terminal.require_enrolment().platform
    terminal.close()
    run("export", stick, "--data", data)
    platform = gateway.platform
    at_the_platform(gateway, stick)
    platform.cases.act(done.tracking_code, "accept", text="请等通知")
    platform.rotate_keys(2)  # a hybrid with a post-quantum key
    document = dict(sample_catalogue().document) | {"version": "2099.1"}
    platform.publications.publish(document)
    samples = [to_cbor(application("990420000015", n).to_payload()) for n in range(40)]
    number = platform.publications.publish_dictionary(zstandard.train_dictionary(4096, samples).as_bytes())
    at_the_platform(gateway, stick)  # once more: the answer is as new as the day
    came = json.loads(run("import", stick, "--data", data, "--json").output)
    assert (came["delivered"], came["events"], came["catalogue"]) == (1, 2, True)
    with Terminal.open(data) as again:
        case = again.case(done.tracking_code)
        assert case is not None
        assert (case.state, bool(case.case_number)) == ("accepted", True)
        news = case.events[-1]
        assert open_body(news, again.shared_secret(news.seq), again.require_enrolment().terminal).text == "请等通知"
        assert again.require_enrolment().platform.key_id != old_keys.key_id
        assert again.catalogue().version == "2099.1"
        assert again.knows_dictionary(number, platform.publications.newest_dictionary()["content_hash"])
        after = again.submit(application(again.new_tracking_code(), 2))  # sealed to the new key, packed by the new
        export(again, stick)
    (taken,) = at_the_platform(gateway, stick)
    assert (taken["stored"], taken["refused"]) == (1, 0)
    assert {row["record_id"] for row in platform.cases.listing()} == {done.record_id, after.record_id}


def test_also_sent_online_is_harmless(terminal: Terminal, gateway: LiveGateway, stick: Path) -> None:
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 60)])
    data = terminal.data
    terminal.close()
    assert run("export", stick, "--data", data).exit_code == 0
    with Terminal.open(data) as again:
        assert SyncEngine(again).run_once().records_sent == 1
    (taken,) = at_the_platform(gateway, stick)
    assert (taken["stored"], taken["duplicate"]) == (0, 1)
    came = json.loads(run("import", stick, "--data", data, "--json").output)
    assert came["delivered"] == 0
    assert len(gateway.platform.cases.listing()) == 1


def test_a_carried_record_is_receipted_to_who_carried_it(
    terminal: Terminal, elsewhere: Terminal, gateway: LiveGateway, stick: Path
) -> None:
    elsewhere.submit(application(elsewhere.new_tracking_code(), 7))
    take_record(terminal, own_records(elsewhere)[0].encode())
    terminal.submit(application(terminal.new_tracking_code(), 8))
    data = terminal.data
    terminal.close()
    run("export", stick, "--data", data)
    (taken,) = at_the_platform(gateway, stick)
    assert taken["stored"] == 2
    came = json.loads(run("import", stick, "--data", data, "--json").output)
    assert came["delivered"] == 2
    assert {file["status"] for file in came["files"]} == {"taken", "other-terminal"}
    with Terminal.open(data) as again:
        assert (again.outbox().delivered, again.outbox().carried_delivered) == (1, 1)


def test_the_commands_say_what_is_wrong(terminal: Terminal, stick: Path, tmp_path: Path) -> None:
    data = terminal.data
    terminal.close()
    assert "nothing waits" in run("export", stick, "--data", data).output
    gone = CliRunner().invoke(sync, ["export", str(tmp_path / "gone"), "--data", str(data)])
    assert (gone.exit_code, "(medium-gone)" in gone.output) == (1, True)
    (stick / "x.return").write_bytes(b"DSRETURN\x01damaged")
    bad = CliRunner().invoke(sync, ["import", str(stick), "--data", str(data)])
    assert (bad.exit_code, "export it again" in bad.output) == (1, True)
    unknown = CliRunner().invoke(sync, ["export", str(stick), "--data", str(tmp_path / "new")])
    assert (unknown.exit_code, "(not-enrolled)" in unknown.output) == (1, True)

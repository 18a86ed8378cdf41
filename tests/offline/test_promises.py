# SPDX-License-Identifier: Apache-2.0
"""What other systems' users complain of and cannot happen here: pictures that are gone when they shall leave, copies
removed before the platform has them, what was sent being sent as if new. The whole list: docs/complaints.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import delete

from contract.packing import to_cbor
from contract.record import Record, RecordError, open_record
from gateway.database.tables import dictionaries
from gateway.platform import Setup
from offline.sync.budget import load_limits, save_limits
from offline.sync.engine import SyncEngine
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.live import Link, LiveGateway, enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment


def cases(gateway: LiveGateway) -> dict[str, bool]:
    """Of each case at the platform, whether all its attachments are there."""
    gateway.opened()
    return {
        row["record_id"]: all(a["complete"] for a in row["attachments"]) for row in gateway.platform.cases.listing()
    }


def test_pictures_are_in_the_same_write_as_their_application(terminal: Terminal, gateway: LiveGateway) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()), [attachment(1), attachment(2)])
    data = terminal.data
    terminal.close()
    for name in ("vault.db", "vault.db-wal", "vault.db-shm"):  # nothing is left but what "submitted" promised
        (data / name).unlink(missing_ok=True)
    with Terminal.open(data) as again:
        assert SyncEngine(again).run_once().problem is None
    assert cases(gateway) == {done.record_id: True}


def test_a_send_that_failed_removes_no_copy(terminal: Terminal, gateway: LiveGateway, link: Link) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()), [attachment(1), attachment(2)])
    terminal.settle(10**6)  # even if the platform said that it keeps everything for good

    link.rate = 100_000

    def gone_with_the_first_picture(state: SyncState) -> None:
        if state.bytes_done > 20_000:
            link.up = False
            link.hang_up()

    assert SyncEngine(terminal, listener=gone_with_the_first_picture, patience=0.5).run_once().problem == "link-down"
    assert terminal.outbox().attachments_waiting
    terminal.settle(10**6)
    link.up, link.rate = True, 0.0
    engine = SyncEngine(terminal)
    for _ in range(5):
        if engine.run_once().problem is None:
            break
    assert cases(gateway) == {done.record_id: True}


def test_after_a_lost_index_what_was_sent_is_known_again_and_no_second_case(
    terminal: Terminal, gateway: LiveGateway
) -> None:
    done = terminal.submit(application(terminal.new_tracking_code()), [attachment(1)])
    assert SyncEngine(terminal).run_once().records_sent == 1
    data = terminal.data
    terminal.close()
    for name in ("vault.db", "vault.db-wal", "vault.db-shm"):
        (data / name).unlink(missing_ok=True)
    with Terminal.open(data) as again:
        report = SyncEngine(again).run_once()
        assert (report.duplicates, report.problem) == (1, None)
        assert (again.outbox().waiting, again.outbox().bytes_waiting) == (0, 0)
    assert cases(gateway) == {done.record_id: True}


def test_a_new_dictionary_packs_the_next_record_and_the_ones_before_still_open(
    terminal: Terminal, gateway: LiveGateway
) -> None:
    before = terminal.submit(application(terminal.new_tracking_code(), 1))
    samples = [to_cbor(application("990420000015", n).to_payload()) for n in range(40)]
    number = gateway.platform.publications.publish_dictionary(zstandard.train_dictionary(4096, samples).as_bytes())
    engine = SyncEngine(terminal)
    assert engine.run_once().problem is None
    assert terminal.knows_dictionary(number, gateway.platform.publications.newest_dictionary()["content_hash"])
    after = terminal.submit(application(terminal.new_tracking_code(), 2))
    assert engine.run_once().problem is None
    assert cases(gateway) == {before.record_id: True, after.record_id: True}
    raw = terminal.record(after.record_id)
    assert raw is not None
    with pytest.raises(RecordError) as unknown:  # it was indeed packed with the new one
        open_record(Record.decode(raw), gateway.platform.keys.ring)
    assert unknown.value.code == "dictionary-unknown"
    with gateway.platform.store.transaction() as db:  # the platform as it was in an older backup
        db.execute(delete(dictionaries))
    assert engine.run_once().problem is None
    last = terminal.submit(application(terminal.new_tracking_code(), 3))
    raw = terminal.record(last.record_id)
    assert raw is not None
    assert open_record(Record.decode(raw), gateway.platform.keys.ring), "packed with the one that ships"


def test_what_is_settled_leaves_the_disk_and_what_waits_stays(tmp_path: Path) -> None:
    with (
        live_gateway(tmp_path / "gateway", setup=Setup(tmp_path / "gateway", retention_days=0)) as gateway,
        enrolled_terminal(tmp_path / "terminal", gateway) as terminal,
    ):
        engine = SyncEngine(terminal)
        sent = terminal.submit(application(terminal.new_tracking_code(), 1), [attachment(1)])
        assert engine.run_once().problem is None
        gateway.opened()
        terminal.ask(lambda _o, _i, spool: spool.begin_segment())
        waiting = terminal.submit(application(terminal.new_tracking_code(), 2), [attachment(2)])
        first, *_ = sorted((terminal.data / "spool").glob("*.parcel"))
        budget = replace(load_limits(terminal.data), quiet=True)  # records go, attachments wait
        save_limits(terminal.data, budget)
        assert engine.run_once().problem is None
        assert not first.exists()
        assert terminal.record(sent.record_id) is None
        assert terminal.record(waiting.record_id) is not None
        case = terminal.case(sent.tracking_code)
        assert case is not None, "what is known of the case stays"
        assert case.case_number


def test_a_platform_that_still_may_lose_things_keeps_every_copy_here(terminal: Terminal, gateway: LiveGateway) -> None:
    sent = terminal.submit(application(terminal.new_tracking_code(), 1))
    engine = SyncEngine(terminal)
    assert engine.run_once().problem is None
    gateway.opened()
    terminal.ask(lambda _o, _i, spool: spool.begin_segment())
    assert engine.run_once().problem is None
    assert terminal.record(sent.record_id) is not None

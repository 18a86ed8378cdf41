# SPDX-License-Identifier: Apache-2.0
"""Records of other terminals: kept, sent, counted apart, and told apart after everything but the spool is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contract.record import Record
from contract.tracking import split_code
from offline.stick.export import export
from offline.stick.other_terminals import RecordNotTaken, take_record
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, records_in, terminal_at


@pytest.fixture
def platform() -> Keys:
    return Keys.new()


@pytest.fixture
def here(tmp_path: Path, platform: Keys) -> Iterator[Terminal]:
    with terminal_at(tmp_path / "terminal", platform, 42) as one:
        yield one


@pytest.fixture
def theirs(tmp_path: Path, platform: Keys) -> list[Record]:
    """Five records of terminal 43; the last has an attachment."""
    with terminal_at(tmp_path / "other", platform, 43) as other:
        for n in range(5):
            other.submit(application(other.new_tracking_code(), n), [attachment(n, 40)] if n == 4 else [])
        return own_records(other)


def test_it_is_kept_and_counted_apart(here: Terminal, theirs: list[Record]) -> None:
    taken = take_record(here, theirs[4].encode())
    assert (taken.status, taken.terminal, taken.tracking_code) == ("kept", 43, theirs[4].header.tracking_code)
    status = here.outbox()
    assert (status.waiting, status.carried_waiting, status.delivered) == (0, 1, 0)
    assert status.bytes_waiting == len(theirs[4].encode())
    assert status.oldest_waiting_at is not None


def test_the_same_paper_twice_is_one_record(here: Terminal, theirs: list[Record], platform: Keys) -> None:
    take_record(here, theirs[0].encode())
    assert take_record(here, theirs[0].encode()).status == "known"
    here.ask(lambda _o, inbox, _s: inbox.take(platform.receipts(theirs[:1]), platform.public))
    assert take_record(here, theirs[0].encode()).status == "delivered"
    assert here.outbox().carried_delivered == 1
    assert len(own_records(here)) == 1


def test_numbers_of_this_terminal_are_not_moved_by_others(here: Terminal, theirs: list[Record]) -> None:
    here.submit(application(here.new_tracking_code(), 1))
    for record in theirs:
        take_record(here, record.encode())
    here.submit(application(here.new_tracking_code(), 2))
    sequences = [r.header.sequence for r in own_records(here) if r.header.terminal == 42]
    assert sequences == [1, 2]


@pytest.mark.parametrize("lost", ["vault.db", None])
def test_after_a_lost_vault_they_are_told_apart_again(
    tmp_path: Path, platform: Keys, theirs: list[Record], lost: str | None
) -> None:
    data = tmp_path / "terminal"
    with terminal_at(data, platform) as here:
        for record in theirs:
            take_record(here, record.encode())
        mine = here.submit(application(here.new_tracking_code(), 1))
    if lost:
        for suffix in ("", "-wal", "-shm"):
            (data / f"{lost}{suffix}").unlink(missing_ok=True)
    with terminal_at(data, platform) as here:
        assert (here.outbox().waiting, here.outbox().carried_waiting) == (1, 5)
        assert take_record(here, theirs[2].encode()).status == "known"
        again = here.submit(application(here.new_tracking_code(), 2))
        assert split_code(again.tracking_code)[0] == 42
        assert split_code(again.tracking_code)[1] > split_code(mine.tracking_code)[1]
        assert [r.header.sequence for r in own_records(here) if r.header.terminal == 42] == [1, 2]


def test_it_goes_on_with_a_stick(here: Terminal, theirs: list[Record], tmp_path: Path) -> None:
    take_record(here, theirs[0].encode())
    here.submit(application(here.new_tracking_code(), 1))
    stick = tmp_path / "stick"
    stick.mkdir()
    done = export(here, stick)
    assert {r.header.terminal for r in records_in(stick / done.files[0])} == {42, 43}


def test_our_own_paper_is_known_here(here: Terminal) -> None:
    here.submit(application(here.new_tracking_code(), 1))
    assert take_record(here, own_records(here)[0].encode()).status == "known"


def test_our_own_paper_after_an_older_disk_was_put_back(tmp_path: Path, platform: Keys) -> None:
    """The record is taken again, and its number is not given a second time."""
    data = tmp_path / "terminal"
    with terminal_at(data, platform) as here:
        here.submit(application(here.new_tracking_code(), 1))
        (record,) = own_records(here)
    for path in [*(data / "spool").iterdir(), *data.glob("vault.db*")]:
        path.unlink()
    with terminal_at(data, platform) as here:
        assert take_record(here, record.encode()).status == "kept"
        assert here.outbox().waiting == 1
        here.submit(application(here.new_tracking_code(), 2))
        assert [r.header.sequence for r in own_records(here)] == [1, 2]


def test_our_number_in_a_strangers_hand_is_refused(here: Terminal, theirs: list[Record]) -> None:
    forged = Record(replace(theirs[0].header, terminal=42), theirs[0].sealed, theirs[0].signature)
    with pytest.raises(RecordNotTaken) as refused:
        take_record(here, forged.encode())
    assert refused.value.code == "carried-foreign"


def test_damaged_bytes_are_refused(here: Terminal, theirs: list[Record]) -> None:
    raw = bytearray(theirs[0].encode())
    raw[-80] ^= 1
    for bad in (bytes(raw), b"", b"not a record", theirs[0].encode()[:-1]):
        with pytest.raises(RecordNotTaken) as refused:
            take_record(here, bad)
        assert refused.value.code == "carried-damaged"
    assert here.outbox().carried_waiting == 0


def test_the_same_number_with_other_content_is_a_conflict(here: Terminal, theirs: list[Record]) -> None:
    take_record(here, theirs[0].encode())
    other = Record(replace(theirs[1].header, sequence=theirs[0].header.sequence), theirs[1].sealed, b"x" * 64)
    with pytest.raises(RecordNotTaken) as refused:
        take_record(here, other.encode())
    assert refused.value.code == "carried-conflict"

# SPDX-License-Identifier: Apache-2.0
"""A damaged vault: rebuilt from the spool with all numbers intact, and what else could be read of it is kept, even when
the rebuilding itself is disturbed."""

from __future__ import annotations

import errno
import os
import random
import shutil
from pathlib import Path

import pytest

from contract.record import Record
from contract.tracking import split_code
from offline.errors import DiskFull
from offline.store.vault import Vault
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.test_terminal import draft_of

PAGE = 4096
PICTURE = random.Random(1).randbytes(30_000)


def filled(terminal: Terminal) -> list[str]:
    """Cases of four people, and their tracking codes; staff and a draft beside them."""
    codes = [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n)] if n == 1 else []).tracking_code
        for n in range(4)
    ]
    terminal.client.staff.add("张梅", "258036")
    terminal.client.drafts.save(draft_of(9))
    return codes


def spoil_page_of(table: str, terminal: Terminal) -> None:
    """Zeros where this table's first page is."""
    row = terminal.ask(
        lambda outbox, _i, _s: outbox._vault.row("SELECT rootpage FROM sqlite_master WHERE name = ?", table)
    )
    assert row is not None
    terminal.ask(lambda outbox, _i, _s: outbox._vault.rows("PRAGMA wal_checkpoint(TRUNCATE)"))
    with (terminal.data / "vault.db").open("r+b") as stream:
        stream.seek((int(row["rootpage"]) - 1) * PAGE)
        stream.write(bytes(PAGE))
    terminal.ask(lambda outbox, _i, _s: outbox._vault.run("PRAGMA shrink_memory"))


@pytest.mark.parametrize("table", ["records", "attachments", "summaries", "facts", "events", "tallies"])
def test_whichever_table_is_damaged_nothing_confirmed_is_lost_and_numbers_go_on(terminal: Terminal, table: str) -> None:
    codes = filled(terminal)
    before = terminal.outbox()
    spoil_page_of(table, terminal)
    terminal.close()
    with Terminal.open(terminal.data) as again:
        assert [again.case(code) is not None for code in codes] == [True] * 4
        assert again.cases_of(application("0" * 12, 2).applicant.id_number)[0].tracking_code == codes[2]
        after = again.outbox()
        assert (after.waiting, after.attachments_waiting, after.bytes_waiting) == (
            before.waiting, before.attachments_waiting, before.bytes_waiting,
        )  # fmt: skip
        done = again.submit(application(again.new_tracking_code(), 5))
        assert split_code(done.tracking_code)[1] > max(split_code(code)[1] for code in codes)
        record = again.record(done.record_id)
        assert record is not None
        assert Record.decode(record).header.sequence == 5
        assert again.client.staff.names() == ["张梅"]
        assert again.client.drafts.find(draft_of(9).id_number) is not None


def test_damage_found_in_the_middle_of_the_day_is_mended_within_the_call(terminal: Terminal) -> None:
    codes = filled(terminal)
    spoil_page_of("records", terminal)
    codes.append(terminal.submit(application(terminal.new_tracking_code(), 6)).tracking_code)
    assert all(terminal.case(code) for code in codes)
    assert terminal.outbox().waiting == 5
    assert terminal.client.staff.names() == ["张梅"]
    assert len(list(terminal.data.glob("vault.db.rescued-*"))) == 1


def test_a_rebuilding_that_was_killed_is_done_again(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = filled(terminal)
    spoil_page_of("records", terminal)
    terminal.close()

    def dies(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("offline.store.rescue.rescue", dies)
    with pytest.raises(KeyboardInterrupt):
        Terminal.open(terminal.data)
    monkeypatch.undo()
    with Terminal.open(terminal.data) as again:
        assert all(again.case(code) for code in codes)
        assert again.client.staff.names() == ["张梅"]  # stands nowhere but in the vault that was set aside
    assert not list(terminal.data.glob("vault.db.damaged-*"))


def test_a_full_disk_while_the_vault_is_rebuilt_is_told_and_loses_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = filled(terminal)
    spoil_page_of("records", terminal)
    opening = Vault._open

    def full(_vault: Vault) -> None:
        raise DiskFull("the disk is full")

    monkeypatch.setattr(Vault, "_open", full)
    for _ in range(2):
        with pytest.raises(DiskFull):
            terminal.case(codes[0])
    monkeypatch.setattr(Vault, "_open", opening)
    assert all(terminal.case(code) for code in codes)
    assert terminal.client.staff.names() == ["张梅"]


def test_only_the_last_damaged_vaults_are_kept(terminal: Terminal) -> None:
    filled(terminal)
    data = terminal.data
    terminal.close()
    for _ in range(4):
        (data / "vault.db").write_bytes(random.Random(1).randbytes(9000))
        Terminal.open(data).close()
    assert sorted(p.name for p in data.glob("vault.db.*")) == ["vault.db.rescued-3", "vault.db.rescued-4"]


def test_a_rename_that_fails_leaves_the_damaged_vault_for_the_next_start(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = filled(terminal)
    spoil_page_of("records", terminal)
    terminal.close()

    def read_only(_path: Path, _to: Path) -> Path:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "rename", read_only)
    with pytest.raises(Exception, match="disk cannot be written"):
        Terminal.open(terminal.data)
    monkeypatch.undo()
    with Terminal.open(terminal.data) as again:
        assert all(again.case(code) for code in codes)


@pytest.mark.parametrize("written_back", [True, False], ids=["vault", "write-ahead log"])
def test_wherever_it_is_damaged_the_terminal_starts_and_has_everything(
    terminal: Terminal, tmp_path: Path, written_back: bool
) -> None:
    """As many damages as there are pages, each on a copy of its own: the vault's, or its write-ahead log's."""
    codes = filled(terminal)
    picture = terminal.client.drafts.keep_picture(PICTURE)
    if written_back:
        terminal.ask(lambda outbox, _i, _s: outbox._vault.rows("PRAGMA wal_checkpoint(TRUNCATE)"))
    name = "vault.db" if written_back else "vault.db-wal"
    pages = (terminal.data / name).stat().st_size // PAGE
    for page in [*range(0, pages - 8, max(1, pages // 12)), *range(pages - 8, pages)]:
        copy = tmp_path / f"{page}"
        shutil.copytree(terminal.data, copy, ignore=shutil.ignore_patterns("*-shm"))
        with (copy / name).open("r+b") as stream:
            stream.seek(page * PAGE + 1000)
            stream.write(random.Random(page).randbytes(64))
        with Terminal.open(copy) as again:
            assert all(again.case(code) for code in codes), f"page {page}"
            assert len(again.catalogue().items) == 30
            assert again.client.drafts.find(draft_of(9).id_number) in (draft_of(9), None)
            assert again.client.drafts.picture(picture) in (PICTURE, None)
            assert again.submit(application(again.new_tracking_code(), 5)).tracking_code not in codes
            assert again.outbox().waiting == 5, f"page {page}"

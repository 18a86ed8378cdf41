# SPDX-License-Identifier: Apache-2.0
"""Every file of a terminal says who wrote it and who may read it; newer ones are worked with or refused with words."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract.parcel import MAGIC
from contract.stores import MANIFEST, PROGRAM, StoreNote, decode_notes, encode_notes
from offline.client.drafts import Draft
from offline.command import sync
from offline.enrolment import load_enrolment
from offline.errors import OfflineError, VaultDamaged
from offline.secrets import Secrets
from offline.store.data_directory import STORES
from offline.store.schema import OLDEST_READER, VERSION
from offline.store.segment import FORMAT, Start, read_start
from offline.store.spool import Spool
from offline.store.vault import Vault
from offline.sync.budget import Limits, load_limits, save_limits
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, terminal_at

KEY = bytes(range(32))


def notes_in(data: Path) -> dict[str, StoreNote]:
    return decode_notes((data / MANIFEST).read_bytes())


def test_every_file_that_a_terminal_leaves_is_noted(terminal: Terminal) -> None:
    terminal.client.staff.add("张梅", "258036")
    terminal.submit(application(terminal.new_tracking_code()), [attachment()])
    assert SyncEngine(terminal).run_once().problem is None
    save_limits(terminal.data, Limits(daily_bytes=10**9))
    terminal.close()
    there = {path.name for path in terminal.data.iterdir()} - {"lock"}
    assert there == set(STORES)
    assert notes_in(terminal.data) == STORES
    assert all(note.written_by == PROGRAM for note in STORES.values())
    assert read_start(terminal.data / "spool" / "000001.parcel").note == FORMAT
    vault = Vault(terminal.data / "vault.db", Secrets.of(terminal.data).key("vault"))
    note = {"format": VERSION, "oldest_reader": OLDEST_READER, "written_by": PROGRAM}
    assert vault.row("SELECT format, oldest_reader, written_by FROM store_note") == note
    assert vault.row("PRAGMA user_version") == {"user_version": OLDEST_READER}
    vault.close()


@pytest.mark.parametrize("name", sorted(STORES))
def test_a_store_that_asks_for_a_newer_program_is_refused_with_words(tmp_path: Path, name: str) -> None:
    with terminal_at(tmp_path / "t", Keys.new()):
        pass
    notes = notes_in(tmp_path / "t")
    asks = StoreNote(STORES[name].format + 1, STORES[name].format + 1, "9.9.0")
    (tmp_path / "t" / MANIFEST).write_bytes(encode_notes(notes | {name: asks}))
    before = {p.name: p.read_bytes() for p in (tmp_path / "t").iterdir() if p.is_file()}
    with pytest.raises(OfflineError, match=r"newer program.*install doorstep 9\.9\.0 again") as refused:
        Terminal.open(tmp_path / "t")
    assert refused.value.code == "store-newer"
    told = CliRunner().invoke(sync, ["limits", "--data", str(tmp_path / "t"), "--quiet"])
    assert (told.exit_code, "install doorstep 9.9.0 again" in told.output) == (1, True)
    assert {p.name: p.read_bytes() for p in (tmp_path / "t").iterdir() if p.is_file()} == before


def test_what_a_later_release_has_only_added_to_is_worked_with_and_its_notes_stay(tmp_path: Path) -> None:
    with terminal_at(tmp_path / "t", Keys.new()):
        pass
    later = {name: StoreNote(note.format + 2, note.oldest_reader, "9.9.0") for name, note in STORES.items()}
    (tmp_path / "t" / MANIFEST).write_bytes(encode_notes(later | {"new.db": StoreNote(7, 7, "9.9.0")}))
    with Terminal.open(tmp_path / "t") as terminal:
        assert terminal.submit(application(terminal.new_tracking_code()))
    assert notes_in(tmp_path / "t") == later | {"new.db": StoreNote(7, 7, "9.9.0")}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"key": {"format": 9}}', b"\xff\xfe"])
def test_a_damaged_manifest_keeps_nothing_shut(tmp_path: Path, raw: bytes) -> None:
    with terminal_at(tmp_path / "t", Keys.new()):
        pass
    (tmp_path / "t" / MANIFEST).write_bytes(raw)
    with Terminal.open(tmp_path / "t") as terminal:
        assert terminal.can_intake().ok
    assert notes_in(tmp_path / "t") == STORES


def test_a_vault_that_a_later_release_has_added_to_is_worked_with(tmp_path: Path) -> None:
    """Columns in every table: each statement of ours names its own."""
    platform = Keys.new()
    with terminal_at(tmp_path / "t", platform) as terminal:
        terminal.client.staff.add("张梅", "258036")
    vault = Vault(tmp_path / "t" / "vault.db", Secrets.of(tmp_path / "t").key("vault"))
    tables = [r["name"] for r in vault.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if table not in ("tallies", "store_note"):  # written to by triggers, and by whoever takes a step
            vault.run(f"ALTER TABLE {table} ADD COLUMN later TEXT NOT NULL DEFAULT 'x'")
    vault.run("CREATE TABLE newer (id TEXT PRIMARY KEY)")
    vault.run("UPDATE store_note SET format = ?, written_by = '9.9.0'", VERSION + 1)
    vault.close()
    with terminal_at(tmp_path / "t", platform) as terminal:
        assert terminal.client.staff.unlock("张梅", "258036").name == "张梅"
        terminal.client.staff.add("李强", "369147")
        terminal.client.staff.bind_card("李强", "card")
        terminal.client.drafts.save(Draft("d", "990123194203050022", "old80", "1", {}, "2026-11-23T10:00:00+08:00"))
        terminal.client.drafts.keep_picture(b"picture")
        terminal.submit(application(terminal.new_tracking_code()), [attachment()])
        record = own_records(terminal)[0]
        for statement in (platform.receipts([record]), platform.event(1, record)):
            assert terminal.ask(lambda _o, inbox, _s, s=statement: inbox.take(s, platform.public))  # type: ignore[misc]
        terminal.remember("a", "b")
        case = terminal.case(record.header.tracking_code)
        assert case is not None
        assert (case.outbox, len(case.events)) == ("delivered", 1)
    vault = Vault(tmp_path / "t" / "vault.db", Secrets.of(tmp_path / "t").key("vault"))
    assert vault.row("SELECT format, written_by FROM store_note") == {"format": VERSION + 1, "written_by": "9.9.0"}
    vault.close()
    # a fresh one in the place of a damaged one is of this program's format, whatever is read out of that
    with terminal_at(tmp_path / "t", platform) as terminal:
        terminal._call(terminal._store.vault.renew)
    vault = Vault(tmp_path / "t" / "vault.db", Secrets.of(tmp_path / "t").key("vault"))
    assert vault.row("SELECT format, written_by FROM store_note") == {"format": VERSION, "written_by": PROGRAM}
    vault.close()


def test_a_segment_of_a_later_parcel_version_is_left_as_it_is(tmp_path: Path) -> None:
    with terminal_at(tmp_path / "t", Keys.new()) as terminal:
        terminal.submit(application(terminal.new_tracking_code()))
    path = tmp_path / "t" / "spool" / "000001.parcel"
    raw = path.read_bytes()
    path.write_bytes(raw[: len(MAGIC)] + b"\x02" + raw[len(MAGIC) + 1 :])
    before = path.read_bytes()
    with pytest.raises(OfflineError, match="newer program") as refused:
        Terminal.open(tmp_path / "t")
    assert refused.value.code == "spool-newer"
    assert path.read_bytes() == before


def test_segments_say_who_may_read_them(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.begin_segment()
    assert spool.start.note == FORMAT
    spool.close()
    old = Start.decode(bytes.fromhex("83010203"))  # as 0.1.0 wrote it
    assert asdict(old) == {
        "sequence": 1, "counter": 2, "before_ends": 3, "note": {"format": 1, "oldest_reader": 1, "written_by": "0.1.0"}
    }  # fmt: skip
    for note, opens in ((StoreNote(5, 1, "9.9.0"), True), (StoreNote(5, 5, "9.9.0"), False)):
        assert Start.decode(Start(1, 2, 3, note).encode()).note == note
        assert note.is_readable_by(FORMAT.format) is opens


def test_limits_of_a_later_release_still_limit(tmp_path: Path) -> None:
    save_limits(tmp_path, Limits(daily_bytes=5, quiet=True))
    path = tmp_path / "sync-limits.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"weekly_bytes": 7}))
    assert load_limits(tmp_path) == Limits(daily_bytes=5, quiet=True)


def test_an_enrolment_of_a_later_release_is_read_and_a_damaged_one_told(tmp_path: Path) -> None:
    with terminal_at(tmp_path, Keys.new()) as terminal:
        enrolment = terminal.require_enrolment()
    secrets = Secrets.of(tmp_path)
    values = json.loads(secrets.unlock((tmp_path / "enrolment").read_bytes(), "enrolment"))

    def kept(plain: bytes) -> None:
        (tmp_path / "enrolment").write_bytes(secrets.lock(plain, "enrolment"))

    kept(json.dumps(values | {"station_hours": "9-17"}).encode())
    known = load_enrolment(tmp_path, secrets)
    assert known is not None
    assert asdict(known[0])["terminal"] == enrolment.terminal
    for plain in (
        b"",
        b"[]",
        b"{}",
        json.dumps(values | {"keys": ["!", "!"]}).encode(),
        json.dumps(values | {"platform": {}}).encode(),
    ):
        kept(plain)
        with pytest.raises(VaultDamaged, match="put it back"):
            Terminal.open(tmp_path)


def test_a_key_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    with terminal_at(tmp_path, Keys.new()):
        pass
    key = (tmp_path / "key").read_bytes()
    (tmp_path / "key").unlink()
    for _ in range(2):
        with pytest.raises(VaultDamaged, match="put it back"):
            Terminal.open(tmp_path)
        assert not (tmp_path / "key").exists()
    (tmp_path / "key").write_bytes(key)
    with Terminal.open(tmp_path) as terminal:
        assert terminal.require_enrolment().terminal == 42

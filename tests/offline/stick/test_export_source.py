# SPDX-License-Identifier: Apache-2.0
"""A data directory that does not open still gives out what waits: from the spool alone, which is left as it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract.parcel import FrameType, frame, parcel_header, read_frames
from contract.stores import MANIFEST, StoreNote, decode_notes, encode_notes
from gateway.command import gateway as gateway_command
from offline.command import sync
from offline.secrets import Secrets
from offline.stick.parcel_file import PARCEL_NAME
from offline.store.schema import VERSION
from offline.store.segment import LocalFrame, Start
from offline.store.spool import Spool
from offline.store.vault import Vault
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.live import enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, records_in, terminal_at
from tests.offline.store.test_real_disk import on_a_disk


def submit(terminal: Terminal, count: int) -> list[str]:
    return [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, 40)]).record_id
        for n in range(count)
    ]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[tuple[Path, list[str]]]:
    """A data directory with a delivered record and two that wait, each with a picture; and their ids."""
    platform = Keys.new()
    with terminal_at(tmp_path / "terminal", platform) as terminal:
        ids = submit(terminal, 3)
        receipts = platform.receipts(own_records(terminal)[:1])
        assert terminal.ask(lambda _o, inbox, _s: inbox.take(receipts, platform.public))
    return tmp_path / "terminal", ids


def asked(data: Path, stick: Path, *more: str) -> Result:
    return CliRunner().invoke(sync, ["export", str(stick), "--data", str(data), *more])


def newer_vault(data: Path) -> None:
    vault = Vault(data / "vault.db", Secrets.of(data).key("vault"))
    vault.run(f"PRAGMA user_version = {VERSION + 1}")
    vault.close()


def newer_store(data: Path) -> None:
    notes = decode_notes((data / MANIFEST).read_bytes())
    (data / MANIFEST).write_bytes(encode_notes(notes | {"vault.db": StoreNote(9, 9, "9.9.0")}))


def lost_key(data: Path) -> None:
    (data / "key").unlink()


def cut_key(data: Path) -> None:
    (data / "key").write_bytes(b"short")


def other_key(data: Path) -> None:
    (data / "key").write_bytes(bytes(32))


def damaged_enrolment(data: Path) -> None:
    (data / "enrolment").write_bytes(b"\0" * 50)


def empty_enrolment(data: Path) -> None:
    (data / "enrolment").write_bytes(Secrets.of(data).lock(b"{}", "enrolment"))


def lost_enrolment(data: Path) -> None:
    (data / "enrolment").unlink()


CASES: list[tuple[Callable[[Path], None], str]] = [
    (newer_vault, "vault-newer"), (newer_store, "store-newer"), (lost_key, "vault-damaged"),
    (cut_key, "vault-damaged"), (other_key, "vault-damaged"), (damaged_enrolment, "vault-damaged"),
    (empty_enrolment, "vault-damaged"), (lost_enrolment, "not-enrolled"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "code"), CASES, ids=lambda value: getattr(value, "__name__", value))
def test_what_waits_is_written_and_read_back(
    shut: tuple[Path, list[str]], stick: Path, spoil: Callable[[Path], None], code: str
) -> None:
    data, ids = shut
    spoil(data)
    kept = ("key", "enrolment", "vault.db", "spool/000001.parcel", "counter")
    before = {name: (data / name).read_bytes() for name in kept if (data / name).exists()}
    done = asked(data, stick, "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["not_opened"], said["records"], said["attachments"], said["damaged"]) == (code, 3, 3, 0)
    (name,) = said["files"]
    assert PARCEL_NAME.fullmatch(name)
    assert name.startswith("doorstep-00042-")
    assert [r.header.id for r in records_in(stick / name)] == ids
    with (stick / name).open("rb") as stream:
        kinds = [frame.type for frame in read_frames(stream)]
    assert kinds == [FrameType.RECORD] * 3 + [FrameType.ATTACHMENT] * 3
    after = {name: (data / name).read_bytes() for name in kept if (data / name).exists()}
    if code != "not-enrolled":  # there the vault did open, once
        assert after == before
    assert after["spool/000001.parcel"] == before["spool/000001.parcel"]


def test_it_says_plainly_what_it_did(shut: tuple[Path, list[str]], stick: Path) -> None:
    data, _ = shut
    lost_key(data)
    done = asked(data, stick)
    assert done.exit_code == 0
    for words in (
        "the data directory does not open", "key is gone", "(vault-damaged)", "the platform takes each once",
        "the spool was only read", "3 records and 3 attachments", "written and read back",
        "the stick may be taken out",
    ):  # fmt: skip
        assert words in done.output
    again = json.loads(asked(data, stick, "--json").stdout)
    assert again["superseded"] == 1  # the stick does not fill up with the same
    assert len(list(stick.iterdir())) == 1


def test_the_platform_takes_it_and_what_it_had_counts_once(tmp_path: Path, stick: Path) -> None:
    with live_gateway(tmp_path / "gateway") as gateway:
        with enrolled_terminal(tmp_path / "terminal", gateway) as terminal:
            ids = submit(terminal, 1)
            assert SyncEngine(terminal).run_once().problem is None
            ids += submit(terminal, 2)
        lost_key(tmp_path / "terminal")
        assert asked(tmp_path / "terminal", stick).exit_code == 0
        took = CliRunner().invoke(gateway_command, ["import", "--data", str(tmp_path / "gateway"), str(stick)])
        assert took.exit_code == 0, took.output
        gateway.opened()
        rows = gateway.platform.cases.listing()
        assert sorted(row["record_id"] for row in rows) == sorted(ids)
        assert all(a["complete"] for row in rows for a in row["attachments"])


def test_without_a_catalogue_the_index_is_used(shut: tuple[Path, list[str]], stick: Path) -> None:
    data, ids = shut
    (data / "catalogue.cbor").unlink()
    vault = Vault(data / "vault.db", Secrets.of(data).key("vault"))
    vault.run("DELETE FROM documents")
    vault.close()
    with Terminal.open(data) as terminal:
        assert terminal.can_intake().code == "no-catalogue"
    said = json.loads(asked(data, stick, "--json").stdout)
    assert (said["records"], said["attachments"], "not_opened" in said) == (2, 3, False)
    assert [r.header.id for r in records_in(stick / said["files"][0])] == ids[1:]


def test_a_torn_tail_is_passed_over_and_left(shut: tuple[Path, list[str]], stick: Path) -> None:
    data, ids = shut
    path = data / "spool" / "000001.parcel"
    spool = Spool(data / "spool", to_read=True)
    last = [p for p in spool.walk() if p.frame.type == FrameType.RECORD][-1]
    with path.open("r+b") as stream:
        stream.truncate(last.frame.end - 10)
    before = path.read_bytes()
    lost_key(data)
    said = json.loads(asked(data, stick, "--json").stdout)
    assert (said["records"], said["damaged"]) == (2, 0)
    assert [r.header.id for r in records_in(stick / said["files"][0])] == ids[:2]
    assert path.read_bytes() == before


def test_the_newest_goes_first_and_a_larger_stick_is_asked_for(
    shut: tuple[Path, list[str]], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, ids = shut
    with Terminal.open(data) as terminal:
        terminal.ask(lambda _o, _i, spool: spool.begin_segment())
        ids += submit(terminal, 1)
    lost_key(data)
    real = os.statvfs(stick)
    room = 1024 * 1024 + 2200  # what is left free, and a record or two

    def small(_path: object) -> os.statvfs_result:
        values = list(real)
        values[1], values[4] = 1, room
        return os.statvfs_result(values)

    monkeypatch.setattr("offline.stick.export.os.statvfs", small)
    done = asked(data, stick)
    assert done.exit_code == 0, done.output
    assert "take a larger stick" in done.output
    (path,) = stick.glob("*.parcel")
    assert records_in(path)[0].header.id == ids[3]


def test_segments_for_a_newer_program_are_left_out_and_told(shut: tuple[Path, list[str]], stick: Path) -> None:
    data, _ = shut
    newer = Start(9, 9, 0, StoreNote(9, 9, "9.9.0"))
    with Terminal.open(data) as terminal:
        terminal.ask(lambda _o, _i, spool: spool.begin_segment())
    path = data / "spool" / "000002.parcel"
    path.write_bytes(parcel_header() + frame(LocalFrame.START, newer.encode()))
    done = asked(data, stick)
    assert done.exit_code == 0, done.output
    assert "(spool-newer)" in done.output
    assert "files of the spool that only a newer program can read: 1; install it again" in done.output
    assert "3 records and 3 attachments" in done.output


def test_a_directory_that_is_in_use_is_left_alone(shut: tuple[Path, list[str]], stick: Path) -> None:
    data, _ = shut
    with Terminal.open(data):
        lost_key(data)
        done = asked(data, stick)
    assert (done.exit_code, "data-in-use" in done.output) == (1, True)
    assert not list(stick.iterdir())


def test_where_nothing_was_ever_registered_the_fault_is_told(tmp_path: Path, stick: Path) -> None:
    done = asked(tmp_path / "new", stick)
    assert (done.exit_code, "(not-enrolled)" in done.output) == (1, True)


READ_ONLY = """
import json, subprocess, sys
from pathlib import Path
from click.testing import CliRunner
from bench.faults.child import application_of
from bench.submit import new_terminal
from offline.command import sync
disk = Path(sys.argv[1])
with new_terminal(disk / "data") as terminal:
    terminal.submit(application_of(1, terminal.new_tracking_code()))
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
subprocess.run(["mount", "-t", "tmpfs", "none", "/mnt"], check=True)
done = CliRunner().invoke(sync, ["export", "/mnt", "--data", str(disk / "data"), "--json"])
said = json.loads(done.stdout)
print(said["not_opened"], said["records"], len(list(Path("/mnt").glob("*.parcel"))))
"""


def test_a_disk_that_turned_read_only_gives_out_what_waits(tmp_path: Path) -> None:
    assert on_a_disk(tmp_path, READ_ONLY) == ["disk-failed 1 1"]

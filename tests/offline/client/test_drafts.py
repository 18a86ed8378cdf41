# SPDX-License-Identifier: Apache-2.0
"""Drafts, their pictures and the names beside records: locked by the client, and so they lie and so they cross."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.identity import mask_name
from offline.client.drafts import Draft
from offline.client.store import StoreClient
from offline.port import messages as m
from offline.port.client import Client
from offline.port.server import connect
from offline.store.data_directory import written_in_clear
from offline.store.relock import relock_apart
from offline.terminal import Terminal
from tests.offline.conftest import application, picture
from tests.offline.enrolled import Keys, terminal_at
from tests.offline.port.test_pins import Recorded
from tests.stored.releases import stored, told

SOMEBODY = application("0" * 12, 3).applicant
WORDS = (SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.address, "13871940562", mask_name(SOMEBODY.name))


def draft_of(client: StoreClient, number: int = 1, pictures: tuple[bytes, ...] = ()) -> Draft:
    digests = tuple(client.drafts.keep_picture(one) for one in pictures)
    state = {"name": SOMEBODY.name, "address": SOMEBODY.address, "phone": "13871940562", "sheets": list(digests)}
    return Draft(f"draft-{number}", SOMEBODY.id_number, "old80", "1", state, "2026-11-23T10:00:00+08:00", digests)


def vault_of(terminal: Terminal) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as they stand under the vault's own encryption."""

    def work(outbox: Any, _inbox: object, _spool: object) -> dict[str, list[dict[str, Any]]]:
        vault = outbox._vault
        names = [row["name"] for row in vault.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: vault.rows(f"SELECT * FROM {name}") for name in names}

    return terminal.ask(work)


def found_in(rows: dict[str, list[dict[str, Any]]], needles: tuple[bytes, ...]) -> set[tuple[str, bytes]]:
    """Which needle stands in which table."""
    found = set()
    for table, lines in rows.items():
        for value in (value for line in lines for value in line.values()):
            data = value if isinstance(value, bytes) else str(value).encode()
            found |= {(table, needle) for needle in needles if needle in data}
    return found


def plain(words: tuple[str, ...]) -> tuple[bytes, ...]:
    encoded = (word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le", "gb18030"))
    return (*encoded, *(json.dumps(word)[1:-1].encode() for word in words))


def test_no_table_of_the_vault_and_no_message_holds_a_person(terminal: Terminal, keeper: object) -> None:
    assert keeper is not None
    page = picture(1, 60)
    needles = (*plain(WORDS), page[100:160])
    sock = Recorded(fileno=connect(terminal.data).detach())
    heard = sock.record()
    port = Client(sock, "command")
    client = StoreClient(port, port.welcome.hash_key)
    draft = draft_of(client, 1, (page,))
    client.drafts.save(draft)
    assert client.drafts.find(SOMEBODY.id_number) == draft
    assert client.drafts.picture(draft.pictures[0]) == page
    made = replace(application(client.registrar.new_tracking_code(), 3))
    assert made.applicant == SOMEBODY
    client.registrar.submit(made)
    (case,) = client.cases.of(SOMEBODY.id_number)
    assert case.applicant_masked == mask_name(SOMEBODY.name)
    port.close()
    rows = vault_of(terminal)
    assert {len(rows[name]) for name in ("locked_drafts", "locked_pictures", "locked_names", "records")} == {1}
    assert found_in(rows, needles) == set()
    assert [needle for needle in needles if needle in heard] == []
    assert found_in(rows, (b"old80",)), "what is not a person's is found"
    assert made.tracking_code.encode() in heard


def test_one_draft_a_person(client: StoreClient, terminal: Terminal) -> None:
    first, second = draft_of(client, 1), draft_of(client, 2)
    client.drafts.save(first)
    client.drafts.save(replace(first, item_id="dibao"))
    found = client.drafts.find(SOMEBODY.id_number)
    assert found is not None
    assert found.item_id == "dibao"
    client.drafts.save(second)
    assert client.drafts.find(SOMEBODY.id_number) == second
    client.drafts.save(replace(second, id="draft-3", id_number="990123194203050022"))
    assert client.drafts.find(SOMEBODY.id_number) == second
    assert len(vault_of(terminal)["locked_drafts"]) == 2
    client.drafts.discard("draft-3")
    client.drafts.discard("nobody's")
    assert client.drafts.find(SOMEBODY.id_number) == second


def test_pictures_go_with_the_last_draft_that_uses_them(client: StoreClient) -> None:
    own, shared = b"own page", b"shared page"
    first = draft_of(client, 1, (own, shared))
    other = replace(draft_of(client, 2, (shared,)), id_number="990123194203050022")
    client.drafts.save(first)
    client.drafts.save(other)
    client.drafts.discard(first.id)
    assert [client.drafts.picture(one) for one in first.pictures] == [None, shared]
    client.drafts.discard(other.id)
    assert client.drafts.picture(first.pictures[1]) is None


def test_handing_in_ends_the_draft_with_its_pictures(client: StoreClient) -> None:
    draft = draft_of(client, 1, (b"page",))
    client.drafts.save(draft)
    made = application(client.registrar.new_tracking_code(), 3)
    client.registrar.submit(made, draft_id=draft.id)
    assert client.drafts.find(SOMEBODY.id_number) is None
    assert client.drafts.picture(draft.pictures[0]) is None


@pytest.mark.parametrize("damage", ["zeros", "cut", "empty", "another's"])
def test_a_damaged_draft_is_left_out(client: StoreClient, terminal: Terminal, damage: str) -> None:
    draft = draft_of(client, 1, (b"page",))
    client.drafts.save(draft)

    def harm(outbox: Any, _inbox: object, _spool: object) -> None:
        vault = outbox._vault
        for table, column in (("locked_drafts", "body"), ("locked_pictures", "data")):
            (row,) = vault.rows(f"SELECT {column} FROM {table}")
            data = row[column]
            worse = {"zeros": bytes(len(data)), "cut": data[:-3], "empty": b"", "another's": data[:12] + data[11:]}
            vault.run(f"UPDATE {table} SET {column} = ?", worse[damage])

    terminal.ask(harm)
    assert client.drafts.picture(draft.pictures[0]) is None
    assert client.drafts.find(SOMEBODY.id_number) is None
    assert vault_of(terminal)["locked_drafts"] == []
    client.drafts.save(draft)
    assert client.drafts.find(SOMEBODY.id_number) == draft


def test_a_name_that_does_not_open_is_left_out(client: StoreClient, terminal: Terminal) -> None:
    made = application(client.registrar.new_tracking_code(), 3)
    client.registrar.submit(made)
    terminal.ask(lambda outbox, _i, _s: outbox._vault.run("UPDATE locked_names SET name = ?", b"x" * 40))
    case = client.cases.by_code(made.tracking_code)
    assert case is not None
    assert case.applicant_masked == ""


def test_each_thing_has_a_key_of_its_own(client: StoreClient) -> None:
    wanted = (("draft", "1"), ("draft", "2"), ("picture", "1"), ("name", "1"))
    keys = [client.port.ask(m.AskLock(purpose, of)).data for purpose, of in wanted]  # type: ignore[arg-type]
    assert len(set(keys)) == len(keys)
    assert {len(key or b"") for key in keys} == {32}
    assert client.port.ask(m.AskLock("draft", "1")).data == keys[0]


# --- what release 0.1.0 kept in clear ---------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    return stored("0.1.0", "terminal", tmp_path / "old"), told("0.1.0")


def in_clear(data: Path) -> tuple[int, int, int, int]:
    """Drafts and pictures in clear, and locked ones."""
    with Terminal.open(data) as terminal:
        rows = vault_of(terminal)
    return tuple(len(rows[name]) for name in ("drafts", "kept", "locked_drafts", "locked_pictures"))  # type: ignore[return-value]


def opens(data: Path, said: dict[str, Any]) -> None:
    with Terminal.open(data) as terminal:
        draft = terminal.client.drafts.find(said["draft"]["id_number"])
        assert draft is not None
        assert {name: getattr(draft, name) for name in said["draft"]} == said["draft"]
        assert terminal.client.drafts.picture(said["picture"]) is not None
        text = json.dumps(said["draft"]["state"], ensure_ascii=False)
        words = (said["draft"]["id_number"], *(w for w in text.split('"') if len(w) > 8 and w != said["picture"]))
        assert found_in(vault_of(terminal), plain(words)) - {("documents", word.encode()) for word in words} == set()


Relock = Callable[[Path], None]


def by_opening(data: Path) -> None:
    Terminal.open(data).close()


@pytest.mark.parametrize("how", [by_opening, relock_apart], ids=["when-opened", "by-a-process-that-ends"])
def test_old_drafts_are_locked_anew_once(old: tuple[Path, dict[str, Any]], how: Relock) -> None:
    data, said = old
    assert written_in_clear(data)
    how(data)
    assert not written_in_clear(data)
    first = in_clear(data)
    assert first[:2] == (0, 0)
    assert first[2] >= 1
    assert first[3] >= 1
    opens(data, said)
    how(data)
    assert in_clear(data) == first
    opens(data, said)


def test_a_process_apart_that_cannot_is_no_end(
    old: tuple[Path, dict[str, Any]], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, said = old
    with Terminal.open(data), caplog.at_level(logging.WARNING):
        relock_apart(data)  # somebody else has the directory
    assert "not locked anew" in caplog.text
    caplog.clear()
    monkeypatch.setattr("offline.store.relock.WITHIN", 0.0)
    relock_apart(data)  # it takes too long
    assert "not locked anew" in caplog.text
    opens(data, said)


def test_a_damaged_old_draft_is_left_out_and_the_others_are_locked(tmp_path: Path) -> None:
    platform = Keys.new()
    digest = "ab" * 32
    body = json.dumps({"id_number": "1", "item_id": "old80", "item_version": "1", "state": {"sheets": [digest]}})
    with terminal_at(tmp_path / "t", platform) as terminal:

        def put(outbox: Any, _inbox: object, _spool: object) -> None:
            for number, text in enumerate((body, body[:-9] + "\0" * 9, "", body)):
                person = terminal._store.secrets.person(str(number))
                outbox._vault.run("INSERT INTO drafts VALUES (?, ?, ?, ?)", f"d{number}", person, "2026", text)
            outbox._vault.run("INSERT INTO kept VALUES (?, ?, ?)", digest, b"page", "2026")

        terminal.ask(put)
        terminal.client.drafts.save(Draft("newer", "3", "dibao", "1", {}, "2027"))
    assert in_clear(tmp_path / "t") == (0, 0, 2, 1)
    with Terminal.open(tmp_path / "t") as terminal:
        found = [terminal.client.drafts.find(str(number)) for number in range(4)]
        assert [one and one.id for one in found] == ["d0", None, None, "newer"]
        rows = vault_of(terminal)["locked_drafts"]
        assert {row["id"]: json.loads(row["pictures"]) for row in rows} == {"d0": [digest], "newer": []}
        terminal.client.drafts.discard("newer")
        assert len(vault_of(terminal)["locked_pictures"]) == 1, "the other one still uses it"


def test_the_program_that_does_it_ends_with_what_it_found(old: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    data, _ = old
    command = [sys.executable, "-m", "offline.store.relock"]
    assert subprocess.run([*command, str(data)], timeout=60, check=False).returncode == 0
    shutil.copytree(data, tmp_path / "keyless")
    (tmp_path / "keyless" / "key").unlink()
    done = subprocess.run([*command, str(tmp_path / "keyless")], timeout=60, check=False)
    assert done.returncode == 1

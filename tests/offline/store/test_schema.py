# SPDX-License-Identifier: Apache-2.0
"""A vault of every earlier version opens with all it holds; a newer one is left as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlcipher3

from offline.errors import OfflineError
from offline.store.schema import OLDEST_READER, VERSION
from offline.store.vault import Vault, open_vault

KEY = bytes(range(32))
OLD = Path(__file__).parent / "vaults"


def make_old(path: Path, version: int) -> None:
    """A vault as the program of that time left it."""
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.executescript((OLD / f"version-{version}.sql").read_text("utf-8"))
    connection.close()


def shape(vault: Vault) -> set[tuple[str, str]]:
    """Tables and indexes, but for the words' spacing."""
    rows = vault.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(r["name"], " ".join(str(r["sql"]).replace('"', "").split())) for r in rows}


def test_version_1_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    make_old(tmp_path / "vault.db", 1)
    vault, rebuilt = open_vault(tmp_path / "vault.db", KEY, 42)
    assert not rebuilt
    rows = vault.rows("SELECT terminal, sequence, state, reason, case_number FROM records ORDER BY sequence")
    assert [tuple(r.values()) for r in rows] == [
        (42, 1, "delivered", "", "K1"), (42, 2, "parked", "unknown-item", None), (42, 3, "waiting", "", None),
    ]  # fmt: skip
    assert vault.fact("indexed") == "1 4000 700"
    assert vault.row("SELECT name FROM staff") == {"name": "张梅"}
    fresh = Vault(tmp_path / "fresh.db", KEY)
    assert shape(vault) == shape(fresh)
    fresh.close()
    vault.close()
    again, rebuilt = open_vault(tmp_path / "vault.db", KEY, 42)
    assert not rebuilt
    assert again.row("PRAGMA user_version") == {"user_version": OLDEST_READER}
    again.close()


def test_numbers_are_each_terminals_own(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    row = "INSERT INTO records (id, terminal, sequence, kind, tracking_code, item, segment, offset, size, digest, "
    row += "confirmed_at, state) VALUES (?, ?, 1, 'application', 'c', 'i', 1, 9, 9, 'd', 't', 'waiting')"
    vault.run(row, "a", 42)
    vault.run(row, "b", 43)
    with pytest.raises((sqlite3.IntegrityError, sqlcipher3.dbapi2.IntegrityError)):
        vault.run(row, "c", 42)
    vault.close()


def test_a_crash_in_the_middle_leaves_the_version_before(tmp_path: Path) -> None:
    make_old(tmp_path / "vault.db", 1)
    connection = sqlcipher3.connect(str(tmp_path / "vault.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("CREATE TABLE records_1 (x)")  # stands in the way of the step
    connection.close()
    with pytest.raises((OfflineError, sqlcipher3.dbapi2.Error)):
        Vault(tmp_path / "vault.db", KEY, 42)
    connection = sqlcipher3.connect(str(tmp_path / "vault.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM records").fetchone() == (3,)
    connection.close()


def test_a_newer_vault_is_left_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.db", KEY)
    vault.run(f"PRAGMA user_version = {VERSION + 1}")
    vault.close()
    before = (tmp_path / "vault.db").read_bytes()
    with pytest.raises(OfflineError, match="newer") as refused:
        open_vault(tmp_path / "vault.db", KEY)
    assert refused.value.code == "vault-newer"
    assert (tmp_path / "vault.db").read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))

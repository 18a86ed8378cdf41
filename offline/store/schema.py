# SPDX-License-Identifier: Apache-2.0
"""The vault's tables, and the steps by which an older vault gets them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlcipher3

from contract.stores import PROGRAM, StoreNote, newer_words
from offline.errors import OfflineError
from offline.store.sqlite_faults import code_of

VERSION = 4
# From which version on a program can open each: the file says it as `user_version`, which 0.1.0 looks at, and its own
# version in `store_note`. A step that only adds leaves it as it was
# (docs/decisions/0005-stores-say-who-may-read-them.md).
_OLDEST_READER = {1: 1, 2: 2, 3: 3, 4: 3}
OLDEST_READER = _OLDEST_READER[VERSION]
_NOTE = """
CREATE TABLE IF NOT EXISTS store_note (
  one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL, oldest_reader INTEGER NOT NULL,
  written_by TEXT NOT NULL
);
"""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  id TEXT PRIMARY KEY, terminal INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
  tracking_code TEXT NOT NULL, item TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
  size INTEGER NOT NULL, digest TEXT NOT NULL, confirmed_at TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', received_at TEXT, case_number TEXT, files_due INTEGER NOT NULL DEFAULT 0,
  UNIQUE (terminal, sequence)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_code ON records (tracking_code);
CREATE INDEX IF NOT EXISTS records_by_sequence ON records (sequence);
CREATE INDEX IF NOT EXISTS records_by_segment ON records (segment);
CREATE INDEX IF NOT EXISTS records_waiting ON records (sequence) WHERE state IN ('waiting', 'sending');
CREATE INDEX IF NOT EXISTS records_oldest ON records (confirmed_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX IF NOT EXISTS records_sending ON records (id) WHERE state = 'sending';
CREATE INDEX IF NOT EXISTS records_parked ON records (sequence) WHERE state = 'parked';
CREATE INDEX IF NOT EXISTS records_with_files ON records (sequence) WHERE state = 'delivered' AND files_due > 0;
CREATE TABLE IF NOT EXISTS attachments (
  record_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, segment INTEGER NOT NULL,
  offset INTEGER NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (record_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attachments_waiting ON attachments (record_id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS attachments_by_segment ON attachments (segment);
CREATE INDEX IF NOT EXISTS attachments_by_digest ON attachments (digest);
CREATE TABLE IF NOT EXISTS summaries (
  tracking_code TEXT PRIMARY KEY, person TEXT NOT NULL, applicant TEXT NOT NULL, item_name TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS summaries_by_person ON summaries (person);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, tracking_code TEXT NOT NULL, statement TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_code ON events (tracking_code, seq);
CREATE TABLE IF NOT EXISTS drafts (
  id TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE, saved_at TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (digest TEXT PRIMARY KEY, data BLOB NOT NULL, kept_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS locked_drafts (
  id TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE, saved_at TEXT NOT NULL, body BLOB NOT NULL, pictures TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS locked_pictures (
  digest TEXT PRIMARY KEY, data BLOB NOT NULL, kept_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed_events (
  seq INTEGER PRIMARY KEY, tracking_code TEXT NOT NULL, statement TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sealed_events_by_code ON sealed_events (tracking_code, seq);
CREATE TABLE IF NOT EXISTS locked_names (tracking_code TEXT PRIMARY KEY, name BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, pin TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
  locked_until TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff_cards (key TEXT PRIMARY KEY, staff_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tallies (
  terminal INTEGER NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (terminal, what)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS record_came AFTER INSERT ON records BEGIN
  INSERT OR IGNORE INTO tallies VALUES (NEW.terminal, NEW.state, 0, 0);
  UPDATE tallies SET n = n + 1, bytes = bytes + NEW.size WHERE terminal = NEW.terminal AND what = NEW.state;
END;
CREATE TRIGGER IF NOT EXISTS record_moved AFTER UPDATE OF state ON records WHEN OLD.state != NEW.state BEGIN
  UPDATE tallies SET n = n - 1, bytes = bytes - OLD.size WHERE terminal = OLD.terminal AND what = OLD.state;
  INSERT OR IGNORE INTO tallies VALUES (NEW.terminal, NEW.state, 0, 0);
  UPDATE tallies SET n = n + 1, bytes = bytes + NEW.size WHERE terminal = NEW.terminal AND what = NEW.state;
END;
CREATE TRIGGER IF NOT EXISTS file_came AFTER INSERT ON attachments WHEN NEW.state = 'waiting' BEGIN
  UPDATE records SET files_due = files_due + 1 WHERE id = NEW.record_id;
  INSERT OR IGNORE INTO tallies SELECT terminal, 'files', 0, 0 FROM records WHERE id = NEW.record_id;
  UPDATE tallies SET n = n + 1, bytes = bytes + NEW.size
    WHERE what = 'files' AND terminal = (SELECT terminal FROM records WHERE id = NEW.record_id);
END;
CREATE TRIGGER IF NOT EXISTS file_moved AFTER UPDATE OF state ON attachments WHEN OLD.state != NEW.state BEGIN
  UPDATE records SET files_due = files_due + (NEW.state = 'waiting') - (OLD.state = 'waiting') WHERE id = NEW.record_id;
  UPDATE tallies SET n = n + (NEW.state = 'waiting') - (OLD.state = 'waiting'),
    bytes = bytes + ((NEW.state = 'waiting') - (OLD.state = 'waiting')) * NEW.size
    WHERE what = 'files' AND terminal = (SELECT terminal FROM records WHERE id = NEW.record_id);
END;
"""


# From the version that is the key to the next one. Version 1 held the terminal's own records only.
_STEPS = {
    1: """
ALTER TABLE records RENAME TO records_1;
DROP INDEX records_by_code;
DROP INDEX records_waiting;
CREATE TABLE records (
  id TEXT PRIMARY KEY, terminal INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
  tracking_code TEXT NOT NULL, item TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
  size INTEGER NOT NULL, digest TEXT NOT NULL, confirmed_at TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', received_at TEXT, case_number TEXT, UNIQUE (terminal, sequence)
) WITHOUT ROWID;
INSERT INTO records SELECT id, :own, sequence, kind, tracking_code, item, segment, offset, size, digest,
  confirmed_at, state, reason, received_at, case_number FROM records_1;
DROP TABLE records_1;
""",
    2: """
ALTER TABLE records ADD COLUMN files_due INTEGER NOT NULL DEFAULT 0;
UPDATE records SET files_due =
  (SELECT count(*) FROM attachments a WHERE a.record_id = records.id AND a.state = 'waiting');
CREATE TABLE tallies (
  terminal INTEGER NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (terminal, what)
) WITHOUT ROWID;
INSERT INTO tallies SELECT terminal, state, count(*), sum(size) FROM records GROUP BY terminal, state;
INSERT INTO tallies SELECT r.terminal, 'files', count(*), sum(a.size)
  FROM attachments a JOIN records r ON r.id = a.record_id WHERE a.state = 'waiting' GROUP BY r.terminal;
""",
    # New tables only: what the visit locks, and events of the sealed form, which 0.1.0 cannot read.
    3: "",
}


def bring_up_to_date(connection: sqlcipher3.Connection, path: Path, own: int) -> None:
    """The steps that are due, and what is new. Raises OfflineError vault-newer.

    One transaction for each step: after a crash in one, the version before still stands.
    """
    asked = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if asked > VERSION:
        note = StoreNote(asked, asked, _note(connection, asked).written_by)
        raise OfflineError(newer_words(f"the vault ({path})", note, VERSION), "vault-newer")
    found = _note(connection, asked).format
    if found > VERSION:
        return  # a later release has only added to it: all that is known here is there
    for version in range(found, VERSION) if found else ():
        _step(connection, _STEPS[version].replace(":own", str(own)), version + 1)
    _step(connection, _SCHEMA, VERSION)


def _step(connection: sqlcipher3.Connection, sql: str, version: int) -> None:
    oldest = _OLDEST_READER[version]
    note = f"INSERT OR REPLACE INTO store_note VALUES (1, {version}, {oldest}, '{PROGRAM}');"
    connection.executescript(f"BEGIN IMMEDIATE;{sql}{_NOTE}{note}PRAGMA user_version = {oldest};COMMIT;")


def _note(connection: sqlcipher3.Connection, asked: int) -> StoreNote:
    """What the file says of itself, which asks for `asked`; one of 0.1.0 says no more than that."""
    try:
        row = connection.execute("SELECT format, oldest_reader, written_by FROM store_note").fetchone()
    except sqlcipher3.dbapi2.OperationalError as fault:
        if code_of(fault) != sqlite3.SQLITE_ERROR:  # which is: no such table
            raise
        row = None
    return StoreNote(*row) if row else StoreNote(asked, asked, "")

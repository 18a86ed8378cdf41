-- A vault of version 1, with what the program wrote into it.
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL, tracking_code TEXT NOT NULL,
  item TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL,
  confirmed_at TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', received_at TEXT, case_number TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_code ON records (tracking_code);
CREATE INDEX IF NOT EXISTS records_waiting ON records (sequence) WHERE state IN ('waiting', 'sending');
CREATE TABLE IF NOT EXISTS attachments (
  record_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, segment INTEGER NOT NULL,
  offset INTEGER NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (record_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attachments_waiting ON attachments (record_id) WHERE state = 'waiting';
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
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, pin TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
  locked_until TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff_cards (key TEXT PRIMARY KEY, staff_id TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
INSERT INTO facts VALUES ('indexed', '1 4000 700'), ('counter', '50');
INSERT INTO records VALUES
  ('019a0000-0000-7000-8000-000000000001', 1, 'application', '000420000018', 'old80', 1, 14, 700, 'd1',
   '2026-11-23T09:41:00+08:00', 'delivered', '', '2026-11-23T09:50:00+00:00', 'K1'),
  ('019a0000-0000-7000-8000-000000000002', 2, 'rating', '000420000018', '', 1, 1400, 300, 'd2',
   '2026-11-23T09:42:00+08:00', 'parked', 'unknown-item', NULL, NULL),
  ('019a0000-0000-7000-8000-000000000003', 3, 'application', '000420000026', 'old80', 1, 4000, 700, 'd3',
   '2026-11-23T09:43:00+08:00', 'waiting', '', NULL, NULL);
INSERT INTO attachments VALUES ('019a0000-0000-7000-8000-000000000003', 0, 'e3', 1, 2000, 1900, 'waiting');
INSERT INTO staff VALUES ('s1', '张梅', 'scrypt', 0, NULL);

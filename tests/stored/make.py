# SPDX-License-Identifier: Apache-2.0
"""Keeps what the program as it is now leaves on disk: `python -m tests.stored.make RELEASE`, on a clean checkout.

Run it once for each release, when it lands, and commit the folder; it is never made again. Needs PostgreSQL.

    terminal/           a data directory: a draft with a picture, a delivered record with its events, one that waits
                        with its picture, a staff account
    gateway/            a data directory with SQLite: the delivered record with its case, events, an officer
    postgresql.sql      the same kind of database in PostgreSQL; its keys are in `postgresql/`
    program.tar.xz      the program's own sources, without the window: what this release reads is asked of itself
    told.json           what the tests look for
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from bench.postgresql_cluster import postgresql_cluster
from contract.events import CorrectionAsk
from gateway.platform import Setup
from offline.client.drafts import Draft
from offline.store.segment import find_end
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.live import LiveGateway, enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment

HERE = Path(__file__).parent
OFFICER, PASSWORD = "王干事", "fictional-password-7"
STAFF, PIN = "张梅", "258036"


def used(terminal: Terminal, gateway: LiveGateway) -> dict[str, Any]:
    """A terminal and a gateway that have worked together; what they hold then."""
    terminal.client.staff.add(STAFF, PIN)
    person = application("0" * 12, 3).applicant
    picture = terminal.client.drafts.keep_picture(attachment(3, 40).data)
    state = {"values": {"name": person.name, "phone": "13800138000"}, "pictures": [picture], "pages": 2}
    draft = Draft("draft-3", person.id_number, "old80", "2026.11.1", state, "2026-11-23T10:00:00+08:00")
    terminal.client.drafts.save(draft)
    first, second = (application(terminal.new_tracking_code(), n) for n in (1, 2))
    sent = terminal.submit(first, [attachment(1, 60)])
    assert SyncEngine(terminal).run_once().problem is None
    gateway.opened()
    gateway.platform.officers.add(OFFICER, PASSWORD)
    asks = (CorrectionAsk("bank_no", "卡号看不清"),)
    gateway.platform.cases.act(first.tracking_code, "correct", text="请补正", asks=asks)
    assert SyncEngine(terminal).run_once().problem is None
    waits = terminal.submit(second, [attachment(2, 60)])
    case = terminal.case(first.tracking_code)
    assert case is not None
    assert (case.outbox, case.state) == ("delivered", "correction")
    return {
        "terminal": terminal.require_enrolment().terminal,
        "people": [first.applicant.id_number, second.applicant.id_number],
        "draft": asdict(draft), "picture": picture, "staff": STAFF, "pin": PIN,
        "officer": OFFICER, "password": PASSWORD,
        "delivered": asdict(sent), "waiting": asdict(waits), "events": [e.type for e in case.events],
        "case_number": case.case_number, "next_code": terminal.new_tracking_code(),
    }  # fmt: skip


def keep_sqlite(out: Path) -> dict[str, Any]:
    """`terminal/` and `gateway/`."""
    with live_gateway(out / "gateway") as gateway, enrolled_terminal(out / "terminal", gateway) as terminal:
        told = used(terminal, gateway)
    for segment in (out / "terminal" / "spool").glob("*.parcel"):  # without the room reserved ahead
        os.truncate(segment, find_end(segment)[0])
    return told


def keep_postgresql(out: Path) -> dict[str, Any]:
    """`postgresql.sql` and `postgresql/`."""
    with tempfile.TemporaryDirectory() as place, postgresql_cluster(durable=False) as cluster:
        with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE kept")
        setup = Setup(out / "postgresql", f"{cluster}/kept")
        with (
            live_gateway(setup.data, setup=setup) as gateway,
            enrolled_terminal(Path(place) / "terminal", gateway) as terminal,
        ):
            told = used(terminal, gateway)
        dump = subprocess.run(
            ["pg_dump", "--inserts", "--no-owner", "--no-privileges", setup.database],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    lines = [line for line in dump.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
    (out / "postgresql.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return told


def keep_program(out: Path) -> None:
    """`program.tar.xz`."""
    archive = ["git", "archive", "HEAD", "contract", "offline", "gateway"]
    tar = subprocess.run(archive, check=True, capture_output=True, cwd=HERE.parent.parent).stdout
    packed = subprocess.run(["xz", "-9e"], input=tar, check=True, capture_output=True).stdout
    (out / "program.tar.xz").write_bytes(packed)


def main(release: str) -> None:
    """All of it."""
    out = HERE / release
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    told = {"sqlite": keep_sqlite(out), "postgresql": keep_postgresql(out)}
    (out / "told.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    keep_program(out)


if __name__ == "__main__":
    main(sys.argv[1])

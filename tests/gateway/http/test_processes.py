# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway` as processes of its own: several workers, one that dies, a database that restarts, large parcels
in constant memory."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import requests
from click.testing import CliRunner
from sqlalchemy import func, select, update

from bench.gateway_load import served
from contract.attachment import seal_attachment, sealed_size
from contract.parcel import FrameType, frame, frame_pieces, parcel_header
from contract.record import AttachmentRef
from contract.sealing import SUITE_X25519
from gateway.command import gateway as command
from gateway.database.tables import opened, records, waiting
from gateway.http.app import create_app
from gateway.platform import Platform, Setup
from tests.gateway.conftest import HandTerminal, where
from tests.live import LiveGateway

LARGE = int(os.environ.get("DOORSTEP_LARGE_MB", "40")) * 1024 * 1024  # bytes of the attachment; the limit is one GiB
SPARE = 20 * 1024 * 1024  # what a process may grow by while it takes it


@contextmanager
def running(setup: Setup, *, workers: int = 1, opening: bool = True) -> Iterator[LiveGateway]:
    platform = Platform(setup)
    try:
        with served(setup, workers=workers, opening=opening) as (host, port):
            yield LiveGateway(platform, f"http://{host}:{port}", create_app(platform))
    finally:
        platform.close()


def counted(platform: Platform) -> tuple[int, int]:
    """Records in custody, and opened."""
    with platform.store.reading() as db:
        return tuple(db.execute(select(func.count()).select_from(t)).scalar_one() for t in (records, opened))  # type: ignore[return-value]


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(process: int) -> list[int]:
    """The processes that serve, of the one that was started."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split() if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def started(setup: Setup) -> int:
    """The process that serves this data directory, or has others serve it."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"gateway" in words and str(setup.data).encode() in words:
                return int(entry.name)
    raise AssertionError(f"nobody serves {setup.data}")


def test_several_workers_take_the_same_batches_once_also_when_one_dies(setup: Setup) -> None:
    with running(setup, workers=2) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            parcels = [
                parcel_header()
                + b"".join(frame(FrameType.RECORD, terminal.record(terminal.application()).encode()) for _ in range(10))
                for _ in range(6)
            ]
            before = children(started(setup))
            assert len(before) == 2
            stored: list[int] = []

            def send(order: list[bytes]) -> None:
                for parcel in order:
                    while True:  # as a terminal does: again, until it is answered
                        try:
                            said = requests.post(
                                live.url + "/v1/records", data=parcel, timeout=20,
                                headers={"Authorization": f"Bearer {terminal.token}"},
                            )  # fmt: skip
                        except requests.ConnectionError:
                            continue
                        break
                    stored.append(sum(r["status"] == "stored" for r in said.json()["results"]))

            threads = [threading.Thread(target=send, args=(parcels[n:] + parcels[:n],)) for n in range(4)]
            for thread in threads:
                thread.start()
            os.kill(before[0], signal.SIGKILL)
            for thread in threads:
                thread.join()
            with live.platform.store.transaction() as db:  # what the dead one had leased, half a minute later
                db.execute(update(waiting).values(leased_until_ms=1))
            until(lambda: counted(live.platform) == (60, 60))
            assert sum(stored) <= 60
            told = terminal.said()
            assert len({event.record_id for event in told}) == len(told) == 60  # type: ignore[union-attr]
            assert sorted(event.seq for event in told) == list(range(1, 61))  # type: ignore[union-attr]


def test_killed_while_it_opens_it_goes_on_when_it_is_started_again(setup: Setup) -> None:
    with running(setup, opening=False) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            for _ in range(4):
                terminal.post(*(terminal.record(terminal.application()).encode() for _ in range(50)))
            opener = subprocess.Popen(
                [sys.executable, "-m", "kiosk", "gateway", "open", *where(setup)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            until(lambda: counted(live.platform)[1] > 0)
            opener.kill()
            opener.wait()
            opened_before = counted(live.platform)[1]
            with live.platform.store.transaction() as db:  # its lease, half a minute later
                db.execute(update(waiting).values(leased_until_ms=1))
            live.platform.opening.drain()
            assert counted(live.platform) == (200, 200)
            assert 0 < opened_before <= 200
            numbers = {event.case_number for event in terminal.said()}  # type: ignore[union-attr]
            assert len(numbers) == 200


def test_a_database_that_ended_our_connections_is_found_again(database: str, tmp_path: Path) -> None:
    with running(Setup(tmp_path / "gateway", database)) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            assert terminal.post(terminal.record(terminal.application()).encode()).status_code == 200
            with psycopg.connect(database, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            said = terminal.post(terminal.record(terminal.application()).encode())
            assert (said.status_code, said.json()["results"]) == (200, [{"status": "stored"}])


def test_a_thread_goes_on_with_its_connection(database: str, tmp_path: Path) -> None:
    platform = Platform(Setup(tmp_path / "gateway", database))
    live = LiveGateway(platform, "http://127.0.0.1:1", create_app(platform))
    terminal = HandTerminal(live, number=421)
    made = 0
    connect = platform.store.raw_postgresql

    def counting() -> Any:
        nonlocal made
        made += 1
        return connect()

    platform.store.raw_postgresql = counting  # type: ignore[method-assign]
    for _ in range(3):
        raw = terminal.record(terminal.application()).encode()
        assert platform.ingest.take_records([raw], 421).results == [{"status": "stored"}]
    assert made == 1
    platform.close()


def large(terminal: HandTerminal, place: Path) -> tuple[Path, str, bytes]:
    """A sealed attachment in a file, its digest, and the record that names it."""
    path = place / "sealed"
    digest = hashlib.sha256()
    source = place / "plain"
    source.write_bytes(os.urandom(1 << 20) * (LARGE >> 20))
    with source.open("rb") as plain, path.open("wb") as out:
        for piece in seal_attachment(plain, terminal.platform_keys):
            digest.update(piece)
            out.write(piece)
    size = path.stat().st_size
    assert size == sealed_size(LARGE, SUITE_X25519)
    refs = [AttachmentRef(digest.hexdigest(), size)]
    return path, digest.hexdigest(), terminal.record(terminal.application(), attachments=refs).encode()


def peak(process: int) -> int:
    """The most memory that a process ever held, in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def test_a_large_attachment_is_taken_in_constant_memory(tmp_path: Path) -> None:
    with running(Setup(tmp_path / "gateway")) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            path, digest, record = large(terminal, tmp_path)
            terminal.post(record)
            server = started(live.platform.setup)
            before = peak(server)
            with path.open("rb") as body:
                done = terminal.call("PATCH", f"/v1/attachments/{digest}", headers={"Upload-Offset": "0"}, data=body)
            assert done.status_code == 200
            assert peak(server) - before < SPARE


_IMPORT = """
import json, sys
from pathlib import Path
from gateway.sticks.importing import import_parcel
from gateway.platform import Platform
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024
platform = Platform(Path(sys.argv[1]))
import_parcel(platform, Path(sys.argv[2]))
before = peak()
done = import_parcel(platform, Path(sys.argv[3])).to_dict()
platform.close()
print(json.dumps([peak() - before, done]))
"""


def test_a_large_parcel_is_imported_in_constant_memory(tmp_path: Path) -> None:
    platform = Platform(tmp_path / "gateway")
    live = LiveGateway(platform, "http://127.0.0.1:1", create_app(platform))
    terminal = HandTerminal(live)
    number = platform.enrolment.enrol(terminal.enrolment(platform.enrolment.new_code("")))["terminal"]
    terminal.number = number
    path, digest, record = large(terminal, tmp_path)
    small, parcel = tmp_path / "small.parcel", tmp_path / "large.parcel"
    small.write_bytes(parcel_header() + frame(FrameType.RECORD, terminal.record(terminal.application()).encode()))
    with parcel.open("wb") as out, path.open("rb") as body:
        out.write(parcel_header())
        for piece in frame_pieces(FrameType.ATTACHMENT, path.stat().st_size, iter(lambda: body.read(65536), b"")):
            out.write(piece)
        out.write(frame(FrameType.RECORD, record))
    platform.close()
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(tmp_path / "gateway"), str(small), str(parcel)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    grown, said = json.loads(done.stdout)
    assert (said["stored"], said["attachments"], said["refused"], said["damage"]) == (1, 1, 0, "")
    assert grown < SPARE
    again = Platform(tmp_path / "gateway")
    assert again.blobs.has(digest)
    again.close()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(command, ["--data", str(tmp_path / "gateway"), "--port", port])
    assert (done.exit_code, "choose another --port" in done.output) == (1, True)

# SPDX-License-Identifier: Apache-2.0
"""Gateway ingest on PostgreSQL: new records a second in batches of 50 over 8 connections, and how long a batch takes.

Load generator, application and PostgreSQL share this machine's cores; every batch is on disk before it is answered. In
the same run, on the same records: the same INSERT without HTTP (the limit), and what a plain Starlette endpoint on
uvicorn and psycopg does that only stores (the peer: no token, no check of records, no signed receipt).
Opening is measured apart: it follows in the background and takes no part here.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from gateway_load import FIRST, batches, enrol, fresh, parcel, post, served, templates
from postgresql_cluster import postgresql_cluster

from bench.figures import Figure, keep

CONNECTIONS = 8
SIZE = 50
BATCHES = int(os.environ.get("BENCH_BATCHES", "300"))  # of each connection
AIM = 40_000
_ENTRY = struct.Struct(">16s32sI")
_INSERT = """
INSERT INTO records (id, digest, terminal, received_ms, raw)
SELECT id, digest, 1, 1, raw FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[]) AS b (id, digest, raw)
ON CONFLICT DO NOTHING RETURNING id
"""
_TABLE = """
CREATE TABLE records (id bytea PRIMARY KEY, digest bytea NOT NULL, terminal int NOT NULL, received_ms bigint NOT NULL,
                      raw bytea NOT NULL)
"""


def columns(records: list[bytes]) -> list[list[bytes]]:
    rows = sorted((raw[7:23], sha256(raw).digest(), raw) for raw in records)
    return [list(column) for column in zip(*rows, strict=True)]


def timed(work: Callable[[int, list[float]], None], processes: int = 2) -> tuple[float, list[float]]:
    """Runs `work` once per connection, spread over load processes; seconds in all, and of each batch."""
    results: Any = multiprocessing.Queue()
    start = multiprocessing.Barrier(processes + 1)

    def load(mine: range) -> None:
        took: list[float] = []
        threads = [threading.Thread(target=work, args=(i, took)) for i in mine]
        start.wait()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        results.put(took)

    share = CONNECTIONS // processes
    loads = [multiprocessing.Process(target=load, args=(range(p * share, (p + 1) * share),)) for p in range(processes)]
    for process in loads:
        process.start()
    start.wait()
    began = time.perf_counter()
    took = [t for _ in loads for t in results.get()]
    seconds = time.perf_counter() - began
    for process in loads:
        process.join()
    return seconds, took


def insert_only(database: str, given: list[list[list[bytes]]]) -> tuple[float, list[float]]:
    ready = [[columns(batch) for batch in some] for some in given]

    def work(number: int, took: list[float]) -> None:
        with psycopg.connect(database, autocommit=True, prepare_threshold=2) as connection:
            for batch in ready[number]:
                began = time.perf_counter()
                with connection.cursor(binary=True) as cursor:
                    assert len(cursor.execute(_INSERT, batch).fetchall()) == SIZE
                took.append(time.perf_counter() - began)

    return timed(work)


def over_http(address: tuple[str, int], requests: list[list[bytes]]) -> tuple[float, list[float]]:
    def work(number: int, took: list[float]) -> None:
        with socket.create_connection(address) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in requests[number]:
                began = time.perf_counter()
                connection.sendall(request)
                read_answer(connection)
                took.append(time.perf_counter() - began)

    return timed(work)


def read_answer(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), (head, body)
    left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(body)
    while left > 0:
        more = connection.recv(65536)
        body += more
        left -= len(more)
    return body


def peer_app(database: str) -> Any:
    """A plain endpoint that stores what it is given."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    idle: list[psycopg.AsyncConnection[Any]] = []

    async def records(request: Request) -> JSONResponse:
        body, at, rows = await request.body(), 0, []
        while at < len(body):
            name, digest, size = _ENTRY.unpack_from(body, at)
            at += _ENTRY.size
            rows.append((name, digest, body[at : at + size]))
            at += size
        rows.sort()
        connection = idle.pop() if idle else await _connect(database)
        async with connection.cursor(binary=True) as cursor:
            await cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])
            new = len(await cursor.fetchall())
        idle.append(connection)
        return JSONResponse({"stored": new})

    return Starlette(routes=[Route("/records", records, methods=["POST"])])


async def _connect(database: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(database, autocommit=True, prepare_threshold=2)


@contextmanager
def peer(database: str, workers: int) -> Iterator[tuple[str, int]]:
    import uvicorn

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def serve() -> None:
            config = uvicorn.Config(peer_app(database), access_log=False, log_config=None, lifespan="off")
            uvicorn.Server(config).run(sockets=[listener])

        processes = [multiprocessing.Process(target=serve) for _ in range(workers)]
        for process in processes:
            process.start()
        time.sleep(1.5)
        try:
            yield listener.getsockname()
        finally:
            for process in processes:
                process.terminate()
                process.join()


def framed(records: list[bytes]) -> bytes:
    return b"".join(_ENTRY.pack(raw[7:23], sha256(raw).digest(), len(raw)) + raw for raw in records)


def database(cluster: str, name: str, *, table: bool) -> str:
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = f"{cluster}/{name}"
    if table:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_TABLE)
    return url


def stored(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int(connection.execute("SELECT count(*) FROM records").fetchone()[0])  # type: ignore[index]


def main() -> None:
    rounds = int(os.environ.get("BENCH_ROUNDS", "2"))
    total = CONNECTIONS * BATCHES * SIZE
    print(f"{total} records in batches of {SIZE}, {CONNECTIONS} connections, {os.cpu_count()} cores for everything")
    best: dict[str, tuple[float, float, float]] = {}
    with tempfile.TemporaryDirectory() as place, postgresql_cluster(durable=True) as cluster:
        for number in range(rounds):
            for name, run in contenders(cluster, Path(place), number).items():
                seconds, took, count = run()
                assert count == len(took) * SIZE, f"{name}: {count} stored of {len(took) * SIZE}"
                took.sort()
                figures = count / seconds, took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
                best[name] = max(best.get(name, (0.0, 0.0, 0.0)), figures)
    limit = best["the same INSERT without HTTP"][0]
    print(f"{'best of ' + str(rounds):<50}{'records/s':>10}{'of limit':>10}{'p50 ms':>9}{'p99 ms':>9}")
    for name, (rate, middle, late) in best.items():
        print(f"{name:<50}{rate:>10,.0f}{rate / limit:>9.0%} {middle:>9.1f}{late:>9.1f}")
    ours, other = (max((v, k) for k, v in best.items() if k.startswith(who)) for who in ("doorstep", "plain"))
    (rate, _, late), (beside, _, beside_late) = ours[0], other[0]
    keep("ingest", [Figure(f"gateway ingest, PostgreSQL, batches of {SIZE}", f">= {AIM:,}/s, p99 < 50 ms",
                           f"{rate:,.0f}/s, {late:.0f} ms", f"plain Starlette {beside:,.0f}/s, {beside_late:.0f} ms",
                           f"{limit:,.0f}/s", rate >= AIM and late < 50)])  # fmt: skip
    print(f"aim: doorstep gateway >= {AIM:,} records/s, p99 < 50 ms")


def contenders(cluster: str, place: Path, number: int) -> dict[str, Callable[[], tuple[float, list[float], int]]]:
    data = place / f"gateway{number}"
    url = database(cluster, f"ours{number}", table=False)
    platform = fresh(url, data)
    tokens = enrol(platform, CONNECTIONS)
    made = templates(platform)
    setup = platform.setup
    platform.close()
    given = [batches(made, FIRST + i, BATCHES, SIZE) for i in range(CONNECTIONS)]
    naming = [batches(made, FIRST + i, BATCHES // 4, SIZE, 3) for i in range(CONNECTIONS)]
    if number == 0:
        print(f"mean record {sum(map(len, given[0][0])) / SIZE:.0f} bytes")

    def limit() -> tuple[float, list[float], int]:
        own = database(cluster, f"limit{number}", table=True)
        return *insert_only(own, given), stored(own)

    def plain(workers: int) -> Callable[[], tuple[float, list[float], int]]:
        def run() -> tuple[float, list[float], int]:
            own = database(cluster, f"peer{number}w{workers}", table=True)
            requests = [[post("x", "/records", "", framed(b)) for b in some] for some in given]
            with peer(own, workers) as address:
                return *over_http(address, requests), stored(own)

        return run

    def ours(workers: int, sent: list[list[list[bytes]]]) -> Callable[[], tuple[float, list[float], int]]:
        def run() -> tuple[float, list[float], int]:
            requests = [
                [post("x", "/v1/records", token, parcel(b)) for b in some]
                for token, some in zip(tokens, sent, strict=True)
            ]
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("TRUNCATE records, waiting, attachments, record_attachments")
            with served(setup, workers=workers) as address:
                return *over_http(address, requests), stored(url)

        return run

    return {
        "the same INSERT without HTTP": limit,
        "plain Starlette, uvicorn, psycopg, 1 process": plain(1),
        "plain Starlette, uvicorn, psycopg, 2": plain(2),
        "doorstep gateway, 1 process": ours(1, given),
        "doorstep gateway, 2": ours(2, given),
        "doorstep gateway, 2, records name 3 attachments": ours(2, naming),
    }


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    sys.exit(main())

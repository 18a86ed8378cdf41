# SPDX-License-Identifier: Apache-2.0
"""A morning after an outage: 10,000 terminals come back to one gateway with what they kept, and nobody is lost.

Each asks for a new token, posts its records in batches of 50, reads its feed, and hangs up; one in a hundred has ten
times as much. Who is sent away (503) comes again as terminals do: after what Retry-After says, spread at random.
Once they come within 20 s (terminals spread over up to five minutes), once all in the same second.
Load, gateway (two processes) and PostgreSQL share this machine's cores. Opening is left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import jwt
import psycopg
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gateway_load import FIRST, Template, batches, client_id, enrol, fresh, parcel, post, served, templates
from postgresql_cluster import postgresql_cluster

from contract.ids import uuid7
from offline.sync.backoff import backoff

TERMINALS = int(os.environ.get("BENCH_TERMINALS", "10000"))
SIZE = 50
HEAVY_EVERY, HEAVY = 100, 10  # one terminal in so many has so many batches
AT_ONCE = 3  # batches of one terminal in flight, as our terminals do
STEADY = 8  # connections of the calm beforehand
_GRANT = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}


@dataclass
class Told:
    """What the terminals saw."""

    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    requests: int = 0
    away: int = 0
    broken: int = 0
    longest_wait: int = 0
    took: dict[int, float] = field(default_factory=dict)  # seconds from its first attempt until all is acknowledged
    arrivals: list[float] = field(default_factory=list)  # when each batch was acknowledged


class SentAwayError(Exception):
    """503, with the seconds that were asked for."""


class Crowd:
    """Terminals at one gateway."""

    def __init__(self, address: tuple[str, int], key: Ed25519PrivateKey, told: Told) -> None:
        self._address = address
        self._key = key
        self.told = told

    async def come_back(self, terminal: int, load: list[bytes], after: float) -> None:
        """One terminal, until all that it has is acknowledged and it has read its feed."""
        rng = random.Random(terminal)
        await asyncio.sleep(after)
        began = time.perf_counter()
        token, left, failures = "", list(load), 0
        while True:
            try:
                reader, writer = await asyncio.open_connection(*self._address)
                try:
                    token = token or await self._token(reader, writer, terminal)
                    while left:
                        flight = left[:AT_ONCE]
                        writer.write(b"".join(post("x", "/v1/records", token, body) for body in flight))
                        for body in flight:
                            self._count(await self._answer(reader))
                            left.remove(body)
                    self.told.took.setdefault(terminal, time.perf_counter() - began)
                    writer.write(_get("/v1/feed?since=0&limit=200", token))
                    await self._answer(reader)
                finally:
                    writer.close()
                return
            except SentAwayError as away:
                failures += 1
                asked = int(str(away))
                self.told.longest_wait = max(self.told.longest_wait, asked)
                await asyncio.sleep(backoff(failures, rng, asked))
            except (OSError, asyncio.IncompleteReadError):
                failures += 1
                self.told.broken += 1
                await asyncio.sleep(backoff(failures, rng))

    async def _token(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, terminal: int) -> str:
        name = client_id(terminal)
        claims = {"iss": name, "sub": name, "aud": "/v1/token", "jti": uuid7(), "exp": int(time.time()) + 200}
        form = urlencode(_GRANT | {"client_assertion": jwt.encode(claims, self._key, algorithm="EdDSA")}).encode()
        writer.write(
            b"POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n" % len(form) + form
        )
        return str(json.loads(await self._answer(reader))["access_token"])

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        """Raises SentAwayError."""
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        self.told.requests += 1
        if head[9:12] == b"503":
            self.told.away += 1
            raise SentAwayError(head.split(b"retry-after:")[1].split(b"\r\n")[0].decode().strip())
        if head[9:12] != b"200":
            raise RuntimeError(f"{head!r} {body!r}")
        return body

    def _count(self, body: bytes) -> None:
        said = Counter(result["status"] for result in json.loads(body)["results"])
        self.told.stored += said["stored"]
        self.told.duplicate += said["duplicate"]
        self.told.refused += said["refused"]
        self.told.arrivals.append(time.perf_counter())


def _get(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def calm(address: tuple[str, int], tokens: list[str], loads: list[list[bytes]]) -> float:
    """Records a second from a few terminals that send one batch after the other: what this machine can take."""

    async def one(token: str, load: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection(*address)
        for body in load:
            writer.write(post("x", "/v1/records", token, body))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(t, load) for t, load in zip(tokens, loads, strict=True)))
    return sum(map(len, loads)) * SIZE / (time.perf_counter() - began)


def parcels(made: list[Template], terminal: int, count: int) -> list[bytes]:
    return [parcel(batch) for batch in batches(made, terminal, count, SIZE)]


def share_of(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def fairness(values: list[float]) -> float:
    """Jain's index: 1 when all waited equally long, 1/n when one waited for all."""
    return sum(values) ** 2 / (len(values) * sum(v * v for v in values))


def peak(arrivals: list[float]) -> int:
    """Records acknowledged in the best second."""
    return max(Counter(int(at) for at in arrivals).values()) * SIZE


async def storm(address: tuple[str, int], key: Ed25519PrivateKey, loads: dict[int, list[bytes]], within: float) -> Told:
    crowd = Crowd(address, key, Told())
    rng = random.Random(7)
    async with asyncio.TaskGroup() as group:
        for terminal, load in loads.items():
            group.create_task(crowd.come_back(terminal, load, rng.uniform(0, within)))
    return crowd.told


def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    key = Ed25519PrivateKey.generate()
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as place, postgresql_cluster(durable=True) as cluster:
        with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE fleet")
        url = f"{cluster}/fleet"
        platform = fresh(url, Path(place))
        tokens = enrol(platform, TERMINALS + STEADY, key)[TERMINALS:]
        made, setup = templates(platform), platform.setup
        platform.close()
        steady = [parcels(made, FIRST + TERMINALS + i, 150) for i in range(STEADY)]
        loads = {FIRST + i: parcels(made, FIRST + i, 1 if i % HEAVY_EVERY else HEAVY) for i in range(TERMINALS)}
        total = sum(map(len, loads.values())) * SIZE
        for name, within in (("within 20 s", 20.0), ("all in one second", 1.0)):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("TRUNCATE records, waiting, used_assertions")
            with served(setup, workers=2) as address:
                rate = uvloop.run(calm(address, tokens, steady))
                before = _kept(url)
                began = time.perf_counter()
                told = uvloop.run(storm(address, key, loads, within))
                seconds = max(told.arrivals) - began
                kept = _kept(url) - before
            took = list(told.took.values())
            light = [t for terminal, t in told.took.items() if (terminal - FIRST) % HEAVY_EVERY]
            rows += [
                (f"{TERMINALS:,} terminals return", name),
                ("  records kept of those sent", f"{kept:,} of {total:,}"),
                ("  lost / refused / sent twice and known", f"{total - kept} / {told.refused} / {told.duplicate}"),
                ("  terminals with everything acknowledged", f"{len(took):,}"),
                ("  until all are in", f"{seconds:.1f} s"),
                ("  ratio to those records from 8 steady senders", f"{seconds / (total / rate):.2f} x"),
                ("  records/s: 8 steady senders before / mean / best second",
                 f"{rate:,.0f} / {total / seconds:,.0f} / {peak(told.arrivals):,}"),
                ("  requests / sent away with 503 / broken off", f"{told.requests:,} / {told.away:,} / {told.broken}"),
                ("  longest Retry-After", f"{told.longest_wait} s"),
                ("  a terminal's time: median / 99 % / longest",
                 f"{share_of(took, 0.5):.1f} / {share_of(took, 0.99):.1f} / {max(took):.1f} s"),
                ("  fairness among those with one batch (Jain)", f"{fairness(light):.2f}"),
            ]  # fmt: skip
            if kept != total or told.stored + told.duplicate < total or told.refused or len(took) != TERMINALS:
                print(*rows, sep="\n")
                raise SystemExit("something was lost")
    for left, right in rows:
        print(f"{left:<62}{right}")


def _kept(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM records").fetchone()
        assert row is not None
        return int(row[0])


if __name__ == "__main__":
    sys.exit(main())

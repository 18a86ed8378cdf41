# SPDX-License-Identifier: Apache-2.0
"""One durable submit: what an application costs on the disk, beside a bare append of the same bytes with one fdatasync.

The rows take turns, sample by sample, so that a busy moment of the disk meets all of them. "append" is the moment of
truth alone; "confirmed" is all that a resident waits for (sealing, signing, append, sync); "indexed" is the vault,
which follows after the confirmation.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.figures import Figure, keep
from contract.application import Application, Consent, MaterialAnswer, Value
from contract.parcel import FrameType, frame
from contract.sample import sample_catalogue
from contract.sample.people import example_values
from contract.sealing import OpeningKey, PlatformKeys
from offline.enrolment import Enrolment, TerminalKeys
from offline.registration import Attachment
from offline.store.spool import Place, Spool
from offline.terminal import Terminal

AIM = 1.2  # times the bare append, 99th percentile
PICTURES = (0, 3)
PICTURE = 200_000  # bytes


def new_terminal(data: Path) -> Terminal:
    """Enrolled at a platform that is not there."""
    platform = PlatformKeys(Ed25519PrivateKey.generate().public_key(), (OpeningKey.new().public,))
    terminal = Terminal.open(data)
    terminal.adopt(
        Enrolment(421, "t", "http://127.0.0.1:9", platform, "http://127.0.0.1:9", "", "", ""), TerminalKeys.new()
    )
    terminal.accept_catalogue(sample_catalogue().document)
    return terminal


def application(code: str, rng: random.Random) -> Application:
    """An application of a fictional person."""
    item = sample_catalogue().item("old80")
    identity, values = example_values(item, rng, date(2026, 11, 23))
    return Application(
        item.id, item.version, item.content_hash, code, identity,
        {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
        Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
    )  # fmt: skip


def pictures(count: int, rng: random.Random) -> list[Attachment]:
    """Bytes that do not compress, like pictures."""
    return [Attachment(f"{n:064x}", rng.randbytes(PICTURE), "image/jpeg", "idcard") for n in range(count)]


class Bare:
    """The least that a durable append can be."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def append(self, data: bytes) -> None:
        os.write(self._handle, data)
        os.fdatasync(self._handle)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measure(count: int, samples: int, folder: Path) -> dict[str, list[float]]:
    """Milliseconds of each row."""
    rng = random.Random(count)
    rows: dict[str, list[float]] = {name: [] for name in ("bare append", "append", "confirmed", "indexed after")}
    bare, spool = Bare(folder / f"bare-{count}"), Spool(folder / f"spool-{count}")
    with new_terminal(folder / f"terminal-{count}") as terminal:
        for _ in range(samples):
            made, files = application(terminal.new_tracking_code(), rng), pictures(count, rng)
            rows["confirmed"].append(timed(lambda m=made, f=files: terminal.submit(m, f)))  # type: ignore[misc]
            rows["indexed after"].append(timed(terminal.free_space))
            rows["indexed after"][-1] = timed(lambda: terminal.ask(lambda _o, _i, _s: None))
            bodies = newest(terminal)
            data = b"".join(frame(kind, body) for kind, body in bodies)
            # in turns, so that neither is always the one behind the other's writes
            for name in rng.sample(("bare append", "append"), 2):
                work = (lambda d=data: bare.append(d)) if name == "bare append" else (lambda b=bodies: spool.append(b))
                rows[name].append(timed(work))
            spool.prepare()  # as the terminal does after each confirmation
    spool.close()
    return rows


def newest(terminal: Terminal) -> list[tuple[int, bytes]]:
    """What the last submit has appended."""

    def read(_outbox: object, _inbox: object, spool: Spool) -> list[tuple[int, bytes]]:
        group: list[tuple[int, bytes]] = []
        end = 0
        for placed in spool.walk(read_from[0]):
            group.append((placed.frame.type, spool.read(placed.place)))
            if placed.frame.type == FrameType.RECORD:
                end += 1
                read_from[0] = placed.place
        assert end == 1
        return [(kind, body) for kind, body in group if kind != 0x81]

    read_from = _MARKS.setdefault(id(terminal), [None])
    return terminal.ask(read)


_MARKS: dict[int, list[Place | None]] = {}


def quantile(found: list[float], part: float) -> float:
    """Of sorted samples."""
    return sorted(found)[min(len(found) - 1, int(len(found) * part))]


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=1000)
    samples = options.parse_args().samples
    missed = False
    figures = []
    print(f"{'pictures':>8}  {'row':15}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}{'p50 x bare':>12}{'p99 x bare':>12}")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for count in PICTURES:
            rows = measure(count, samples if count == 0 else max(50, samples // 5), Path(folder))
            base = rows["bare append"]
            for name, found in rows.items():
                p50, p99 = quantile(found, 0.5), quantile(found, 0.99)
                print(
                    f"{count:8}  {name:15}{p50:9.3f}{quantile(found, 0.9):9.3f}{p99:9.3f}"
                    f"{p50 / quantile(base, 0.5):12.2f}{p99 / quantile(base, 0.99):12.2f}"
                )
                if name == "append":
                    ratio = p99 / quantile(base, 0.99)
                    missed |= ratio > AIM
                    figures.append(
                        Figure(f"durable submit, {count} pictures: p99 / bare append and sync", f"<= {AIM} x",
                               f"{ratio:.2f} x ({p99:.2f} ms)", "-", "1.0 x", ratio <= AIM)
                    )  # fmt: skip
    keep("submit", figures)
    print(f"aim: p99 of append at most {AIM} x bare" + (": not reached in this run" if missed else ""))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""A real gateway as a process of its own: custody and opening behind its port, sticks by its import, kill -9 where
that is the fault. It is forked from this process, so that one killed is there again in a moment."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from bench.faults.child import line_of
from bench.faults.history import Arrived
from contract.application import Application
from contract.packing import from_cbor
from gateway.command import gateway
from gateway.database.tables import opened
from gateway.platform import Platform
from gateway.sticks.importing import import_parcel

OPENED_WITHIN = 90.0  # seconds: a row whose opener was killed is leased again after 30


class LivePlatform:
    """Serving from `data` until closed; `codes` are for enrolment, one each. Fork it before there are threads."""

    def __init__(self, data: Path, codes: int) -> None:
        self.data = data
        platform = Platform(data)
        try:
            self.codes = [platform.enrolment.new_code(f"{n}") for n in range(codes)]
        finally:
            platform.close()
        self.port = 0
        self._pid = 0
        self.start()

    def start(self) -> None:
        """Serves, on the same port as before."""
        reader, writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reader)
            self._serve(writer)
        os.close(writer)
        with os.fdopen(reader) as said:
            line = said.readline()
        if "ready on" not in line:
            raise RuntimeError(f"the gateway did not start; see {self.data / 'gateway.log'}")
        self.port = int(line.rsplit(":", 1)[1])

    def _serve(self, told: int) -> None:
        try:
            with (self.data / "gateway.log").open("ab") as log:
                os.dup2(log.fileno(), 2)
            os.dup2(told, 1)
            os.close(told)
            sys.stdout = os.fdopen(1, "w", buffering=1)
            sys.stderr = os.fdopen(2, "w", buffering=1)
            logging.disable(logging.INFO)
            gateway.main(["--data", str(self.data), "--port", str(self.port)], standalone_mode=False)
        finally:
            os._exit(0)

    def kill(self) -> None:
        """As a power supply would."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Ends it in good order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        os.kill(self._pid, how)
        os.waitpid(self._pid, 0)

    def arrived(self) -> list[Arrived]:
        """All that has come, once everything in custody is opened."""
        platform = Platform(self.data)
        try:
            until = time.monotonic() + OPENED_WITHIN
            while platform.cases.waiting() and time.monotonic() < until:
                platform.opening.drain()
                time.sleep(0.2)
            pictures = {r["record_id"]: r["attachments"] for r in platform.cases.listing()}
            with platform.store.reading() as db:
                rows = db.execute(select(opened)).all()
        finally:
            platform.close()
        missed = set(pictures) - {row.id for row in rows}
        unopened = [Arrived(one, "", 0, 0, -1, refusal="it was never opened") for one in missed]
        return unopened + [
            Arrived(
                row.id, row.tracking_code, row.terminal, row.sequence,
                -1 if row.refusal else line_of(Application.from_payload(from_cbor(bytes(row.payload)))),
                row.refusal, all(p["complete"] for p in pictures[row.id]),
            )
            for row in rows
        ]  # fmt: skip


def carry(data: Path, stick: Path, tell: Callable[[str], None]) -> None:
    """Somebody puts the stick into the platform's computer, which leaves its answer on it."""
    began = time.monotonic()
    platform = Platform(data)
    for file in sorted(stick.glob("*.parcel")):
        done = import_parcel(platform, file)
        if done.damage or done.refused:
            tell(f"failed a parcel on the stick: {done.words()}")
    platform.close()
    tell(f"took carry {time.monotonic() - began:.5f} 0")

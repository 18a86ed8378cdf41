# SPDX-License-Identifier: Apache-2.0
"""Our terminal: enrolled and with its applications in the outbox before the clock starts, then the sync engine alone.

    doorstep_client.py URL DATA CODE WORKLOAD [LATE]

WORKLOAD is JSON. Done is when the platform's signed receipts for every record and attachment are in the vault. With
LATE, so many more applications come one by one while attachments are on their way; how long each waited is told.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import time
from pathlib import Path

from bench.peers.line import done, ready, say
from bench.peers.workload import Workload
from offline.registration import Attachment
from offline.sync.engine import SyncEngine
from offline.sync.enrol import enrol
from offline.terminal import Terminal

LOOK = 0.05  # seconds between two looks at the outbox
FIRST, GAP = 8.0, 5.0  # seconds until the first late application, and between two


def submit(terminal: Terminal, load: Workload, number: int, attachments: int) -> None:
    """One application into the outbox."""
    pictures = [load.attachment(number, index) for index in range(1, attachments + 1)]
    files = [Attachment(hashlib.sha256(data).hexdigest(), data, "image/webp") for data in pictures]
    terminal.submit(load.application(number, terminal.new_tracking_code()), files)


def records_wait(terminal: Terminal) -> bool:
    """Whether a record has no receipt."""
    now = terminal.outbox()
    return now.waiting + now.sending > 0


def late_ones(terminal: Terminal, engine: SyncEngine, load: Workload, count: int) -> list[float]:
    """Seconds each late application waited for its receipt."""
    waited = []
    time.sleep(FIRST)
    for number in range(count):
        submit(terminal, load, load.applications + number, 0)
        engine.wake()  # as the kiosk does
        began = time.monotonic()
        while records_wait(terminal):
            time.sleep(LOOK / 5)
        waited.append(time.monotonic() - began)
        time.sleep(GAP)
    return waited


def until_acknowledged(terminal: Terminal) -> bool:
    """Tells when the records are, and returns when all is; False: the platform refused something."""
    records_said = False
    while True:
        now = terminal.outbox()
        if now.parked:
            say("parked", count=now.parked)
            return False
        records_wait = now.waiting + now.sending
        if not records_wait and not records_said:
            records_said = True
            say("records")
        if not records_wait + now.attachments_waiting:
            return True
        time.sleep(LOOK)


def main() -> None:
    """Sends all."""
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)d %(name)s %(message)s")
    url, data, code, work, *late = sys.argv[1:]
    load = Workload(**json.loads(work))
    with Terminal.open(Path(data)) as terminal:
        enrol(terminal, url, code)
        for number in range(load.applications):
            submit(terminal, load, number, load.attachments)
        engine = SyncEngine(terminal)
        ready(sealed=terminal.outbox().bytes_waiting)
        engine.start()
        try:
            if late:
                done(late=late_ones(terminal, engine, load, int(late[0])))
            elif until_acknowledged(terminal):
                done()
        finally:
            engine.stop()


main()

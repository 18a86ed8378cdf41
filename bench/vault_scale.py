# SPDX-License-Identifier: Apache-2.0
"""100,000 applications in the vault: searching, listing and starting beside the same with 1,000.

The applications are really submitted (sealed, in the spool, indexed), one in four with a picture; of ten, nine are
delivered. Each row is the median of many calls over different cases; "open" is a whole start of the terminal.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.figures import Figure, keep
from bench.submit import application, new_terminal
from contract.application import Application
from offline.registration import Attachment
from offline.store.inbox import Inbox
from offline.store.outbox import Outbox
from offline.store.spool import Spool
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal

SIZES = (1_000, 100_000)
AIM = 2.0
CALLS = 300
OPENINGS = 25
TOGETHER = 500  # submissions of one transaction while the stock is made


def fill(data: Path, count: int) -> list[tuple[str, str]]:
    """Submits so many; (tracking code, ID number) of each. Nothing is synced: this is no measurement."""
    rng = random.Random(1)
    people = [application("0" * 12, rng) for _ in range(500)]
    made: list[tuple[str, str]] = []
    with new_terminal(data) as terminal:
        real, os.fdatasync, os.fsync = (os.fdatasync, os.fsync), lambda _handle: None, lambda _handle: None
        terminal.ask(lambda outbox, _i, _s: outbox._vault.run("PRAGMA synchronous = OFF"))
        try:
            for start in range(0, count, TOGETHER):
                numbers = range(start, min(count, start + TOGETHER))
                made += terminal.ask(lambda outbox, _i, _s, n=numbers: fill_some(terminal, outbox, people, n, rng))  # type: ignore[misc]
        finally:
            os.fdatasync, os.fsync = real
    return made


def fill_some(
    terminal: Terminal, outbox: Outbox, people: list[Application], numbers: range, rng: random.Random
) -> list[tuple[str, str]]:
    """In one transaction of the vault."""
    made: list[tuple[str, str]] = []
    with outbox.together():
        for number in numbers:
            one = people[number % len(people)]
            # Every person has two cases, whatever the number of people: what is found is of the same size.
            digits = f"990123{1940 + number % 60}{number // 2:08d}"
            applicant = replace(one.applicant, id_number=digits)
            one = replace(one, tracking_code=terminal.new_tracking_code(), applicant=applicant)
            files = [Attachment(f"{number:064x}", rng.randbytes(2000), "image/jpeg")] if number % 4 == 0 else []
            made.append((one.tracking_code, digits))
            done = terminal.submit(one, files)
            if number % 10:
                terminal.ask(lambda o, _i, _s, r=done.record_id: deliver(o, r))  # type: ignore[misc]
    return made


def deliver(outbox: Outbox, record_id: str) -> None:
    """As receipts do."""
    row = outbox._vault.row("SELECT digest FROM records WHERE id = ?", record_id)
    assert row is not None
    outbox.delivered(record_id, row["digest"], "2026-11-24T09:00:00+00:00")
    for file in outbox._vault.rows("SELECT digest FROM attachments WHERE record_id = ?", record_id):
        outbox.attachment_delivered(file["digest"])


def medians(works: list[Callable[[int], object]], calls: int = CALLS) -> list[float]:
    """Milliseconds of each; they take turns, so that a busy moment of the machine meets all of them."""
    found: list[list[float]] = [[] for _ in works]
    for number in range(-1, calls):
        for work, times in zip(works, found, strict=True):
            began = time.perf_counter()
            work(max(0, number))
            if number >= 0:
                times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in found]


@dataclass(frozen=True)
class Stock:
    """An open terminal with what it holds."""

    terminal: Terminal
    made: list[tuple[str, str]]
    picked: list[tuple[str, str]]

    @property
    def middle(self) -> str:
        """The id of a delivered record with as many before it as behind."""
        case = self.terminal.case(self.made[len(self.made) // 2][0])
        assert case is not None
        return case.record_id

    def rows(self) -> dict[str, Callable[[int], object]]:
        """What is timed."""
        terminal, picked = self.terminal, self.picked

        def ask(work: Callable[[Outbox, Inbox, Spool], Any]) -> Callable[[int], object]:
            return lambda _n: terminal.ask(work)

        return {
            "search by code": lambda n: terminal.case(picked[n][0]),
            "search by person": lambda n: terminal.cases_of(picked[n][1]),
            "list, first page": lambda _n: terminal.records(50),
            "list, a page in the middle": lambda _n: terminal.records(50, before=len(self.made) // 2),
            "list of what waits": lambda _n: terminal.records(50, state="waiting"),
            "sync start: status": lambda _n: terminal.outbox(),
            "sync start: not_sent": ask(lambda outbox, _i, _s: outbox.not_sent()),
            "sync start: 50 records": ask(lambda outbox, _i, _s: outbox.waiting_records(50)),
            "sync start: attachments": ask(lambda outbox, _i, _s: outbox.waiting_attachments(5)),
            "sync start: what is left": ask(lambda outbox, _i, _s: outbox.left()),
            "inventory: first page": ask(lambda outbox, _i, _s: outbox.delivered_page("", 500)),
            "inventory: a page in the middle": lambda _n: terminal.ask(
                lambda outbox, _i, _s: outbox.delivered_page(self.middle, 500)
            ),
            "sync start: connecting to nobody": lambda _n: SyncEngine(terminal).run_once(),
            "a draft looked for": lambda n: terminal.client.drafts.find(picked[n][1]),
            "submit": lambda _n: submit(terminal),
        }


def measure(places: list[Path], made: list[list[tuple[str, str]]]) -> dict[str, list[float]]:
    """Milliseconds of each row, for each place."""
    opening = [(lambda _n, d=data: Terminal.open(d).close()) for data in places]  # type: ignore[misc]
    found = {"open": medians(opening, OPENINGS)}
    with ExitStack() as stack:
        rng = random.Random(2)
        stocks = [
            Stock(stack.enter_context(Terminal.open(data)), some, rng.choices(some, k=CALLS)).rows()
            for data, some in zip(places, made, strict=True)
        ]
        for name in stocks[0]:
            found[name] = medians([rows[name] for rows in stocks])
    return found


def submit(terminal: Terminal) -> None:
    """One more."""
    terminal.submit(application(terminal.new_tracking_code(), random.Random(3)))


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs=2, default=SIZES)
    sizes: list[int] = options.parse_args().sizes
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        places = [Path(folder) / str(size) for size in sizes]
        found = measure(places, [fill(data, size) for data, size in zip(places, sizes, strict=True)])
    print(f"{'':28}{f'{sizes[0]:,}':>12}{f'{sizes[1]:,}':>12}{'ratio':>8}   (median ms)")
    for name, (few, many) in found.items():
        print(f"{name:28}{few:12.3f}{many:12.3f}{many / few:8.2f}")
    keep("vault_scale", [
        Figure(f"{sizes[1]:,} applications: {name}, of that at {sizes[0]:,}", f"<= {AIM} x",
               f"{many / few:.2f} x ({many:.2f} ms)", "-", "1.0 x", many / few <= AIM)
        for name, (few, many) in found.items()
    ])  # fmt: skip
    worst = max(found, key=lambda name: found[name][1] / found[name][0])
    print(f"aim: every ratio at most {AIM}; worst: {worst}, {found[worst][1] / found[worst][0]:.2f}")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""What the platform sent back on a stick: receipts and events, catalogue, calendar. The stick is only read.

A return is taken whole or refused whole. One for another terminal is left alone: it is sealed to that one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from contract.catalogue import load_catalogue
from contract.errors import ContractError
from contract.packing import SHIPPED
from contract.returns import MAX_RETURN, Return, open_return, return_terminal
from contract.sealing import OpeningKey
from offline.errors import NoCatalogue
from offline.stick.medium import MediumFault, medium_faults
from offline.stick.parcel_file import PARCEL_NAME
from offline.store.inbox import Inbox
from offline.store.outbox import Outbox
from offline.store.spool import Spool
from offline.terminal import Terminal

log = logging.getLogger(__name__)
SUFFIX = ".return"
_REMEMBERED = 32  # returns that are recognised when they come again
_PAGE = 200  # statements of one transaction: residents wait for the store's thread meanwhile


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """One file: `status` "taken", "known" (came before), "other-terminal" (left alone) or "refused" (`code`, and
    `reason` in words)."""

    name: str
    status: str
    terminal: int = 0
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnsRead:
    """What came back. `delivered`: records whose receipt came; `events`: news of cases; `foreign`: parcels of other
    terminals on the stick, which were left alone."""

    files: tuple[ReturnFile, ...] = ()
    delivered: int = 0
    events: int = 0
    catalogue: bool = False
    calendar: bool = False
    foreign: int = 0

    def of(self, status: str) -> tuple[ReturnFile, ...]:
        """The files that ended so."""
        return tuple(f for f in self.files if f.status == status)


def take_returns(terminal: Terminal, place: Path) -> ReturnsRead:
    """All returns in a directory, or one file. Files that are refused change nothing and stop nothing.

    Raises MediumFault, NotEnrolled, DiskFull, DiskReadOnly.
    """
    number = terminal.require_enrolment().terminal
    with medium_faults():
        if not place.exists():
            raise MediumFault(f"{place} is not there; name a .return file or the place of the stick", "medium-gone")
        paths = sorted(p for p in place.glob(f"*{SUFFIX}") if p.name[0] != ".") if place.is_dir() else [place]
        parcels = [m for p in place.glob("*.parcel") if (m := PARCEL_NAME.fullmatch(p.name))] if place.is_dir() else []
        contents = [(path, _read(path)) for path in paths if path.is_file()]
    before = _counts(terminal)
    files, opened = [], []
    for path, data in contents:
        found = _open(terminal, path.name, data)
        if isinstance(found, ReturnFile):
            files.append(found)
        else:
            opened.append((path.name, data, found))
    new = [False, False]
    for name, data, content in sorted(opened, key=lambda entry: entry[2].since):
        taken = _take(terminal, content)
        new = [a or b for a, b in zip(new, taken, strict=True)]
        _remember(terminal, data)
        files.append(ReturnFile(name, "taken", number))
    after = _counts(terminal)
    foreign = sum(int(m[1]) != number for m in parcels)
    if opened:
        terminal.journal("returned", files=len(opened), delivered=after[0] - before[0], events=after[1] - before[1])
    return ReturnsRead(tuple(files), after[0] - before[0], after[1] - before[1], new[0], new[1], foreign)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_RETURN + 1)


def _open(terminal: Terminal, name: str, data: bytes) -> Return | ReturnFile:
    enrolment = terminal.require_enrolment()
    try:
        meant = return_terminal(data)
        if meant != enrolment.terminal:
            return ReturnFile(name, "other-terminal", meant)
        if hashlib.sha256(data).hexdigest() in (terminal.fact("returns") or "").split():
            return ReturnFile(name, "known", meant)
        return open_return(data, meant, OpeningKey.of(terminal.keys.seal), enrolment.platform)
    except ContractError as fault:
        log.warning("%s was refused: %s", ascii(name), fault.code)  # a stick's names may be no text
        return ReturnFile(name, "refused", 0, fault.code, str(fault))


def _take(terminal: Terminal, content: Return) -> tuple[bool, bool]:
    """Statements in their order (one may change the keys by which the next is read), then what is published.

    The place in the feed moves on last, and only where nothing is left out between: all of it may be taken again.
    """

    for start in range(0, len(content.entries), _PAGE):
        page = content.entries[start : start + _PAGE]

        def statements(outbox: Outbox, inbox: Inbox, _spool: Spool, page: tuple[str, ...] = page) -> None:
            with outbox.together():
                for entry in page:
                    inbox.take(entry, terminal.require_enrolment().platform)

        terminal.ask(statements)
    news = _published(terminal, content)
    if content.since <= int(terminal.fact("cursor") or 0) < content.cursor:

        def place(outbox: Outbox, _inbox: Inbox, _spool: Spool) -> None:
            with outbox.together():
                terminal.remember("cursor", str(content.cursor))
                terminal.remember("mark", content.mark)

        terminal.ask(place)
        terminal.settle(content.settled)
    return news


def _published(terminal: Terminal, content: Return) -> tuple[bool, bool]:
    """Catalogue and calendar, where this return is younger than what was heard last: a stick may come late.

    What is refused leaves the old one standing, as it does online.
    """
    heard = terminal.fact("last_contact")
    last = max(int(terminal.fact("published_ms") or 0), _ms(heard) if heard else 0)
    if content.created_ms <= last:
        return False, False
    catalogue = content.catalogue is not None and _accept(lambda: _new_catalogue(terminal, content.catalogue or {}))
    calendar = content.calendar is not None and _accept(lambda: _new_calendar(terminal, content.calendar or {}))
    if content.dictionary is not None:
        _accept(lambda: _new_dictionary(terminal, *content.dictionary or (0, b"")))
    terminal.remember("published_ms", str(content.created_ms))
    return catalogue, calendar


def _ms(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


def _accept(take: Callable[[], bool]) -> bool:
    try:
        return take()
    except ContractError as fault:
        log.warning("what was published on the stick was refused, the old one stays: %s", fault.code)
        return False


def _new_catalogue(terminal: Terminal, document: Mapping[str, Any]) -> bool:
    try:
        if terminal.catalogue().content_hash == load_catalogue(document).content_hash:
            return False
    except NoCatalogue:
        log.info("the first catalogue comes on a stick")
    terminal.accept_catalogue(document)
    return True


def _new_calendar(terminal: Terminal, table: Mapping[str, Any]) -> bool:
    known = terminal.calendar()
    terminal.accept_calendar(table)
    return terminal.calendar() != known


def _new_dictionary(terminal: Terminal, number: int, data: bytes) -> bool:
    if number != SHIPPED and not terminal.knows_dictionary(number, hashlib.sha256(data).hexdigest()):
        terminal.accept_dictionary(number, data)
    terminal.use_dictionary(number)
    return True


def _counts(terminal: Terminal) -> tuple[int, int]:
    """Delivered records and known events."""

    def work(outbox: Outbox, inbox: Inbox, _spool: Spool) -> tuple[int, int]:
        status = outbox.status()
        return status.delivered + status.carried_delivered, inbox.event_count()

    return terminal.ask(work)


def _remember(terminal: Terminal, data: bytes) -> None:
    seen = (terminal.fact("returns") or "").split()
    terminal.remember("returns", " ".join([*seen, hashlib.sha256(data).hexdigest()][-_REMEMBERED:]))

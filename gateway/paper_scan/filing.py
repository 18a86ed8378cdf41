# SPDX-License-Identifier: Apache-2.0
"""A pile of scanned forms: the records in their codes are filed as if the network had brought them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract.errors import ContractError
from contract.paper import Assembly, PaperError, sort_symbols
from contract.paper_scan import read_texts
from contract.record import Record
from gateway.errors import GatewayError
from gateway.paper_scan.pages import grey_pages
from gateway.platform import Platform

log = logging.getLogger(__name__)
_BATCH = 200  # records of one transaction


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A form of which codes are missing: their numbers, of so many."""

    short_id: str
    missing: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Pile:
    """What a pile of files held. `refused`: codes and files that were no good, in words; `empty`: files and pages
    without a code of ours, 1 for the first page."""

    records: tuple[Record, ...]
    incomplete: tuple[Incomplete, ...]
    refused: tuple[str, ...]
    empty: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """How a record was taken: `status` "stored", "duplicate" or "refused" with `code` and `reason`."""

    record_id: str
    tracking_code: str
    terminal: int
    status: str
    code: str = ""
    reason: str = ""
    attachments: int = 0


def read_pile(paths: Iterable[Path]) -> Pile:
    """All pages of all files together: a form's codes may be spread over them in any order."""
    texts: list[str] = []
    refused: list[str] = []
    empty: list[tuple[str, int]] = []
    for path in paths:
        try:
            for number, page in enumerate(grey_pages(path), 1):
                found = read_texts(page)
                ours, _ = sort_symbols(found)
                if not ours:
                    empty.append((path.name, number))
                texts += found
        except GatewayError as fault:
            refused.append(str(fault))
    forms, damaged = sort_symbols(texts)
    refused += [str(fault) for fault in damaged]
    records = [record for form in forms if (record := _record(form, refused)) is not None]
    missing = tuple(Incomplete(f.record_id, f.missing, f.total) for f in forms if f.missing)
    return Pile(tuple(records), missing, tuple(refused), tuple(empty))


def _record(form: Assembly, refused: list[str]) -> Record | None:
    try:
        raw = form.record
        return Record.decode(raw) if raw is not None else None
    except (PaperError, ContractError) as fault:
        refused.append(str(fault))
        return None


def file_records(platform: Platform, records: Sequence[Record]) -> list[Filed]:
    """Each is taken or refused by itself; one that is here already stays as it is. They are opened when this ends."""
    results: list[dict[str, Any]] = []
    for start in range(0, len(records), _BATCH):
        raws = [record.encode() for record in records[start : start + _BATCH]]
        results += platform.ingest.take_records(raws).results
    platform.opening.drain()
    filed = []
    for record, verdict in zip(records, results, strict=True):
        header = record.header
        filed.append(
            Filed(
                header.id, header.tracking_code, header.terminal, str(verdict["status"]),
                str(verdict.get("code", "")), str(verdict.get("reason", "")), len(header.attachments),
            )
        )  # fmt: skip
        log.info("record %s of terminal %d came on paper: %s", header.id, header.terminal, verdict["status"])
    return filed

# SPDX-License-Identifier: Apache-2.0
"""`doorstep intake`: applications without a window, one a line; each answered only once it is durable."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from contract.application import Application
from contract.errors import ContractError
from contract.items import Catalogue, ServiceItem
from contract.sample.people import example_line
from offline.client.store import StoreClient
from offline.errors import AttachmentRejected, OfflineError
from offline.intake.example_photo import example_photo
from offline.intake.lines import LineRefused, read_line
from offline.port.reach import reach
from offline.registration import Submitted
from offline.store.submission import HandInRefused

_KEYS = {"item", "identity", "values", "materials", "staff", "agent", "consent"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), required=False)
@click.option("--data", type=click.Path(path_type=Path), help="The terminal's data directory.")
@click.option("--example", "example", metavar="ITEM", help="Print valid lines of fictional people for this item.")
@click.option("--count", default=1, show_default=True, type=click.IntRange(1), help="With --example: how many lines.")
@click.option("--seed", default=0, show_default=True, help="With --example: the same seed gives the same lines.")
def intake(file: Path | None, data: Path | None, example: str | None, count: int, seed: int) -> None:
    """Take applications from FILE, one JSON object a line (- reads standard input).

    Prints one JSON object for each: line, tracking_code and record_id once it is on disk, or errors.
    The exit status is 0 only when every line was taken.
    """
    if example is not None:
        _print_examples(example, count, seed, data)
        return
    if file is None or data is None:
        raise click.UsageError("FILE and --data are needed (or --example ITEM)")
    try:
        with reach(data) as client, click.open_file(str(file), encoding="utf-8") as lines:
            refused = sum(not _answer(client, number, line, file.parent) for number, line in _numbered(lines))
    except OfflineError as fault:
        raise click.ClickException(f"{fault} ({fault.code})") from fault
    if refused:
        raise SystemExit(1)


def _numbered(lines: TextIO | Any) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def _answer(client: StoreClient, number: int, line: str, base: Path) -> bool:
    """Takes one line and prints its answer; False where it was refused. A full disk ends the whole run."""
    answer: dict[str, Any] = {"line": number}
    try:
        done = take_line(client, _parse(line), base)
        answer |= {"tracking_code": done.tracking_code, "record_id": done.record_id, "confirmed_at": done.confirmed_at}
    except LineRefused as refused:
        answer["errors"] = [{k: v for k, v in asdict(p).items() if v} for p in refused.problems]
    except (AttachmentRejected, HandInRefused, ContractError) as refused:  # of this line; the next may be good
        answer["errors"] = [{"code": refused.code, "message": str(refused)}]
    print(json.dumps(answer, ensure_ascii=False), flush=True)
    return "errors" not in answer


def _parse(line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as fault:
        raise LineRefused.one("", "json", f"the line is no JSON: {fault}") from fault
    if not isinstance(value, dict):
        raise LineRefused.one("", "json", "the line is no JSON object")
    for name in set(value) - _KEYS:
        raise LineRefused.one(name, "unknown-field", f"a line has only {', '.join(sorted(_KEYS))}")
    return value


def take_line(client: StoreClient, line: Mapping[str, Any], base: Path) -> Submitted:
    """Checks a line as the form does and registers it. Raises LineRefused, OfflineError."""
    application, files = read_line(client.catalogue(), line, base, client.now())
    return client.registrar.submit(_with_code(application, client.registrar.new_tracking_code()), files)


def _with_code(application: Application, code: str) -> Application:
    from dataclasses import replace

    return replace(application, tracking_code=code)


def _print_examples(item_id: str, count: int, seed: int, data: Path | None) -> None:
    from contract.sample import sample_catalogue

    if data is None:
        catalogue, today = sample_catalogue(), datetime.now().date()
    else:
        try:
            with reach(data) as client:
                catalogue, today = client.catalogue(), client.now().date()
        except OfflineError as fault:
            raise click.ClickException(f"{fault} ({fault.code})") from fault
    try:
        item = catalogue.item(item_id)
    except ContractError as fault:
        raise click.ClickException(f"{fault}; there are: {', '.join(catalogue.items)}") from fault
    for line in _examples(item, catalogue, count, seed, today):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _examples(item: ServiceItem, catalogue: Catalogue, count: int, seed: int, today: date) -> Iterator[dict[str, Any]]:
    rng = random.Random(f"{item.id} {seed}")
    for _ in range(count):
        line = example_line(item, rng, today, catalogue)
        line["values"] |= {f.id: example_photo(rng) for f in item.fields if f.type == "image"}
        yield line

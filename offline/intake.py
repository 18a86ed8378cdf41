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

from contract.application import Agent, Application, Consent, MaterialAnswer, StaffAct, Value, check_application
from contract.checking import Problem
from contract.errors import ContractError
from contract.identity import Identity
from contract.items import Catalogue, ServiceItem
from contract.sample.people import example_line
from offline.attachments import prepare_image
from offline.client.store import StoreClient
from offline.errors import AttachmentRejected, OfflineError
from offline.example_photo import example_photo, picture_of
from offline.port.reach import reach
from offline.store.submission import Attachment, HandInRefused, Submitted

_KEYS = {"item", "identity", "values", "materials", "staff", "agent", "consent"}


class LineRefused(Exception):
    """A line that is not taken; all its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems

    @staticmethod
    def one(field: str, code: str, message: str) -> LineRefused:
        """A single problem."""
        return LineRefused([Problem(field, code, message)])


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


def read_line(
    catalogue: Catalogue, line: Mapping[str, Any], base: Path, now: datetime
) -> tuple[Application, list[Attachment]]:
    """The application of a line, still without its code, and its pictures. Raises LineRefused."""
    item = _item(catalogue, line)
    identity = _identity(line.get("identity"))
    staff = _staff(line.get("staff"))
    answers, files = _materials(line.get("materials", []), base)
    values = _values(item, line.get("values"), files, base)
    application = Application(
        item.id, item.version, item.content_hash, "000000000000", identity, values, answers,
        Consent("paper", now.isoformat(timespec="seconds"), True, False), now.isoformat(timespec="seconds"),
        agent=_agent(line.get("agent")), staff=staff, channel="intake",
    )  # fmt: skip
    problems = check_application(item, application, today=now.date())
    if problems:
        raise LineRefused(problems)
    return application, files


def _with_code(application: Application, code: str) -> Application:
    from dataclasses import replace

    return replace(application, tracking_code=code)


def _item(catalogue: Catalogue, line: Mapping[str, Any]) -> ServiceItem:
    try:
        return catalogue.item(str(line.get("item", "")))
    except ContractError as fault:
        raise LineRefused.one("item", fault.code, str(fault)) from fault


def _identity(given: Any) -> Identity:
    try:
        return Identity.from_dict(given)
    except (ContractError, TypeError, ValueError) as fault:
        raise LineRefused.one("identity", "identity-malformed", f"identity: {fault}") from fault


def _staff(given: Any) -> StaffAct:
    """An importer answers for the paper: who entered it, and that the signature is on paper."""
    if not isinstance(given, str) or not given.strip():
        raise LineRefused.one("staff", "required", "say who entered this: staff")
    return StaffAct("", given.strip(), ("entered-values", "paper-signature"))


def _agent(given: Any) -> Agent | None:
    if given is None:
        return None
    try:
        return Agent(**{**given, "identity": Identity.from_dict(given["identity"])})
    except (ContractError, KeyError, TypeError) as fault:
        raise LineRefused.one("agent", "agent-malformed", f"agent: {fault}") from fault


def _read_picture(path: Path, field: str, material: str | None) -> Attachment:
    try:
        return prepare_image(path.read_bytes(), material=material)
    except OSError as fault:
        raise LineRefused.one(field, "attachment-missing", f"{path.name} cannot be read: {fault.strerror}") from fault
    except OfflineError as fault:
        raise LineRefused.one(field, fault.code, f"{path.name}: {fault}") from fault


def _carried_picture(url: str, field: str) -> Attachment:
    content = picture_of(url)
    if content is None:
        raise LineRefused.one(
            field, "malformed", "a picture in the line is data:image/...;base64,... ; or name its file"
        )
    try:
        return prepare_image(content)
    except OfflineError as fault:
        raise LineRefused.one(field, fault.code, str(fault)) from fault


def _materials(given: Any, base: Path) -> tuple[tuple[MaterialAnswer, ...], list[Attachment]]:
    """Answers {"material", "how"?, "files"?: [paths]}; paths are relative to the file of lines."""
    answers, files = [], []
    if not isinstance(given, list):
        raise LineRefused.one("materials", "malformed", "materials are a list")
    for entry in given:
        match entry:
            case {"material": str(material), **rest} if set(rest) <= {"how", "files"}:
                paths = rest.get("files", [])
                if not isinstance(paths, list):
                    raise LineRefused.one(f"materials.{material}", "malformed", "files is a list of paths")
                found = [_read_picture(base / str(p), f"materials.{material}", material) for p in paths]
                how = str(rest.get("how", "scanned" if found else "later"))
                answers.append(MaterialAnswer(material, how, tuple(f.digest for f in found)))
                files += found
            case _:
                raise LineRefused.one("materials", "malformed", 'a material is {"material", "how", "files"}')
    return tuple(answers), files


def _values(item: ServiceItem, given: Any, files: list[Attachment], base: Path) -> dict[str, Value]:
    if not isinstance(given, dict):
        raise LineRefused.one("values", "malformed", "values are an object")
    kinds = {f.id: f for f in item.fields}
    values = {}
    for name, data in given.items():
        field = kinds.get(name)
        if field is not None and field.type == "image" and isinstance(data, str):
            picture = (
                _carried_picture(data, name) if data.startswith("data:") else _read_picture(base / data, name, None)
            )
            files.append(picture)
            data = {"attachment": picture.digest, "media_type": picture.media_type}
        values[str(name)] = Value(data, "paper")
    return values


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

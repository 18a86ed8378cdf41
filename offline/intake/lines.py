# SPDX-License-Identifier: Apache-2.0
"""One line of a file of applications, read and checked as the form does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from contract.application import Agent, Application, Consent, MaterialAnswer, StaffAct, Value, check_application
from contract.checking import Problem
from contract.errors import ContractError
from contract.identity import Identity
from contract.items import Catalogue, ServiceItem
from offline.client.images import prepare_image
from offline.errors import OfflineError
from offline.intake.example_photo import picture_of
from offline.registration import Attachment


class LineRefused(Exception):
    """A line that is not taken; all its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems

    @staticmethod
    def one(field: str, code: str, message: str) -> LineRefused:
        """A single problem."""
        return LineRefused([Problem(field, code, message)])


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


def _picture_within(url: str, field: str) -> Attachment:
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
                _picture_within(data, name) if data.startswith("data:") else _read_picture(base / data, name, None)
            )
            files.append(picture)
            data = {"attachment": picture.digest, "media_type": picture.media_type}
        values[str(name)] = Value(data, "paper")
    return values

# SPDX-License-Identifier: Apache-2.0
"""Catalogue, calendar and the description of the contract."""

from __future__ import annotations

import ast
import copy
import hashlib
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
import zstandard
from click.testing import CliRunner
from starlette.routing import Route

import gateway as gateway_package
from contract.catalogue import CatalogueError, apply_delta, document_hash
from contract.openapi import openapi
from contract.packing import FIRST_PUBLISHED, SHIPPED, Dictionaries, to_cbor
from contract.sample import sample_catalogue, sample_text
from gateway.command import gateway as command
from gateway.http.app import create_app
from tests.gateway.conftest import HandTerminal, where
from tests.live import LiveGateway


def newer() -> dict[str, object]:
    document = copy.deepcopy(dict(sample_catalogue().document))
    document["version"] = "2026.12.1"
    document["items"][2]["fee"] = "10元"
    return document


def test_the_catalogue_comes_whole_then_not_at_all_then_as_a_delta(terminal: HandTerminal) -> None:
    first = terminal.call("GET", "/v1/catalogue")
    document, tag = first.json()["document"], first.headers["ETag"]
    assert document_hash(document) == first.json()["content_hash"] == tag.strip('"')
    assert int(first.headers["Content-Length"]) < len(first.content) / 3, "compressed for those who take it"
    plain = terminal.call("GET", "/v1/catalogue", headers={"Accept-Encoding": "identity"})
    assert (plain.content, "Content-Encoding" in plain.headers) == (first.content, False)
    assert terminal.call("GET", "/v1/catalogue", headers={"If-None-Match": tag}).status_code == 304
    terminal.gateway.platform.publications.publish(newer())
    second = terminal.call("GET", "/v1/catalogue?since=2026.11.1", headers={"If-None-Match": tag})
    assert len(second.content) < len(first.content) / 5
    assert document_hash(apply_delta(document, second.json()["delta"])) == second.json()["content_hash"]
    assert "document" in terminal.call("GET", "/v1/catalogue?since=1999").json()


def test_a_wrong_catalogue_is_refused_whole_and_the_old_one_stays(terminal: HandTerminal) -> None:
    shelf = terminal.gateway.platform.publications
    for field, value in (("fields", {"reason": {"label": "x", "type": "hologram"}}), ("items", [])):
        with pytest.raises(CatalogueError):
            shelf.publish(newer() | {field: value})
    forbidden = newer()
    forbidden["materials"]["hukou"]["name"] = "村委会开具的婚姻状况证明"  # type: ignore[index]
    with pytest.raises(CatalogueError):
        shelf.publish(forbidden)
    assert terminal.call("GET", "/v1/catalogue").json()["version"] == "2026.11.1"


def test_a_wrong_catalogue_file_stops_the_start_with_every_problem(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    document = yaml.safe_load(sample_text("catalogue.yaml"))
    document["fields"]["reason"]["type"] = "hologram"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    done = CliRunner().invoke(command, ["--data", str(tmp_path / "g"), "--port", "0", "--catalogue", str(file)])
    assert done.exit_code == 1
    assert "fields.reason: field type 'hologram' is unknown" in done.output


def test_the_calendar_has_its_tag(terminal: HandTerminal) -> None:
    answer = terminal.call("GET", "/v1/calendar")
    assert answer.json()["calendar"]["years"] == [2026]
    tagged = terminal.call("GET", "/v1/calendar", headers={"If-None-Match": answer.headers["ETag"]})
    assert tagged.status_code == 304


def test_the_description_is_published_and_true(gateway: LiveGateway) -> None:
    described = {
        (path, method.upper())
        for path, methods in requests.get(gateway.url + "/v1/openapi.json", timeout=10).json()["paths"].items()
        for method in methods
        if method in ("get", "post", "head", "patch", "put", "delete")
    }
    app = create_app(gateway.platform)
    served = {
        (route.path.replace(":int", ""), method)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or {"GET"})
        if not (method == "HEAD" and "GET" in (route.methods or set()))
    }
    assert described == served
    assert openapi()["openapi"].startswith("3.1")


def described_codes() -> set[str]:
    """Every `error` that the description has."""
    found = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if "error" in part.get("properties", {}):
                said = part["properties"]["error"]
                found.update(said.get("enum", []) or [said["const"]] if "pattern" not in said else [])
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(openapi())
    return found


def test_every_refusal_is_described_and_no_other() -> None:
    desks = {"cases", "officers", "desk", "paper_scan"}  # officers and operators see these, terminals do not
    raised = {  # not by GatewayError
        "store-away", "value", "parcel-damaged", "dictionary-unknown", "not-found", "http", "opener-stuck",
    }  # fmt: skip
    for path in Path(gateway_package.__file__).parent.rglob("*.py"):
        if desks & {path.stem, *path.parts}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="GatewayError"), args=[_, ast.Constant(value=code), *_]):
                    raised.add(code)
    assert described_codes() == raised - {"attachment-missing"}  # said of a blob, to officers only


def test_health(gateway: LiveGateway) -> None:
    assert requests.get(gateway.url + "/health", timeout=10).json() == {
        "status": "ok", "parts": {"database": "ok", "keys": "ok", "opener": "ok", "attachments": "ok"},
    }  # fmt: skip
    missing = requests.get(gateway.url + "/nothing", timeout=10)
    assert (missing.status_code, missing.headers["Doorstep-Gateway"]) == (404, "1")


def test_a_dictionary_is_published_by_command_while_the_gateway_serves(terminal: HandTerminal, tmp_path: Path) -> None:
    platform = terminal.gateway.platform
    first = terminal.feed()["dictionary"]
    assert first["id"] == SHIPPED
    samples = [to_cbor(terminal.application().to_payload()) for _ in range(40)]
    trained = zstandard.train_dictionary(4096, samples).as_bytes()
    file = tmp_path / "new.dict"
    for content, told in ((b"no dictionary", "dictionary-malformed"), (trained, "dictionary 16 is published")):
        file.write_bytes(content)
        done = CliRunner().invoke(command, ["publish-dictionary", *where(platform.setup), str(file)])
        assert told in done.output
        assert (done.exit_code == 0) == (content == trained)
    second = terminal.feed()["dictionary"]
    assert second == {"id": FIRST_PUBLISHED, "content_hash": hashlib.sha256(trained).hexdigest()}
    got = terminal.call("GET", f"/v1/dictionary/{FIRST_PUBLISHED}")
    assert (got.content, got.headers["ETag"]) == (trained, f'"{second["content_hash"]}"')
    tagged = terminal.call("GET", f"/v1/dictionary/{FIRST_PUBLISHED}", headers={"If-None-Match": got.headers["ETag"]})
    assert (tagged.status_code, tagged.content) == (304, b"")
    shipped = terminal.call("GET", f"/v1/dictionary/{SHIPPED}").content
    assert hashlib.sha256(shipped).hexdigest() == first["content_hash"]
    for number in (0, 17, 99_999):
        assert terminal.call("GET", f"/v1/dictionary/{number}").json()["error"] == "dictionary-unknown"
    shelf = Dictionaries()
    shelf.add(FIRST_PUBLISHED, trained)
    packed = terminal.record(terminal.application(), dictionary=FIRST_PUBLISHED, dictionaries=shelf)
    assert terminal.fate(packed) == ("received", "")
    assert terminal.fate(terminal.record(terminal.application())) == ("received", "")

# SPDX-License-Identifier: Apache-2.0
"""Where whole attachments are kept: a directory and an S3-compatible store behave alike, also when they fail."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer

from contract.events import Receipts, read_statement
from gateway.attachments.blobs import Blobs, blobs_at
from gateway.command import gateway as command
from gateway.errors import DatabaseUnusableError, GatewayError
from gateway.platform import Setup
from tests.gateway.conftest import HandTerminal
from tests.live import live_gateway

CONTENT = os.urandom(9 * 1024 * 1024)  # in S3, more than one part
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Store:
    """An S3-compatible server that can be stopped."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"

    def bucket(self, name: str) -> str:
        boto3.client("s3", endpoint_url=self.url).create_bucket(Bucket=name)
        return f"s3://{name}/province/2026"

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "doorstep"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_DEFAULT_REGION", "us-east-1"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    store = Store()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", store.url)
    yield store
    store.stop()


@pytest.fixture(params=["data directory", "same disk", "another disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What the operator names; nothing for the data directory."""
    match request.param:
        case "s3":
            store: Store = request.getfixturevalue("s3")
            yield store.bucket("attachments")
        case "another disk":
            if os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
                pytest.skip("there is only one file system here")
            with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
                yield other
        case "same disk":
            yield str(tmp_path / "attachments-here")
        case _:
            yield ""


@pytest.fixture
def blobs(place: str, tmp_path: Path) -> Blobs:
    return blobs_at(place, tmp_path)


def part(tmp_path: Path, content: bytes = CONTENT) -> Path:
    path = tmp_path / "some.part"
    path.write_bytes(content)
    return path


def test_what_is_kept_comes_back(blobs: Blobs, tmp_path: Path) -> None:
    assert not blobs.has(DIGEST)
    for _ in range(2):  # twice is harmless
        blobs.keep(DIGEST, part(tmp_path))
        assert not (tmp_path / "some.part").exists()
    assert blobs.has(DIGEST)
    with blobs.open(DIGEST) as stream:
        assert stream.read(100) == CONTENT[:100]
        assert hashlib.sha256(CONTENT[:100] + stream.read()).hexdigest() == DIGEST


def test_what_is_not_there_is_named(blobs: Blobs) -> None:
    with pytest.raises(GatewayError) as missing:
        blobs.open("0" * 64)
    assert (missing.value.status, missing.value.code) == (404, "attachment-missing")
    with pytest.raises(GatewayError) as wrong:
        blobs.open("../session.key")
    assert wrong.value.code == "digest"


def test_an_attachment_goes_all_the_way(place: str, tmp_path: Path) -> None:
    plain = os.urandom(300_000)
    with live_gateway(tmp_path / "gateway", setup=Setup(tmp_path / "gateway", attachments=place)) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            box = terminal.sealed_file(plain)
            terminal.verdict(terminal.record(terminal.application(), [box]))
            path = f"/v1/attachments/{hashlib.sha256(box).hexdigest()}"
            done = terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=box)
            assert isinstance(read_statement(done.json()["receipt"], terminal.platform_keys), Receipts)
            assert terminal.call("HEAD", path).headers["Upload-Offset"] == str(len(box))
        assert b"".join(live.platform.cases.attachment(path.rsplit("/", 1)[1])) == plain
        assert list((tmp_path / "gateway" / "partials").iterdir()) == []


def test_a_store_that_is_away_is_said_and_nothing_is_lost(s3: Store, tmp_path: Path) -> None:
    setup = Setup(tmp_path / "gateway", attachments=s3.bucket("attachments"))
    with live_gateway(setup.data, setup=setup) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            box = terminal.sealed_file(b"picture")
            terminal.verdict(terminal.record(terminal.application(), [box]))
            path = f"/v1/attachments/{hashlib.sha256(box).hexdigest()}"
            s3.stop()
            away = terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=box)
            assert (away.status_code, away.json()["error"], away.headers["Retry-After"]) == (503, "blobs-away", "30")
            assert (tmp_path / "gateway" / "partials" / f"{path.rsplit('/', 1)[1]}.part").read_bytes() == box


def test_a_bucket_that_cannot_be_used_keeps_it_from_starting(s3: Store, tmp_path: Path) -> None:
    assert s3.url
    with pytest.raises(DatabaseUnusableError, match="no-such-bucket"):
        blobs_at("s3://no-such-bucket/x", tmp_path).check()
    options = ["--data", str(tmp_path / "g"), "--port", "0", "--attachments", "s3://no-such-bucket/x"]
    done = CliRunner().invoke(command, options)
    assert (done.exit_code, "no-such-bucket cannot be used" in done.output) == (1, True)

# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway` as processes, while what it needs is away: none ends the others, and all serve when it is back."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from bench.gateway_load import served
from gateway.http.app import create_app
from gateway.platform import Platform, Setup
from tests.gateway.attachments.test_blobs import Store, s3
from tests.gateway.conftest import HandTerminal
from tests.gateway.http.test_processes import children, counted, started, until
from tests.live import Link, LiveGateway

__all__ = ["s3"]


@contextmanager
def cut_off(url: str) -> Iterator[tuple[Link, str]]:
    """A line to the server of this URL that can be cut, and the URL through it."""
    scheme, rest = url.split("://")
    host, slash, path = rest.partition("/")
    with closing(Link(int(host.rsplit(":", 1)[1]))) as link:
        user = f"{host.rsplit('@', 1)[0]}@" if "@" in host else ""
        yield link, f"{scheme}://{user}{link.url.removeprefix('http://')}{slash}{path}"


def cut(link: Link) -> None:
    link.up = False
    link.hang_up()


@contextmanager
def two_workers(setup: Setup, near: Platform) -> Iterator[tuple[LiveGateway, HandTerminal]]:
    """Two processes that serve and open; `near` is this process's own way to the same database."""
    with served(setup, workers=2, opening=True) as (host, port):
        live = LiveGateway(near, f"http://{host}:{port}", create_app(near))
        terminal = HandTerminal(live).ready()
        with terminal.session:
            yield live, terminal


def health(live: LiveGateway) -> requests.Response:
    return requests.get(live.url + "/health", headers={"Connection": "close"}, timeout=30)


def all_well(live: LiveGateway) -> bool:
    """Whoever of the processes is asked."""
    return all(health(live).status_code == 200 for _ in range(12))


def kill_all(parent: int, *how: signal.Signals) -> None:
    """Kills every worker, or stops it as if it hung, and waits until each has another in its place."""
    before = children(parent)
    for worker, way in zip(before, how or [signal.SIGKILL] * 2, strict=True):
        os.kill(worker, way)
    until(lambda: len(set(children(parent)) - set(before)) == 2)


def stored(terminal: HandTerminal) -> bool:
    said = terminal.post(terminal.record(terminal.application()).encode())
    return bool(said.json().get("results") == [{"status": "stored"}])


def test_workers_that_die_while_the_database_is_away_are_replaced_and_serve_when_it_is_back(
    database: str, tmp_path: Path, inside: Path
) -> None:
    with (
        cut_off(database) as (link, url),
        closing(Platform(Setup(tmp_path / "gateway", database))) as near,
        two_workers(Setup(tmp_path / "gateway", url), near) as (live, terminal),
    ):
        assert stored(terminal)
        parent = started(near.setup)
        cut(link)
        kill_all(parent, signal.SIGKILL, signal.SIGSTOP)
        until(lambda: health(live).json().get("error") == "store-away")
        terminal.session.close()
        said = terminal.post(terminal.record(terminal.application()).encode())
        assert (said.status_code, said.json()["error"]) == (503, "store-away")
        assert (said.headers["Doorstep-Gateway"], said.headers["Retry-After"]) == ("1", "5")
        parts = {"database": "away", "keys": "unknown", "opener": "unknown", "attachments": "unknown"}
        assert health(live).json()["parts"] == parts
        serving = set(children(parent))
        link.up = True
        until(lambda: all("opener" in names(worker, inside) for worker in serving))
        until(lambda: all_well(live))
        assert stored(terminal)
        until(lambda: counted(near) == (2, 2))
        assert set(children(parent)) == serving, "they healed; nobody was started again"


def test_workers_start_and_take_records_while_the_object_store_is_away(
    s3: Store, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = s3.bucket("attachments")
    with cut_off(s3.url) as (link, url):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        monkeypatch.setenv("DOORSTEP_GATEWAY_ATTACHMENTS", place)
        setup = Setup(tmp_path / "gateway", database, place)
        with closing(Platform(setup)) as near, two_workers(setup, near) as (live, terminal):
            cut(link)
            kill_all(started(setup))
            until(lambda: all_well(live))
            assert health(live).json()["parts"]["attachments"] == "away"
            terminal.session.close()
            box = terminal.sealed_file(b"picture")
            record = terminal.record(terminal.application(), [box])
            assert terminal.verdict(record)["status"] == "stored"
            path = f"/v1/attachments/{record.header.attachments[0].digest}"
            away = terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=box)
            assert (away.status_code, away.json()["error"]) == (503, "blobs-away")
            link.up = True
            done = terminal.call("PATCH", path, headers={"Upload-Offset": str(len(box))})
            assert "receipt" in done.json()


def test_the_gateway_starts_without_an_object_store_that_does_not_answer(
    s3: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = s3.bucket("attachments")
    with cut_off(s3.url) as (link, url):
        link.up = False
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        monkeypatch.setenv("DOORSTEP_GATEWAY_ATTACHMENTS", place)
        with served(Setup(tmp_path / "gateway"), workers=1) as (host, port):
            answer = requests.get(f"http://{host}:{port}/health", timeout=30)
            assert (answer.status_code, answer.json()["parts"]["attachments"]) == (200, "away")


_IN_EVERY_PROCESS = """
import json, os, signal, sys, threading
from pathlib import Path
place = Path(os.environ["DOORSTEP_TEST_PLACE"])
if (place / "broken").exists() and "spawn_main" in " ".join(sys.orig_argv):
    (place / f"tried-{os.getpid()}").touch()
    os._exit(3)  # what uvicorn takes for a program that can never start
def tell(*_):
    def kinds(thread):
        return [f"{kind.__module__}.{kind.__qualname__}" for kind in type(thread).__mro__]
    found = [[thread.name, kinds(thread)] for thread in threading.enumerate()]
    draft = place / f"{os.getpid()}.draft"
    draft.write_text(json.dumps(found))
    draft.rename(place / f"{os.getpid()}.threads")
signal.signal(signal.SIGRTMIN, tell)
(place / f"{os.getpid()}.may-be-asked").touch()
"""


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where every process of the gateway can be asked for its threads, or be kept from starting."""
    place = tmp_path / "inside"
    place.mkdir()
    (place / "sitecustomize.py").write_text(_IN_EVERY_PROCESS)
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.setenv("DOORSTEP_TEST_PLACE", str(place))
    return place


def test_a_worker_that_cannot_start_is_started_again_and_ends_nobody(tmp_path: Path, inside: Path) -> None:
    setup = Setup(tmp_path / "gateway")
    with closing(Platform(setup)) as near, two_workers(setup, near) as (live, terminal):
        parent = started(setup)
        survivor, victim = children(parent)
        (inside / "broken").touch()
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(list(inside.glob("tried-*"))) >= 3)
        terminal.session.close()
        assert stored(terminal), "the other one serves"
        assert survivor in children(parent)
        (inside / "broken").unlink()
        until(lambda: len(children(parent)) == 2 and all_well(live))


def test_what_nobody_foresaw_keeps_one_process_from_opening_and_is_survived(tmp_path: Path) -> None:
    setup = Setup(tmp_path / "gateway")
    with closing(Platform(setup)) as near, two_workers(setup, near) as (live, _terminal):
        parent = started(setup)
        partials = setup.data / "partials"
        partials.rename(setup.data / "moved")
        partials.write_bytes(b"a file is in its place")
        kill_all(parent)
        until(lambda: health(live).json().get("error") == "not-open")
        until(lambda: log_of(parent).count("platform goes on in") >= 3)  # its second round and more
        assert "FileExistsError" in log_of(parent), "with its traceback"
        serving = children(parent)
        partials.unlink()
        (setup.data / "moved").rename(partials)
        until(lambda: all_well(live))
        assert children(parent) == serving


def test_no_room_for_another_process_ends_nobody(tmp_path: Path) -> None:
    setup = Setup(tmp_path / "gateway")
    with closing(Platform(setup)) as near, two_workers(setup, near) as (live, terminal):
        parent = started(setup)
        survivor, victim = children(parent)
        limits = resource.prlimit(parent, resource.RLIMIT_NOFILE)
        resource.prlimit(parent, resource.RLIMIT_NOFILE, (3, limits[1]))
        os.kill(victim, signal.SIGKILL)
        until(lambda: log_of(parent).count("cannot be looked after now") >= 2)
        os.kill(parent, signal.SIGTTIN)  # one more, says the operator
        until(lambda: "a signal could not be answered" in log_of(parent))
        terminal.session.close()
        assert stored(terminal), "the other one serves"
        resource.prlimit(parent, resource.RLIMIT_NOFILE, limits)
        until(lambda: len(children(parent)) == 2 and all_well(live))
        assert survivor in children(parent)


def log_of(process: int) -> str:
    """What it has written to standard error; its children write there too."""
    return Path(f"/proc/{process}/fd/2").read_text(encoding="utf-8")


def test_every_thread_of_a_running_gateway_is_supervised(setup: Setup, inside: Path) -> None:
    with closing(Platform(setup)) as near, two_workers(setup, near) as (live, terminal):
        for _ in range(20):  # whatever a process starts when it is first asked
            terminal.session.close()
            box = terminal.sealed_file(b"picture")
            record = terminal.record(terminal.application(), [box])
            terminal.verdict(record)
            path = f"/v1/attachments/{record.header.attachments[0].digest}"
            assert terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=box).status_code == 200
            assert terminal.feed()["entries"]
            assert health(live).status_code == 200
            assert requests.get(live.url + "/desk/login", timeout=10).status_code == 200
        parent = started(setup)
        assert [t for t in threads(parent, inside) if not looked_after(*t)] == []
        for worker in children(parent):
            found = threads(worker, inside)
            assert "opener" in [name for name, _ in found]
            assert [name for name, kinds in found if not looked_after(name, kinds)] == []


def test_every_thread_of_a_process_that_only_opens_is_supervised(tmp_path: Path, inside: Path) -> None:
    command = [sys.executable, "-m", "kiosk", "gateway", "open", "--data", str(tmp_path / "gateway")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "opening\n"
        found = threads(process.pid, inside)
        process.terminate()
    assert "opener" in [name for name, _ in found]
    assert [name for name, kinds in found if not looked_after(name, kinds)] == []


def threads(process: int, inside: Path) -> list[Any]:
    """Name and classes of each thread of a process."""
    answer = inside / f"{process}.threads"
    answer.unlink(missing_ok=True)
    until((inside / f"{process}.may-be-asked").exists)
    os.kill(process, signal.SIGRTMIN)
    until(answer.exists)
    found: list[Any] = json.loads(answer.read_text())
    return found


def names(process: int, inside: Path) -> list[str]:
    return [name for name, _ in threads(process, inside)]


def looked_after(name: str, kinds: list[str]) -> bool:
    """By the loop of `gateway.supervised`; or by whoever waits for what it does."""
    return (
        "gateway.supervised.Supervised" in kinds
        or name == "MainThread"
        or name.startswith(("AnyIO worker thread", "custody_", "asyncio_"))  # each call is awaited
        or "always_pong" in name  # uvicorn's: a process that does not answer is replaced
    )

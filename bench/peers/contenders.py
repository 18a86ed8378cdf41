# SPDX-License-Identifier: Apache-2.0
"""Who takes part: how each serves, sends, and what of it has arrived."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.link.emulator import FAR_ADDRESS, Link
from bench.peers.install import PLACE, PYTHON, ROOT, node_packages, python_packages
from bench.peers.workload import Workload, name_of
from tests.offline.sync.proxied import PROGRAM

HERE = Path(__file__).resolve().parent
PORT = 8421
URL = f"http://{FAR_ADDRESS}:{PORT}"
DOORSTEP = Path(sys.executable).with_name("doorstep")
STARTING = 30.0  # seconds that a server may take


class CannotServe(Exception):
    """A contender's server does not come up; the text says what it said last."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Whole applications at the platform's end; `doubled`: applications or files that are there more than once."""

    applications: int
    doubled: int = 0


@dataclass(frozen=True, slots=True)
class Stall:
    """A contender's place in a race: its link, the workload as files, and a folder each for its two ends."""

    link: Link
    load: Workload
    files: Path
    near: Path
    far: Path
    late: int = 0


class Contender(ABC):
    """One way to carry applications."""

    name: str

    def missing(self) -> str:
        """What keeps it from taking part; empty: nothing."""
        return ""

    def attach(self, stall: Stall) -> subprocess.Popen[bytes]:
        """Its server, listening. Raises CannotServe."""
        log = stall.far.with_suffix(".log")
        server = stall.link.far.start(self.server(stall), log=log, env=environment())
        if problem := _await_listening(stall.link, server):
            server.kill()
            server.wait()
            raise CannotServe(f"{problem}: {(log.read_text().strip().splitlines() or ['it said nothing'])[-1]}")
        return server

    @abstractmethod
    def server(self, stall: Stall) -> Sequence[str | Path]:
        """The command that serves on PORT."""

    @abstractmethod
    def client(self, stall: Stall) -> Sequence[str | Path]:
        """The command that sends; see bench.peers.line."""

    @abstractmethod
    def arrived(self, stall: Stall) -> Arrived:
        """What is at the platform's end."""


def environment() -> dict[str, str]:
    """Where scripts find this project and the peers."""
    return {"PYTHONPATH": f"{ROOT}{os.pathsep}{PYTHON}", "PEERS": str(PLACE), "PYTHONDONTWRITEBYTECODE": "1"}


def _await_listening(link: Link, server: subprocess.Popen[bytes]) -> str:
    ends = time.monotonic() + STARTING
    while time.monotonic() < ends:
        if server.poll() is not None:
            return "its server ended at once"
        with link.far.socket() as probe:
            if probe.connect_ex((FAR_ADDRESS, PORT)) == 0:
                return ""
        time.sleep(0.05)
    return f"its server does not listen after {STARTING:.0f} s"


def _same(place: Path, wanted: dict[str, bytes]) -> bool:
    return all((place / n).is_file() and (place / n).read_bytes() == data for n, data in wanted.items())


class Doorstep(Contender):
    """Ours: `doorstep gateway`, and a terminal with its sync engine; `secure`: TLS, by nginx before the gateway."""

    name = "doorstep"

    def __init__(self, *, secure: bool = False) -> None:
        self._secure = secure

    def missing(self) -> str:
        """nginx, where it is wanted."""
        return "needs nginx" if self._secure and PROGRAM is None else ""

    def server(self, stall: Stall) -> Sequence[str | Path]:
        """The gateway."""
        if self._secure:
            return [sys.executable, HERE / "secure_gateway.py", stall.far, FAR_ADDRESS, str(PORT)]
        return [DOORSTEP, "gateway", "--data", stall.far, "--host", FAR_ADDRESS, "--port", str(PORT)]

    def client(self, stall: Stall) -> Sequence[str | Path]:
        """A terminal with a code."""
        code = self._gateway("enrol-code", stall)["code"]
        late = [str(stall.late)] if stall.late else []
        work = json.dumps(asdict(stall.load))
        trust = ["env", f"REQUESTS_CA_BUNDLE={stall.far}.front/authority.pem"] if self._secure else []
        url = URL.replace("http:", "https:") if self._secure else URL
        return [*trust, sys.executable, HERE / "doorstep_client.py", url, stall.near, code, work, *late]

    def arrived(self, stall: Stall) -> Arrived:
        """By the gateway's own list."""
        rows = self._gateway("list", stall)
        whole = [row["tracking_code"] for row in rows if all(a["complete"] for a in row["attachments"])]
        return Arrived(len(set(whole)), len(rows) - len({row["tracking_code"] for row in rows}))

    def _gateway(self, act: str, stall: Stall) -> Any:
        command: list[str | Path] = [DOORSTEP, "gateway", act, "--data", stall.far, "--json"]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


class OnePost(Contender):
    """`requests`, one POST for each application."""

    name = "requests"

    def server(self, stall: Stall) -> Sequence[str | Path]:
        """A small web server."""
        return [sys.executable, HERE / "web_server.py", stall.far, FAR_ADDRESS, str(PORT)]

    def client(self, stall: Stall) -> Sequence[str | Path]:
        """Plain."""
        return [sys.executable, HERE / "one_post.py", URL, stall.files]

    def arrived(self, stall: Stall) -> Arrived:
        """Each POST left a folder NAME-UUID."""
        wanted = {name_of(n): stall.load.files(n) for n in range(stall.load.applications)}
        names = Counter(p.name.split("-")[0] for p in stall.far.iterdir() if _same(p, wanted[p.name.split("-")[0]]))
        return Arrived(len(names), names.total() - len(names))


class ResumablePut(OnePost):
    """Data first, files resumed at the byte, three connections."""

    name = "PUT x3"

    def client(self, stall: Stall) -> Sequence[str | Path]:
        """Careful."""
        return [sys.executable, HERE / "resumable_put.py", URL, stall.files]

    def arrived(self, stall: Stall) -> Arrived:
        """Files by name."""
        load = stall.load
        return Arrived(sum(_same(stall.far / name_of(n), load.files(n)) for n in range(load.applications)))


class Tus(Contender):
    """tus by its own client and server, three at a time."""

    name = "tus x3"

    def missing(self) -> str:
        """npm's and pip's packages."""
        return node_packages() or python_packages()

    def server(self, stall: Stall) -> Sequence[str | Path]:
        """On Node."""
        return ["node", HERE / "tus_server.mjs", stall.far, FAR_ADDRESS, str(PORT)]

    def client(self, stall: Stall) -> Sequence[str | Path]:
        """tuspy."""
        return [sys.executable, HERE / "tus_client.py", URL, stall.files]

    def arrived(self, stall: Stall) -> Arrived:
        """The file store keeps ID and ID.json; an upload that its client lost sight of counts as doubled."""
        names: Counter[str] = Counter()
        uploads = 0
        for note in stall.far.glob("*.json"):
            known = json.loads(note.read_text())
            uploads += 1
            if note.with_suffix("").stat().st_size == known["size"]:
                names[known["metadata"]["filename"]] += 1
        load = stall.load
        files = ["0-record.json", *(f"{i}.bin" for i in range(1, load.attachments + 1))]
        whole = sum(all(f"{name_of(n)}/{file}" in names for file in files) for n in range(load.applications))
        ended = len(names) == load.applications * len(files)
        return Arrived(whole, (uploads if ended else names.total()) - len(names))


class Rsync(Contender):
    """rsync to its daemon."""

    name = "rsync"

    def missing(self) -> str:
        """The program."""
        return "" if shutil.which("rsync") else "needs rsync"

    def server(self, stall: Stall) -> Sequence[str | Path]:
        """The daemon, with one module."""
        config = stall.far.with_suffix(".conf")
        config.write_text(f"use chroot = no\nuid = {os.getuid()}\ngid = {os.getgid()}\nreverse lookup = no\n"
                          f"[in]\npath = {stall.far}\nread only = no\n")  # fmt: skip
        return ["rsync", "--daemon", "--no-detach", f"--config={config}", f"--address={FAR_ADDRESS}", f"--port={PORT}"]

    def client(self, stall: Stall) -> Sequence[str | Path]:
        """Compressing where there is something to compress."""
        options = [] if stall.load.attachments else ["-z"]
        return [sys.executable, HERE / "rsync_client.py", FAR_ADDRESS, str(PORT), stall.files, *options]

    def arrived(self, stall: Stall) -> Arrived:
        """Files by name."""
        load = stall.load
        return Arrived(sum(_same(stall.far / name_of(n), load.files(n)) for n in range(load.applications)))


class Pouch(Contender):
    """PouchDB to PouchDB, one document at a time where they are large."""

    name = "PouchDB"

    def missing(self) -> str:
        """npm's packages."""
        return node_packages()

    def server(self, stall: Stall) -> Sequence[str | Path]:
        """express-pouchdb."""
        return ["node", HERE / "pouch_server.mjs", stall.far, FAR_ADDRESS, str(PORT)]

    def client(self, stall: Stall) -> Sequence[str | Path]:
        """Its replicator."""
        return ["node", HERE / "pouch_client.mjs", URL, stall.files, "1" if stall.load.attachments else "100"]

    def arrived(self, stall: Stall) -> Arrived:
        """Documents in the change feed; with the id as key none can be there twice."""
        note = stall.far / "arrived"
        return Arrived(len(set(note.read_text().split())) if note.exists() else 0)


CONTENDERS: tuple[Contender, ...] = (Doorstep(), Tus(), ResumablePut(), Rsync(), OnePost(), Pouch())

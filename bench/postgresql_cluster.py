# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of one's own, for tests and measurements: in a temporary directory, on a loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def server_programs() -> Path | None:
    """Where initdb and postgres are, newest version first; None when they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    program = shutil.which("postgres")
    return Path(program).resolve().parent if program else None


@contextmanager
def postgresql_cluster(*, durable: bool) -> Iterator[str]:
    """The server's URL without a database's name. `durable` False leaves fsync out: for tests that do not measure."""
    programs = server_programs()
    assert programs is not None, "PostgreSQL is not installed: packaging/setup.sh test"
    place = Path(tempfile.mkdtemp(prefix="doorstep-pg-"))
    as_user = _as_another_user(place)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(
            [*as_user, programs / "initdb", "-D", place / "data", "-U", "doorstep", "-A", "trust", "-E", "UTF8",
             "--no-locale", "--no-sync", "--no-instructions"],
            check=True, cwd=place, **quiet,
        )  # fmt: skip
        port = _free_port()
        settings = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": place, "max_connections": 120,
            "shared_buffers": "256MB", "max_wal_size": "4GB", "fsync": "on" if durable else "off",
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (place / "log").open("wb") as log:
            server = subprocess.Popen(
                [*as_user, programs / "postgres", "-D", place / "data", *options], cwd=place, stdout=log, stderr=log
            )
        try:
            _wait(server, programs, port, place / "log")
            yield f"postgresql://doorstep@127.0.0.1:{port}"
        finally:
            server.send_signal(2)  # fast shutdown
            server.wait(30)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _as_another_user(place: Path) -> list[str]:
    """The server refuses to run as root."""
    if os.getuid() != 0:
        return []
    import pwd

    user = next(pwd.getpwnam(n) for n in ("postgres", "nobody") if _exists(n))
    os.chown(place, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _exists(user: str) -> bool:
    import pwd

    return any(entry.pw_name == user for entry in pwd.getpwall())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], programs: Path, port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)

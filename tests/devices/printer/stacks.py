# SPDX-License-Identifier: Apache-2.0
"""Real printing stacks on loopback: CUPS' IPP Everywhere printer program, and a CUPS server with a queue to it."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from devices.base import State
from devices.printer.ipp import IppPrinter

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
A4 = "size{n}=iso_a4_210x297mm&type{n}=stationery&level{n}={level}"
CUPSD = """Listen 127.0.0.1:{port}
Browsing No
WebInterface No
DefaultAuthType None
LogLevel warn
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow 127.0.0.1
</Location>
<Policy default>
  <Limit Send-Document Hold-Job Release-Job Restart-Job Purge-Jobs Set-Job-Attributes Cancel-My-Jobs Close-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit Cancel-Job CUPS-Authenticate-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
CUPS_FILES = """ServerRoot {root}
ServerBin /usr/lib/cups
DataDir /usr/share/cups
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/tmp
AccessLog {root}/access.log
ErrorLog {root}/error.log
PageLog {root}/page.log
Sandboxing relaxed
{user}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], what: str, patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def needed(program: str, package: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    assert found, f"the package {package} is missing; `make test` installs it"
    return found


class RealPrinter:
    """`ippeveprinter`, with a message bus of its own (it will not start without one)."""

    def __init__(self, stack: ExitStack) -> None:
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-ipp-")))
        self._folder.chmod(0o755)
        keeper = self._folder / "keep.sh"
        keeper.write_text(
            f'#!/bin/sh\n[ -e "{self._folder}/hold" ] && sleep 3\n[ -e "{self._folder}/fail" ] && exit 1\n'
            f'cp "$1" "{self._folder}/printed-$$.pdf"\n'
        )
        keeper.chmod(0o755)
        (self._folder / "spool").mkdir()
        bus = self._folder / "bus"
        run(stack, [needed("dbus-daemon", "dbus"), "--session", "--nofork", f"--address=unix:path={bus}"])
        until(bus.exists, "the message bus")
        self.port = free_port()
        self.uri = f"ipp://localhost:{self.port}/ipp/print"
        self._environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
        self._process: subprocess.Popen[bytes] | None = None
        stack.callback(self.unplug)
        self.plug()

    def plug(self) -> None:
        command = [needed("ippeveprinter", "cups-ipp-utils"), "-r", "off", "-n", "localhost", "-p", str(self.port)]
        command += ["-d", str(self._folder / "spool"), "-c", str(self._folder / "keep.sh"), "-f", "application/pdf"]
        self._process = subprocess.Popen([*command, "Test A4"], env=self._environment, **QUIET)  # type: ignore[call-overload]
        until(lambda: IppPrinter(self.uri).status().state is not State.ABSENT, "the printer")

    def unplug(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def paper(self, sheets: int) -> None:
        """In both trays."""
        self.trays(sheets, sheets)

    def trays(self, main: int, by_pass: int) -> None:
        """The main tray says 250, 125, 50, 25, 5 or 0; the one for single sheets 25, 5 or 0."""
        both = A4.format(n=1, level=main), A4.format(n=3, level=by_pass)
        self._set(f"media?{'&'.join(both)}")

    def toner(self, percent: int) -> None:
        self._set(f"supplies?supply1={percent}")

    def _set(self, what: str) -> None:
        with urllib.request.urlopen(f"http://localhost:{self.port}/{what}", timeout=10) as answer:
            answer.read()

    def fails(self, yes: bool) -> None:
        self._mark("fail", yes)

    def is_slow(self, yes: bool) -> None:
        self._mark("hold", yes)

    def _mark(self, name: str, yes: bool) -> None:
        mark = self._folder / name
        mark.touch() if yes else mark.unlink(missing_ok=True)

    def printed(self) -> list[bytes]:
        files = sorted(self._folder.glob("printed-*.pdf"), key=lambda p: p.stat().st_mtime_ns)
        return [p.read_bytes() for p in files]


class CupsServer:
    """A `cupsd` of its own with one queue to a printer; who may do what to a job is as Debian has it."""

    def __init__(self, stack: ExitStack, printer: RealPrinter) -> None:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-cups-")))
        root.chmod(0o755)
        self.root = root
        for name in ("spool", "cache", "state", "tmp", "ppd", "ssl"):
            (root / name).mkdir()
            (root / name).chmod(0o777)
        port = free_port()
        self._server = f"127.0.0.1:{port}"
        user = "User lp\nGroup lp" if os.geteuid() == 0 else f"SystemGroup {getpass.getuser()}"
        (root / "cupsd.conf").write_text(CUPSD.format(port=port))
        (root / "cups-files.conf").write_text(CUPS_FILES.format(root=root, user=user))
        command = [needed("cupsd", "cups-daemon"), "-f", "-c", str(root / "cupsd.conf")]
        self._process = run(stack, [*command, "-s", str(root / "cups-files.conf")])
        until(lambda: _listens(port), "the print server")
        lpadmin = [needed("lpadmin", "cups-client"), "-h", self._server, "-p", "kiosk", "-E", "-v", printer.uri]
        subprocess.run(
            [*lpadmin, "-m", "everywhere", "-o", "printer-error-policy=retry-current-job"],
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.uri = f"ipp://127.0.0.1:{port}/printers/kiosk"

    def jobs(self, which: str = "not-completed") -> str:
        command = [needed("lpstat", "cups-client"), "-h", self._server, "-W", which, "-o"]
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout

    def pause(self) -> None:
        """It takes connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def spool(self) -> list[str]:
        """Control files (c) and documents (d) of jobs."""
        return sorted(path.name for path in (self.root / "spool").iterdir() if path.is_file())

    def submit(self, user: str, document: bytes) -> None:
        """A job of somebody else, which waits until that one wants it printed."""
        command = [needed("lp", "cups-client"), "-h", self._server, "-U", user, "-d", "kiosk", "-H", "hold"]
        subprocess.run(command, input=document, check=True, timeout=20, stdout=subprocess.DEVNULL)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(stack: ExitStack, command: list[str]) -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] = subprocess.Popen(command, **QUIET)  # type: ignore[call-overload]

    def end() -> None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(10)

    stack.callback(end)
    return process

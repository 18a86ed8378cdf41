# SPDX-License-Identifier: Apache-2.0
"""A real PC/SC daemon with a virtual reader, and virtual cards in it, in a network and mount namespace of their own.

The virtual reader's driver (vpcd) listens on every address, and a machine may have a daemon already: inside, nobody
else reaches the one and nothing touches the other. The daemon's socket is reached through /proc/PID/root. Needs the
packages pcscd, vsmartcard-vpcd and iproute2, and root or user namespaces.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from contract.identity import Identity
from devices.faults import Faults
from devices.smart_card.applets import ATR, Applet, PivApplet, SocialSecurityApplet

PORT = 35963  # of vpcd's first slot
CHANNEL = 0x8C7B  # the same, as the driver wants it
DRIVERS = "usr/lib/pcsc/drivers/serial/libifdvpcd.so"
RUN = "/run/pcscd"
STARTING = 20.0  # seconds
_DAEMON = ("pcscd", "--foreground", "-c")
FAULTS = ("mute", "garbage", "half", "refuse", "leave")
"""mute: no answer; garbage: wrong bytes; half: only part; refuse: a status nobody knows; leave: pulled out then."""


class PcscStack:
    """A context manager. `socket_path` is where the daemon answers; `use()` points this process's PC/SC there."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="doorstep-pcsc-")
        words = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        inside = [sys.executable, "-m", "devices.smart_card.pcsc_stack", self._folder.name]
        apart = ["unshare", *words, "--net", "--mount", "--propagation", "unchanged"]
        self._child = subprocess.Popen([*apart, *inside], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.socket_path = f"/proc/{self._child.pid}/root{RUN}/pcscd.comm"
        self._ask("start")

    def use(self, link: Path | None = None) -> None:
        """Points this process's PC/SC library here. It looks where only once: then let `link` be what it was told."""
        if link is None:
            os.environ["PCSCLITE_CSOCK_NAME"] = self.socket_path
        else:
            link.unlink(missing_ok=True)
            link.symlink_to(self.socket_path)

    def insert_social_security(self, identity: Identity, **spoilt: str) -> None:
        """`spoilt`: tag in hexadecimal (t08=...) to value in hexadecimal."""
        values = {int(tag[1:], 16): value for tag, value in spoilt.items()}
        self._ask("insert", kind="social-security", identity=identity.to_dict(), spoilt=values)

    def insert_staff(self, applet: PivApplet, name: str, pin: str, *, certificate_of: bytes = b"") -> None:
        """A staff card with the key of `applet`."""
        key, other = applet.private_key().hex(), certificate_of.hex()
        self._ask("insert", kind="piv", name=name, pin=pin, key=key, certificate_of=other)

    def remove(self) -> None:
        """Takes the card out."""
        self._ask("remove")

    def fault(self, kind: str, after: int = 0) -> None:
        """One of FAULTS, from the answer after so many more on."""
        self._ask("fault", fault=kind, after=after)

    def faults_at(self, kind: str, after: int = 0) -> None:
        """One of FAULTS, in a single answer."""
        self._ask("once", fault=kind, after=after)

    def faults_randomly(self, seed: int, share: float, kinds: Sequence[str] = FAULTS) -> None:
        """In this share of the answers of the card that is in, until it is taken out."""
        self._ask("randomly", seed=seed, share=share, kinds=list(kinds))

    def stop_daemon(self) -> None:
        """As when it crashes or is updated."""
        self._ask("stop")

    def start_daemon(self) -> None:
        """Again."""
        self._ask("start")

    def close(self) -> None:
        """Ends the daemon, the cards and the namespace."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with suppress(OSError):
            self._child.stdin.close()
        self._child.wait(STARTING)
        self._child.stdout.close()
        self._folder.cleanup()

    def _ask(self, order: str, **facts: Any) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"order": order, **facts}) + "\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline().strip()
        if answer != "done":
            raise RuntimeError(f"the card stack did not {order}: {answer or 'it ended'}")

    def __enter__(self) -> PcscStack:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()


class VirtualCard:
    """A card in vpcd's reader: a client of it. Two bytes of length, then a command or one control byte."""

    def __init__(self, applet: Applet) -> None:
        self._applet = applet
        self._line = _connect()
        self.fault = ""
        self.faults = Faults(FAULTS)
        self.after = 0
        self._thread = threading.Thread(target=self._serve, name="virtual-card", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Out of the reader."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError, struct.error):
            while True:
                message = self._receive()
                if message in (b"\x00", b"\x01", b"\x02"):  # power off, power on, reset: no answer
                    self._applet.reset()
                elif message == b"\x04":
                    self._send(ATR)
                elif message:
                    self._answer(message)

    def _receive(self) -> bytes:
        (size,) = struct.unpack(">H", self._exactly(2))
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # else 40 ms an answer
            piece = self._line.recv(size - len(data))
            if not piece:
                raise OSError
            data += piece
        return data

    def _send(self, data: bytes) -> None:
        self._line.sendall(struct.pack(">H", len(data)) + data)

    def _answer(self, apdu: bytes) -> None:
        answer = self._applet.respond(apdu)
        fault = self.faults.next() or (self.fault if self.after <= 0 else "")
        if fault:
            if fault == "mute":
                return
            if fault == "leave":
                self.close()
                return
            answer = {
                "garbage": bytes(b ^ 0x5A for b in answer[:-2]) + b"\x90\x00",
                "half": answer[: len(answer) // 2][:-2] + b"\x90\x00" if len(answer) > 4 else b"\x90\x00",
                "refuse": b"\x6f\x00",
            }[fault]
        self.after -= 1
        self._send(answer)


def _connect() -> socket.socket:
    ends = time.monotonic() + STARTING
    while True:
        try:
            return socket.create_connection(("127.0.0.1", PORT), 1)
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.02)


class _Inside:
    """What runs in the namespace: carries out one order a line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._daemon: subprocess.Popen[bytes] | None = None
        self._card: VirtualCard | None = None
        self._again: dict[str, Any] = {}
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        # Not by unshare: in a chroot, whose root is no mount, it would give up. There everything is private already.
        subprocess.run(["mount", "--make-rprivate", "/"], check=False, stderr=subprocess.DEVNULL)
        Path(RUN).mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "none", RUN], check=True)
        words = f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{CHANNEL:#x}\nLIBPATH /{DRIVERS}\n'
        self._readers = folder / "readers"  # every file in it is taken for a reader's description
        self._readers.mkdir()
        (self._readers / "vpcd").write_text(words + f"CHANNELID {CHANNEL:#x}\n", encoding="ascii")

    def start(self, _order: dict[str, Any]) -> None:
        if self._running():
            return
        ends = time.monotonic() + STARTING
        while not (self._running() and Path(RUN, "pcscd.comm").exists() and _listening()):
            if time.monotonic() > ends:
                words = (self._folder / "log").read_text(encoding="utf-8", errors="replace").strip()[-300:]
                self.stop({})
                raise OSError(f"pcscd did not start: {words}")
            if not self._running():  # a daemon that finds traces of the one before gives up: then once more
                for trace in ("pcscd.pid", "pcscd.comm"):
                    Path(RUN, trace).unlink(missing_ok=True)
                with (self._folder / "log").open("ab") as log:
                    self._daemon = subprocess.Popen([*_DAEMON, str(self._readers)], stdout=log, stderr=log)
            time.sleep(0.02)
        if self._again:
            self.insert(self._again)

    def _running(self) -> bool:
        return self._daemon is not None and self._daemon.poll() is None

    def stop(self, _order: dict[str, Any]) -> None:
        if self._card is not None:
            self._card.close()
            self._card = None
        if self._daemon is not None:
            self._daemon.terminate()
            try:
                self._daemon.wait(5)
            except subprocess.TimeoutExpired:
                self._daemon.kill()
                self._daemon.wait()
            self._daemon = None

    def insert(self, order: dict[str, Any]) -> None:
        self.remove(order)
        self._again = order
        applet: Applet
        if order["kind"] == "piv":
            key, other = bytes.fromhex(order["key"]), bytes.fromhex(order["certificate_of"])
            applet = PivApplet(order["name"], order["pin"], key=key, certificate_of=other)
        else:
            spoilt = {int(tag): bytes.fromhex(value) for tag, value in order["spoilt"].items()}
            applet = SocialSecurityApplet(Identity.from_dict(order["identity"]), spoilt)
        self._card = VirtualCard(applet)

    def remove(self, _order: dict[str, Any]) -> None:
        self._again = {}
        if self._card is not None:
            self._card.close()
            self._card = None

    def fault(self, order: dict[str, Any]) -> None:
        if self._card is not None:
            self._card.after, self._card.fault = order["after"], order["fault"]

    def once(self, order: dict[str, Any]) -> None:
        if self._card is not None:
            self._card.faults.once(order["fault"], order["after"])

    def randomly(self, order: dict[str, Any]) -> None:
        if self._card is not None:
            self._card.faults.randomly(order["seed"], order["share"], order["kinds"])


def _listening() -> bool:
    """Without connecting: a connection would be taken for a card."""
    return f":{PORT:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text(encoding="ascii")


def main() -> None:
    """The namespace's own process: orders on standard input, "done" or a reason on standard output."""
    inside = _Inside(Path(sys.argv[1]))
    for line in sys.stdin:
        order = json.loads(line)
        try:
            getattr(inside, order["order"])(order)
            print("done", flush=True)
        except (OSError, subprocess.SubprocessError) as fault:
            print(f"{type(fault).__name__}: {fault}", flush=True)
    inside.stop({})


if __name__ == "__main__":
    main()

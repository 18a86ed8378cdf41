# SPDX-License-Identifier: Apache-2.0
"""Network namespaces without a name, so that nothing is left behind: each ends with the last that holds it.

A namespace has a loopback and one TUN device; what is sent there comes out of `Namespace.tun`, packet by packet.
Programs started in it also get a process namespace of their own and die, with all their children, when we do.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_libc = ctypes.CDLL(None, use_errno=True)
T = TypeVar("T")


class NamespacesForbidden(Exception):
    """This machine does not let us make network namespaces with a TUN device; the text says what is missing."""


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise NamespacesForbidden(f"{what}: {os.strerror(code)} (needs CAP_SYS_ADMIN, be root)")


def _in_own_thread(work: Callable[[], T]) -> T:
    """A thread may leave the process's namespace; it ends with its work, and the process stays where it was."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


class Namespace:
    """One end of a link, at `address`. Raises NamespacesForbidden when it cannot be made."""

    def __init__(self, address: str, peer: str, *, congestion: str = "cubic") -> None:
        self.address = address
        self._fd, self.tun = -1, -1
        try:
            _in_own_thread(lambda: self._make(peer, congestion))
        except BaseException:
            self.close()
            raise

    def _make(self, peer: str, congestion: str) -> None:
        _check(_libc.unshare(_CLONE_NEWNET), "a network namespace cannot be made")
        self._fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            fcntl.ioctl(self.tun, _TUNSETIFF, struct.pack("16sH22x", b"link0", _IFF_TUN | _IFF_NO_PI))
        except OSError as fault:
            raise NamespacesForbidden(f"no TUN device: {fault.strerror} (needs /dev/net/tun)") from fault
        for path in Path("/proc/sys/net/ipv6/conf").glob("*/disable_ipv6"):
            path.write_text("1")  # no neighbours to look for: nothing but our own traffic on the link
        # By the route: outside the first namespace the kernel refuses most algorithms as the default. A program that
        # wants another one sets it after it has connected.
        commands = f"""link set lo up
            addr add {self.address}/32 dev link0
            link set link0 mtu 1500 up
            route add {peer}/32 dev link0 src {self.address} congctl {congestion}"""
        done = subprocess.run(["ip", "-batch", "-"], input=commands.encode(), check=False, capture_output=True)
        if done.returncode:
            raise NamespacesForbidden(f"the namespace's device cannot be set up: {done.stderr.decode().strip()}")

    def inside(self, work: Callable[[], T]) -> T:
        """Runs `work` in a thread inside; a socket made there stays there."""

        def enter() -> T:
            _check(_libc.setns(self._fd, _CLONE_NEWNET), "the namespace cannot be entered")
            return work()

        return _in_own_thread(enter)

    def socket(self, kind: int = socket.SOCK_STREAM, protocol: int = 0) -> socket.socket:
        """An IPv4 socket inside."""
        return self.inside(lambda: socket.socket(socket.AF_INET, kind, protocol))

    def start(
        self,
        command: Sequence[str | Path],
        *,
        log: Path | None = None,
        talk: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """A program inside. `kill` it when it is no longer wanted: all it started goes with it.

        `talk` makes pipes of its standard input and output; the rest of what it says goes to `log`.
        """
        wrapped = [
            "setpriv", "--pdeathsig", "KILL", "--", "nsenter", f"--net=/proc/{os.getpid()}/fd/{self._fd}", "--",
            "unshare", "--pid", "--fork", "--kill-child=KILL", "--", *map(str, command),
        ]  # fmt: skip
        with open(log or os.devnull, "ab") as said:
            return subprocess.Popen(
                wrapped, stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talk else said, stderr=said, bufsize=0, env={**os.environ, **(env or {})},
            )  # fmt: skip

    def close(self) -> None:
        """Lets go of it; it ends with its last program."""
        for fd in (self.tun, self._fd):
            if fd >= 0:
                with contextlib.suppress(OSError):
                    os.close(fd)
        self.tun = self._fd = -1


def forbidden() -> str:
    """Why there can be no namespaces here; empty where there can."""
    try:
        Namespace("10.79.0.1", "10.79.0.2").close()
    except NamespacesForbidden as fault:
        return str(fault)
    except (OSError, subprocess.CalledProcessError) as fault:
        return f"a namespace cannot be set up: {fault}"
    return ""

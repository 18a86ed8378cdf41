# SPDX-License-Identifier: Apache-2.0
"""A platform as it is run: nginx with TLS in front of two gateway processes that share one database.

nginx is Debian's, with a configuration of its own below a temporary folder, as the current user, on loopback. The
certificate is signed by an authority made for the test.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.platform import Platform

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
STARTING = 60.0  # seconds that a server may take on a busy machine


@dataclass(frozen=True, slots=True)
class Settings:
    """Of the proxy. Seconds."""

    keepalive_requests: int = 1000
    keepalive_timeout: float = 75
    read_timeout: float = 90
    buffering: bool = False
    protocols: str = "TLSv1.2 TLSv1.3"


USUAL = Settings()


@dataclass(frozen=True, slots=True)
class Served:
    """A line of the proxy's log: `nth` request of one connection."""

    connection: int
    nth: int
    status: int
    method: str
    path: str
    protocol: str
    resumed: bool


class Proxy:
    """Running. `url` is https on loopback; `authority` the file that a terminal must trust."""

    def __init__(self, folder: Path, address: str, port: int, authority: Path) -> None:
        self.url = f"https://{address}:{port}"
        self.authority = authority
        self._folder = folder

    def served(self) -> list[Served]:
        """All requests so far."""
        rows = [line.split() for line in (self._folder / "access.log").read_text().splitlines()]
        return [Served(int(c), int(n), int(s), *text, reused == "r") for c, n, s, *text, reused in rows]

    def complaints(self) -> str:
        """What the proxy noted."""
        return (self._folder / "error.log").read_text()


@contextmanager
def nginx(
    folder: Path, upstreams: Sequence[int], settings: Settings = USUAL, *, address: str = "127.0.0.1", port: int = 0
) -> Iterator[Proxy]:
    """In front of what listens on these ports of loopback; at any free port without one."""
    assert PROGRAM is not None, "nginx is missing: packaging/setup.sh test"
    folder.mkdir(parents=True)
    authority = make_authority(folder, address)
    port = port or free_port()
    (folder / "nginx.conf").write_text(_configuration(folder, f"{address}:{port}", upstreams, settings))
    command = [PROGRAM, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        await_listening(port, process, address)
        yield Proxy(folder, address, port, authority)
    finally:
        end(process)


def _configuration(folder: Path, address: str, upstreams: Sequence[int], settings: Settings) -> str:
    servers = "\n".join(f"    server 127.0.0.1:{each} max_fails=0;" for each in upstreams)
    places = "\n".join(
        f"  {name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # A user other than root has no other user to become.
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""
daemon off; worker_processes 1; pid {folder}/pid; {user}
events {{ worker_connections 256; }}
http {{
{places}
  log_format bed '$connection $connection_requests $status $request_method $uri $ssl_protocol $ssl_session_reused';
  access_log {folder}/access.log bed;
  upstream gateways {{
{servers}
    keepalive 8;
  }}
  server {{
    listen {address} ssl;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.pem;
    ssl_protocols {settings.protocols};
    keepalive_requests {settings.keepalive_requests};
    keepalive_timeout {int(settings.keepalive_timeout * 1000)}ms;
    client_max_body_size 0;
    location / {{
      proxy_pass http://gateways;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_request_buffering {"on" if settings.buffering else "off"};
      proxy_read_timeout {int(settings.read_timeout * 1000)}ms;
    }}
  }}
}}
"""


# the platform behind it


class Gateways:
    """Processes of `doorstep gateway` over one data directory."""

    def __init__(self, data: Path, count: int = 2) -> None:
        self._data = data
        self.ports = [free_port() for _ in range(count)]
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * count
        for number in range(count):  # one after the other: the first makes keys and tables
            self.start(number)

    def start(self, number: int) -> None:
        """Returns when it answers."""
        port = self.ports[number]
        command = [sys.executable, "-m", "kiosk", "gateway", "--data", str(self._data), "--port", str(port)]
        with open(self._data.with_suffix(f".{number}.log"), "ab") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        self._processes[number] = process
        await_listening(port, process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=STARTING) as answer:
            assert answer.status == 200

    def _tell(self, number: int, what: signal.Signals) -> None:
        process = self._processes[number]
        assert process is not None
        process.send_signal(what)

    def kill(self, number: int) -> None:
        """At once, with all that is under way."""
        process = self._processes[number]
        assert process is not None
        process.kill()
        process.wait()
        self._processes[number] = None

    def hang(self, number: int) -> None:
        """Takes connections (its kernel does) and answers nothing."""
        self._tell(number, signal.SIGSTOP)

    def go_on(self, number: int) -> None:
        """After `hang`."""
        self._tell(number, signal.SIGCONT)

    def restore(self) -> None:
        """All of them run."""
        for number, process in enumerate(self._processes):
            if process is None:
                self.start(number)
            else:
                self.go_on(number)

    @contextmanager
    def platform(self) -> Iterator[Platform]:
        """Their common database, looked at from here."""
        platform = Platform(self._data)
        try:
            yield platform
        finally:
            platform.close()

    def close(self) -> None:
        """Ends all."""
        for process in self._processes:
            if process is not None:
                process.send_signal(signal.SIGCONT)
                end(process)


# processes and ports


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def await_listening(port: int, process: subprocess.Popen[bytes], address: str = "127.0.0.1") -> None:
    """Until it takes connections."""
    ends = time.monotonic() + STARTING
    while process.poll() is None:
        assert time.monotonic() < ends, "a server does not come up"
        with suppress(OSError), socket.create_connection((address, port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(f"a server ended at once: {process.args}")


def end(process: subprocess.Popen[bytes]) -> None:
    """In an orderly way, else by force."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# an authority and its one certificate


def make_authority(folder: Path, address: str) -> Path:
    """Writes authority.pem, which is returned, and server.pem: key and certificate for localhost and the address."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(address))]
    authority = _certificate("测试根证书", authority_key, "测试根证书", authority_key, None)
    server = _certificate("localhost", key, "测试根证书", authority_key, names)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + server)
    path = folder / "authority.pem"
    path.write_bytes(authority)
    return path


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    names: list[x509.GeneralName] | None,
) -> bytes:
    """PEM; without names it is an authority's."""
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

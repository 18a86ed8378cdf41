# SPDX-License-Identifier: Apache-2.0
"""Other ends that are no well-behaved gateway: a server that answers what a test says, over TCP or TLS."""

from __future__ import annotations

import datetime
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from offline.enrolment import Enrolment
from offline.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Said:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b"{}"


OURS = {"Doorstep-Gateway": "1"}
Answerer = Callable[[str, str], Said | None]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answerer: Answerer

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        said = self.answerer(self.command, self.path)
        if said is None:  # never
            self.server.ending.wait(20)  # type: ignore[attr-defined]
            self.close_connection = True
            return
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    do_GET = do_POST = do_PATCH = do_HEAD = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, handler: type[_Handler], tls: Path | None) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.ending = threading.Event()
        self._tls: ssl.SSLContext | None = None
        if tls is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(tls)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """On the connection's own thread: a handshake that never ends keeps nobody else waiting."""
        if self._tls is not None:
            if not request.recv(1, socket.MSG_PEEK):  # gone already: wrapping that leaks in this Python
                return
            request = self._tls.wrap_socket(request, server_side=True)
        with request:
            super().finish_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A terminal that hangs up is no news here."""


@contextmanager
def scripted(answerer: Answerer, tls: Path | None = None) -> Iterator[str]:
    """Serves what `answerer(method, path)` says; None: it never answers. `tls`: a file with key and certificate."""
    handler = type("Handler", (_Handler,), {"answerer": staticmethod(answerer)})
    server = _Server(handler, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://localhost:{server.server_port}"
    finally:
        server.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def raw_server(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Each connection is handed to `speak`, on a thread of its own; at the end all are closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def one(end: socket.socket) -> None:
        with end, suppress(OSError):
            speak(end)

    def run() -> None:
        while True:
            try:
                end, _ = listener.accept()
            except OSError:
                return
            ends.append(end)
            threads.append(threading.Thread(target=one, args=(end,)))
            threads[-1].start()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for each in threads:
            each.join()


def certificate(folder: Path, name: str = "localhost") -> Path:
    """A file with a fresh key and a certificate signed with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def point_at(terminal: Terminal, url: str) -> None:
    """The same terminal, its platform at another address."""
    old = terminal.require_enrolment()
    values = {name: getattr(old, name) for name in Enrolment.__slots__} | {"gateway_url": url}
    terminal.adopt(Enrolment(**values), terminal.keys)

# SPDX-License-Identifier: Apache-2.0
"""An eSCL scanner on loopback with a feeder that is loaded with JPEG pages."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_STATUS = (
    '<?xml version="1.0"?><scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" '
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"><pwg:State>Idle</pwg:State>'
    "<scan:AdfState>{adf}</scan:AdfState></scan:ScannerStatus>"
)


class SimulatedScanner:
    """`url` to scan from; `load` puts pages into the feeder; `fault` is None, "jam" or "cover-open"."""

    def __init__(self) -> None:
        self._pages: list[bytes] = []
        self.fault: str | None = None
        self.jams_after: int | None = None
        self._jobs = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.plug()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}/eSCL"

    def plug(self) -> None:
        """Switches it on, at the same place as before."""
        if self._server is None:
            self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
            self._server.daemon_threads = True
            self._port = self._server.server_port
            serve = self._server.serve_forever
            threading.Thread(target=serve, args=(0.05,), name="simulated-scanner", daemon=True).start()

    def unplug(self) -> None:
        """Switches it off."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    close = unplug

    def load(self, pages: list[bytes]) -> None:
        """Lays pages into the feeder."""
        with self._lock:
            self._pages = list(pages)

    def adf_state(self) -> str:
        """What eSCL calls it."""
        named = {"jam": "ScannerAdfJam", "cover-open": "ScannerAdfHatchOpen"}.get(self.fault or "")
        return named or ("ScannerAdfLoaded" if self._pages else "ScannerAdfEmpty")

    def next_page(self) -> bytes | None:
        """Draws one page in."""
        with self._lock:
            if self.jams_after == 0:
                self.fault, self.jams_after = "jam", None
            if self.fault or not self._pages:
                return None
            if self.jams_after is not None:
                self.jams_after -= 1
            return self._pages.pop(0)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scanner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def _send(self, status: int, body: bytes = b"", kind: str = "text/xml", location: str = "") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def do_GET(self) -> None:
                if self.path.endswith("/ScannerStatus"):
                    self._send(200, _STATUS.format(adf=scanner.adf_state()).encode())
                elif self.path.endswith("/NextDocument") and (page := scanner.next_page()) is not None:
                    self._send(200, page, "image/jpeg")
                else:
                    self._send(404)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                scanner._jobs += 1
                self._send(201, location=f"{scanner.url}/ScanJobs/{scanner._jobs}")

            def log_message(self, *_args: object) -> None:
                """Says nothing."""

        return Handler

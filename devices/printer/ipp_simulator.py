# SPDX-License-Identifier: Apache-2.0
"""An IPP printer on loopback: takes PDF jobs, waits while it has no paper, jams on command."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from devices.faults import Faults

PRINT_JOB, VALIDATE_JOB, CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 0x02, 0x04, 0x08, 0x09, 0x0A, 0x0B
PENDING, CANCELED, ABORTED, COMPLETED = 3, 7, 8, 9
OK, NOT_FOUND, UNSUPPORTED, NOT_POSSIBLE = 0x0000, 0x0406, 0x0501, 0x0404
_LASTING = {"out-of-paper": "media-empty-error", "jam": "media-jam-error", "cover-open": "cover-open-error"}
_WAITS = tuple(_LASTING.values())
FAULTS = ("silent", "garbage", "half", "aborted", *_LASTING, "unplug")
"""silent: no answer; half: an answer that breaks off; aborted: the job is given up."""


class SimulatedIppPrinter:
    """`uri` to print to; `printed` holds finished PDFs. `set_reasons` are printer-state-reasons.

    `faults` are of single answers; paper, jam, cover and plug come over whatever is asked then, so also in the
    middle of a job, and stay until they are mended (`set_reasons()`, `plug()`).
    """

    def __init__(self, printed: Callable[[bytes], None] | None = None) -> None:
        self._tell = printed or (lambda _pdf: None)
        self.printed: list[bytes] = []
        self.faults = Faults(FAULTS)
        self._jobs: dict[int, tuple[int, bytes]] = {}
        self._reasons: tuple[str, ...] = ()
        self._abort = False
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.plug()

    @property
    def uri(self) -> str:
        """Where it is."""
        return f"ipp://127.0.0.1:{self._port}/ipp/print"

    def plug(self) -> None:
        """Switches it on, at the same place as before."""
        if self._server is not None:
            return
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._server.daemon_threads = True
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="simulated-ipp", daemon=True).start()

    def unplug(self) -> None:
        """Switches it off."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    close = unplug

    def set_reasons(self, *reasons: str) -> None:
        """media-empty-error, media-low-warning, media-jam-error, cover-open-error; none when all is well."""
        with self._lock:
            self._reasons = reasons
            self._work()

    def abort_jobs(self, abort: bool) -> None:
        """Gives every job up from now on."""
        self._abort = abort

    def fault_now(self) -> str | None:
        """Of the answer that comes now."""
        fault = self.faults.next()
        if fault in _LASTING:
            self.set_reasons(_LASTING[fault])
        elif fault == "unplug":
            self.unplug()
        return fault

    def _work(self) -> None:
        if any(reason in _WAITS for reason in self._reasons):
            return
        for number, (state, pdf) in list(self._jobs.items()):
            if state == PENDING:
                self._jobs[number] = (ABORTED if self._abort else COMPLETED, b"")
                if not self._abort:
                    self.printed.append(pdf)
                    self._tell(pdf)

    def answer(self, body: bytes, *, gives_up: bool = False) -> bytes:
        """The response to a request's bytes. `gives_up`: a job that comes with it is not printed."""
        from pyipp.parser import parse

        request = parse(body, contains_data=True)
        operation, number = request["status-code"], struct.unpack(">i", body[4:8])[0]
        given: dict[str, Any] = request["operation-attributes"]
        with self._lock:
            if gives_up and operation == PRINT_JOB:
                self._jobs[len(self._jobs) + 1] = (ABORTED, b"")
                return _response(OK, number, [self._job(len(self._jobs))], None)
            status, jobs, printer = self._perform(operation, given, request["data"])
        return _response(status, number, jobs, printer)

    def _perform(
        self, operation: int, given: dict[str, Any], data: bytes
    ) -> tuple[int, list[dict[str, Any]], dict[str, Any] | None]:
        if operation == GET_PRINTER:
            stopped = any(reason in _WAITS for reason in self._reasons)
            printer = {
                "printer-state": 5 if stopped else 3,
                "printer-state-reasons": list(self._reasons) or ["none"],
                "printer-name": "simulated",
                "printer-is-accepting-jobs": True,
                "document-format-supported": ["application/pdf"],
            }
            return OK, [], printer
        if operation == PRINT_JOB:
            if not data.startswith(b"%PDF"):
                return 0x040A, [], None  # document-format-not-supported
            number = len(self._jobs) + 1
            self._jobs[number] = (PENDING, data)
            self._work()
            return OK, [self._job(number)], None
        number = int(given.get("job-id", 0))
        if operation in (GET_JOB, CANCEL_JOB) and number not in self._jobs:
            return NOT_FOUND, [], None
        if operation == GET_JOB:
            return OK, [self._job(number)], None
        if operation == CANCEL_JOB:
            if self._jobs[number][0] != PENDING:
                return NOT_POSSIBLE, [], None
            self._jobs[number] = (CANCELED, b"")
            return OK, [], None
        return (OK if operation == VALIDATE_JOB else UNSUPPORTED), [], None

    def _job(self, number: int) -> dict[str, Any]:
        return {"job-id": number, "job-state": self._jobs[number][0], "job-uri": f"{self.uri}/{number}"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        printer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def do_POST(self) -> None:
                body, fault = self._body(), printer.fault_now()
                if fault in ("silent", "unplug"):
                    self.close_connection = True
                    return
                answer = b"\x00\xff" * 40 if fault == "garbage" else printer.answer(body, gives_up=fault == "aborted")
                self.send_response(200)
                self.send_header("Content-Type", "application/ipp")
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(answer[: len(answer) // 2] if fault == "half" else answer)
                self.close_connection = True

            def _body(self) -> bytes:
                if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", "0")))
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_args: object) -> None:
                """Says nothing."""

        return Handler


def _response(status: int, request: int, jobs: list[dict[str, Any]], printer: dict[str, Any] | None) -> bytes:
    from pyipp.enums import IppTag
    from pyipp.serializer import construct_attribute

    tags = {
        "job-id": IppTag.INTEGER, "job-state": IppTag.ENUM, "job-uri": IppTag.URI, "printer-state": IppTag.ENUM,
        "printer-state-reasons": IppTag.KEYWORD, "printer-name": IppTag.NAME,
        "printer-is-accepting-jobs": IppTag.BOOLEAN, "document-format-supported": IppTag.MIME_TYPE,
    }  # fmt: skip
    out = struct.pack(">bbhi", 2, 0, status, request) + bytes([IppTag.OPERATION.value])
    out += construct_attribute("attributes-charset", "utf-8", IppTag.CHARSET)
    out += construct_attribute("attributes-natural-language", "en", IppTag.LANGUAGE)
    for group, values in [(IppTag.JOB, job) for job in jobs] + ([(IppTag.PRINTER, printer)] if printer else []):
        out += bytes([group.value])
        for name, value in values.items():
            out += construct_attribute(name, value, tags[name])
    return out + bytes([IppTag.END.value])

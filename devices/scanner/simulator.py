# SPDX-License-Identifier: Apache-2.0
"""An eSCL scanner on loopback with a feeder that is loaded with JPEG pages, and a glass where it has one."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from devices.faults import Faults

_NAMES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
_STATUS = (
    '<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus {names}><pwg:Version>2.6</pwg:Version>'
    "<pwg:State>Idle</pwg:State><scan:AdfState>{adf}</scan:AdfState></scan:ScannerStatus>"
)
_PROFILE = (
    "<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>"
    "<scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:DocumentFormats>"
    "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats><scan:SupportedResolutions>"
    "<scan:DiscreteResolutions><scan:DiscreteResolution><scan:XResolution>200</scan:XResolution>"
    "<scan:YResolution>200</scan:YResolution></scan:DiscreteResolution></scan:DiscreteResolutions>"
    "</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
)
_INPUT = (
    "<scan:{kind}InputCaps><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>"
    "<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>3508</scan:MaxHeight>{profile}</scan:{kind}InputCaps>"
)
_CAPABILITIES = (
    '<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities {names}><pwg:Version>2.6</pwg:Version>'
    "<pwg:MakeAndModel>Doorstep Simulated Scanner</pwg:MakeAndModel>{glass}"
    "<scan:Adf>{feeder}<scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf></scan:ScannerCapabilities>"
)
FAULTS = ("jam", "cover-open", "mute", "garbage", "half", "busy", "unplug")
"""mute: no answer; garbage: answers that are no XML; half: a page that breaks off; busy: 503 twice, then well."""
_LASTING = ("jam", "cover-open", "busy")


class SimulatedScanner:
    """`url` to scan from; `load` puts pages into the feeder; `fault` is None or one of FAULTS but unplug.

    `faults` are of single answers; a jam, an open cover and a pulled plug stay until they are mended.
    """

    def __init__(self) -> None:
        self._pages: list[bytes] = []
        self.glass: bytes | None = None
        self.fault: str | None = None
        self.faults = Faults(FAULTS)
        self.jams_after: int | None = None
        self.taken_back: list[str] = []
        self.busy = 0
        self.names_itself = ""  # some say a whole address, with a name that only they know
        self._from_glass = False
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

    def fault_now(self) -> str | None:
        """Of the answer that comes now."""
        fault = self.faults.next()
        if fault in _LASTING:
            self.fault = fault
        elif fault == "unplug":
            self.unplug()
            return "mute"
        return fault or self.fault

    def adf_state(self) -> str:
        """What eSCL calls it."""
        named = {"jam": "ScannerAdfJam", "cover-open": "ScannerAdfHatchOpen"}.get(self.fault or "")
        return named or ("ScannerAdfLoaded" if self._pages else "ScannerAdfEmpty")

    def begin(self, settings: bytes) -> str:
        """A job; its path."""
        with self._lock:
            self._from_glass = b"Platen" in settings
            self._jobs += 1
            return f"/eSCL/ScanJobs/{self._jobs}"

    def next_page(self) -> bytes | None:
        """Draws one page in, or takes the one on the glass."""
        with self._lock:
            if self._from_glass:
                self._from_glass = False
                return self.glass
            if self.jams_after == 0:
                self.fault, self.jams_after = "jam", None
            if self.fault in ("jam", "cover-open") or not self._pages:
                return None
            if self.jams_after is not None:
                self.jams_after -= 1
            return self._pages.pop(0)

    def capabilities(self) -> str:
        """The document of that name."""
        feeder = _INPUT.format(kind="AdfSimplex", profile=_PROFILE)
        glass = f"<scan:Platen>{_INPUT.format(kind='Platen', profile=_PROFILE)}</scan:Platen>"
        return _CAPABILITIES.format(names=_NAMES, glass=glass if self.glass is not None else "", feeder=feeder)

    def is_busy(self) -> bool:
        """Counts down what `busy` says."""
        with self._lock:
            if self.fault == "busy" and self.busy == 0:
                self.busy = 3
            if self.busy:
                self.busy -= 1
                if self.busy == 0:
                    self.fault = None
            return self.busy > 0

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scanner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10
            fault: str | None = None

            def _send(self, status: int, body: bytes = b"", kind: str = "text/xml", **headers: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if self.fault == "half" and kind == "image/jpeg" else body)
                self.close_connection = True

            def do_GET(self) -> None:
                self.fault = scanner.fault_now()
                if self.fault == "mute":
                    self.close_connection = True
                elif self.fault == "garbage":
                    self._send(200, b"\x00\xff<scan" * 50)
                elif self.path.endswith("/ScannerStatus"):
                    self._send(200, _STATUS.format(names=_NAMES, adf=scanner.adf_state()).encode())
                elif self.path.endswith("/ScannerCapabilities"):
                    self._send(200, scanner.capabilities().encode())
                elif scanner.is_busy():
                    self._send(503, Retry_After="0")
                elif self.path.endswith("/NextDocument") and (page := scanner.next_page()) is not None:
                    self._send(200, page, "image/jpeg")
                else:
                    self._send(404)

            def do_POST(self) -> None:
                settings = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 100_000))
                self.fault = scanner.fault_now()
                if self.fault == "mute":
                    self.close_connection = True
                elif scanner.is_busy():
                    self._send(503, Retry_After="0")
                else:
                    self._send(201, Location=scanner.names_itself + scanner.begin(settings))

            def do_DELETE(self) -> None:
                scanner.taken_back.append(self.path)
                self._send(200)

            def log_message(self, *_args: object) -> None:
                """Says nothing."""

        return Handler

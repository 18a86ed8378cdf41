# SPDX-License-Identifier: Apache-2.0
"""A network scanner over eSCL (the Mopria protocol behind "driverless" scanning)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from devices.base import DeviceStatus, ScannedPage, State, status
from devices.drivers import Driver
from devices.errors import ScanFailed

if TYPE_CHECKING:
    import requests

DEVICE = "scanner"
MOST_PAGES = 50
MOST_BYTES = 40_000_000  # of one page
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><scan:Intent>Document</scan:Intent><pwg:InputSource>{source}</pwg:InputSource>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:ColorMode>RGB24</scan:ColorMode>
<scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution></scan:ScanSettings>"""
_ADF = {"ScannerAdfJam": (State.JAM, "jam"), "ScannerAdfHatchOpen": (State.COVER_OPEN, "cover-open")}


class EsclScanner:
    """Used from one thread. `url` ends in /eSCL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def status(self) -> DeviceStatus:
        """Asks ScannerStatus."""
        try:
            state, adf = self._ask()
        except ScanFailed as fault:
            return status(DEVICE, State.ABSENT if fault.code == "scanner-absent" else State.FAULT, str(fault))
        if adf in _ADF:
            return status(DEVICE, _ADF[adf][0])
        return status(DEVICE, State.READY if state in ("Idle", "Processing") else State.FAULT, state)

    def _ask(self) -> tuple[str, str]:
        answer = self._request("GET", "/ScannerStatus")
        try:
            root = ElementTree.fromstring(answer.content[:100_000])
        except ElementTree.ParseError as fault:
            raise ScanFailed("scanner-fault", "the scanner's answer makes no sense; restart it") from fault
        found = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in root.iter()}
        return found.get("State", ""), found.get("AdfState", "")

    def scan(self) -> list[ScannedPage]:
        """All pages that lie in it. Raises ScanFailed no-pages, jam, cover-open, scanner-absent, ..."""
        _, adf = self._ask()
        if adf in _ADF:
            raise ScanFailed(_ADF[adf][1], "the scanner's feeder must be looked at")
        if adf == "ScannerAdfEmpty":
            raise ScanFailed("no-pages", "no page lies in the scanner")
        source = "Feeder" if adf else "Platen"
        body = _SETTINGS.format(source=source).encode()
        job = self._request("POST", "/ScanJobs", body).headers.get("Location", "")
        if not job:
            raise ScanFailed("scanner-fault", "the scanner took no job")
        path = job if job.startswith("http") else self._url.split("/eSCL")[0] + job
        pages: list[ScannedPage] = []
        while len(pages) < MOST_PAGES:
            answer = self._request("GET", path.rstrip("/") + "/NextDocument", missing=True)
            if answer.status_code == 404:
                break
            if len(answer.content) > MOST_BYTES:
                raise ScanFailed("scanner-fault", "the scanner sent a page that is too large")
            pages.append(ScannedPage(answer.content))
        self._after(pages)
        return pages

    def _after(self, pages: list[ScannedPage]) -> None:
        """A feeder that stopped in the middle has not scanned all: the pages are not taken."""
        _, adf = self._ask()
        if adf in _ADF:
            raise ScanFailed(_ADF[adf][1], "the scanner stopped in the middle; lay all pages in again")
        if not pages:
            raise ScanFailed("no-pages", "the scanner sent no page")

    def _request(self, method: str, path: str, body: bytes = b"", *, missing: bool = False) -> requests.Response:
        import requests

        url = path if path.startswith("http") else self._url + path
        try:
            with requests.Session() as session:
                session.trust_env = False
                headers = {"Content-Type": "text/xml"} if body else {}
                answer = session.request(method, url, data=body or None, headers=headers, timeout=(3, 60))
        except requests.RequestException as fault:
            raise ScanFailed("scanner-absent", "the scanner does not answer; check that it is on") from fault
        if answer.ok or (missing and answer.status_code == 404):
            return answer
        code = {409: "no-pages", 503: "scanner-fault"}.get(answer.status_code, "scanner-fault")
        raise ScanFailed(code, f"the scanner refused ({answer.status_code})")


DRIVER = Driver("scanner", "escl", EsclScanner, list, "scanner on the network, eSCL")

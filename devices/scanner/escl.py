# SPDX-License-Identifier: Apache-2.0
"""A network scanner over eSCL (the Mopria protocol behind "driverless" scanning)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
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
LOOK = 5.0  # seconds for an answer to "how are you"
PAGE = 60.0  # seconds without a byte of a page
PATIENCE = 60.0  # seconds a busy scanner is asked again
_BUSY_PAUSE = 5.0  # at most between two such questions, whatever Retry-After says
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><scan:Intent>Document</scan:Intent><pwg:InputSource>{source}</pwg:InputSource>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:ColorMode>RGB24</scan:ColorMode>
<scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution></scan:ScanSettings>"""
_ADF = {
    "ScannerAdfJam": (State.JAM, "jam", "paper is stuck in the scanner's feeder"),
    "ScannerAdfHatchOpen": (State.COVER_OPEN, "cover-open", "the scanner's cover is open"),
    "ScannerAdfMispick": (State.JAM, "jam", "the scanner's feeder did not take the paper; lay it in straight"),
    "ScannerAdfMultipickDetected": (State.JAM, "jam", "the feeder took two pages at once; lay them in again"),
}
_NO_MORE = (404, 410)
_STATES = {"Idle": State.READY, "Processing": State.BUSY, "Testing": State.BUSY}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes


class EsclScanner:
    """Used from one thread; `cancel` from any. `url` ends in /eSCL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._cancelled = threading.Event()

    def status(self) -> DeviceStatus:
        """Asks ScannerStatus."""
        try:
            state, adf = self._ask()
        except ScanFailed as fault:
            return status(DEVICE, State.ABSENT if fault.code == "scanner-absent" else State.FAULT, str(fault))
        if adf in _ADF:
            return status(DEVICE, _ADF[adf][0])
        return status(DEVICE, _STATES.get(state, State.FAULT), state)

    def cancel(self) -> None:
        """The scan under way ends with ScanFailed cancelled; no page of it is taken."""
        self._cancelled.set()

    def scan(self) -> list[ScannedPage]:
        """All pages in the feeder; one from the glass where the feeder is empty or there is none.

        Raises ScanFailed no-pages, jam, cover-open, scanner-absent, scanner-fault, timeout, cancelled.
        """
        self._cancelled.clear()
        _, adf = self._ask()
        self._check(adf)
        feeder = bool(adf) and adf != "ScannerAdfEmpty"
        if adf == "ScannerAdfEmpty" and not self._has_glass():
            raise ScanFailed("no-pages", "no page lies in the scanner")
        job = self._begin("Feeder" if feeder else "Platen")
        try:
            pages = self._pages(job, MOST_PAGES if feeder else 1)
        except ScanFailed:
            self._take_back(job)
            raise
        if len(pages) == (MOST_PAGES if feeder else 1):
            self._take_back(job)
        self._check(self._ask()[1])
        if not pages:
            raise ScanFailed("no-pages", "the scanner sent no page")
        return pages

    def _begin(self, source: str) -> str:
        job = self._request("POST", "/ScanJobs", _SETTINGS.format(source=source).encode()).headers.get("Location", "")
        if not job:
            raise ScanFailed("scanner-fault", "the scanner took no job")
        # Some scanners name themselves in Location by a name that only they can resolve: only the path is used.
        path = "/" + job.partition("://")[2].partition("/")[2] if "://" in job else job
        return self._url.removesuffix("/eSCL") + path.rstrip("/")

    def _pages(self, job: str, most: int) -> list[ScannedPage]:
        pages: list[ScannedPage] = []
        while len(pages) < most:
            if self._cancelled.is_set():
                raise ScanFailed("cancelled", "the scan was taken back")
            answer = self._request("GET", job + "/NextDocument", missing=True)
            if answer.status in _NO_MORE:
                break
            # A feeder that stopped in the middle sends what it has: such a page lacks JPEG's end mark.
            if b"\xff\xd9" not in answer.content[-1024:]:
                self._check(self._ask()[1])
                raise ScanFailed("scanner-fault", "the scanner sent half a page; scan again")
            pages.append(ScannedPage(answer.content))
        return pages

    def _take_back(self, job: str) -> None:
        """DELETE the job, so that the scanner does not wait for more to be fetched. Never raises."""
        import requests

        try:
            with requests.Session() as session:
                session.trust_env = False
                session.delete(job, timeout=(2, 5))
        except requests.RequestException:
            return  # gone with the scanner

    def _check(self, adf: str) -> None:
        if adf in _ADF:
            raise ScanFailed(_ADF[adf][1], _ADF[adf][2])

    def _ask(self) -> tuple[str, str]:
        """State and AdfState; the latter is empty where there is no feeder."""
        found: dict[str, str] = {}
        for element in _xml(self._request("GET", "/ScannerStatus", wait=LOOK).content).iter():
            found.setdefault(element.tag.rpartition("}")[2], (element.text or "").strip())
        return found.get("State", ""), found.get("AdfState", "")

    def _has_glass(self) -> bool:
        root = _xml(self._request("GET", "/ScannerCapabilities").content)
        return any(element.tag.rpartition("}")[2] == "Platen" for element in root.iter())

    def _request(
        self, method: str, path: str, body: bytes = b"", *, missing: bool = False, wait: float = PAGE
    ) -> _Answer:
        """Asks again while the scanner says it is busy (503, with Retry-After)."""
        until = time.monotonic() + PATIENCE
        while True:
            answer = self._once(method, path if path.startswith("http") else self._url + path, body, wait)
            if answer.status < 400 or (missing and answer.status in _NO_MORE):
                return answer
            if answer.status != 503 or time.monotonic() > until:
                break
            after = answer.headers.get("Retry-After", "")
            if self._cancelled.wait(min(int(after) if after.isdecimal() else 1, _BUSY_PAUSE)):
                raise ScanFailed("cancelled", "the scan was taken back")
        if answer.status == 503:
            raise ScanFailed("timeout", "the scanner stays busy; switch it off and on again")
        code = "no-pages" if answer.status == 409 else "scanner-fault"
        raise ScanFailed(code, f"the scanner refused ({answer.status})")

    def _once(self, method: str, url: str, body: bytes, wait: float) -> _Answer:
        import requests

        reached = False
        try:
            with requests.Session() as session:
                session.trust_env = False
                headers = {"Content-Type": "text/xml"} if body else {}
                answer = session.request(
                    method, url, data=body or None, headers=headers, timeout=(3, wait), stream=True
                )
                reached = True
                return _Answer(answer.status_code, answer.headers, b"".join(_at_most(answer, MOST_BYTES)))
        except requests.Timeout as fault:
            raise ScanFailed("timeout" if reached else "scanner-absent", "the scanner stopped answering") from fault
        except requests.RequestException as fault:
            if reached:
                raise ScanFailed("scanner-fault", "the scanner stopped in the middle; scan again") from fault
            raise ScanFailed("scanner-absent", "the scanner does not answer; check that it is on") from fault


def _at_most(answer: requests.Response, most: int) -> list[bytes]:
    parts, size = [], 0
    for part in answer.iter_content(65536):
        size += len(part)
        if size > most:
            raise ScanFailed("scanner-fault", "the scanner sent a page that is too large")
        parts.append(part)
    return parts


def _xml(data: bytes) -> ElementTree.Element:
    try:
        if len(data) > 1_000_000 or b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # no scanner needs these
            raise ElementTree.ParseError
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise ScanFailed("scanner-fault", "the scanner's answer makes no sense; restart it") from fault


DRIVER = Driver("scanner", "escl", EsclScanner, list, "scanner on the network, eSCL")

# SPDX-License-Identifier: Apache-2.0
"""An A4 printer over IPP: a bare IPP Everywhere printer or a CUPS queue. Done is what the printer calls completed."""

from __future__ import annotations

import asyncio
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Iterable
from typing import Any

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.errors import PrintFailed
from devices.printer.left_jobs import USER, is_of_this_machine, purge, purge_all
from devices.printer.supplies import described, has_paper, low_words, supplies

DEVICE = "printer"
POLL = 0.25  # seconds between looks at a job
ANSWER = 6  # seconds for an answer to a question
TAKING = 20  # seconds for taking a job
PATIENCE = 4.0  # seconds that a blocked job may wait for paper before it is taken back
_COMPLETED, _CANCELED, _ABORTED = 9, 7, 8  # RFC 8011, 5.3.7
_STOPPED = 5  # printer-state, RFC 8011, 5.4.11
_ATTRIBUTES = (
    *("printer-state", "printer-state-reasons", "device-uri", "printer-supply", "printer-input-tray"),
    *("marker-names", "marker-levels"),
)
_NONSENSE = (ValueError, IndexError, KeyError, TypeError, struct.error)
"""What the library raises at an answer that is no IPP."""
_REASONS = (
    ("media-jam", State.JAM, "jam"),
    ("media-empty", State.OUT_OF_PAPER, "out-of-paper"),
    ("media-needed", State.OUT_OF_PAPER, "out-of-paper"),
    ("cover-open", State.COVER_OPEN, "cover-open"),
    ("door-open", State.COVER_OPEN, "cover-open"),
    ("interlock-open", State.COVER_OPEN, "cover-open"),
    ("media-low", State.PAPER_LOW, ""),
    ("marker-supply-empty", State.FAULT, "printer-fault"),
)


def reasons_state(reasons: Iterable[str]) -> tuple[State, str]:
    """State and failure code of printer-state-reasons; suffixes -report, -warning, -error are stripped."""
    bare = {r.removesuffix("-report").removesuffix("-warning").removesuffix("-error") for r in reasons}
    for name, state, code in _REASONS:
        if name in bare:
            return state, code
    return State.READY, ""


class IppPrinter:
    """Used from one thread, `cancel` from any; each call is a conversation of its own.

    A CUPS queue remembers why its last job was stuck, also when the paper was refilled long since; so the printer
    behind the queue is asked, where that speaks IPP.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._withdrawn = threading.Event()
        self._left = False

    def recover(self) -> None:
        """Jobs that a process before this one left at the queue of this machine are removed, as soon as it answers."""
        self._left = is_of_this_machine(self._uri)

    def status(self) -> DeviceStatus:
        """Asks the printer; absent where it does not answer."""
        try:
            return asyncio.run(self._status())
        except PrintFailed as fault:
            return status(DEVICE, State.ABSENT if fault.code == "printer-absent" else State.FAULT, str(fault))

    def print_pdf(self, pdf: bytes, title: str, *, timeout: float = 120.0) -> None:
        """Submits, and follows the job to its end. A job that will not print is taken back. Raises PrintFailed."""
        self._withdrawn.clear()
        asyncio.run(self._print(pdf, title, timeout))

    def cancel(self) -> None:
        """Takes the job under way back; `print_pdf` raises job-cancelled."""
        self._withdrawn.set()

    async def _execute(
        self, operation: Any, attributes: dict[str, Any], data: bytes | None = None, *, uri: str = ""
    ) -> dict[str, Any]:
        from aiohttp import ClientError
        from pyipp import IPP, IPPConnectionError, IPPError

        message: dict[str, Any] = {"operation-attributes-tag": attributes}
        if data is not None:
            message["data"] = data
        try:
            async with IPP(uri or self._uri, request_timeout=ANSWER if data is None else TAKING) as ipp:
                answer: dict[str, Any] = await ipp.execute(operation, message)
                return answer
        except IPPConnectionError as fault:
            raise PrintFailed("printer-absent", "the printer does not answer; check that it is on") from fault
        except (ClientError, TimeoutError) as fault:  # the library lets through what happens in the middle of an answer
            raise PrintFailed("printer-absent", "the printer stopped in the middle of its answer") from fault
        except (IPPError, *_NONSENSE) as fault:
            raise PrintFailed("printer-fault", f"the printer refused: {type(fault).__name__}") from fault

    async def _printer(self, *, tidy: bool = False) -> dict[str, Any]:
        """What the printer says of itself; the one behind, of a queue. Not with `tidy` while a job of ours is there."""
        found = await self._about(self._uri)
        if tidy and self._left:
            self._left = not await purge_all(self._execute)
        behind = str(found.get("device-uri", ""))
        if behind.startswith(("ipp://", "ipps://")) and behind != self._uri:
            return await self._about(behind)
        return found

    async def _about(self, uri: str) -> dict[str, Any]:
        from pyipp.enums import IppOperation

        asked = {"requested-attributes": list(_ATTRIBUTES)}
        answer = await self._execute(IppOperation.GET_PRINTER_ATTRIBUTES, asked, uri=uri)
        if not answer.get("printers"):
            raise PrintFailed("printer-fault", "the printer tells nothing about itself")
        printer: dict[str, Any] = answer["printers"][0]
        return printer

    async def _status(self) -> DeviceStatus:
        printer = await self._printer(tidy=True)
        state, _ = _judge(printer)
        if state is State.READY and _number(printer.get("printer-state")) == _STOPPED:
            return status(DEVICE, State.FAULT, "the printer has stopped")
        cartridges = described(_listed(printer.get("printer-supply")))
        cartridges = cartridges or supplies(_listed(printer.get("marker-names")), _raw(printer.get("marker-levels")))
        return status(DEVICE, state, low_words(cartridges))

    async def _print(self, pdf: bytes, title: str, timeout: float) -> None:
        from pyipp.enums import IppOperation

        ends = time.monotonic() + timeout
        state, code = _judge(await self._printer(tidy=True))
        if code:
            raise PrintFailed(code, f"the printer is {state}")
        attributes = {"requesting-user-name": USER, "job-name": title, "document-format": "application/pdf"}
        try:
            answer = await self._execute(IppOperation.PRINT_JOB, attributes, pdf)
        except PrintFailed:
            self._left = is_of_this_machine(self._uri)  # perhaps it took the job, and only its answer is lost
            raise
        job = _number(answer["jobs"][0].get("job-id")) if answer.get("jobs") else 0
        if not job:
            raise PrintFailed("printer-fault", "the printer took no job")
        try:
            await self._follow(job, ends)
        finally:
            await self._remove(job)

    async def _follow(self, job: int, ends: float) -> None:
        """Until it is printed. Raises PrintFailed as soon as it is clear that it will not be."""
        blocked_since: float | None = None
        while not await self._job_ended(job):
            _, code = _judge(await self._printer())
            now = time.monotonic()
            blocked_since = (blocked_since or now) if code else None
            if self._withdrawn.is_set():
                raise PrintFailed("job-cancelled", "the job was taken back, as was wished")
            if (blocked_since is not None and now - blocked_since > PATIENCE) or now > ends:
                raise PrintFailed(code or "timeout", "the job was taken back; it can be printed again")
            await asyncio.sleep(POLL)

    async def _job_ended(self, job: int) -> bool:
        from pyipp.enums import IppOperation

        answer = await self._execute(IppOperation.GET_JOB_ATTRIBUTES, {"job-id": job, "requesting-user-name": USER})
        state = _number(answer["jobs"][0].get("job-state")) if answer.get("jobs") else 0
        if state in (_CANCELED, _ABORTED):
            raise PrintFailed("job-aborted", "the printer gave the job up; it can be printed again")
        return state == _COMPLETED

    async def _remove(self, job: int) -> None:
        """Done or not, nothing of it is kept; what cannot be removed at the server now is removed at a later look."""
        if not await purge(self._execute, job):
            self._left = is_of_this_machine(self._uri)


def _judge(printer: dict[str, Any]) -> tuple[State, str]:
    """State, and what stops a job. An empty tray beside a full one only means that paper gets low."""
    reasons = _listed(printer.get("printer-state-reasons"))
    state, code = reasons_state(reasons)
    waits = any(reason.startswith("media-needed") for reason in reasons)
    if state is State.OUT_OF_PAPER and not waits and has_paper(_listed(printer.get("printer-input-tray"))):
        return State.PAPER_LOW, ""
    return state, code


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0


def _raw(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _listed(value: Any) -> list[str]:
    """Single values come as scalars."""
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def find() -> list[dict[str, Any]]:
    """Queues of this machine's CUPS, the default one first."""
    lpstat = shutil.which("lpstat")
    if lpstat is None:
        return []
    try:
        names = subprocess.run([lpstat, "-e"], capture_output=True, text=True, timeout=8, check=False).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return []
    return [{"uri": f"ipp://localhost/printers/{name}"} for name in names]


DRIVER = Driver("printer", "ipp", IppPrinter, find, "A4 printer over IPP, bare or behind CUPS")

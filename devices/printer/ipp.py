# SPDX-License-Identifier: Apache-2.0
"""An A4 printer over IPP: a bare IPP Everywhere printer or a CUPS queue. Done is what the printer calls completed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.errors import PrintFailed

DEVICE = "printer"
POLL = 0.25  # seconds between looks at a job
PATIENCE = 4.0  # seconds that a blocked job may wait for paper before it is taken back
_COMPLETED, _CANCELED, _ABORTED = 9, 7, 8  # RFC 8011, 5.3.7
_STOPPED = 5  # printer-state, RFC 8011, 5.4.11
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
    """Used from one thread; each call is a conversation of its own."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def status(self) -> DeviceStatus:
        """Asks the printer; absent where it does not answer."""
        try:
            return asyncio.run(self._status())
        except PrintFailed as fault:
            return status(DEVICE, State.ABSENT if fault.code == "printer-absent" else State.FAULT, str(fault))

    def print_pdf(self, pdf: bytes, title: str, *, timeout: float = 120.0) -> None:
        """Submits, and follows the job to its end. A job that will not print is taken back. Raises PrintFailed."""
        asyncio.run(self._print(pdf, title, timeout))

    async def _execute(self, operation: Any, attributes: dict[str, Any], data: bytes | None = None) -> dict[str, Any]:
        from pyipp import IPP, IPPConnectionError, IPPError

        message: dict[str, Any] = {"operation-attributes-tag": attributes}
        if data is not None:
            message["data"] = data
        try:
            async with IPP(self._uri, request_timeout=20) as ipp:
                answer: dict[str, Any] = await ipp.execute(operation, message)
                return answer
        except IPPConnectionError as fault:
            raise PrintFailed("printer-absent", "the printer does not answer; check that it is on") from fault
        except IPPError as fault:
            raise PrintFailed("printer-fault", f"the printer refused: {type(fault).__name__}") from fault

    async def _printer(self) -> dict[str, Any]:
        from pyipp.enums import IppOperation

        wanted = ["printer-state", "printer-state-reasons"]
        answer = await self._execute(IppOperation.GET_PRINTER_ATTRIBUTES, {"requested-attributes": wanted})
        if not answer.get("printers"):
            raise PrintFailed("printer-fault", "the printer tells nothing about itself")
        printer: dict[str, Any] = answer["printers"][0]
        return printer

    async def _status(self) -> DeviceStatus:
        printer = await self._printer()
        state, _ = reasons_state(_listed(printer.get("printer-state-reasons")))
        if state is State.READY and int(printer.get("printer-state", 3)) == _STOPPED:
            return status(DEVICE, State.FAULT, "the printer has stopped")
        return status(DEVICE, state)

    async def _print(self, pdf: bytes, title: str, timeout: float) -> None:
        from pyipp.enums import IppOperation

        ends = time.monotonic() + timeout
        state, code = reasons_state(_listed((await self._printer()).get("printer-state-reasons")))
        if code:
            raise PrintFailed(code, f"the printer is {state}")
        attributes = {"requesting-user-name": "doorstep", "job-name": title, "document-format": "application/pdf"}
        answer = await self._execute(IppOperation.PRINT_JOB, attributes, pdf)
        if not answer.get("jobs"):
            raise PrintFailed("printer-fault", "the printer took no job")
        job = int(answer["jobs"][0]["job-id"])
        blocked_since: float | None = None
        while True:
            if await self._job_ended(job):
                return
            _, code = reasons_state(_listed((await self._printer()).get("printer-state-reasons")))
            now = time.monotonic()
            blocked_since = (blocked_since or now) if code else None
            if (blocked_since is not None and now - blocked_since > PATIENCE) or now > ends:
                await self._take_back(job)
                raise PrintFailed(code or "timeout", "the job was taken back; it can be printed again")
            await asyncio.sleep(POLL)

    async def _job_ended(self, job: int) -> bool:
        from pyipp.enums import IppOperation

        answer = await self._execute(IppOperation.GET_JOB_ATTRIBUTES, {"job-id": job})
        state = int(answer["jobs"][0]["job-state"]) if answer.get("jobs") else 0
        if state in (_CANCELED, _ABORTED):
            raise PrintFailed("job-aborted", "the printer gave the job up; it can be printed again")
        return state == _COMPLETED

    async def _take_back(self, job: int) -> None:
        from contextlib import suppress

        from pyipp.enums import IppOperation

        with suppress(PrintFailed):
            await self._execute(IppOperation.CANCEL_JOB, {"job-id": job})


def _listed(value: Any) -> list[str]:
    """Single values come as scalars."""
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


DRIVER = Driver("printer", "ipp", IppPrinter, list, "A4 printer over IPP, bare or behind CUPS")

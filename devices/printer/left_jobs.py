# SPDX-License-Identifier: Apache-2.0
"""A print server remembers: CUPS keeps a job's document for a day and its history for as long as it likes. Not ours.

Cancel-Job with `purge-job` removes job and document, also when the job has ended (CUPS, cups/doc/help/spec-ipp.html);
for that the user name must be the one given with the job. A printer that does not know the attribute leaves
it out (RFC 8011, 4.1.7), and says of an ended job that it cannot be cancelled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from devices.errors import PrintFailed

USER = "doorstep"
ENDING = 6.0  # seconds that the end of a backend is waited for; later looks go on
AGAIN = 0.2  # seconds until the server is asked again
Execute = Callable[[Any, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Sends an operation with its attributes; raises PrintFailed."""


async def purge(execute: Execute, job: int) -> bool:
    """Takes a job back where it is not done, and removes what the server keeps; False where it could not be asked.

    CUPS removes the document of a job under way, but remembers the job until its backend has ended and it is asked
    again. So it is asked until it knows no such job; a plain printer says at once that there is nothing to cancel.
    """
    from pyipp.enums import IppOperation, IppTag
    from pyipp.tags import ATTRIBUTE_TAG_MAP

    ATTRIBUTE_TAG_MAP.setdefault("purge-job", IppTag.BOOLEAN)  # else the library leaves it out
    asked = {"job-id": job, "requesting-user-name": USER, "purge-job": True}
    ends, told = time.monotonic() + ENDING, 0
    while time.monotonic() < ends:
        try:
            await execute(IppOperation.CANCEL_JOB, asked)
        except PrintFailed as fault:
            return fault.code != "printer-absent"
        told += 1
        await asyncio.sleep(AGAIN if told > 1 else 0)
    return False


async def purge_all(execute: Execute) -> bool:
    """All jobs of ours, from any process: one that crashed cannot do it. False where that is not done yet."""
    from pyipp.enums import IppOperation

    asked = {
        "requesting-user-name": USER,
        "my-jobs": True,
        "requested-attributes": ["job-id", "job-originating-user-name"],
    }
    done = True
    for which in ("not-completed", "completed"):
        try:
            answer = await execute(IppOperation.GET_JOBS, asked | {"which-jobs": which})
        except PrintFailed as fault:
            return fault.code != "printer-absent"  # a printer without such a list has none to purge
        for job in answer.get("jobs") or []:
            if job.get("job-originating-user-name") == USER and isinstance(job.get("job-id"), int):
                done = await purge(execute, job["job-id"]) and done
    return done


def is_of_this_machine(uri: str) -> bool:
    """Whether all jobs of USER are this terminal's: a printer of the network may be everybody's."""
    return urlsplit(uri).hostname in ("localhost", "127.0.0.1", "::1")

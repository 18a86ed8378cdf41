# SPDX-License-Identifier: Apache-2.0
"""Whether an application can be taken now, and kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from offline.errors import NoCatalogue, disk_fault
from offline.store.inbox import Inbox

LEAST_SPACE = 64 * 1024 * 1024  # bytes below which no visit is begun


@dataclass(frozen=True, slots=True)
class Intake:
    """Whether an application can be taken now; else `code`: not-enrolled, no-catalogue, disk-full, disk-failed."""

    ok: bool
    code: str


def intake_state(data: Path, enrolled: bool, inbox: Inbox) -> Intake:
    """Whether yes can be said and kept."""
    if not enrolled:
        return Intake(False, "not-enrolled")
    try:
        inbox.catalogue()
    except NoCatalogue as fault:
        return Intake(False, fault.code)
    try:
        if shutil.disk_usage(data).free < LEAST_SPACE:
            return Intake(False, "disk-full")
        probe = data / "probe"
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as fault:
        return Intake(False, disk_fault(fault).code)
    return Intake(True, "")

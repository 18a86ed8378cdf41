# SPDX-License-Identifier: Apache-2.0
"""The environment's faults on a terminal. Each says what to do; nothing is half-done when one is raised."""

from __future__ import annotations

import errno


class OfflineError(Exception):
    """Root; `code` is stable."""

    code = "offline"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class DiskFull(OfflineError):
    """No room to keep the application."""

    code = "disk-full"


class DiskReadOnly(OfflineError):
    """The disk refuses to be written or failed."""

    code = "disk-failed"


class DataDirInUse(OfflineError):
    """Another process has this data directory."""

    code = "data-in-use"


class NotEnrolled(OfflineError):
    """The terminal has no platform yet."""

    code = "not-enrolled"


class NoCatalogue(OfflineError):
    """No catalogue has come yet."""

    code = "no-catalogue"


class VaultDamaged(OfflineError):
    """The encrypted database does not open."""

    code = "vault-damaged"


class AttachmentRejected(OfflineError):
    """A picture that cannot be taken: attachment-too-large, -not-image, -truncated."""

    code = "attachment"


class StaffRefused(OfflineError):
    """staff-wrong-pin or staff-locked. `remaining`: tries left, or seconds locked."""

    def __init__(self, code: str, message: str, remaining: int) -> None:
        super().__init__(message, code)
        self.remaining = remaining


class LinkDown(OfflineError):
    """The platform cannot be reached; no failure, just later. `retry_after` in seconds, 0 where nothing was said."""

    code = "link-down"

    def __init__(self, message: str, code: str | None = None, *, retry_after: float = 0.0) -> None:
        super().__init__(message, code)
        self.retry_after = retry_after


class GatewayRefused(OfflineError):
    """The platform answered no. `retry_after` in seconds, 0 where it said nothing."""

    code = "refused"

    def __init__(self, code: str, message: str, *, status: int, retry_after: float = 0.0) -> None:
        super().__init__(message, code)
        self.status = status
        self.retry_after = retry_after


class AnswerDamaged(OfflineError):
    """The platform answered what the contract does not know; nothing of it is believed."""

    code = "answer-damaged"


def disk_fault(fault: OSError) -> OfflineError:
    """The error of ours for a failed write."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull("the disk is full; the application was not registered, nothing was changed. Free some space.")
    return DiskReadOnly(f"the disk cannot be written ({fault.strerror}); nothing was changed. Have the disk looked at.")


def problem_code(fault: BaseException) -> str:
    """What staff see: the code of an environment's fault, `internal` for a bug of ours."""
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS):
        return disk_fault(fault).code
    return fault.code if isinstance(fault, OfflineError) else "internal"

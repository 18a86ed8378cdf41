# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a device: the environment's fault, never a bug of ours."""

from __future__ import annotations


class DeviceError(Exception):
    """A device that did not do what it should; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CardError(DeviceError):
    """A card that cannot be read: card-unknown, card-read-failed, card-rejected, card-malformed, ..."""


class ReaderError(DeviceError):
    """A reader that does not answer as it should: reader-absent, reader-silent, reader-checksum, ..."""


class PrintFailed(DeviceError):
    """printer-absent, out-of-paper, jam, cover-open, job-aborted, timeout, printer-fault."""


class ScanFailed(DeviceError):
    """scanner-absent, scanner-busy, no-pages, jam, cover-open, timeout, cancelled, scanner-fault; of pages:
    not-an-image, picture-too-large, corners-wrong."""

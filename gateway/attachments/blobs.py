# SPDX-License-Identifier: Apache-2.0
"""Where whole attachments are kept: a directory, or a bucket of an S3-compatible object store."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Protocol

from gateway.errors import GatewayError


class Blobs(Protocol):
    """Sealed attachments by their digest. Any thread and any number of processes may use it."""

    def check(self) -> None:
        """Whether it can be used now. Raises GatewayError blobs-away; DatabaseUnusableError when the store says no."""

    def keep(self, digest: str, path: Path) -> None:
        """Takes the verified file over, durably; twice is harmless.

        Raises GatewayError blobs-away; FileNotFoundError when the file is gone.
        """

    def open(self, digest: str) -> BinaryIO:
        """The sealed bytes as a stream. Raises GatewayError attachment-missing, blobs-away."""

    def has(self, digest: str) -> bool:
        """Whether it is there, whole. Raises GatewayError blobs-away."""


def missing() -> GatewayError:
    """What `open` raises for an attachment that is not there."""
    return GatewayError(404, "attachment-missing", "this attachment has not arrived whole yet")


def away() -> GatewayError:
    """What everything raises while the place cannot be reached."""
    return GatewayError(
        503, "blobs-away", "the store for attachments cannot be reached; what came is kept", {"Retry-After": "30"}
    )


def blobs_at(place: str, data: Path) -> Blobs:
    """A directory under `data` for "", a bucket for s3://BUCKET/PREFIX. It need not answer yet: see `check`.

    Raises DatabaseUnusableError when the place cannot be understood.
    """
    if place.startswith("s3://"):
        from gateway.attachments.s3 import S3Blobs  # its library is an extra

        return S3Blobs(place)
    from gateway.attachments.directory import DirectoryBlobs

    return DirectoryBlobs(Path(place) if place else data / "attachments")

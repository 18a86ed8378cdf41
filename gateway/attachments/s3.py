# SPDX-License-Identifier: Apache-2.0
"""Whole attachments as objects of an S3-compatible store (boto3; the extra `s3`).

Credentials and region come from where boto3 looks for them: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_DEFAULT_REGION, profiles; the address of a store that is not Amazon's from AWS_ENDPOINT_URL_S3.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from gateway.attachments.blobs import away, missing
from gateway.attachments.partials import check_digest
from gateway.errors import DatabaseUnusableError

_PART = 8 * 1024 * 1024  # bytes of a multipart upload's part; one of them is held at a time


class S3Blobs:
    """Objects named PREFIX/DIGEST in one bucket."""

    def __init__(self, place: str) -> None:
        try:
            import boto3
            from boto3.exceptions import Boto3Error
            from boto3.s3.transfer import TransferConfig
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError as fault:
            raise DatabaseUnusableError("attachments in S3 need boto3; install the extra: doorstep[s3]") from fault
        parts = urlsplit(place)
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        self._faults: tuple[type[Exception], ...] = (BotoCoreError, Boto3Error, ClientError)
        self._client_error = ClientError
        self._transfer = TransferConfig(multipart_threshold=_PART, multipart_chunksize=_PART, use_threads=False)
        config = Config(
            connect_timeout=5, read_timeout=30, max_pool_connections=16,
            retries={"max_attempts": 3, "mode": "standard"},
            s3={"addressing_style": "path"},
        )  # fmt: skip
        try:
            self._s3: Any = boto3.client("s3", config=config)  # no request is sent yet
        except (*self._faults, ValueError) as fault:
            raise DatabaseUnusableError(f"the bucket {self._bucket} cannot be used: {fault}") from fault

    def check(self) -> None:
        """Asks for the bucket."""
        try:
            self._s3.head_bucket(Bucket=self._bucket)
        except self._client_error as fault:
            if _status(fault) >= 500:
                raise away() from fault
            raise DatabaseUnusableError(f"the bucket {self._bucket} cannot be used: {fault}") from fault
        except self._faults as fault:
            raise away() from fault

    def _key(self, digest: str) -> str:
        return f"{self._prefix}/{check_digest(digest)}" if self._prefix else check_digest(digest)

    def keep(self, digest: str, path: Path) -> None:
        """Uploads in parts; the local file goes once the store has it."""
        try:
            self._s3.upload_file(str(path), self._bucket, self._key(digest), Config=self._transfer)
        except self._faults as fault:
            raise away() from fault
        path.unlink(missing_ok=True)

    def open(self, digest: str) -> BinaryIO:
        """The object's body, as it comes."""
        try:
            return cast(BinaryIO, self._s3.get_object(Bucket=self._bucket, Key=self._key(digest))["Body"])
        except self._client_error as fault:
            if _is_absent(fault):
                raise missing() from None
            raise away() from fault
        except self._faults as fault:
            raise away() from fault

    def has(self, digest: str) -> bool:
        """Whether the store has it."""
        try:
            self._s3.head_object(Bucket=self._bucket, Key=self._key(digest))
        except self._client_error as fault:
            if _is_absent(fault):
                return False
            raise away() from fault
        except self._faults as fault:
            raise away() from fault
        return True


def _is_absent(fault: Any) -> bool:
    return str(fault.response.get("Error", {}).get("Code")) in ("404", "NoSuchKey", "NotFound")


def _status(fault: Any) -> int:
    return int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))

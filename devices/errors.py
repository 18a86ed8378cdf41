# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a device: the environment's fault, never a bug of ours."""

from __future__ import annotations


class DeviceError(Exception):
    """A device that did not do what it should; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

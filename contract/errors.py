# SPDX-License-Identifier: Apache-2.0
"""The root of everything the contract refuses."""

from __future__ import annotations


class ContractError(Exception):
    """A value that breaks the contract. `code` is stable and short; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

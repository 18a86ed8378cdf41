# SPDX-License-Identifier: Apache-2.0
"""What the gateway refuses, with the HTTP status it is refused with; and what keeps it from starting."""

from __future__ import annotations

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class GatewayError(Exception):
    """A request that cannot be served; `code` is stable, the message says what to do."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}


class StoreAwayError(Exception):
    """The database does not answer, or has no room; the same batch may be sent again later."""


class DatabaseUnusableError(Exception):
    """The database cannot be reached or is not ours; the message says which and what to do."""


# The database does not answer, has no room, or takes no writes just now (PostgreSQL's InternalError: a standby). Other
# errors of a statement are about the statement or its values: the same again gives the same.
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)

# SPDX-License-Identifier: Apache-2.0
"""How the gateway says no: the same JSON everywhere, with a status and what to do."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from gateway.errors import GatewayError, StoreAwayError

log = logging.getLogger(__name__)
_RETRY_STORE = {"Retry-After": "5"}


def no(fault: Exception) -> Response:
    """The answer to a request that failed so. Raises the fault itself when it is a bug of ours."""
    match fault:
        case GatewayError():
            return JSONResponse({"error": fault.code, "message": str(fault)}, fault.status, fault.headers)
        case DataError() | UnicodeEncodeError() | OverflowError():
            return JSONResponse({"error": "value", "message": "a value is not one that can be kept"}, 400)
        case StoreAwayError() | DBAPIError() | PoolTimeoutError():
            log.error("the database does not answer: %s", fault.orig if isinstance(fault, DBAPIError) else fault)
            return store_away()
        case HTTPException():
            code = {404: "not-found", 405: "method"}.get(fault.status_code, "http")
            return JSONResponse({"error": code, "message": fault.detail}, fault.status_code, fault.headers)
        case ClientDisconnect():  # no one is left to read it; what came of an attachment is kept
            return Response(status_code=499)
    raise fault


def store_away() -> Response:
    """Says that the database does not answer."""
    body = {"error": "store-away", "message": "the platform's database does not answer; try again later"}
    return JSONResponse(body, 503, _RETRY_STORE)


async def _refuse(request: Request, fault: Exception) -> Response:
    if isinstance(fault, GatewayError):
        log.info("%s %s: %d %s", request.method, request.url.path.split("/")[1], fault.status, fault.code)
    return no(fault)


_EXPECTED = (
    GatewayError, StoreAwayError, DBAPIError, PoolTimeoutError, UnicodeEncodeError, OverflowError, HTTPException,
    ClientDisconnect,
)  # fmt: skip
HANDLERS: dict[Any, Any] = dict.fromkeys(_EXPECTED, _refuse)

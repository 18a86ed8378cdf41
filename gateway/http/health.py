# SPDX-License-Identifier: Apache-2.0
"""What of a gateway's process works now, part by part: for `GET /health` and `doorstep gateway status`.

Red is what keeps records from being taken in or opened. The store for attachments is listed and turns nothing red:
records come in and are opened without it, and what had come of an attachment is kept.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from anyio.to_thread import run_sync
from sqlalchemy.exc import DBAPIError
from starlette.responses import JSONResponse, Response

from gateway.errors import DATABASE_AWAY, DatabaseUnusableError, GatewayError
from gateway.http.refusals import no, store_away
from gateway.platform import Platform
from gateway.supervised import Fault

log = logging.getLogger(__name__)
OK, AWAY, OFF, STUCK, UNKNOWN = "ok", "away", "off", "stuck", "unknown"
_PATIENCE = 3.0  # seconds for a part to answer
_LOOK_EVERY = 10.0  # seconds between two looks at the store for attachments, however often health is asked
_WORDS = {
    "store-away": "the platform's database does not answer",
    "keys-away": "the keys in force are not in this machine's keys/; copy them there",
    "not-open": "this process cannot open the platform's data; its log says why",
    "opener-stuck": "this process has not gone round opening records for a minute; its log says why",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """`code`: what makes it red, empty when nothing does. `parts`: each part's name and how it is."""

    code: str
    parts: dict[str, str]


class Health:
    """Looks at one platform. Use from one event loop; a part that hangs is away, and holds up one thread."""

    def __init__(self, platform: Platform, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._platform = platform
        self._clock = clock
        self._attachments = UNKNOWN
        self._looked_at = -_LOOK_EVERY
        self._core, self._store = anyio.CapacityLimiter(1), anyio.CapacityLimiter(1)

    async def look(self) -> Condition:
        """How it is now; that of the store for attachments may be 10 s old. Takes a few seconds at most."""
        code = await self._ask(core_code, self._core, "store-away")
        now = self._clock()
        if now - self._looked_at >= _LOOK_EVERY:
            self._looked_at = now
            self._attachments = await self._ask(attachments_part, self._store, AWAY)
        return condition(self._platform, code, self._attachments)

    async def _ask(self, look: Callable[[Platform], str], limit: anyio.CapacityLimiter, silent: str) -> str:
        with anyio.move_on_after(_PATIENCE):
            return await run_sync(look, self._platform, abandon_on_cancel=True, limiter=limit)
        return silent


def core_code(platform: Platform) -> str:
    """ "", `store-away` or `keys-away`."""
    try:
        with platform.store.reading() as db:
            platform.keys.within(db)
    except (*DATABASE_AWAY, DBAPIError):
        return "store-away"
    except GatewayError as fault:
        return fault.code
    return ""


def attachments_part(platform: Platform) -> str:
    """Whether whole attachments can be kept."""
    try:
        platform.blobs.check()
    except (GatewayError, DatabaseUnusableError) as fault:
        log.warning("attachments: %s", fault)
        return AWAY
    return OK


def condition(platform: Platform, code: str, attachments: str) -> Condition:
    """All parts together; `code` is what `core_code` said."""
    opener = OFF if platform.opener is None else STUCK if platform.opener.stuck else OK
    parts = {
        "database": AWAY if code == "store-away" else OK,
        "keys": {"store-away": UNKNOWN, "keys-away": AWAY}.get(code, OK),
        "opener": opener,
        "attachments": attachments,
    }
    return Condition(code or ("opener-stuck" if opener == STUCK else ""), parts)


def answer_of(found: Condition) -> Response:
    """200, or 503 with what makes it red."""
    if not found.code:
        return JSONResponse({"status": "ok", "parts": found.parts})
    body = {"error": found.code, "message": _WORDS[found.code], "parts": found.parts}
    return JSONResponse(body, 503, {"Retry-After": "5"})


def not_open_yet(path: str, fault: Fault | None) -> Response:
    """The answer of a process that has not opened its platform; `fault`: of the last try, None while the first runs."""
    away = fault is None or fault.away
    if path == "/health":
        parts = dict.fromkeys(("database", "keys", "opener", "attachments"), UNKNOWN)
        return answer_of(Condition("store-away", parts | {"database": AWAY}) if away else Condition("not-open", parts))
    return store_away() if away else no(GatewayError(503, "not-open", _WORDS["not-open"], {"Retry-After": "30"}))

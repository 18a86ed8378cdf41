# SPDX-License-Identifier: Apache-2.0
"""The routes of the terminals' contract, but POST /v1/records, which is in `records`."""

from __future__ import annotations

import hashlib
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contract.openapi import openapi
from gateway.errors import GatewayError
from gateway.http.admission import Admission
from gateway.http.health import Health, answer_of
from gateway.platform import Platform

_LAST = 2**63 - 1  # no feed is longer, and no database counts further


class Api:
    """One method per route of the terminals' contract."""

    def __init__(self, platform: Platform, admission: Admission) -> None:
        self._p = platform
        self._admission = admission
        self._health = Health(platform)

    async def health(self, _request: Request) -> Response:
        """GET /health."""
        return answer_of(await self._health.look())

    async def description(self, _request: Request) -> Response:
        """The OpenAPI document."""
        return JSONResponse(openapi())

    async def enrol(self, request: Request) -> Response:
        """POST /v1/enrol."""
        body = await _json(request)
        return JSONResponse(await run_sync(self._p.enrolment.enrol, body))

    async def token(self, request: Request) -> Response:
        """POST /v1/token."""
        async with request.form() as form:
            given = dict(form)
        return JSONResponse(await run_sync(self._p.tokens.issue, given), headers={"Cache-Control": "no-store"})

    async def _terminal(self, request: Request) -> int:
        return self._p.tokens.terminal_of(request.headers.get("authorization", ""))

    async def catalogue(self, request: Request) -> Response:
        """GET /v1/catalogue."""
        await self._terminal(request)
        current = await run_sync(self._p.publications.current)
        tag = f'"{current.content_hash}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        answer = await run_sync(self._p.publications.answer, request.query_params.get("since"))
        return JSONResponse(answer, headers={"ETag": tag})

    async def calendar(self, request: Request) -> Response:
        """GET /v1/calendar."""
        await self._terminal(request)
        content_hash, table = await run_sync(self._p.publications.calendar)
        tag = f'"{content_hash}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return JSONResponse({"version": table["version"], "calendar": table}, headers={"ETag": tag})

    async def dictionary(self, request: Request) -> Response:
        """GET /v1/dictionary/{number}."""
        await self._terminal(request)
        content = await run_sync(self._p.publications.dictionary, request.path_params["number"])
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(content, media_type="application/octet-stream", headers={"ETag": tag})

    async def inventory(self, request: Request) -> Response:
        """POST /v1/inventory."""
        await self._terminal(request)
        body = await _json(request)
        return JSONResponse(await run_sync(self._p.inventory.compare, body))

    async def attachment_state(self, request: Request) -> Response:
        """HEAD /v1/attachments/{digest}."""
        await self._terminal(request)
        digest = request.path_params["digest"]
        size, receipt = await run_sync(self._p.uploads.wanted, digest)
        offset = await run_sync(self._p.uploads.offset, digest, size, receipt)
        return Response(headers={"Upload-Offset": str(offset), "Upload-Length": str(size), "Cache-Control": "no-store"})

    async def attachment(self, request: Request) -> Response:
        """PATCH /v1/attachments/{digest}."""
        terminal = await self._terminal(request)
        try:
            offset = int(request.headers["upload-offset"])
        except (KeyError, ValueError) as fault:
            raise GatewayError(400, "offset-missing", "PATCH needs Upload-Offset") from fault
        digest = request.path_params["digest"]
        overlap = request.headers.get("doorstep-overlap") == "skip"
        async with self._admission.attachment(terminal):
            done = await self._p.uploads.take(
                digest, offset, request.stream(), self._admission.records_first, overlap=overlap
            )
        headers = {"Upload-Offset": str(done["offset"])}
        if "receipt" in done:
            return JSONResponse({"receipt": done["receipt"]}, headers=headers)
        return Response(status_code=204, headers=headers)

    async def feed(self, request: Request) -> Response:
        """GET /v1/feed."""
        terminal = await self._terminal(request)
        try:
            since = int(request.query_params.get("since", "0"))
            limit = int(request.query_params.get("limit", "200"))
            if not (0 <= since <= _LAST and 0 < limit <= _LAST):
                raise ValueError
        except ValueError as fault:
            raise GatewayError(400, "cursor", "since and limit are numbers, since from 0 and limit from 1") from fault
        mark = request.query_params.get("mark")
        return JSONResponse(await run_sync(self._p.feeds.answer, terminal, since, mark, limit))


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (ValueError, RecursionError) as fault:
        raise GatewayError(400, "json", "the body is no JSON") from fault
    if not isinstance(body, dict):
        raise GatewayError(400, "json", "the body is no JSON object")
    return body

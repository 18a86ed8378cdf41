# SPDX-License-Identifier: Apache-2.0
"""The HTTP face: routes, errors as JSON, and the header by which a terminal knows that it spoke to a gateway."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.openapi import openapi
from gateway.desk.pages import desk_routes
from gateway.errors import GatewayError
from gateway.ingest import MAX_PARCEL
from gateway.platform import Platform
from gateway.public_page import public_page

log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]


class Signed:
    """Adds `Doorstep-Gateway: 1` to every answer: a captive portal's 200 lacks it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, adding the header."""

        async def with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"doorstep-gateway", b"1")]
            await send(message)

        await self._app(scope, receive, with_header)


def create_app(platform: Platform) -> ASGIApp:
    """The application over one platform."""
    api = Api(platform)
    routes = [
        Route("/health", api.health),
        Route("/v1/openapi.json", api.description),
        Route("/v1/enrol", api.enrol, methods=["POST"]),
        Route("/v1/token", api.token, methods=["POST"]),
        Route("/v1/catalogue", api.catalogue),
        Route("/v1/calendar", api.calendar),
        Route("/v1/records", api.records, methods=["POST"]),
        Route("/v1/attachments/{digest}", api.attachment_state, methods=["HEAD"]),
        Route("/v1/attachments/{digest}", api.attachment, methods=["PATCH"]),
        Route("/v1/feed", api.feed),
        Route("/t/{code}", public_page(platform)),
        Mount("/desk", routes=desk_routes(platform)),
    ]
    handlers: dict[Any, Any] = {GatewayError: _refuse, HTTPException: _refuse_http, ClientDisconnect: _gone}
    app = Starlette(routes=routes, exception_handlers=handlers)
    return Signed(app)


async def _refuse(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, GatewayError)
    log.info("%s %s: %d %s", request.method, request.url.path.split("/")[1], fault.status, fault.code)
    return JSONResponse({"error": fault.code, "message": str(fault)}, fault.status, fault.headers)


async def _refuse_http(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    code = {404: "not-found", 405: "method"}.get(fault.status_code, "http")
    return JSONResponse({"error": code, "message": fault.detail}, fault.status_code, fault.headers)


async def _gone(_request: Request, _fault: Exception) -> Response:
    """Nobody is there to read it; what came of an attachment is kept."""
    return Response(status_code=499)


class Api:
    """One method per route of the terminals' contract."""

    def __init__(self, platform: Platform) -> None:
        self._p = platform

    async def health(self, _request: Request) -> Response:
        """Whether the database answers."""
        await run_sync(self._p.shelf.is_empty)
        return JSONResponse({"status": "ok"})

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
        current = await run_sync(self._p.shelf.current)
        tag = f'"{current.content_hash}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        answer = await run_sync(self._p.shelf.answer, request.query_params.get("since"))
        return JSONResponse(answer, headers={"ETag": tag})

    async def calendar(self, request: Request) -> Response:
        """GET /v1/calendar."""
        await self._terminal(request)
        content_hash, table = await run_sync(self._p.shelf.calendar)
        tag = f'"{content_hash}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return JSONResponse({"version": table["version"], "calendar": table}, headers={"ETag": tag})

    async def records(self, request: Request) -> Response:
        """POST /v1/records."""
        terminal = await self._terminal(request)
        parcel = bytearray()
        async for chunk in request.stream():
            parcel += chunk
            if len(parcel) > MAX_PARCEL:
                raise GatewayError(413, "parcel-too-large", f"send at most {MAX_PARCEL} bytes at once")
        taken = await run_sync(self._p.ingest.take, terminal, bytes(parcel))
        answer = {"results": taken.results, "receipt": taken.receipt}
        if taken.fault is not None:
            return JSONResponse({"error": "parcel-damaged", "message": taken.fault, **answer}, 400)
        return JSONResponse(answer)

    async def attachment_state(self, request: Request) -> Response:
        """HEAD /v1/attachments/{digest}."""
        terminal = await self._terminal(request)
        digest = request.path_params["digest"]
        size, _ = await run_sync(self._p.uploads.wanted, terminal, digest)
        offset = await run_sync(self._p.uploads.offset, digest)
        return Response(headers={"Upload-Offset": str(offset), "Upload-Length": str(size), "Cache-Control": "no-store"})

    async def attachment(self, request: Request) -> Response:
        """PATCH /v1/attachments/{digest}."""
        terminal = await self._terminal(request)
        try:
            offset = int(request.headers["upload-offset"])
        except (KeyError, ValueError) as fault:
            raise GatewayError(400, "offset-missing", "PATCH needs Upload-Offset") from fault
        overlap = request.headers.get("doorstep-overlap") == "skip"
        done = await self._p.uploads.take(
            terminal, request.path_params["digest"], offset, request.stream(), overlap=overlap
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
        except ValueError as fault:
            raise GatewayError(400, "cursor", "since and limit are numbers") from fault
        return JSONResponse(await run_sync(self._p.feeds.answer, terminal, since, limit))


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as fault:
        raise GatewayError(400, "json", "the body is no JSON") from fault
    if not isinstance(body, dict):
        raise GatewayError(400, "json", "the body is no JSON object")
    return body

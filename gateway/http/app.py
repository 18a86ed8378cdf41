# SPDX-License-Identifier: Apache-2.0
"""The HTTP face: routes, errors as JSON, and the header by which a terminal knows that it spoke to a gateway."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.desk.pages import desk_routes
from gateway.errors import GatewayError
from gateway.http.admission import USUAL, Admission, Limits
from gateway.http.api import Api
from gateway.http.public_page import public_page
from gateway.http.records import RecordsRoute
from gateway.http.refusals import HANDLERS, no
from gateway.platform import Platform

_WORTH_IT = 500  # bytes of an answer from which it is compressed for those who take it


class App:
    """Adds `Doorstep-Gateway: 1` to every answer (a captive portal's 200 lacks it), and keeps the crowd in order."""

    def __init__(self, platform: Platform, limits: Limits = USUAL) -> None:
        self.admission = Admission(limits)
        self._records = RecordsRoute(platform, self.admission)
        self.routes = _routes(platform, self.admission, self._records)
        served = Starlette(routes=self.routes, exception_handlers=HANDLERS)
        self._rest = GZipMiddleware(served, minimum_size=_WORTH_IT)  # a catalogue takes a fourth of the time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        send = marked(send)
        path = scope["path"]
        if path.startswith("/v1/"):
            receive = self.admission.patient(receive)
        if path == "/v1/records" and scope["method"] == "POST":
            await self._records(scope, receive, send)
        elif path.startswith("/v1/attachments/"):
            await self._rest(scope, receive, send)
        else:
            try:
                async with self.admission.other():
                    await self._rest(scope, receive, send)
            except GatewayError as busy:
                await no(busy)(scope, receive, send)


def marked(send: Send) -> Send:
    """`send` that puts the header `Doorstep-Gateway: 1` on the answer."""

    async def with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), (b"doorstep-gateway", b"1")]
        await send(message)

    return with_header


def create_app(platform: Platform, limits: Limits = USUAL) -> App:
    """The application over one platform."""
    return App(platform, limits)


def _routes(platform: Platform, admission: Admission, records: ASGIApp) -> list[Route | Mount]:
    api = Api(platform, admission)
    return [
        Route("/health", api.health),
        Route("/v1/openapi.json", api.description),
        Route("/v1/enrol", api.enrol, methods=["POST"]),
        Route("/v1/token", api.token, methods=["POST"]),
        Route("/v1/catalogue", api.catalogue),
        Route("/v1/calendar", api.calendar),
        Route("/v1/dictionary/{number:int}", api.dictionary),
        Route("/v1/records", records, methods=["POST"]),
        Route("/v1/inventory", api.inventory, methods=["POST"]),
        Route("/v1/attachments/{digest}", api.attachment_state, methods=["HEAD"]),
        Route("/v1/attachments/{digest}", api.attachment, methods=["PATCH"]),
        Route("/v1/feed", api.feed),
        Route("/t/{code}", public_page(platform)),
        Mount("/desk", routes=desk_routes(platform)),
    ]

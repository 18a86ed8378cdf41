# SPDX-License-Identifier: Apache-2.0
"""What the QR code on a receipt opens: the state of a case, and nothing personal."""

from __future__ import annotations

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from contract.tracking import TrackingError, check_tracking_code, group_code
from gateway.desk.templates import render
from gateway.errors import GatewayError
from gateway.platform import Platform


class public_page:  # noqa: N801 - used as a Starlette endpoint function
    """Answers GET /t/{code}."""

    def __init__(self, platform: Platform) -> None:
        self._p = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await (await self._answer(Request(scope)))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            code = check_tracking_code(request.path_params["code"])
            case = await run_sync(self._p.cases.case, code)
        except (TrackingError, GatewayError):
            page = render("public.html", code=request.path_params["code"][:12], case=None)
            return HTMLResponse(page, 404)
        return HTMLResponse(render("public.html", code=group_code(code), case=case))

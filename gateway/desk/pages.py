# SPDX-License-Identifier: Apache-2.0
"""The desk's pages: log in, list, case; and the acts on a case."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from contract.event_body import CorrectionAsk
from contract.fields import Field
from gateway.cases import Case
from gateway.desk.templates import render
from gateway.errors import GatewayError
from gateway.platform import Platform

COOKIE = "desk"
MOST_ROWS = 300  # of the list; older ones are found by their code
_PICTURES = ((b"\x89PNG", "image/png"), (b"RIFF", "image/webp"))
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


def desk_routes(platform: Platform) -> list[Route]:
    """The routes under /desk."""
    desk = Desk(platform)
    return [
        Route("/", desk.listing),
        Route("/login", desk.login, methods=["GET", "POST"]),
        Route("/logout", desk.logout, methods=["POST"]),
        Route("/cases/{code}", desk.case),
        Route("/cases/{code}/act", desk.act, methods=["POST"]),
        Route("/attachments/{digest}", desk.attachment),
    ]


def _page(name: str, status: int = 200, **values: Any) -> Response:
    return HTMLResponse(render(name, **values), status, _HEADERS)


class Desk:
    """One method per page."""

    def __init__(self, platform: Platform) -> None:
        self._p = platform

    def _officer(self, request: Request) -> str | None:
        return self._p.officers.who(request.cookies.get(COOKIE, ""))

    async def login(self, request: Request) -> Response:
        """The log-in form and its answer."""
        if request.method == "GET":
            return _page("login.html", wrong=False)
        async with request.form() as form:
            name, password = str(form.get("name", "")), str(form.get("password", ""))
        try:
            session = await run_sync(self._p.officers.session, name, password)
        except GatewayError:
            return _page("login.html", 401, wrong=True)
        answer = RedirectResponse("/desk/", 303)
        answer.set_cookie(COOKIE, session, httponly=True, samesite="strict", path="/desk")
        return answer

    async def logout(self, _request: Request) -> Response:
        """Ends the session."""
        answer = RedirectResponse("/desk/login", 303)
        answer.delete_cookie(COOKIE, path="/desk")
        return answer

    async def _for_officers(self, request: Request, then: Callable[[str], Awaitable[Response]]) -> Response:
        officer = self._officer(request)
        return await then(officer) if officer else RedirectResponse("/desk/login", 303)

    async def listing(self, request: Request) -> Response:
        """What has arrived."""

        async def answer(officer: str) -> Response:
            state, search = request.query_params.get("state", ""), request.query_params.get("q", "")
            rows = await run_sync(lambda: self._p.cases.listing(state=state, search=search, most=MOST_ROWS))
            waiting = await run_sync(self._p.cases.waiting)
            catalogue = await run_sync(self._p.publications.current)
            return _page(
                "list.html", officer=officer, rows=rows, most=MOST_ROWS, waiting=waiting, state=state, search=search,
                items=catalogue.items,
            )  # fmt: skip

        return await self._for_officers(request, answer)

    async def case(self, request: Request) -> Response:
        """One case with everything that was sent."""

        async def answer(officer: str) -> Response:
            case = await run_sync(self._p.cases.case, request.path_params["code"])
            token = self._p.officers.form_token(request.cookies[COOKIE])
            catalogue = await run_sync(self._p.publications.current)
            rows = _rows(case, catalogue.area_name)
            return _page("case.html", officer=officer, case=case, rows=rows, token=token, fault="")

        return await self._for_officers(request, answer)

    async def act(self, request: Request) -> Response:
        """Accept, ask for a correction, finish, reject."""

        async def answer(_officer: str) -> Response:
            async with request.form() as form:
                given = {k: str(v) for k, v in form.items()}
            self._p.officers.check_form(request.cookies[COOKIE], given.get("token", ""))
            asks = tuple(
                CorrectionAsk(name.removeprefix("ask."), text.strip()[:200])
                for name, text in given.items()
                if name.startswith("ask.") and text.strip()
            )
            code = request.path_params["code"]
            act = given.get("act", "")
            text = given.get("text", "").strip()[:300]
            await run_sync(lambda: self._p.cases.act(code, act, text=text, asks=asks if act == "correct" else ()))
            return RedirectResponse(f"/desk/cases/{code}", 303)

        return await self._for_officers(request, answer)

    async def attachment(self, request: Request) -> Response:
        """A picture, opened."""

        async def answer(_officer: str) -> Response:
            pieces = await run_sync(self._p.cases.attachment, request.path_params["digest"])
            first = await run_sync(lambda: next(pieces, b""))
            kind = next((kind for start, kind in _PICTURES if first.startswith(start)), "image/jpeg")
            headers = _HEADERS | {"X-Content-Type-Options": "nosniff"}
            return StreamingResponse(itertools.chain([first], pieces), media_type=kind, headers=headers)

        return await self._for_officers(request, answer)


def _rows(case: Case, area_name: Callable[[str], str]) -> list[dict[str, str]]:
    """The form as lines: label, value in words, where it came from."""
    rows = []
    for field in case.item.fields:
        value = case.application.values.get(field.id)
        if value is not None:
            rows.append(
                {
                    "id": field.id,
                    "label": field.label,
                    "text": _words(field, value.data, area_name),
                    "source": value.source,
                    "verified": "已核验" if value.verified else "",
                }
            )
    return rows


def _words(field: Field, data: Any, area_name: Callable[[str], str]) -> str:
    match field.type, data:
        case "code", str():
            return field.choice_label(data)
        case "codes", list():
            return "、".join(field.choice_label(str(c)) for c in data)
        case "area", str():
            return area_name(data)
        case "date_range", {"from": first, "to": last}:
            return f"{first} 至 {last}"
        case "phone", {"number": number}:
            return str(number)
        case "phone", dict():
            return "没有手机" + (f"，联系人：{data['contact']}" if data.get("contact") else "")
        case "image", dict():
            return "照片一张"
        case "group", dict():
            return "；".join(_part(child, data, area_name) for child in field.fields if child.id in data)
        case "table", list():
            return "\n".join("，".join(_part(c, row, area_name) for c in field.fields if c.id in row) for row in data)
    return f"{data}{field.unit}"


def _part(field: Field, row: dict[str, Any], area_name: Callable[[str], str]) -> str:
    return f"{field.label}：{_words(field, row[field.id], area_name)}"

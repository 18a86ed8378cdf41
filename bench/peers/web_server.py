# SPDX-License-Identifier: Apache-2.0
"""What a web developer writes on a good day: whole applications by POST, and files that go on at the byte.

web_server.py FOLDER HOST PORT
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(sys.argv[1])
PARTIAL = ".partial"


def keep(path: Path, data: bytes) -> None:
    """Durably."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


async def post_application(request: Request) -> Response:
    """POST /applications: a form with all parts of one application. Each that arrives is kept."""
    async with request.form() as form:
        place = FOLDER / f"{request.query_params['name']}-{uuid.uuid4().hex}"
        for name, part in form.items():
            keep(place / name, part.encode() if isinstance(part, str) else await part.read())
    return Response(status_code=201)


async def put_record(request: Request) -> Response:
    """PUT /records/{name}: one application's data."""
    keep(FOLDER / request.path_params["name"] / "0-record.json", await request.body())
    return Response(status_code=201)


async def offset(request: Request) -> Response:
    """HEAD /files/{name}/{file}: how much is here."""
    place = FOLDER / request.path_params["name"] / request.path_params["file"]
    partial = place.with_suffix(PARTIAL)
    have = place.stat().st_size if place.exists() else partial.stat().st_size if partial.exists() else 0
    return Response(headers={"Upload-Offset": str(have)})


async def put_rest(request: Request) -> Response:
    """PUT /files/{name}/{file} with Upload-Offset and Upload-Length: the rest of a file; what comes is kept."""
    place = FOLDER / request.path_params["name"] / request.path_params["file"]
    partial = place.with_suffix(PARTIAL)
    begin, size = int(request.headers["upload-offset"]), int(request.headers["upload-length"])
    if place.exists():
        return Response(status_code=201)
    place.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("r+b" if partial.exists() else "wb") as out:
        out.seek(begin)
        out.truncate()
        try:
            async for piece in request.stream():
                out.write(piece)
                out.flush()
        except ClientDisconnect:
            return Response(status_code=499)
        os.fsync(out.fileno())
    if partial.stat().st_size != size:
        return Response(status_code=409)
    partial.rename(place)
    return Response(status_code=201)


APP = Starlette(
    routes=[
        Route("/applications", post_application, methods=["POST"]),
        Route("/records/{name}", put_record, methods=["PUT"]),
        Route("/files/{name}/{file}", offset, methods=["HEAD"]),
        Route("/files/{name}/{file}", put_rest, methods=["PUT"]),
    ]
)

if __name__ == "__main__":
    uvicorn.run(APP, host=sys.argv[2], port=int(sys.argv[3]), access_log=False, log_level="warning")

# SPDX-License-Identifier: Apache-2.0
"""G, E, T: form of answers, enrolment, tokens."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from tests.kit_check.breaking import (
    Answer,
    Asked,
    Fault,
    Forward,
    answering,
    asking,
    in_json,
)
from tests.kit_check.wrong import (
    GRANTED,
    Memory,
    refusing,
    status_of,
    wrong,
)

# -- G

wrong(
    "a captive portal answers 200 to everything", "G-01", "E-01 T-01 R-01",
    asking(lambda _: Answer(200, {"content-type": "text/html"}, b"<h1>Please log in</h1>")), early=True,
)  # fmt: skip
wrong(
    "refusals lack our header", "G-01", "G-02 R-01",
    answering(lambda _, answer: answer.without("doorstep-gateway") if answer.status >= 400 else None),
)  # fmt: skip
wrong(
    "refusals are plain text", "G-02", "G-01 R-01",
    answering(
        lambda _, a: replace(a.with_header("content-type", "text/plain"), body=b"no") if a.status >= 400 else None
    ),
)  # fmt: skip
wrong("no time is told", "G-03", "G-01 G-02", answering(lambda _, answer: answer.with_header("date", "")))
wrong(
    "the feed is not described", "G-04", "G-01",
    in_json("/v1/openapi.json", lambda d: d | {"paths": {k: v for k, v in d["paths"].items() if k != "/v1/feed"}}),
)  # fmt: skip
wrong(
    "who is sent away is not told for how long", "G-05", "G-01",
    answering(lambda _, answer: answer.without("retry-after") if answer.status == 503 else None),
)  # fmt: skip


def naming_the_applicant(asked: Asked, answer: Answer) -> Answer | None:
    if not asked.path.startswith("/t/") or answer.status != 200:
        return None
    case = asked.platform.cases.case(asked.path.removeprefix("/t/"))
    return replace(answer, body=answer.body + case.application.applicant.name.encode())


wrong("the public page names the applicant", "G-06", "O-01", answering(naming_the_applicant))

wrong(
    "the time told is not the platform's",
    "T-01 T-02",
    "G-03 E-01",
    answering(lambda _, answer: answer.with_header("date", formatdate(time.time() + 3600, usegmt=True))),
    early=True,
)

# -- E

wrong("a terminal gets the number 0", "E-01", "E-02", in_json("/v1/enrol", lambda d: d | {"terminal": 0}), early=True)


def without_suite_1(said: Any) -> Any:
    platform = said["platform"]
    kept = [key for key in platform["sealing"] if key["suite"] != 1]
    return said | {"platform": platform | {"sealing": kept, "preferred": 2}}


wrong("only suite 2 is offered", "E-02", "E-01", in_json("/v1/enrol", without_suite_1), early=True)


def taking_codes(*, used: bool) -> Fault:
    seen: set[str] = set()

    async def fault(asked: Asked, forward: Forward) -> Answer:
        said = await asked.json() if asked.path == "/v1/enrol" else None
        if isinstance(said, dict) and isinstance(said.get("code"), str):
            code = said["code"]
            known = code in seen
            answer = await forward(asked)
            if answer.status == 403 and known == used:
                fresh = said | {"code": asked.platform.enrolment.new_code("x")}
                return await forward(replace(asked, body=json.dumps(fresh).encode()))
            seen.add(code)
            return answer
        return await forward(asked)

    return fault


wrong("codes serve for ever", "E-03", "E-01 E-04", Memory(lambda: taking_codes(used=True)), early=True)
wrong("any code serves", "E-04", "E-01 E-03", Memory(lambda: taking_codes(used=False)), early=True)


def burning_codes() -> Fault:
    burnt: set[str] = set()

    async def fault(asked: Asked, forward: Forward) -> Answer:
        said = await asked.json() if asked.path == "/v1/enrol" else None
        code = said.get("code") if isinstance(said, dict) else None
        if code in burnt:
            return refusing(403, "enrol-code")
        answer = await forward(asked)
        if answer.status == 400 and code:
            burnt.add(code)
        return answer

    return fault


wrong("a bad request uses up the code", "E-05", "E-01 E-03 E-04", Memory(burning_codes), early=True)
wrong(
    "all terminals have the same number", "E-06", "E-01 E-03",
    in_json("/v1/enrol", lambda d: d | {"terminal": 421}), early=True,
)  # fmt: skip
wrong(
    "nobody is slowed down", "E-07", "E-01",
    status_of("/v1/enrol", 429, refusing(403, "enrol-code")), early=True,
)  # fmt: skip

# -- T

wrong("a token without an end", "T-01", "T-02", in_json("/v1/token", lambda d: d | {"expires_in": None}))


def claims_of(asked_body: bytes) -> dict[str, Any]:
    """Of the assertion in a form, unverified."""
    try:
        part = asked_body.split(b"client_assertion=")[1].split(b"&")[0].split(b".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def token_fault(judge: Callable[[dict[str, Any], Answer], Answer | None]) -> Fault:
    """Changes the answer to an assertion by what it claims."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.path != "/v1/token":
            return await forward(asked)
        claims = claims_of(await asked.whole())
        answer = await forward(asked)
        return judge(claims, answer) or answer

    return fault


def replays() -> Fault:
    seen: set[str] = set()

    def judge(claims: dict[str, Any], answer: Answer) -> Answer | None:
        again = claims.get("jti") in seen
        if answer.status == 200:
            seen.add(claims["jti"])
        return GRANTED if again else None

    return token_fault(judge)


wrong("an assertion serves twice", "T-02", "T-01 T-03 T-05", Memory(replays))
wrong(
    "the audience is not looked at", "T-03", "T-01 T-02 T-04 T-05",
    token_fault(lambda claims, _: GRANTED if claims and claims.get("aud") != "/v1/token" else None),
)  # fmt: skip
wrong(
    "assertions without an id are taken", "T-04", "T-01 T-03 T-05",
    token_fault(lambda claims, _: GRANTED if claims and "jti" not in claims else None),
)  # fmt: skip
wrong(
    "a wrong clock is not told as such", "T-05", "T-01 T-04",
    token_fault(lambda _, a: refusing(401, "invalid-client") if (a.json or {}).get("error") == "clock-wrong" else None),
)  # fmt: skip
wrong(
    "no second of leeway", "T-06", "T-01 T-05",
    token_fault(lambda claims, _: refusing(401, "clock-wrong") if claims.get("exp", 9e9) < time.time() else None),
)  # fmt: skip
wrong("any grant is served", "T-07", "T-01 T-04", status_of("/v1/token", 400, GRANTED))


def serving_without(call: str, then: Answer | None) -> Fault:
    """A call without a good token is served like one with a good one; `then` is answered instead."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.call != call:
            return await forward(asked)
        await asked.whole()
        answer = await forward(asked)
        if answer.status != 401:
            return answer
        served = await forward(replace(asked, headers=asked.headers | {"authorization": asked.last_token}))
        return then or served

    return fault


wrong("the catalogue is open to all", "T-08", "T-01 T-10", serving_without("GET /v1/catalogue", None))
wrong("tokens never run out", "T-09", "T-02", in_json("/v1/token", lambda d: d | {"expires_in": 0}))
wrong(
    "records are stored before the token is looked at",
    "T-10",
    "T-08",
    serving_without("POST /v1/records", refusing(401, "token").with_header("www-authenticate", "Bearer")),
)

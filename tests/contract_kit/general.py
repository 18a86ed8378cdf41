# SPDX-License-Identifier: Apache-2.0
"""G: the form of every answer."""

from __future__ import annotations

import http.client
import json
import select
from contextlib import suppress
from email.utils import parsedate_to_datetime

from contract.openapi import openapi
from contract.parcel import parcel_header
from tests.contract_kit.answers import OURS, header, refusal_form, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import FIRST, Broken, NotTried, broken, must, point, same

CROWD = 16  # parcels of one terminal at once
LARGE = 8 * 1024 * 1024  # bytes of one: the most that a platform must take
WATCHED = 2.0  # seconds


@point(
    FIRST,
    "Every answer carries the header Doorstep-Gateway: 1",
    "Set the header on every answer, refusals and unknown paths too: a terminal takes an answer without it for that "
    "of a captive portal and believes nothing in it.",
)
def our_header(kit: Kit) -> None:
    for method, path in (("GET", "/health"), ("GET", "/nothing-here"), ("GET", "/v1/feed"), ("POST", "/v1/records")):
        answer = kit.line.ask(method, path)
        value = answer.headers.get(OURS)
        must(value == "1", f"{method} {path} was answered {answer.status_code} with {OURS}: {value}")


@point(
    "G-02",
    "A refusal is JSON with a stable code in `error` and words in `message`",
    'Answer every 4xx and 5xx with {"error": CODE, "message": WORDS}; programs look at the code, people at the words.',
)
def refusals_as_json(kit: Kit) -> None:
    for method, path, wanted in (
        ("GET", "/nothing-here", 404),
        ("DELETE", "/v1/enrol", 405),
        ("GET", "/v1/feed", 401),
        ("POST", "/v1/records", 401),
        ("POST", "/v1/token", 400),
    ):
        refusal_form(status(kit.line.ask(method, path), wanted))


@point(
    "G-03",
    "Every answer says what time it is",
    "Send Date (RFC 9110, 6.6.1): a terminal whose clock is wrong sets itself by it before it asks for a token again.",
)
def date_header(kit: Kit) -> None:
    for path in ("/health", "/v1/feed"):
        text = header(kit.line.ask("GET", path), "Date")
        try:
            parsedate_to_datetime(text)
        except ValueError:
            raise Broken(f"Date is {text!r}") from None


@point(
    "G-04",
    "The platform describes itself: /v1/openapi.json has every call of the contract",
    "Serve contract/schema/openapi.json; you may add to it.",
)
def described(kit: Kit) -> None:
    document = said(kit.line.ask("GET", "/v1/openapi.json"), 200)
    served = {(path, method) for path, methods in document.get("paths", {}).items() for method in methods}
    wanted = {(path, method) for path, methods in openapi()["paths"].items() for method in methods}
    missing = sorted(f"{method.upper()} {path}" for path, method in wanted - served if method != "parameters")
    must(not missing, f"not described: {', '.join(missing)}")


@point(
    "G-05",
    "Whoever comes too many at once is sent away with 503 and Retry-After",
    "Answer 503 with Retry-After in whole seconds (at least 1) and a refusal as JSON; never let a request hang.",
)
def crowd(kit: Kit) -> str:
    """Large parcels that stand still are what costs a platform most: it takes some and sends others away."""
    standing: list[http.client.HTTPConnection] = []
    headers = {
        "Authorization": f"Bearer {kit.one.token}", "Content-Length": str(LARGE),
        "Content-Type": "application/vnd.doorstep.parcel",
    }  # fmt: skip
    try:
        for _ in range(CROWD):
            standing.append(kit.one.line.begin("POST", "/v1/records", headers, parcel_header()))
        answered, _, _ = select.select([connection.sock for connection in standing], [], [], WATCHED)
        for connection in standing:
            if connection.sock in answered:
                return sent_away(connection.getresponse())
    finally:
        for connection in standing:
            with suppress(OSError):
                connection.close()
    raise NotTried(f"the platform takes {CROWD} large parcels of one terminal at once; nobody was sent away")


def sent_away(answer: http.client.HTTPResponse) -> str:
    """Raises Broken where somebody is refused in another way than told to come again later."""
    same(answer.status, 503, "status for one parcel too many")
    seconds = answer.getheader("Retry-After") or ""
    must(seconds.isdigit() and int(seconds) >= 1, f"Retry-After is {seconds!r}")
    try:
        value = json.loads(answer.read())
    except ValueError:
        value = None
    must(isinstance(value, dict) and value.get("error") and value.get("message"), "503 without a refusal as JSON")
    return f"sent away for {seconds} s at {CROWD} large parcels of one terminal"


@point(
    "G-06",
    "The page behind a receipt's QR code shows the state of a case and nothing personal",
    "Serve /t/CODE to anybody, without a token: the state, the deadline; no name, no number, no address. 404 for a "
    "code that has not arrived.",
)
def public_page(kit: Kit) -> None:
    application = kit.one.application(kit.item)
    page = status(kit.line.ask("GET", f"/t/{application.tracking_code}"), 404)
    record = kit.one.record(application)
    kit.one.kept(record)
    kit.fate(kit.one, record.header.id)
    page = status(kit.line.ask("GET", f"/t/{application.tracking_code}"), 200)
    must(page.headers.get("Content-Type", "").startswith("text/html"), "the page is no HTML")
    person = application.applicant
    told = [part for part in (person.name, person.id_number, person.address) if part in page.text]
    if told:
        broken(f"the page shows {', '.join(told)}")
    status(kit.line.ask("GET", "/t/000000000000"), 404)

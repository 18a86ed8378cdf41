# SPDX-License-Identifier: Apache-2.0
"""E: making a terminal known."""

from __future__ import annotations

import json
from typing import Any

import requests

from contract.header import MAX_TERMINAL
from contract.sealing import SUITE_X25519
from tests.contract_kit.answers import number, refused, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import Broken, NotTried, before, must, point

WRONG_CODE = "AAAAA-AAAAA"


def ask(kit: Kit, request: Any) -> requests.Response:
    """POST /v1/enrol."""
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    return kit.line.ask("POST", "/v1/enrol", body, Content_Type="application/json")


@point(
    "E-01",
    "A one-time code makes a terminal known: it gets a number, a client id and the platform's keys",
    "Answer 200 with terminal (1-99999, never given twice), client_id, platform (sign, sealing, preferred), "
    "public_url and station (name, area_code, phone).",
)
def enrolled(kit: Kit) -> str:
    terminal = kit.first()
    must(0 < terminal.number <= MAX_TERMINAL, f"the terminal's number is {terminal.number}")
    must(terminal.client, "client_id is empty")
    must(terminal.public_url.startswith(("http://", "https://")), f"public_url is {terminal.public_url!r}")
    return f"terminal {terminal.number:05d}"


@point(
    "E-02",
    "The platform has a sealing key of suite 1, whatever else it has",
    "Offer a key of suite 1 (X25519) always: it is what every terminal knows. Others may stand beside it.",
)
def suite_1(kit: Kit) -> str:
    suites = [key.suite for key in kit.one.first_keys.sealing]
    must(SUITE_X25519 in suites, f"suites offered: {suites}")
    return f"suites {suites}, preferred {kit.one.first_keys.preferred}"


@point("E-03", "A code serves once", "Refuse a used code with 403 enrol-code, whoever comes with it.")
def once(kit: Kit) -> None:
    kit.one  # noqa: B018 - it has used the code
    refused(ask(kit, kit.enrol_request(kit.used_code)[0]), 403, "enrol-code")


@point("E-04", "A wrong code is refused", "Answer 403 enrol-code.")
def wrong(kit: Kit) -> None:
    kit.one  # noqa: B018 - terminals first: who tries wrong codes may be slowed down
    refused(ask(kit, kit.enrol_request(WRONG_CODE)[0]), 403, "enrol-code")


@point(
    "E-05",
    "A request without code or keys, or with keys that are none, is refused and uses up no code",
    "Answer 400 enrol-keys where a part is missing or a key has not 32 bytes, 400 for what is no JSON; look at the "
    "code only after that.",
)
def malformed(kit: Kit) -> None:
    code = kit.second_code
    whole = kit.enrol_request(code)[0]
    for change in ({"sign_key": "AAAA"}, {"seal_key": "?"}, {"sign_key": 5}):
        refused(ask(kit, whole | change), 400, "enrol-keys")
    for name in ("code", "sign_key", "seal_key"):
        refused(ask(kit, {k: v for k, v in whole.items() if k != name}), 400, "enrol-keys")
    status(ask(kit, b"{"), 400)
    status(ask(kit, []), 400)
    try:
        kit.two  # noqa: B018 - is enrolled by the same code
    except Broken as fault:
        raise Broken(f"the code does not serve any more after such requests: {fault}") from None


@point(
    "E-06",
    "Each terminal has a number and a client id of its own",
    "Never give a number twice, also not that of a terminal that is gone: tracking codes are made of it.",
)
def numbers(kit: Kit) -> None:
    one, two = kit.one, kit.two
    must(one.number != two.number, f"two terminals have the number {one.number}")
    must(one.client != two.client, f"two terminals have the client id {one.client}")


@point(
    "E-07",
    "Who tries codes is slowed down",
    "After some wrong codes (about ten a minute) answer 429 with Retry-After.",
)
def slowed(kit: Kit) -> str:
    if not kit.choices.guess:
        raise NotTried("it makes the platform refuse enrolments for a while; ask for it with --guess-codes")
    before(kit, "E-03", "E-04", "E-05", "E-06", "D-03")
    for count in range(1, 31):
        answer = ask(kit, kit.enrol_request(WRONG_CODE)[0])
        if answer.status_code == 429:
            must(number(answer, "Retry-After") >= 1, "Retry-After is 0")
            said(answer, 429)
            return f"after {count} wrong codes"
    raise Broken("30 wrong codes in a row were all looked at")

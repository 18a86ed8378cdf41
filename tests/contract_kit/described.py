# SPDX-License-Identifier: Apache-2.0
"""D: every call answers as the OpenAPI describes, also what is asked wrongly (schemathesis, seeded)."""

from __future__ import annotations

import warnings
from typing import Any

import requests

from contract.openapi import openapi
from tests.contract_kit.answers import TIMEOUT
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import Broken, NotTried, before, point

CALLS = {  # operationId: number; a call keeps its number for ever
    "health": 1, "description": 2, "enrol": 3, "token": 4, "catalogue": 5, "calendar": 6, "dictionary": 7, "records": 8,
    "inventory": 9, "attachmentState": 10, "attachment": 11, "feed": 12, "publicPage": 13,
}  # fmt: skip


def look(kit: Kit, call: str) -> str:
    """Asks in right and wrong ways, and compares status, type, headers and body with what is described."""
    try:
        import schemathesis
        from hypothesis import HealthCheck, Phase, given, seed, settings
    except ImportError:
        raise NotTried("schemathesis is not installed") from None
    if call == "enrol":  # among what is tried here are wrong codes
        before(kit, "E-03", "E-04", "E-05")
    schemathesis.serializer("application/vnd.doorstep.parcel", "application/offset+octet-stream")(as_it_is)
    checks = schemathesis.checks
    wanted = [
        checks.not_a_server_error, *named(checks, "status_code_conformance", "content_type_conformance",
        "response_headers_conformance", "response_schema_conformance"),
    ]  # fmt: skip
    tried = 0
    session = requests.Session()
    session.trust_env, session.verify = False, kit.choices.ca or True
    headers = {"Authorization": f"Bearer {kit.one.token}"}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(openapi())
        operation = next(
            found.ok() for found in schema.get_all_operations() if found.ok().definition.raw.get("operationId") == call
        )
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @seed(kit.choices.seed)
            @settings(
                max_examples=kit.choices.examples, database=None, deadline=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck), derandomize=False,
            )  # fmt: skip
            @given(case=operation.as_strategy(mode))
            def one(case: Any) -> None:
                nonlocal tried
                tried += 1
                answer = case.call(base_url=kit.url, session=session, headers=headers, timeout=TIMEOUT)
                if answer.status_code == 503:
                    return
                case.validate_response(answer, checks=wanted)

            try:
                one()
            except (schemathesis.checks.FailureGroup, BaseExceptionGroup) as fault:
                raise Broken("; ".join(str(e) for e in fault.exceptions)[:1500]) from None
            except Exception as fault:
                if type(fault).__module__.startswith("hypothesis"):
                    continue  # this call cannot be asked wrongly
                raise
    session.close()
    return f"{tried} requests, seed {kit.choices.seed}"


def as_it_is(_context: Any, value: Any) -> bytes:
    """Bytes for bytes; anything else that was made up, as text."""
    raw = getattr(value, "data", value)
    return raw if isinstance(raw, bytes) else str(raw).encode()


def named(checks: Any, *names: str) -> list[Any]:
    """Checks by name; they are registered when the library is loaded."""
    from schemathesis.specs.openapi import checks as of_openapi

    return [getattr(of_openapi, name, None) or getattr(checks, name) for name in names]


def _register() -> None:
    document = openapi()
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            if method == "parameters":
                continue
            name = call["operationId"]

            def looks(kit: Kit, name: str = name) -> str:
                return look(kit, name)

            point(
                f"D-{CALLS[name]:02d}",
                f"{method.upper()} {path} answers as the OpenAPI describes",
                "Answer with a status, headers and a body that contract/schema/openapi.json has for this call.",
            )(looks)


_register()

# SPDX-License-Identifier: Apache-2.0
"""Officers at the desk, and what acts become."""

from __future__ import annotations

import hashlib
import io
import json
import re

import pytest
import requests
from click.testing import CliRunner
from PIL import Image

from contract.events import CorrectionAsk, Event, read_statement
from contract.packing import from_cbor
from contract.sealing import OpeningKey, open_sealed
from gateway.cases import CORRECTION_CONTEXT
from gateway.command import gateway as command
from gateway.errors import GatewayError
from tests.gateway.conftest import HandTerminal


@pytest.fixture
def desk(terminal: HandTerminal) -> requests.Session:
    terminal.gateway.platform.officers.add("李审批", "correct horse")
    session = requests.Session()
    form = {"name": "李审批", "password": "correct horse"}
    assert session.post(terminal.gateway.url + "/desk/login", data=form, timeout=10).status_code == 200
    return session


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def test_the_desk_is_closed_to_others(terminal: HandTerminal) -> None:
    url = terminal.gateway.url
    assert requests.get(url + "/desk/", timeout=10, allow_redirects=False).headers["location"] == "/desk/login"
    wrong = requests.post(url + "/desk/login", data={"name": "x", "password": "y"}, timeout=10)
    assert wrong.status_code == 401
    assert "姓名或密码不对" in wrong.text


def test_an_officer_sees_a_case_and_accepts_it(terminal: HandTerminal, desk: requests.Session) -> None:
    with desk:
        plain = picture()
        box = terminal.sealed_file(plain)
        application = terminal.application()
        terminal.verdict(terminal.record(application, [box]))
        digest = hashlib.sha256(box).hexdigest()
        terminal.call("PATCH", f"/v1/attachments/{digest}", headers={"Upload-Offset": "0"}, data=box)
        code = application.tracking_code
        listing = desk.get(terminal.gateway.url + "/desk/", timeout=10).text
        assert "高龄津贴申领" in listing
        assert application.applicant.id_number not in listing
        url = f"{terminal.gateway.url}/desk/cases/{code}"
        page = desk.get(url, timeout=10).text
        assert application.applicant.name in page
        assert desk.get(f"{terminal.gateway.url}/desk/attachments/{digest}", timeout=10).content == plain
        token = re.search(r'name="token" value="(\w+)"', page)
        assert token
        assert desk.post(url + "/act", data={"act": "accept", "token": "0" * 64}, timeout=10).status_code == 403
        done = desk.post(url + "/act", data={"act": "accept", "token": token[1]}, timeout=10)
        assert "已受理" in done.text
        entries = terminal.call("GET", "/v1/feed").json()["entries"]
        last = read_statement(entries[-1], terminal.platform_keys)
        assert isinstance(last, Event)
        assert (last.type, last.tracking_code) == ("accepted", code)


def test_a_correction_asks_only_for_what_the_item_lists(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    cases, code = terminal.gateway.platform.cases, application.tracking_code
    for asks, refused in (((), "ask-missing"), ((CorrectionAsk("court", "x"),), "ask-unlisted")):
        with pytest.raises(GatewayError) as fault:
            cases.act(code, "correct", asks=asks)
        assert fault.value.code == refused
    event = cases.act(code, "correct", asks=(CorrectionAsk("bank_no", "少一位"), CorrectionAsk("bankcard", "拍照不清")))
    values = from_cbor(open_sealed(event.sealed, OpeningKey.of(terminal.seal), CORRECTION_CONTEXT))
    assert values == {"bank_no": application.values["bank_no"].data}
    assert cases.case(code).state == "correction"


def test_acts_come_in_their_order(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    cases, code = terminal.gateway.platform.cases, application.tracking_code
    for act, code_wanted in (("finish", "not-now"), ("dance", "unknown-act")):
        with pytest.raises(GatewayError) as fault:
            cases.act(code, act)
        assert fault.value.code == code_wanted
    cases.act(code, "accept")
    cases.act(code, "finish", text="补贴从本月起发")
    assert cases.case(code).state == "finished"
    with pytest.raises(GatewayError):
        cases.act("004210009999", "accept")


def test_the_public_page_says_nothing_personal(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    page = requests.get(f"{terminal.gateway.url}/t/{application.tracking_code}", timeout=10)
    assert page.status_code == 200
    assert "已收到，待受理" in page.text
    for secret in (application.applicant.name, application.applicant.id_number, application.applicant.address):
        assert secret not in page.text
    unknown = requests.get(f"{terminal.gateway.url}/t/004210001372", timeout=10)
    assert unknown.status_code == 404
    assert "平台还没有收到这个编号" in unknown.text


def test_scripts_list_and_act(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    data = str(terminal.gateway.platform.store.data)
    run = CliRunner().invoke
    done = run(command, ["act", "--data", data, application.tracking_code, "accept"])
    assert done.exit_code == 0, done.output
    rows = json.loads(run(command, ["list", "--data", data, "--json"]).output)
    assert [(r["tracking_code"], r["state"]) for r in rows] == [(application.tracking_code, "accepted")]
    again = run(command, ["act", "--data", data, application.tracking_code, "accept"])
    assert again.exit_code == 1
    assert "not-now" in again.output
    assert len(run(command, ["enrol-code", "--data", data]).output.strip()) == 11

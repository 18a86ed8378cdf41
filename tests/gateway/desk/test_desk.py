# SPDX-License-Identifier: Apache-2.0
"""Officers at the desk, and what acts become."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import json
import re

import pytest
import requests
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import insert, select, text, update

from contract.event_body import MAX_WORDS, CorrectionAsk, EventBody, EventBodyError
from contract.events import Event, open_body, read_statement
from contract.hpke import ENC_SIZE, decapsulate
from contract.sealing import SealError
from gateway.command import gateway as command
from gateway.database.tables import event_bodies, feed, opened
from gateway.errors import GatewayError
from gateway.platform import Platform, Setup
from tests.contract.old_events import old_event
from tests.gateway.conftest import HandTerminal


@pytest.fixture
def desk(terminal: HandTerminal) -> requests.Session:
    terminal.gateway.platform.officers.add("李审批", "correct horse")
    session = requests.Session()
    form = {"name": "李审批", "password": "correct horse"}
    assert session.post(terminal.gateway.url + "/desk/login", data=form, timeout=10).status_code == 200
    return session


def said(terminal: HandTerminal, event: Event) -> EventBody:
    """What the terminal reads in an event."""
    return open_body(event, decapsulate(event.sealed[:ENC_SIZE], terminal.seal), terminal.number)


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
    asks = (CorrectionAsk("bank_no", "少一位"), CorrectionAsk("bankcard", "拍照不清"))
    event = cases.act(code, "correct", text="请补正", asks=asks)
    assert said(terminal, event) == EventBody("请补正", asks, {"bank_no": application.values["bank_no"].data})
    case = cases.case(code)
    assert case.state == "correction"
    assert case.events[-1].event == event == terminal.said()[-1]
    assert case.events[-1].body == said(terminal, event)


def test_nothing_that_is_said_to_a_person_is_in_clear_in_the_feed(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    cases, code = terminal.gateway.platform.cases, application.tracking_code
    cases.act(code, "correct", text="TEXT-SAID", asks=(CorrectionAsk("bank_no", "ASK-SAID"),))
    cases.act(code, "accept", text="TEXT-SAID")
    cases.act(code, "process")
    bodies = [base64.b64decode(text) for text in terminal.feed()["entries"]]
    account = application.values["bank_no"].data.encode()
    assert not any(word in body for body in bodies for word in (b"SAID", b"bank_no", account))
    events = [e for e in terminal.said() if isinstance(e, Event)]
    assert [bool(e.sealed) for e in events] == [False, True, True, False]
    with pytest.raises(SealError):
        decapsulate(events[-1].sealed[:ENC_SIZE], terminal.seal)


def test_two_terminals_and_two_cases_open_only_their_own(terminal: HandTerminal) -> None:
    other = HandTerminal(terminal.gateway).ready()
    events = []
    for one in (terminal, terminal, other):
        application = one.application()
        one.verdict(one.record(application))
        events.append(terminal.gateway.platform.cases.act(application.tracking_code, "accept", text="您好"))
    assert [said(one, e).text for one, e in zip((terminal, terminal, other), events, strict=True)] == ["您好"] * 3
    first, second, third = events
    for reader, event in (
        (terminal, dataclasses.replace(first, tracking_code=second.tracking_code)),
        (terminal, dataclasses.replace(first, seq=second.seq)),
        (terminal, dataclasses.replace(first, sealed=second.sealed)),
        (other, first),
        (terminal, third),
    ):
        with pytest.raises(EventBodyError):
            said(reader, event)
    other.session.close()


def test_too_many_words_are_refused_and_change_nothing(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    before = terminal.feed()["entries"]
    with pytest.raises(GatewayError) as fault:
        terminal.gateway.platform.cases.act(application.tracking_code, "accept", text="x" * (MAX_WORDS + 1))
    assert fault.value.code == "event-body-too-large"
    assert terminal.feed()["entries"] == before
    assert terminal.gateway.platform.cases.case(application.tracking_code).state == "received"


def test_officers_read_what_was_said_now_and_before_and_nobody_else_does(
    terminal: HandTerminal, desk: requests.Session
) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    platform, code = terminal.gateway.platform, application.tracking_code
    case = platform.cases.case(code)
    sign, asks = platform.keys.current.sign, [("bank_no", "从前要补")]
    old = old_event(sign, 2, case.record_id, code, "correction", text="从前的话", asks=asks)
    with platform.store.transaction() as db:  # as a program of before has left it
        platform.feeds._advance(db, terminal.number, 1)
        row = {"terminal": terminal.number, "seq": 2, "tracking_code": code, "type": "correction", "statement": old}
        db.execute(insert(feed).values(**row))
        db.execute(update(opened).where(opened.c.tracking_code == code).values(state="correction"))
    platform.cases.act(code, "accept", text="现在的话")
    words = ("从前的话", "从前要补", "现在的话")
    with desk:
        page = desk.get(f"{terminal.gateway.url}/desk/cases/{code}", timeout=10).text
    assert all(word in page for word in words)
    public = requests.get(f"{terminal.gateway.url}/t/{code}", timeout=10).text
    assert "已受理" in public
    assert not any(word in public for word in words)


def test_a_database_of_before_is_opened_and_gets_the_table(setup: Setup) -> None:
    platform = Platform(setup)
    with platform.store.transaction() as db:
        event_bodies.drop(db)
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    platform.close()
    platform = Platform(setup)
    with platform.store.reading() as db:
        assert db.execute(select(event_bodies)).all() == []
        assert platform.feeds.events_of(db, "004210001372") == []
    platform.close()


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
    setup = terminal.gateway.platform.setup
    where = ["--data", str(setup.data), "--database", setup.database]
    run = CliRunner().invoke
    done = run(command, ["act", *where, application.tracking_code, "accept"])
    assert done.exit_code == 0, done.output
    rows = json.loads(run(command, ["list", *where, "--json"]).output)
    assert [(r["tracking_code"], r["state"]) for r in rows] == [(application.tracking_code, "accepted")]
    again = run(command, ["act", *where, application.tracking_code, "accept"])
    assert again.exit_code == 1
    assert "not-now" in again.output
    assert len(run(command, ["enrol-code", *where]).output.strip()) == 11

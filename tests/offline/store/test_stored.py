# SPDX-License-Identifier: Apache-2.0
"""Data of every landed release opens with all it holds, and what is written now is opened by the releases before."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from contract.stores import MANIFEST
from offline.client.drafts import Draft
from offline.errors import OfflineError
from offline.stick.export import export
from offline.sync.budget import Limits, save_limits
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, records_in, terminal_at
from tests.stored.releases import LAST_TWO, RELEASES, run_program, stored, told

# What a program of an earlier release, whose Terminal this is, finds in a data directory; then it works with it.
READS = """
import json, sys
from dataclasses import asdict
from pathlib import Path
import offline
from offline.drafts import Draft
from offline.errors import OfflineError
from offline.sync.budget import load_limits
from offline.terminal import Terminal

data, asked = Path(sys.argv[1]), json.loads(sys.argv[2])
try:
    terminal = Terminal.open(data)
except OfflineError as fault:
    print(json.dumps({"program": offline.__file__, "refused": fault.code}))
    raise SystemExit
with terminal:
    cases = [case for number in asked["people"] for case in terminal.cases_of(number)]
    draft = terminal.draft_for(asked["draft"])
    found = {
        "program": offline.__file__,
        "terminal": terminal.require_enrolment().terminal,
        "cases": [[c.record_id, c.state, c.outbox, [e.type for e in c.events]] for c in cases],
        "draft": asdict(draft) if draft is not None else None,
        "picture": terminal.attachment(asked["picture"]) is not None,
        "staff": terminal.unlock_staff(*asked["staff"]).name, "items": len(terminal.catalogue().items),
        "left": [terminal.outbox().waiting, terminal.outbox().attachments_waiting],
        "record": terminal.record(cases[-1].record_id) is not None, "limits": asdict(load_limits(data)),
    }
    draft = Draft("later", "990123194203050022", "old80", "1", {"by": "before"}, "2026-11-23T10:00:00+08:00")
    terminal.save_draft(draft)
    found["code"] = terminal.new_tracking_code()
print(json.dumps(found))
"""


def what(terminal: Terminal, said: dict[str, Any]) -> dict[str, Any]:
    """What stands in a kept data directory, as `told.json` says it."""
    draft = terminal.client.drafts.find(said["draft"]["id_number"])
    cases = [case for number in said["people"] for case in terminal.cases_of(number)]
    assert draft is not None
    return {
        "draft": {name: value for name, value in asdict(draft).items() if name != "pictures"},
        "cases": [(c.record_id, c.tracking_code, c.outbox) for c in cases],
        "confirmed": [c.confirmed_at for c in cases], "events": [[e.type for e in c.events] for c in cases],
        "number": cases[0].case_number,
    }  # fmt: skip


@pytest.mark.parametrize("release", RELEASES)
def test_a_terminal_of_an_earlier_release_opens_with_all_it_holds(tmp_path: Path, release: str) -> None:
    data, said = stored(release, "terminal", tmp_path / "terminal"), told(release)
    first, second = said["delivered"], said["waiting"]
    for _ in range(2):  # and once more, as this program left it
        with Terminal.open(data) as terminal:
            assert terminal.require_enrolment().terminal == said["terminal"]
            assert what(terminal, said) == {
                "draft": said["draft"], "events": [said["events"], []], "number": said["case_number"],
                "cases": [
                    (first["record_id"], first["tracking_code"], "delivered"),
                    (second["record_id"], second["tracking_code"], "waiting"),
                ],
                "confirmed": [first["confirmed_at"], second["confirmed_at"]],
            }  # fmt: skip
            assert terminal.client.drafts.picture(said["picture"]) is not None
            assert terminal.client.staff.unlock(said["staff"], said["pin"]).name == said["staff"]
            assert (terminal.outbox().waiting, terminal.outbox().attachments_waiting) == (1, 1)
            assert len(terminal.catalogue().items) > 20
            assert len(own_records(terminal)) == 2
    with Terminal.open(data) as terminal:
        assert terminal.can_intake().ok
        assert terminal.new_tracking_code() > said["next_code"]
        made = terminal.submit(application(terminal.new_tracking_code(), 7), [attachment(7, 40)])
        (tmp_path / "stick").mkdir()
        done = export(terminal, tmp_path / "stick")
        assert (done.records, done.attachments, done.damaged) == (2, 2, 0)
    ids = {r.header.id for r in records_in(tmp_path / "stick" / done.files[0])}
    assert ids == {second["record_id"], made.record_id}


def worked(data: Path) -> dict[str, Any]:
    """A data directory of the present program; what an earlier one is asked about it."""
    platform = Keys.new()
    with terminal_at(data, platform) as terminal:
        terminal.client.staff.add("张梅", "258036")
        draft = Draft(
            "d", application("0" * 12, 3).applicant.id_number, "old80", "1", {"page": 2}, "2026-11-23T10:00:00+08:00"
        )
        terminal.client.drafts.save(draft)
        picture = terminal.client.drafts.keep_picture(b"picture")
        people = [application("0" * 12, n).applicant.id_number for n in (1, 2)]
        for n in (1, 2):
            terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, 40)])
        record = own_records(terminal)[0]
        for statement in (platform.receipts([record]), platform.event(1, record)):
            assert terminal.ask(lambda _o, inbox, _s, s=statement: inbox.take(s, platform.public))  # type: ignore[misc]
    save_limits(data, Limits(daily_bytes=7_000_000, between="22:00-06:00"))
    return {"people": people, "draft": draft.id_number, "picture": picture, "staff": ["张梅", "258036"]}


def asked(release: str, tmp_path: Path, question: dict[str, Any]) -> dict[str, Any]:
    """What the program of a release says to a data directory."""
    place = tmp_path / release
    ran = run_program(release, place, "-c", READS, str(tmp_path / "terminal"), json.dumps(question))
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    assert found.pop("program").startswith(str(place))
    return found


@pytest.mark.parametrize("release", LAST_TWO)
def test_what_is_written_now_is_opened_by_the_releases_before(tmp_path: Path, release: str) -> None:
    """What the visit locks, and events of the sealed form, are not for 0.1.0: it leaves them alone, and they are there
    again when this program comes back."""
    question = worked(tmp_path / "terminal")
    with Terminal.open(tmp_path / "terminal") as terminal:
        records = own_records(terminal)
        used = terminal.new_tracking_code()
    notes = (tmp_path / "terminal" / MANIFEST).read_bytes()
    found = asked(release, tmp_path, question)
    code = found.pop("code")
    assert found == {
        "terminal": 42, "picture": False, "staff": "张梅", "items": found["items"], "record": True, "left": [1, 2],
        "cases": [
            [records[0].header.id, "waiting", "delivered", []],
            [records[1].header.id, "waiting", "waiting", []],
        ],
        "draft": None,
        "limits": {"daily_bytes": 7_000_000, "quiet": False, "between": "22:00-06:00"},
    }  # fmt: skip
    assert code > used
    with Terminal.open(tmp_path / "terminal") as terminal:  # and forward again
        later = terminal.client.drafts.find("990123194203050022")
        assert later is not None
        assert later.state == {"by": "before"}
        assert terminal.client.drafts.find(question["draft"]) is not None
        assert terminal.new_tracking_code() > code
        assert [r.header.id for r in own_records(terminal)] == [r.header.id for r in records]
    assert (tmp_path / "terminal" / MANIFEST).read_bytes() == notes


@pytest.mark.parametrize("release", LAST_TWO)
def test_what_they_must_not_touch_they_refuse(tmp_path: Path, release: str) -> None:
    question = worked(tmp_path / "terminal")
    with Terminal.open(tmp_path / "terminal") as terminal:
        terminal._call(lambda: terminal._store.vault.run("PRAGMA user_version = 9"))
    assert asked(release, tmp_path, question) == {"refused": "vault-newer"}
    with pytest.raises(OfflineError) as refused:
        Terminal.open(tmp_path / "terminal")
    assert refused.value.code == "vault-newer"

# SPDX-License-Identifier: Apache-2.0
"""Safe on disk: confirmed means kept, unreadable to others, found again by the same person."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.catalogue import CatalogueError
from contract.record import Kind
from contract.sample import sample_catalogue
from contract.tracking import split_code
from offline.client.drafts import Draft
from offline.errors import DataDirInUse, DiskFull, NotEnrolled, StaffRefused
from offline.journal import verify_journal
from offline.store.segment import Tail, find_end
from offline.store.spool import Spool
from offline.terminal import Terminal
from tests.live import Link
from tests.offline.conftest import application, attachment


def files(data: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(data.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def draft_of(seed: int = 1) -> Draft:
    person = application("0" * 12, seed).applicant
    state = {"values": {"name": person.name, "phone": "13800138000"}, "pages": 2}
    return Draft(f"draft-{seed}", person.id_number, "old80", "2026.11.1", state, "2026-11-23T10:00:00+08:00")


def test_nothing_personal_is_readable_on_disk(terminal: Terminal) -> None:
    made = application(terminal.new_tracking_code())
    picture = attachment()
    terminal.client.drafts.save(draft_of(2))
    terminal.client.drafts.keep_picture(picture.data)
    terminal.submit(made, [picture])
    terminal.client.staff.add("张梅", "258036")
    terminal.cases_of(made.applicant.id_number)
    other = draft_of(2)
    phone = made.values["mobile"].data
    secrets = [
        made.applicant.name, made.applicant.id_number, made.applicant.address, other.id_number, "13800138000",
        str(phone.get("number", "13800138000")), "张梅", "258036", made.values["bank_no"].data,
    ]  # fmt: skip
    found = [
        (path.name, secret)
        for path, data in files(terminal.data)
        for secret in secrets
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
        if secret.encode(encoding) in data
    ]
    assert found == []
    assert all(picture.data[100:200] not in data for _, data in files(terminal.data))
    assert all((path.stat().st_mode & 0o077) == 0 or path.name in ("lock", "journal.log") or path.suffix in (".db",)
               for path, _ in files(terminal.data) if path.name in ("key", "enrolment", "counter"))  # fmt: skip


def test_a_case_is_found_by_its_person_and_its_code(terminal: Terminal) -> None:
    made = application(terminal.new_tracking_code())
    done = terminal.submit(made)
    case = terminal.case(done.tracking_code)
    assert case is not None
    assert (case.item_name, case.outbox, case.state) == ("高龄津贴申领", "waiting", "waiting")
    assert case.applicant_masked != made.applicant.name
    assert terminal.cases_of(made.applicant.id_number) == [case]
    assert terminal.cases_of("990123194203050022") == []
    assert terminal.case("004210009999") is None


def test_a_draft_is_offered_only_to_the_same_person(terminal: Terminal) -> None:
    draft = draft_of()
    terminal.client.drafts.save(draft)
    assert terminal.client.drafts.find(draft.id_number.lower()) == draft
    assert terminal.client.drafts.find("990123194203050022") is None
    digest = terminal.client.drafts.keep_picture(b"picture")
    assert terminal.client.drafts.picture(digest) == b"picture"
    terminal.client.drafts.discard(draft.id)
    assert terminal.client.drafts.find(draft.id_number) is None
    assert terminal.client.drafts.picture(digest) is None


def test_submitting_ends_the_draft(terminal: Terminal) -> None:
    draft = draft_of()
    terminal.client.drafts.save(draft)
    terminal.submit(application(terminal.new_tracking_code()), draft_id=draft.id)
    assert terminal.client.drafts.find(draft.id_number) is None


def test_a_second_process_is_told(terminal: Terminal) -> None:
    with pytest.raises(DataDirInUse):
        Terminal.open(terminal.data)


def test_without_enrolment_nothing_is_promised(tmp_path: Path) -> None:
    with Terminal.open(tmp_path / "new") as terminal:
        assert terminal.can_intake().code == "not-enrolled"
        with pytest.raises(NotEnrolled):
            terminal.new_tracking_code()


def test_a_refused_catalogue_leaves_the_old_one(terminal: Terminal) -> None:
    document = dict(sample_catalogue().document)
    with pytest.raises(CatalogueError):
        terminal.accept_catalogue(document | {"items": []})
    assert len(terminal.catalogue().items) == 30
    assert terminal.can_intake().ok


def test_codes_are_never_given_twice_whatever_is_lost(terminal: Terminal) -> None:
    given = [terminal.new_tracking_code() for _ in range(3)]
    given.append(terminal.submit(application(terminal.new_tracking_code())).tracking_code)
    data = terminal.data
    terminal.close()
    for lost in (
        ["counter"],
        ["vault.db", "vault.db-wal", "vault.db-shm"],
        ["counter", "vault.db", "vault.db-wal"],
        [],
    ):
        for name in lost:
            (data / name).unlink(missing_ok=True)
        with Terminal.open(data) as again:
            given += [again.new_tracking_code() for _ in range(2)]
    counters = [split_code(code)[1] for code in given]
    assert len(set(counters)) == len(counters)


@pytest.mark.parametrize("damage", ["gone", "zeros", "cut"])
def test_a_damaged_vault_is_rebuilt_from_the_spool(terminal: Terminal, damage: str) -> None:
    codes = [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n)]).tracking_code for n in range(3)
    ]
    data, before = terminal.data, terminal.outbox()
    terminal.close()
    for name in ("vault.db-wal", "vault.db-shm"):
        (data / name).unlink(missing_ok=True)
    vault = data / "vault.db"
    if damage == "gone":
        vault.unlink()
    else:
        vault.write_bytes(bytes(vault.stat().st_size) if damage == "zeros" else vault.read_bytes()[:5000])
    with Terminal.open(data) as again:
        after = again.outbox()
        assert (after.waiting, after.attachments_waiting, after.bytes_waiting) == (3, 3, before.bytes_waiting)
        assert all(again.case(code) for code in codes)
        assert again.enrolment is not None
        sequences = {Kind(r) for r in ("application",)}
        assert sequences
        assert again.submit_other(Kind.RATING, codes[0], {"level": 5}).tracking_code == codes[0]


def test_a_torn_tail_is_cut_and_writing_goes_on(terminal: Terminal) -> None:
    terminal.submit(application(terminal.new_tracking_code()))
    data = terminal.data
    segment = data / "spool" / "000001.parcel"
    whole, _ = find_end(segment)
    terminal.submit(application(terminal.new_tracking_code(), 2))
    terminal.close()
    for cut in (whole + 1, whole + 5, whole + 200):
        content = segment.read_bytes()[:cut]
        segment.write_bytes(content)
        Spool(data / "spool")
        assert find_end(segment) == (whole, Tail.CLEAN)
        segment.write_bytes(content[:whole] + bytes(300))
        Spool(data / "spool")
        assert find_end(segment) == (whole, Tail.CLEAN)
        segment.write_bytes(content + b"x" * (cut - len(content)))
    segment.write_bytes(segment.read_bytes()[:whole])
    (data / "vault.db").unlink()
    with Terminal.open(data) as again:
        assert again.outbox().waiting == 1
        again.submit(application(again.new_tracking_code(), 3))
        assert again.outbox().waiting == 2


FULL = """
import resource, signal, sys
from pathlib import Path
from offline.terminal import Terminal
from offline.errors import OfflineError
from offline.store.segment import find_end
from tests.offline.conftest import application, attachment
from tests.offline.test_terminal import draft_of
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Terminal.open(Path(sys.argv[1])) as t:
    t.submit(application(t.new_tracking_code(), 1))
    t.client.drafts.save(draft_of())
    code = t.new_tracking_code()
    segment = Path(sys.argv[1]) / "spool" / "000001.parcel"
    size, _ = find_end(segment)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4000, hard))
    try:
        t.submit(application(code, 2), [attachment(2)])
        print("confirmed")
    except OfflineError as fault:
        print(fault.code, segment.stat().st_size == size)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    print(t.client.drafts.find(draft_of().id_number) is not None, t.outbox().waiting)
    t.submit(application(code, 2), [attachment(2)])
    print(t.outbox().waiting)
"""


def test_a_full_disk_says_no_keeps_the_draft_and_leaves_nothing_half_done(terminal: Terminal) -> None:
    data = terminal.data
    terminal.close()
    done = subprocess.run([sys.executable, "-c", FULL, str(data)], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["disk-full True", "True 1", "2"], done.stderr
    assert DiskFull.code == "disk-full"


FULL_AT_START = """
import resource, signal, sys
from pathlib import Path
from offline.terminal import Terminal
from offline.errors import OfflineError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    Terminal.open(Path(sys.argv[1])).close()
    print("opened")
except OfflineError as fault:
    print(fault.code)
"""


def test_a_full_disk_at_start_is_not_taken_for_a_damaged_vault(terminal: Terminal) -> None:
    terminal.client.drafts.save(draft_of())
    data = terminal.data
    terminal.close()
    done = subprocess.run([sys.executable, "-c", FULL_AT_START, str(data)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() in ("disk-full", "opened"), done.stderr
    assert not list(data.glob("*.damaged-*"))
    with Terminal.open(data) as again:
        assert again.client.drafts.find(draft_of().id_number) is not None


def test_a_full_disk_is_known_before_a_visit_begins(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.store.readiness.LEAST_SPACE", 1 << 60)
    assert terminal.can_intake() == type(terminal.can_intake())(False, "disk-full")


def test_kill_at_any_moment_loses_nothing_confirmed(terminal: Terminal, tmp_path: Path) -> None:
    data = terminal.data
    terminal.close()
    lines = tmp_path / "lines.jsonl"
    command = [sys.executable, "-m", "kiosk.command"]
    code = "import sys; from kiosk.command import main; main()"
    command = [sys.executable, "-c", code]
    made = subprocess.run(
        [*command, "intake", "--example", "dibao", "--count", "400", "--seed", "3"], capture_output=True, timeout=60
    )
    lines.write_bytes(made.stdout)
    confirmed: dict[str, str] = {}
    rng = random.Random(7)
    for _ in range(8):
        run = subprocess.Popen([*command, "intake", str(lines), "--data", str(data)], stdout=subprocess.PIPE)
        assert run.stdout is not None
        wanted = rng.randint(1, 60)
        answers = [run.stdout.readline() for _ in range(wanted)]
        time.sleep(rng.random() * 0.01)
        run.kill()
        rest = run.stdout.read().splitlines()
        run.stdout.close()
        run.wait()
        for answer in [*answers, *rest]:
            try:
                said = json.loads(answer)
            except ValueError:
                continue
            assert said["tracking_code"] not in confirmed
            confirmed[said["tracking_code"]] = said["record_id"]
    with Terminal.open(data) as again:
        assert {c: again.case(c).record_id for c in confirmed} == confirmed  # type: ignore[union-attr]
        sequences = again.ask(lambda outbox, _i, _s: [r.id for r in outbox.waiting_records(10_000)])
        assert len(sequences) == len(set(sequences)) >= len(confirmed)


def test_staff_unlock_and_are_locked_out(terminal: Terminal) -> None:
    terminal.client.staff.add("张梅", "258036")
    assert terminal.client.staff.unlock("张梅", "258036").name == "张梅"
    for left in (4, 3, 2, 1):
        with pytest.raises(StaffRefused) as refused:
            terminal.client.staff.unlock("张梅", "111112")
        assert (refused.value.code, refused.value.remaining) == ("staff-wrong-pin", left)
    for _ in range(2):
        with pytest.raises(StaffRefused) as refused:
            terminal.client.staff.unlock("张梅", "258036" if _ else "111112")
        assert refused.value.code == "staff-locked"
    assert terminal.client.staff.names() == ["张梅"]


def test_the_journal_shows_tampering(terminal: Terminal) -> None:
    for number in range(5):
        terminal.journal("probe", number=number)
    path = terminal.data / "journal.log"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert verify_journal(path) == len(lines)
    lines[2] = lines[2].replace("probe", "prone").replace("enrolled", "enroled")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert verify_journal(path) <= 2


def test_the_link_is_not_needed_to_register(terminal: Terminal, link: Link) -> None:
    link.up = False
    assert terminal.submit(application(terminal.new_tracking_code()), [attachment()]).record_id
    assert os.listdir(terminal.data / "spool") == ["000001.parcel"]

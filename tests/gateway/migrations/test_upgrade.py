# SPDX-License-Identifier: Apache-2.0
"""The gateway's database comes up to date by steps, once, whoever starts first; and goes back a release."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Column, MetaData, Text, inspect, text

from contract.stores import MANIFEST, PROGRAM
from gateway.command import gateway as command
from gateway.database.store import Store
from gateway.database.tables import metadata
from gateway.errors import DatabaseUnusableError
from gateway.migrations import upgrade
from gateway.platform import Platform, Setup
from tests.gateway.conftest import where
from tests.stored.releases import LAST_TWO, RELEASES, load_postgresql, run_program, stored, told

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
oldest_reader = "{oldest_reader}"


def upgrade() -> None:
    op.add_column("officers", sa.Column("office", sa.Text))
    {more}
"""


def differences(store: Store, models: MetaData = metadata) -> list[Any]:
    """Between what the steps have made and what the program works with."""
    with store.reading() as db:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(db, opts=options), models))


@contextmanager
def platform(setup: Setup) -> Iterator[Platform]:
    one = Platform(setup)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def store(setup: Setup) -> Iterator[Store]:
    with closing(Store(setup.data, setup.database)) as one:
        yield one


@pytest.fixture(params=RELEASES)
def kept(request: pytest.FixtureRequest, setup: Setup) -> tuple[Setup, dict[str, Any]]:
    """A gateway as an earlier release left it."""
    kind = "postgresql" if setup.database else "sqlite"
    stored(request.param, "postgresql" if setup.database else "gateway", setup.data)
    if setup.database:
        load_postgresql(request.param, setup.database)
    return setup, told(request.param, kind)


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The program of a later release: with one step more."""

    def add(oldest_reader: str = "0001", more: str = "pass") -> None:
        place = Path(shutil.copytree(upgrade.PLACE, tmp_path / "migrations"))
        (place / "versions" / "step_0003_next.py").write_text(NEXT.format(oldest_reader=oldest_reader, more=more))
        monkeypatch.setattr(upgrade, "PLACE", place)
        monkeypatch.setattr(upgrade, "STEPS", upgrade._steps())
        monkeypatch.setattr(upgrade, "HEAD", "0003")
        monkeypatch.setattr(upgrade, "PROGRAM", "9.9.0")

    return add


def test_the_steps_make_what_the_program_works_with(store: Store) -> None:
    assert differences(store) == []
    assert store.standing() == upgrade.Standing(upgrade.HEAD, "0001", PROGRAM, "2")
    more = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(more)
    more.tables["officers"].append_column(Column("office", Text))
    assert [d[0] for d in differences(store, more)] == ["add_column"]  # so a forgotten step is seen


def test_steps_stand_in_one_row_and_say_who_may_read_what_they_made() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.PLACE))
    script = ScriptDirectory.from_config(config)
    assert [step.revision for step in script.walk_revisions()][::-1] == upgrade.STEPS
    oldest = [script.get_revision(step).module.oldest_reader for step in upgrade.STEPS]
    assert oldest == sorted(oldest)
    assert all(reader in upgrade.STEPS and reader <= step for reader, step in zip(oldest, upgrade.STEPS, strict=True))


def test_a_database_of_an_earlier_release_comes_up_with_all_it_holds(kept: tuple[Setup, dict[str, Any]]) -> None:
    setup, said = kept
    with closing(Store(setup.data, setup.database, up_to_date=False)) as before:
        assert before.standing().due == upgrade.STEPS
    with platform(setup) as now:
        assert differences(now.store) == []
        assert now.store.standing().step == upgrade.HEAD
        (row,) = now.cases.listing()
        assert (row["record_id"], row["tracking_code"], row["state"]) == (
            said["delivered"]["record_id"], said["delivered"]["tracking_code"], "correction",
        )  # fmt: skip
        assert row["case_number"] == said["case_number"]
        assert [a["complete"] for a in row["attachments"]] == [True]
        assert now.blobs.has(row["attachments"][0]["digest"])
        assert now.officers.who(now.officers.session(said["officer"], said["password"])) == said["officer"]
        with now.store.reading() as db:
            assert (
                db.execute(text("SELECT count(*) FROM terminals WHERE terminal = :t"), {"t": said["terminal"]}).scalar()
                == 1
            )
            types = db.execute(
                text("SELECT type FROM feed WHERE tracking_code = :c ORDER BY seq"), {"c": row["tracking_code"]}
            )
            assert types.scalars().all() == said["events"]
        assert now.cases.act(row["tracking_code"], "reject", text="结束").type == "rejected"


def test_one_takes_the_steps_the_others_wait(kept: tuple[Setup, dict[str, Any]]) -> None:
    setup, _ = kept
    starts = [
        subprocess.Popen([sys.executable, "-m", "gateway", "upgrade", *where(setup)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [start.communicate(timeout=120)[0] for start in starts]
    assert [start.returncode for start in starts] == [0] * 4
    assert sorted("taken" in words for words in said) == [False, False, False, True]
    assert all(f"at step {upgrade.HEAD}" in words for words in said)


@contextmanager
def somebody_takes_steps(store: Store) -> Iterator[None]:
    """And is not done yet."""
    if store.postgresql:
        with store.transaction() as db:
            store.lock(db, "tables")
            yield
    else:
        with (store.data / "upgrade.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def test_however_long_another_takes_it_is_waited_for(setup: Setup) -> None:
    taken: list[list[str]] = []
    with closing(Store(setup.data, setup.database, up_to_date=False)) as store:
        waits = threading.Thread(target=lambda: taken.append(store.bring_up_to_date()))
        with somebody_takes_steps(store):
            waits.start()
            waits.join(0.5)
            assert waits.is_alive()
            assert store.standing().step == ""
        waits.join()
        assert taken == [upgrade.STEPS]


def test_check_says_what_is_due_and_changes_nothing(kept: tuple[Setup, dict[str, Any]]) -> None:
    setup, _ = kept
    before = set(setup.data.rglob("*"))
    for _ in range(2):
        looked = CliRunner().invoke(command, ["upgrade", "--check", *where(setup)])
        assert (looked.exit_code, looked.output) == (1, "the database is at step none\ndue: 0001, 0002\n")
    assert {path for path in setup.data.rglob("*") if not path.name.startswith("gateway.db-")} == before
    taken = CliRunner().invoke(command, ["upgrade", *where(setup)])
    assert (taken.exit_code, taken.output) == (0, "the database is at step 0002\ntaken: 0001, 0002\n")
    looked = CliRunner().invoke(command, ["upgrade", "--check", *where(setup)])
    assert (looked.exit_code, looked.output) == (0, "the database is at step 0002\n")


def test_it_may_be_called_again_at_any_time(store: Store) -> None:
    assert store.bring_up_to_date() == []
    assert upgrade.bring_up_to_date(store) == []


def test_a_step_that_fails_leaves_the_step_before(store: Store, next_step: Callable[..., None]) -> None:
    next_step(more='raise ZeroDivisionError("in the middle")')
    with pytest.raises(ZeroDivisionError):
        store.bring_up_to_date()
    assert store.standing().step == "0002"
    assert differences(store) == []


def test_what_a_later_release_has_only_added_is_worked_with(
    setup: Setup, next_step: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_step()
    with platform(setup) as newer:
        assert newer.store.standing() == upgrade.Standing("0003", "0001", "9.9.0", "2")
    monkeypatch.undo()
    with platform(setup) as older:
        older.officers.add("王干事", "fictional-password-7")
        assert older.store.standing() == upgrade.Standing("0003", "0001", "9.9.0", "2")
        with older.store.reading() as db:
            assert "office" in {c["name"] for c in inspect(db).get_columns("officers")}


def test_what_a_later_release_has_taken_away_is_refused_with_words(
    setup: Setup, next_step: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_step(oldest_reader="0003")
    Platform(setup).close()
    monkeypatch.undo()
    with pytest.raises(DatabaseUnusableError, match=r"step 0003 by doorstep 9\.9\.0 .*install doorstep 9\.9\.0 again"):
        Platform(setup)
    listed = CliRunner().invoke(command, ["list", *where(setup)])
    assert (listed.exit_code, "install doorstep 9.9.0 again" in listed.output) == (1, True)
    for release in LAST_TWO:  # these know no steps, and refuse too
        old = run_program(release, setup.data.parent / release, "-m", "gateway", "list", *where(setup))
        assert (old.returncode, "layout" in old.stderr) == (1, True)


def test_a_database_of_before_0_1_0_is_left_alone(store: Store) -> None:
    with store.transaction() as db:
        db.execute(text("DROP TABLE alembic_version"))
        db.execute(text("DELETE FROM settings WHERE name IN ('oldest_reader', 'written_by')"))
        db.execute(text("UPDATE settings SET value = '1' WHERE name = 'layout'"))
    with pytest.raises(DatabaseUnusableError, match="layout 1"):
        store.bring_up_to_date()


@pytest.mark.parametrize("release", LAST_TWO)
def test_the_release_before_works_with_what_this_one_wrote(kept: tuple[Setup, dict[str, Any]], release: str) -> None:
    setup, said = kept
    with platform(setup) as now:
        now.officers.add("李干事", "fictional-password-8")
        code = now.enrolment.new_code("示例村")
    place = setup.data.parent / release

    def ran(*arguments: str) -> str:
        done = run_program(release, place, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert str(place) in ran("-c", "import gateway; print(gateway.__file__)")
    (row,) = json.loads(ran("-m", "gateway", "list", "--json", *where(setup)))
    assert (row["record_id"], row["state"]) == (said["delivered"]["record_id"], "correction")
    ran("-m", "gateway", "act", row["tracking_code"], "reject", "--text", "结束", *where(setup))
    made = json.loads(ran("-m", "gateway", "enrol-code", "--json", *where(setup)))["code"]
    with platform(setup) as again:  # and forward again
        assert again.store.standing().step == upgrade.HEAD
        assert [row["state"] for row in again.cases.listing()] == ["rejected"]
        assert made != code
        with again.store.reading() as db:
            assert db.execute(text("SELECT count(*) FROM enrol_codes WHERE used_at IS NULL")).scalar() == 2


def test_the_data_directory_says_who_wrote_its_files(tmp_path: Path) -> None:
    with platform(Setup(tmp_path)):
        pass
    notes = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    there = {name for name in os.listdir(tmp_path) if not name.startswith("gateway.db") and name != "upgrade.lock"}
    assert there == set(notes)
    assert all(note["written_by"] == PROGRAM for note in notes.values())
    notes["keys"] |= {"format": 2, "written_by": "9.9.0"}
    (tmp_path / MANIFEST).write_text(json.dumps(notes))
    with platform(Setup(tmp_path)):  # only added to: it goes, and the note stays
        assert json.loads((tmp_path / MANIFEST).read_text("utf-8"))["keys"] == notes["keys"]
    notes["keys"]["oldest_reader"] = 2
    (tmp_path / MANIFEST).write_text(json.dumps(notes))
    with pytest.raises(DatabaseUnusableError, match=r"keys was written by a newer .*install doorstep 9\.9\.0"):
        Platform(Setup(tmp_path))

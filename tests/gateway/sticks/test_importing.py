# SPDX-License-Identifier: Apache-2.0
"""Sticks at the platform: every file by itself, in constant memory, twice as once, each answered with a return."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner

import gateway.sticks.returns
from contract.parcel import FrameType, frame, parcel_header, read_frames
from contract.returns import Return, open_return
from contract.sealing import OpeningKey
from gateway.command import gateway as gateway_command
from gateway.platform import Platform
from gateway.sticks.importing import import_parcel
from offline.registration import Attachment
from offline.stick.export import export
from offline.terminal import Terminal
from tests.live import enrolled_terminal, live_gateway
from tests.offline.conftest import application, attachment


class Desk:
    """A gateway's data directory, a stick that two of its terminals wrote, and those terminals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "gateway"
        self.stick = folder / "stick"

    def parcel(self, number: int) -> Path:
        (found,) = self.stick.glob(f"doorstep-{number:05d}-*.parcel")
        return found

    def take(self, *places: Path) -> tuple[int, list[dict[str, object]], str]:
        words = ["import", "--data", str(self.data), "--json", *map(str, places or [self.stick])]
        ended = CliRunner().invoke(gateway_command, words, catch_exceptions=False)
        return ended.exit_code, json.loads(ended.stdout), ended.stderr

    def numbers(self) -> list[int]:
        return sorted(int(p.name[9:14]) for p in self.stick.glob("doorstep-*.parcel"))

    def returned(self, number: int) -> Return:
        with Terminal.open(self.folder / str(number)) as terminal:
            data = self.parcel(number).with_name(self.parcel(number).name + ".return").read_bytes()
            enrolled = terminal.require_enrolment()
            return open_return(data, enrolled.terminal, OpeningKey.of(terminal.keys.seal), enrolled.platform)

    def cases(self) -> int:
        platform = Platform(self.data)
        try:
            return len(platform.cases.listing())
        finally:
            platform.close()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("import")
    (folder / "stick").mkdir()
    with live_gateway(folder / "gateway") as live:
        for place in ("a", "b"):
            with enrolled_terminal(folder / place, live) as terminal:
                for n in range(3):
                    terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, 40)])
                export(terminal, folder / "stick")
                number = terminal.require_enrolment().terminal
            (folder / place).rename(folder / str(number))
    return folder


@pytest.fixture
def desk(drawn: Path, tmp_path: Path) -> Desk:
    shutil.copytree(drawn, tmp_path / "desk")
    return Desk(tmp_path / "desk")


def test_all_that_is_on_a_stick(desk: Desk) -> None:
    first, second = desk.numbers()
    code, results, errors = desk.take()
    assert (code, errors) == (0, "")
    assert [(r["stored"], r["attachments"], r["damage"]) for r in results] == [(3, 3, "")] * 2
    assert desk.cases() == 6
    assert len(desk.returned(first).entries) == len(desk.returned(second).entries)
    code, results, _ = desk.take()
    assert [(r["stored"], r["duplicate"]) for r in results] == [(0, 3)] * 2
    assert (code, desk.cases()) == (0, 6)


def test_what_is_no_parcel_stops_nothing(desk: Desk) -> None:
    first, _ = desk.numbers()
    desk.parcel(first).write_bytes(b"\x89PNG no parcel")
    (desk.stick / f"._{desk.parcel(first).name}").write_bytes(b"\x00\x05\x16\x07")  # some systems leave these
    code, results, errors = desk.take()
    assert code == 1
    assert "this is no parcel" in errors
    assert [r.get("stored") for r in results] == [None, 3]
    assert desk.cases() == 3


def test_a_damaged_one_gives_what_stands_before_the_damage(desk: Desk) -> None:
    first, _ = desk.numbers()
    whole = desk.parcel(first).read_bytes()
    with desk.parcel(first).open("rb") as stream:
        second_record = [f for f in read_frames(stream) if f.type == FrameType.RECORD][1]
    spoilt = bytearray(whole)
    spoilt[second_record.body_at + 30] ^= 1
    desk.parcel(first).write_bytes(bytes(spoilt))
    code, (result,), _ = desk.take(desk.parcel(first))
    assert (code, result["stored"]) == (1, 1)
    assert "changed or torn" in str(result["damage"])
    desk.parcel(first).write_bytes(whole)
    code, (result,), _ = desk.take(desk.parcel(first))
    assert (code, result["stored"], result["duplicate"], result["attachments"]) == (0, 2, 1, 3)


def test_a_torn_end_is_no_damage(desk: Desk) -> None:
    """A stick that was pulled, or a disk that was full: what is whole counts."""
    first, _ = desk.numbers()
    desk.parcel(first).write_bytes(desk.parcel(first).read_bytes()[:-10])
    code, (result,), _ = desk.take(desk.parcel(first))
    assert (code, result["stored"], result["attachments"], result["damage"]) == (0, 3, 2, "")


def test_where_no_return_can_be_written_the_records_are_taken_all_the_same(desk: Desk) -> None:
    first, _ = desk.numbers()
    parcel = desk.parcel(first)
    parcel.with_name(f"{parcel.name}.return").mkdir()
    code, (result,), _ = desk.take(parcel)
    assert (code, result["stored"], result["returns"]) == (1, 3, [])
    assert result["unwritten"]
    assert sorted(p.name for p in desk.stick.glob(f"{parcel.name}*")) == [parcel.name, f"{parcel.name}.return"]


def test_a_long_feed_is_given_from_its_newest_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = desk.numbers()
    desk.take(desk.parcel(first))
    everything = desk.returned(first)
    monkeypatch.setattr(gateway.sticks.returns, "_MOST_ENTRIES", 2)
    desk.take(desk.parcel(first))
    newest = desk.returned(first)
    assert (newest.since, newest.cursor, newest.mark) == (everything.cursor - 2, everything.cursor, everything.mark)
    assert newest.entries[:-1] == everything.entries[-3:-1]  # behind them the receipts of this stick


def test_a_large_parcel_takes_little_memory(desk: Desk) -> None:
    first, _ = desk.numbers()
    big = random.Random(1).randbytes(12_000_000)
    with Terminal.open(desk.folder / str(first)) as terminal:
        code = terminal.new_tracking_code()
        file = Attachment(hashlib.sha256(big).hexdigest(), big, "image/jpeg", None)
        terminal.submit(application(code, 9), [file])
        export(terminal, desk.stick)
    unnamed = frame(FrameType.ATTACHMENT, big[::-1])  # of no record here
    (desk.stick / "more.parcel").write_bytes(parcel_header() + unnamed)
    del big, unnamed, file
    platform = Platform(desk.data)
    try:
        import_parcel(platform, desk.parcel(first))
        tracemalloc.start()
        again = import_parcel(platform, desk.parcel(first))
        more = import_parcel(platform, desk.stick / "more.parcel")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    finally:
        platform.close()
    assert (again.duplicate, again.attachments) == (4, 4)
    assert (more.unnamed, more.attachments) == (1, 0)
    assert peak < 4_000_000

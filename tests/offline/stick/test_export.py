# SPDX-License-Identifier: Apache-2.0
"""Out on a stick: whole or not at all, whatever moment it is pulled at; and nothing leaves the terminal's own list."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contract.parcel import FrameType, read_frames
from offline.stick.export import Progress, Stopped, export
from offline.stick.medium import MediumFault
from offline.stick.parcel_file import DRAFT, PARCEL_NAME
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, records_in, terminal_at


@pytest.fixture
def platform() -> Keys:
    return Keys.new()


@pytest.fixture
def here(tmp_path: Path, platform: Keys) -> Iterator[Terminal]:
    with terminal_at(tmp_path / "terminal", platform) as one:
        yield one


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def submit(terminal: Terminal, count: int, side: int = 120) -> list[str]:
    return [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, side)]).record_id
        for n in range(count)
    ]


def frames_of(path: Path) -> list[tuple[int, str]]:
    with path.open("rb") as stream:
        return [(f.type, hashlib.sha256(f.body).hexdigest() if f.body else f.digest) for f in read_frames(stream)]


def names(stick: Path) -> list[str]:
    return sorted(p.name for p in stick.iterdir())


def test_records_come_first_and_all_of_it_stays_waiting(here: Terminal, stick: Path) -> None:
    ids = submit(here, 3)
    before = here.outbox()
    stages: list[Progress] = []
    done = export(here, stick, watch=stages.append)
    (name,) = done.files
    assert PARCEL_NAME.fullmatch(name)
    assert name.startswith("doorstep-00042-")
    assert names(stick) == [name]
    kinds = [kind for kind, _ in frames_of(stick / name)]
    assert kinds == [FrameType.RECORD] * 3 + [FrameType.ATTACHMENT] * 3
    assert [r.header.id for r in records_in(stick / name)] == ids
    wanted = {a.digest for r in own_records(here) for a in r.header.attachments}
    assert {d for kind, d in frames_of(stick / name) if kind == FrameType.ATTACHMENT} == wanted
    assert (done.records, done.attachments, done.size) == (3, 3, (stick / name).stat().st_size)
    assert here.outbox() == before
    assert [s.stage for s in stages if s.done == 0 or s.stage == "syncing"][-1] == "checking"
    assert stages[-1].done == stages[-1].total


def test_nothing_waiting_writes_nothing(here: Terminal, stick: Path) -> None:
    assert export(here, stick).files == ()
    assert names(stick) == []


def test_what_the_platform_has_or_refused_stays_here(here: Terminal, stick: Path, platform: Keys) -> None:
    submit(here, 3)
    first, second, third = own_records(here)
    here.ask(lambda _o, inbox, _s: inbox.take(platform.receipts([first]), platform.public))
    here.ask(lambda outbox, _i, _s: outbox.park(second.header.id, "unknown-item"))
    done = export(here, stick)
    assert [r.header.id for r in records_in(stick / done.files[0])] == [third.header.id]
    digests = {d for kind, d in frames_of(stick / done.files[0]) if kind == FrameType.ATTACHMENT}
    assert digests == {a.digest for r in (first, third) for a in r.header.attachments}


def test_many_files_where_one_would_be_too_large(here: Terminal, stick: Path) -> None:
    submit(here, 4)
    done = export(here, stick, part_size=20_000)
    assert len(done.files) > 1
    assert len({name.rsplit("-", 1)[1] for name in done.files}) == len(done.files)
    assert all((stick / name).stat().st_size <= 20_000 for name in done.files)
    whole = [frame for name in done.files for frame in frames_of(stick / name)]
    assert [kind for kind, _ in whole] == [FrameType.RECORD] * 4 + [FrameType.ATTACHMENT] * 4


def test_two_exports_in_one_second_do_not_overwrite(here: Terminal, stick: Path) -> None:
    submit(here, 1)
    first = export(here, stick).files[0]
    kept = (stick / first).rename(stick.parent / first)
    (stick / first).write_bytes(b"somebody else's bytes")
    export(here, stick)
    assert (stick / first).read_bytes() == b"somebody else's bytes"
    assert kept.exists()


def test_earlier_parcels_without_anything_new_make_room(here: Terminal, stick: Path, platform: Keys) -> None:
    submit(here, 2)
    first = export(here, stick).files[0]
    foreign = stick / "doorstep-00007-20261123T080000-1.parcel"
    foreign.write_bytes((stick / first).read_bytes())
    broken = stick / "doorstep-00042-20261101T080000-1.parcel"
    broken.write_bytes(b"DSPARCEL?")
    submit(here, 1)
    done = export(here, stick)
    assert done.superseded == 1
    assert names(stick) == sorted([done.files[0], foreign.name, broken.name])
    here.ask(lambda _o, inbox, _s: inbox.take(platform.receipts(own_records(here)), platform.public))
    for record in own_records(here):
        for ref in record.header.attachments:
            here.ask(lambda outbox, _i, _s, d=ref.digest: outbox.attachment_delivered(d))
    assert export(here, stick).superseded == 1
    assert names(stick) == sorted([foreign.name, broken.name])


def test_parts_with_attachments_only_stay_until_the_platform_has_them(
    here: Terminal, stick: Path, platform: Keys
) -> None:
    """Of an export in several files one may hold no record: it is as good as the others, until it is needed no more."""
    submit(here, 3)
    first = export(here, stick, part_size=20_000).files
    kinds = [{kind for kind, _ in frames_of(stick / name)} for name in first]
    assert {FrameType.ATTACHMENT} in kinds

    def pulled(progress: Progress) -> None:
        if progress.stage == "writing":
            raise Stopped

    with pytest.raises(Stopped):
        export(here, stick, watch=pulled)
    assert names(stick) == sorted(first)
    records = own_records(here)
    here.ask(lambda _o, inbox, _s: inbox.take(platform.receipts(records), platform.public))
    with pytest.raises(Stopped):
        export(here, stick, watch=pulled)
    assert names(stick) == sorted(first)  # their attachments wait still
    for record in records:
        for ref in record.header.attachments:
            here.ask(lambda outbox, _i, _s, d=ref.digest: outbox.attachment_delivered(d))
    assert export(here, stick).superseded == len(first)
    assert names(stick) == []


def test_what_a_crash_left_is_cleared_and_others_is_not(here: Terminal, stick: Path) -> None:
    submit(here, 1)
    (stick / f"doorstep-00042-20261101T080000-1.parcel{DRAFT}").write_bytes(b"half")
    other = stick / f"doorstep-00043-20261101T080000-1.parcel{DRAFT}"
    other.write_bytes(b"half")
    (stick / "photos.txt").write_text("mine")
    done = export(here, stick)
    assert names(stick) == sorted([done.files[0], other.name, "photos.txt"])


def test_stopping_leaves_nothing(here: Terminal, stick: Path) -> None:
    submit(here, 2)

    def enough(progress: Progress) -> None:
        if progress.stage == "checking":
            raise Stopped

    with pytest.raises(Stopped):
        export(here, stick, watch=enough)
    assert names(stick) == []
    assert here.outbox().waiting == 2


def test_a_body_that_rotted_in_the_spool_is_left_out_and_told(here: Terminal, stick: Path) -> None:
    submit(here, 2)
    spoiled = next(p for p in here.ask(lambda _o, _i, s: list(s.walk())) if p.frame.type == FrameType.ATTACHMENT)
    with (here.data / "spool" / "000001.parcel").open("r+b") as segment:
        segment.seek(spoiled.place.offset + 50)
        byte = segment.read(1)
        segment.seek(spoiled.place.offset + 50)
        segment.write(bytes([byte[0] ^ 1]))
    done = export(here, stick)
    assert (done.records, done.attachments, done.damaged) == (2, 1, 1)
    assert len(frames_of(stick / done.files[0])) == 3


def test_a_stick_that_lies_is_found_out(here: Terminal, stick: Path) -> None:
    """Counterfeit sticks take every byte and give back others."""
    submit(here, 1)

    def fake(progress: Progress) -> None:
        if progress.stage == "checking" and progress.done == 0:
            path = next(stick.glob("*.parcel"))
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 0x10
            path.write_bytes(bytes(data))

    with pytest.raises(MediumFault, match="take another") as fault:
        export(here, stick, watch=fake)
    assert fault.value.code == "medium-damaged"
    assert names(stick) == []


def test_a_truncated_file_is_found_out_too(here: Terminal, stick: Path) -> None:
    submit(here, 1)

    def fake(progress: Progress) -> None:
        if progress.stage == "checking" and progress.done == 0:
            path = next(stick.glob("*.parcel"))
            os.truncate(path, path.stat().st_size - 5)

    with pytest.raises(MediumFault):
        export(here, stick, watch=fake)


def test_no_such_place(here: Terminal, stick: Path) -> None:
    with pytest.raises(MediumFault, match="mounted") as fault:
        export(here, stick / "gone")
    assert fault.value.code == "medium-gone"


def test_memory_does_not_grow_with_what_waits(here: Terminal, stick: Path) -> None:
    picture = attachment(1, 1800)  # 3 MB
    code = here.new_tracking_code
    here.submit(application(code(), 0), [picture])
    peaks = []
    for more in (1, 6):
        for n in range(more):
            here.submit(application(code(), n), [picture])
        tracemalloc.start()
        export(here, stick)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 300_000
    assert peaks[1] < len(picture.data)


# --- pulled out, full, broken: each by the kernel itself, in a process of its own ------------------------------------

CHILD = Path(__file__).with_name("export_child.py")


def child(data: Path, stick: Path, fault: str, *, under: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*under, sys.executable, str(CHILD), str(data), str(stick), fault],
        capture_output=True, text=True, timeout=120, cwd=CHILD.parents[3], check=False,
    )  # fmt: skip


@pytest.fixture
def full_terminal(tmp_path: Path, platform: Keys) -> Path:
    data = tmp_path / "filled"
    with terminal_at(data, platform) as terminal:
        submit(terminal, 3)
    return data


def after_the_fault(data: Path, stick: Path, platform: Keys) -> None:
    """What has a parcel's name is whole; everything waits still; the next export works and clears what was left."""
    for path in stick.glob("*.parcel"):
        assert len(frames_of(path)) == 6
    with terminal_at(data, platform) as terminal:
        assert (terminal.outbox().waiting, terminal.outbox().attachments_waiting) == (3, 3)
        done = export(terminal, stick)
        assert names(stick) == list(done.files)
        assert len(frames_of(stick / done.files[0])) == 6


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("list:EIO", "medium-failed"),
        ("room:ENODEV", "medium-gone"),
        ("unlink:EROFS", "medium-read-only"),
        ("open:EIO", "medium-failed"),
        ("open:EROFS", "medium-read-only"),
        ("write:EIO", "medium-failed"),
        ("write:ENOSPC", "medium-full"),
        ("write:ENODEV", "medium-gone"),
        ("fsync:EIO", "medium-failed"),
        ("rename:EIO", "medium-failed"),
        ("rename:ENOENT", "medium-gone"),
        ("syncfs:EIO", "medium-failed"),
        ("readback:EIO", "medium-failed"),
        ("readback:ENODEV", "medium-gone"),
    ],
)
def test_each_step_failing_in_the_kernel(
    full_terminal: Path, stick: Path, platform: Keys, fault: str, code: str
) -> None:
    if fault.startswith("unlink"):
        (stick / f"doorstep-00042-20261101T080000-1.parcel{DRAFT}").write_bytes(b"left by a crash")
    ended = child(full_terminal, stick, fault)
    assert ended.stdout.split() == ["fault", code], ended.stderr
    after_the_fault(full_terminal, stick, platform)


@pytest.mark.parametrize("stage", ["writing", "syncing", "named", "checking", "checked"])
def test_killed_at_each_stage(full_terminal: Path, stick: Path, platform: Keys, stage: str) -> None:
    ended = child(full_terminal, stick, f"kill:{stage}")
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    after_the_fault(full_terminal, stick, platform)


def test_a_stick_of_few_bytes_by_limit(full_terminal: Path, stick: Path, platform: Keys) -> None:
    ended = child(full_terminal, stick, "limit:4000")
    assert ended.stdout.split() == ["fault", "medium-full"], ended.stderr
    after_the_fault(full_terminal, stick, platform)


@cache
def may_mount() -> bool:
    """Whether a file system may be made here. Where not, the size is that of a stick as statvfs(2) tells it."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def on_a_small_stick(data: Path, stick: Path, size: int) -> subprocess.CompletedProcess[str]:
    if not may_mount():
        return child(data, stick, f"room:{size}")
    mount = f'mount -t tmpfs -o size={size} none "$1" && shift && exec "$@"'
    return child(data, stick, "none", under=("unshare", "-rm", "sh", "-c", mount, "-", str(stick)))


@pytest.mark.parametrize("size", [1048576, 1064960, 4194304])
def test_a_small_stick_takes_what_fits(full_terminal: Path, stick: Path, size: int) -> None:
    """A file system of its own, really that small: nothing, the records and not every attachment, all."""
    ended = on_a_small_stick(full_terminal, stick, size)
    if size == 1048576:
        assert ended.stdout.split() == ["fault", "medium-full"], ended.stderr
        return
    records, attachments, left_records, left_attachments = map(int, ended.stdout.split()[1:])
    assert (records, left_records, attachments + left_attachments) == (3, 0, 3)
    assert (left_attachments == 0) is (size == 4194304)


def test_the_same_where_nothing_may_be_mounted(full_terminal: Path, stick: Path) -> None:
    ended = child(full_terminal, stick, "room:1064960")
    assert ended.stdout.split()[:2] == ["done", "3"], ended.stderr


def test_a_stick_with_its_lock_on(full_terminal: Path, stick: Path, platform: Keys) -> None:
    """A file system that really is read-only, where one may be made; else the kernel's answer as it then comes."""
    if may_mount():
        mount = 'mount -t tmpfs -o ro none "$1" && shift && exec "$@"'
        ended = child(full_terminal, stick, "none", under=("unshare", "-rm", "sh", "-c", mount, "-", str(stick)))
    else:
        ended = child(full_terminal, stick, "open:EROFS")
    assert ended.stdout.split() == ["fault", "medium-read-only"], ended.stderr
    after_the_fault(full_terminal, stick, platform)

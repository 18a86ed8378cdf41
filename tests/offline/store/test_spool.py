# SPDX-License-Identifier: Apache-2.0
"""The spool alone: what a power cut, a failing disk and time leave of its segments."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from contract.parcel import FrameType
from offline.errors import DiskReadOnly
from offline.store.segment import LocalFrame, Tail, find_end
from offline.store.spool import Place, Spool


def bodies_of(spool: Spool) -> list[tuple[int, bytes]]:
    return [(p.frame.type, spool.read(p.place)) for p in spool.walk() if p.frame.type != LocalFrame.START]


def append(spool: Spool, number: int, picture: int = 0) -> Place:
    """One append as a submission makes it; the place of its record."""
    frames = [(FrameType.ATTACHMENT, b"\x01\x01" + bytes([number]) * picture)] if picture else []
    return spool.append([*frames, (FrameType.RECORD, b"\x83" + bytes([number]) * 300)])[-1]


@pytest.mark.parametrize("known", [False, True])
def test_an_append_of_which_the_power_cut_kept_only_the_end_counts_as_never_made(tmp_path: Path, known: bool) -> None:
    """The picture's pages were not written yet, the record's were: nobody was told that it is safe."""
    spool = Spool(tmp_path / "spool")
    append(spool, 1)
    last = append(spool, 2, picture=9000)
    end = last.frame_end
    torn = append(spool, 3, picture=9000)
    path = spool.path(1)
    spool.close()
    with path.open("r+b") as stream:
        stream.seek(torn.offset - 5000)
        stream.write(bytes(4096))
    assert find_end(path, end if known else 0) == (end, Tail.TORN)
    again = Spool(tmp_path / "spool", last if known else None)
    assert [body[1] for kind, body in bodies_of(again) if kind == FrameType.RECORD] == [1, 2]
    append(again, 4)
    assert [body[1] for kind, body in bodies_of(again) if kind == FrameType.RECORD] == [1, 2, 4]
    again.close()


def test_damage_before_confirmed_appends_costs_only_what_it_hit(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    places = [append(spool, number, picture=5000) for number in (1, 2, 3)]
    path = spool.path(1)
    spool.close()
    with path.open("r+b") as stream:
        stream.seek(places[1].offset - 3000)
        stream.write(bytes(1000))
    again = Spool(tmp_path / "spool", places[0])
    append(again, 4)
    assert again.active == 2
    assert [body[1] for kind, body in bodies_of(again) if kind == FrameType.RECORD] == [1, 2, 3, 4]
    assert len([1 for kind, _ in bodies_of(again) if kind == FrameType.ATTACHMENT]) == 2
    again.close()


def test_the_next_segment_is_begun_while_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.store.spool.SEGMENT_SIZE", 2000)
    spool = Spool(tmp_path / "spool")
    append(spool, 1, picture=3000)
    spool.prepare()
    assert spool.active == 2
    assert spool.path(2).stat().st_size > 1024 * 1024  # room for what comes
    assert append(spool, 2).segment == 2
    spool.close()
    assert [body[1] for kind, body in bodies_of(Spool(tmp_path / "spool")) if kind == FrameType.RECORD] == [1, 2]


def test_where_no_next_segment_can_be_prepared_the_append_tells_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline.store.spool.SEGMENT_SIZE", 2000)
    spool = Spool(tmp_path / "spool")
    append(spool, 1, picture=3000)
    monkeypatch.setattr("offline.store.spool.sync_directory", read_only)
    spool.prepare()
    with pytest.raises(DiskReadOnly):
        append(spool, 2)
    monkeypatch.undo()
    append(spool, 3)
    assert [body[1] for kind, body in bodies_of(spool) if kind == FrameType.RECORD] == [1, 3]
    spool.close()


def read_only(_directory: Path) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))

# SPDX-License-Identifier: Apache-2.0
"""A stick that another terminal wrote, at one with a network: taken along whole and unopened, and only once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract.parcel import FrameType, frame, parcel_header, read_frames
from offline.command import sync
from offline.stick.export import export
from offline.stick.medium import MediumFault
from offline.stick.other_terminals import take_record
from offline.stick.parcels import ParcelsTaken, Reading, take_parcels
from offline.sync.engine import SyncEngine
from offline.terminal import Terminal
from tests.live import LiveGateway, enrolled_terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, terminal_at


@pytest.fixture
def platform() -> Keys:
    return Keys.new()


@pytest.fixture
def here(tmp_path: Path, platform: Keys) -> Iterator[Terminal]:
    with terminal_at(tmp_path / "here", platform, 42) as one:
        yield one


@pytest.fixture
def there(tmp_path: Path, platform: Keys) -> Iterator[Terminal]:
    """Three applications, two with attachments."""
    with terminal_at(tmp_path / "there", platform, 43) as other:
        for n in range(3):
            pictures = [attachment(n * 10 + k, 60) for k in range(n)]
            other.submit(application(other.new_tracking_code(), n), pictures)
        yield other


@pytest.fixture
def stick(tmp_path: Path, there: Terminal) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    export(there, place)
    return place


def parcel(stick: Path) -> Path:
    (path,) = stick.glob("*.parcel")
    return path


def contents(stick: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in stick.iterdir()}


def test_whole_records_with_their_attachments(here: Terminal, there: Terminal, stick: Path) -> None:
    before = contents(stick)
    seen: list[Reading] = []
    assert take_parcels(here, stick, watch=seen.append) == ParcelsTaken(parcels=1, records=3, attachments=3)
    assert contents(stick) == before
    assert seen[-1].done == seen[-1].total == parcel(stick).stat().st_size
    status = here.outbox()
    assert (status.waiting, status.carried_waiting, status.attachments_waiting) == (0, 3, 3)
    assert {r.encode() for r in own_records(here)} == {r.encode() for r in own_records(there)}


def test_again_or_under_another_name_is_once(here: Terminal, stick: Path) -> None:
    take_parcels(here, stick)
    assert take_parcels(here, stick) == ParcelsTaken(parcels=1)  # not even read
    copy = stick / "doorstep-00043-20260101T080000-9.parcel"
    parcel(stick).rename(copy)
    assert take_parcels(here, stick) == ParcelsTaken(parcels=1, known=3)
    assert here.outbox().attachments_waiting == 3


def test_after_a_lost_vault_they_wait_again(tmp_path: Path, platform: Keys, stick: Path) -> None:
    data = tmp_path / "again"
    with terminal_at(data, platform) as here:
        take_parcels(here, stick)
    for suffix in ("", "-wal", "-shm"):
        (data / f"vault.db{suffix}").unlink(missing_ok=True)
    with terminal_at(data, platform) as here:
        assert (here.outbox().carried_waiting, here.outbox().attachments_waiting) == (3, 3)


def test_what_paper_brought_gets_its_attachments(here: Terminal, there: Terminal, stick: Path) -> None:
    last = own_records(there)[-1]
    take_record(here, last.encode())
    assert take_parcels(here, stick) == ParcelsTaken(parcels=1, records=2, attachments=3, known=1)
    manifest = here.ask(lambda outbox, _i, _s: outbox.manifest(last.header.id))
    assert [digest for digest, _ in manifest] == [a.digest for a in last.header.attachments]
    assert here.outbox().carried_waiting == 3


def test_a_part_now_and_the_rest_later_keep_the_manifests_order(here: Terminal, there: Terminal, stick: Path) -> None:
    last = own_records(there)[-1]
    first, second = (a.digest for a in last.header.attachments)
    with parcel(stick).open("rb") as stream:
        held: dict[str, bytes] = {}
        body: list[bytes] = []
        for found in read_frames(stream, sink=body.append):
            held[found.digest], body[:] = b"".join(body), []
    for number, digest in enumerate((second, first), 1):  # the second of the manifest comes first
        frames = frame(FrameType.RECORD, last.encode()) + frame(FrameType.ATTACHMENT, held[digest])
        (stick / f"doorstep-00043-20260101T080000-{number}.parcel").write_bytes(parcel_header() + frames)
        take_parcels(here, stick / f"doorstep-00043-20260101T080000-{number}.parcel")
    manifest = here.ask(lambda outbox, _i, _s: outbox.manifest(last.header.id))
    assert [digest for digest, _ in manifest] == [first, second]


def test_own_parcels_are_passed_over(here: Terminal, stick: Path) -> None:
    here.submit(application(here.new_tracking_code(), 1))
    export(here, stick)
    assert take_parcels(here, stick).parcels == 1


def test_no_room_leaves_it_on_the_stick_and_the_disk_alone(here: Terminal, stick: Path) -> None:
    assert take_parcels(here, stick, spare=here.free_space() + 2**40) == ParcelsTaken(parcels=1, left=3)
    assert here.outbox().carried_waiting == 0
    assert take_parcels(here, stick).records == 3  # once there is room


@pytest.mark.parametrize("damage", ["attachment", "record", "cut", "no parcel"])
def test_damage_costs_only_what_it_hits(
    here: Terminal, stick: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = parcel(stick)
    data = bytearray(path.read_bytes())
    with path.open("rb") as stream:
        frames = list(read_frames(stream))
    if damage == "cut":
        del data[frames[-1].body_at + 10 :]
    elif damage == "no parcel":
        data[:4] = b"\x89PNG"
    else:
        data[frames[-1 if damage == "attachment" else 1].body_at + 20] ^= 1
    path.write_bytes(bytes(data))
    with caplog.at_level(logging.WARNING):
        done = take_parcels(here, stick)
    whole = {"attachment": (3, 2), "record": (1, 0), "cut": (3, 2), "no parcel": (0, 0)}[damage]
    assert (done.records, done.attachments) == whole
    assert done.damaged == (damage != "cut")  # a torn end is how a pulled stick looks


def test_pulled_while_it_is_read(here: Terminal, stick: Path) -> None:
    """The file goes away under the reader; what was taken by then stays, and the rest comes another time."""

    class Pulled(Exception):
        pass

    def pull(reading: Reading) -> None:
        if 0 < reading.done < reading.total:
            raise Pulled

    with pytest.raises(Pulled):
        take_parcels(here, stick, watch=pull)
    with pytest.raises(MediumFault):
        take_parcels(here, stick / "gone.parcel")
    assert take_parcels(here, stick).records == 3


def test_over_this_terminals_network_to_the_platform(terminal: Terminal, gateway: LiveGateway, tmp_path: Path) -> None:
    """By command, as staff at the township does it; its own terminal learns of it when it next hears anything."""
    stick = tmp_path / "sent"
    stick.mkdir()
    with enrolled_terminal(tmp_path / "village", gateway) as village:
        village.submit(application(village.new_tracking_code(), 7), [attachment(7, 60), attachment(8, 60)])
        export(village, stick)
        data = terminal.data
        terminal.close()
        said = CliRunner().invoke(sync, ["import", str(stick), "--data", str(data)], catch_exceptions=False)
        assert "1 records and 2 attachments of other terminals" in said.output
        with Terminal.open(data) as again:
            report = SyncEngine(again).run_once()
            assert (report.problem, report.records_sent, report.attachments_sent) == (None, 1, 2)
            assert again.outbox().carried_delivered == 1
        gateway.opened()
        (case,) = gateway.platform.cases.listing()
        assert [a["complete"] for a in case["attachments"]] == [True, True]
        assert SyncEngine(village).run_once().problem is None
        assert (village.outbox().delivered, village.outbox().attachments_waiting) == (1, 0)
    again_said = CliRunner().invoke(sync, ["import", str(stick), "--data", str(data), "--json"])
    assert json.loads(again_said.output)["relayed"]["records"] == 0

# SPDX-License-Identifier: Apache-2.0
"""Back on a stick: receipts, events and what is published; late, twice, forged, damaged or another's."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.events import KeyChange
from contract.sample import sample_calendar, sample_catalogue
from offline.stick.medium import MediumFault
from offline.stick.returns import ReturnFile, ReturnsRead, take_returns
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import AT, Keys, own_records, terminal_at


@pytest.fixture
def platform() -> Keys:
    return Keys.new()


@pytest.fixture
def here(tmp_path: Path, platform: Keys) -> Iterator[Terminal]:
    with terminal_at(tmp_path / "terminal", platform) as one:
        for n in range(2):
            one.submit(application(one.new_tracking_code(), n), [attachment(n, 60)])
        yield one


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def put(stick: Path, data: bytes, name: str = "doorstep-00042-1.return") -> Path:
    path = stick / name
    path.write_bytes(data)
    return path


def test_receipts_and_events_come_home(here: Terminal, stick: Path, platform: Keys) -> None:
    first, second = own_records(here)
    put(
        stick,
        platform.returned(
            here, platform.receipts([first, second]), platform.event(1, first, case_number="K1"),
            platform.event(2, first, "accepted"), settled=0,
        ),
    )  # fmt: skip
    came = take_returns(here, stick)
    assert came == ReturnsRead((ReturnFile("doorstep-00042-1.return", "taken", 42),), 2, 2)
    assert (here.outbox().waiting, here.outbox().delivered) == (0, 2)
    case = here.case(first.header.tracking_code)
    assert case is not None
    assert (case.state, case.case_number, case.outbox) == ("accepted", "K1", "delivered")
    assert (here.fact("cursor"), here.fact("mark")) == ("3", "00" * 8)


def test_a_refusal_parks_the_record(here: Terminal, stick: Path, platform: Keys) -> None:
    first, _ = own_records(here)
    put(stick, platform.returned(here, platform.event(1, first, "refused", reason="unknown-item")))
    take_returns(here, stick)
    assert (here.outbox().parked, here.outbox().waiting) == (1, 1)


def test_coming_twice_is_harmless_and_told(here: Terminal, stick: Path, platform: Keys) -> None:
    path = put(stick, platform.returned(here, platform.receipts(own_records(here))))
    take_returns(here, path)
    again = take_returns(here, path)
    assert (again.files[0].status, again.delivered, again.events) == ("known", 0, 0)
    here.remember("returns", "")  # as after a lost vault
    assert take_returns(here, path).files[0].status == "taken"
    assert here.outbox().delivered == 2


def test_what_came_online_meanwhile_is_not_undone(here: Terminal, stick: Path, platform: Keys) -> None:
    first, second = own_records(here)
    put(stick, platform.returned(here, platform.receipts([first]), platform.event(1, first), since=0, cursor=2))
    statements = [platform.receipts([first, second]), platform.event(1, first), platform.event(2, first, "accepted")]
    here.ask(lambda _o, inbox, _s: [inbox.take(s, platform.public) for s in statements])
    here.remember("cursor", "7")
    here.remember("mark", "ab" * 8)
    came = take_returns(here, stick)
    assert (came.delivered, came.events) == (0, 0)
    assert (here.fact("cursor"), here.fact("mark")) == ("7", "ab" * 8)
    assert here.outbox().delivered == 2


def test_a_gap_in_the_feed_does_not_move_the_place_in_it(here: Terminal, stick: Path, platform: Keys) -> None:
    first, _ = own_records(here)
    put(stick, platform.returned(here, platform.event(90, first, "accepted"), since=89, cursor=90))
    assert take_returns(here, stick).events == 1
    assert here.fact("cursor") is None


def test_several_are_taken_in_the_order_of_the_feed(here: Terminal, stick: Path, platform: Keys) -> None:
    first, second = own_records(here)
    put(stick, platform.returned(here, platform.receipts([second]), since=1, cursor=2), "a.return")
    put(stick, platform.returned(here, platform.receipts([first]), since=0, cursor=1), "b.return")
    assert take_returns(here, stick).delivered == 2
    assert here.fact("cursor") == "2"


def test_another_terminals_is_left_alone(here: Terminal, stick: Path, platform: Keys, tmp_path: Path) -> None:
    with terminal_at(tmp_path / "other", platform, 43) as other:
        theirs = platform.returned(other, platform.receipts(own_records(here)))
    put(stick, theirs)
    (stick / "doorstep-00043-20261123T080000-1.parcel").write_bytes(b"sealed")
    came = take_returns(here, stick)
    assert came.files == (ReturnFile("doorstep-00042-1.return", "other-terminal", 43),)
    assert came.foreign == 1
    assert sorted(p.read_bytes() for p in stick.iterdir()) == sorted([theirs, b"sealed"])


@pytest.mark.parametrize("part", ["head", "middle", "end", "cut", "empty", "other"])
def test_a_damaged_return_is_refused_whole(
    here: Terminal, stick: Path, platform: Keys, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = platform.returned(here, platform.receipts(own_records(here)))
    places = {"head": 3, "middle": len(good) // 2, "end": len(good) - 2}
    bad = bytearray(good)
    if part in places:
        bad[places[part]] ^= 1
    data = {"cut": good[:-20], "empty": b"", "other": b"\x89PNG not ours"}.get(part, bytes(bad))
    put(stick, data, "1.return")
    put(stick, platform.returned(here, platform.event(1, own_records(here)[0])), "2.return")
    with caplog.at_level(logging.WARNING):
        came = take_returns(here, stick)
    (refused,) = came.of("refused")
    assert refused.name == "1.return"
    assert refused.code.startswith("return-")
    assert refused.reason
    assert here.outbox().delivered == 0
    assert (came.events, len(came.of("taken"))) == (1, 1)  # the sound one beside it is taken


def test_a_forged_one_is_refused_whole(here: Terminal, stick: Path, caplog: pytest.LogCaptureFixture) -> None:
    stranger = Keys.new()
    put(stick, stranger.returned(here, stranger.receipts(own_records(here))))
    with caplog.at_level(logging.WARNING):
        came = take_returns(here, stick)
    assert came.files[0].code == "return-signature"
    assert here.outbox().waiting == 2


def test_new_keys_come_with_it_and_count_from_then_on(here: Terminal, stick: Path, platform: Keys) -> None:
    first, second = own_records(here)
    newer = Keys.new()
    change = platform.say(KeyChange(newer.public, AT))
    put(stick, newer.returned(here, platform.receipts([first]), change, newer.receipts([second])))
    assert take_returns(here, stick).delivered == 2
    assert here.require_enrolment().platform.sign.public_bytes_raw() == newer.public.sign.public_bytes_raw()


def test_catalogue_and_calendar_come_with_it(here: Terminal, stick: Path, platform: Keys) -> None:
    document = copy.deepcopy(dict(sample_catalogue().document))
    document["version"] = "2099.1"
    calendar = sample_calendar().to_dict() | {"version": "2099.1"}
    put(stick, platform.returned(here, catalogue=document, calendar=calendar, created_ms=5))
    came = take_returns(here, stick)
    assert (came.catalogue, came.calendar) == (True, True)
    assert (here.catalogue().version, here.calendar().version) == ("2099.1", "2099.1")


def test_an_old_stick_brings_no_old_catalogue(here: Terminal, stick: Path, platform: Keys) -> None:
    here.remember("last_contact", "2026-11-24T10:00:00+00:00")
    document = copy.deepcopy(dict(sample_catalogue().document)) | {"version": "1999.1"}
    put(stick, platform.returned(here, catalogue=document, created_ms=1_700_000_000_000))
    assert not take_returns(here, stick).catalogue
    assert here.catalogue().version == sample_catalogue().version


def test_a_bad_catalogue_leaves_the_old_one_and_the_receipts_count(
    here: Terminal, stick: Path, platform: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    put(stick, platform.returned(here, platform.receipts(own_records(here)), catalogue={"version": "x"}))
    with caplog.at_level(logging.WARNING):
        came = take_returns(here, stick)
    assert (came.delivered, came.catalogue) == (2, False)
    assert here.catalogue().version == sample_catalogue().version


def test_nothing_there(here: Terminal, stick: Path) -> None:
    assert take_returns(here, stick).files == ()
    with pytest.raises(MediumFault):
        take_returns(here, stick / "gone.return")


def test_a_file_without_end_is_not_swallowed(here: Terminal, stick: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = put(stick, b"DSRETURN\x01")
    with path.open("r+b") as out:
        out.truncate(3 * 1024 * 1024 * 1024)  # a hole: takes no room
    with caplog.at_level(logging.WARNING):
        assert take_returns(here, stick).files[0].code == "return-too-large"

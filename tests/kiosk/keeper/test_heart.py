# SPDX-License-Identifier: Apache-2.0
"""What a visit's process says of itself: in order, all of it, and only while its window answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.keeper.keeper import Keeper
from kiosk.process.heart import Heart
from offline.port.client import Client
from offline.port.server import Connection
from offline.port.stage import Beat, Ready, Released, StageAsked, VisitOver
from offline.supervised import is_supervised
from tests.kiosk.keeper.conftest import until
from tests.offline.enrolled import Keys, terminal_at


class Heard:
    """Both ends of a visit's connection."""

    def __init__(self, keeper: Keeper) -> None:
        self.said: list[StageAsked] = []
        self.hold = threading.Event()
        self.hold.set()
        self.connection, theirs = keeper.connect(self._hear)
        self.client = Client(theirs, "visit")

    def _hear(self, _connection: Connection, asked: StageAsked) -> None:
        self.hold.wait(30)
        self.said.append(asked)

    def words(self) -> list[StageAsked]:
        return [one for one in self.said if not isinstance(one, Beat)]


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Heard]:
    with terminal_at(tmp_path / "t", Keys.new()) as terminal:
        keeper = Keeper(terminal, sync_seconds=3600)
        keeper.start()
        one = Heard(keeper)
        yield one
        one.hold.set()
        one.client.close()
        keeper.stop()


def test_all_that_was_said_before_the_end_is_told_in_order(heard: Heard) -> None:
    heart = Heart(heard.client)
    heart.start()
    heard.hold.clear()
    words = [Ready(), *(Released(f"device-{n}", n % 2 == 0) for n in range(20)), VisitOver(True)]
    for word in words:
        heart.say(word)
    ending = threading.Thread(target=heart.stop)
    ending.start()
    heard.hold.set()
    ending.join()
    assert heard.words() == words


def test_it_beats_only_while_the_window_does(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.process.heart.BEAT", 0.02)
    heart = Heart(heard.client)
    heart.start()
    until(lambda: len(heard.said) > 2, "some beats")
    monkeypatch.setattr("kiosk.process.heart.FRESH", -1.0)  # as if the window had not been heard of for long
    heart.say(Ready())
    until(heard.words, "what is said all the same")
    count = len(heard.said)
    threading.Event().wait(0.2)
    assert len(heard.said) <= count + 1
    monkeypatch.setattr("kiosk.process.heart.FRESH", 60.0)
    heart.alive()
    until(lambda: len(heard.said) > count + 3, "beats again")
    heart.stop()


def test_it_ends_with_the_keeper(heard: Heard, started: dict[threading.Thread, str]) -> None:
    heart = Heart(heard.client)
    heart.start()
    heard.connection.close()
    heart.say(Ready())
    until(lambda: not heart._thread.alive, "its end")
    heart.stop()
    assert [thread.name for thread in started if not is_supervised(thread)] == []
    assert "heart" in {thread.name for thread in started}


def test_the_stage_s_thread_is_supervised(house: object, started: dict[threading.Thread, str]) -> None:
    assert house is not None
    stage = [thread for thread in threading.enumerate() if thread.name == "stage"]
    assert [is_supervised(thread) for thread in stage] == [True]
    assert started is not None

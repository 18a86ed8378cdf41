# SPDX-License-Identifier: Apache-2.0
"""Tracking codes: none twice, whatever one of the three places forgets, and none thrown away in good order."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from contract.tracking import split_code
from offline.errors import DiskFull
from offline.store.numbering import BLOCK, MARGIN, Numbering
from offline.terminal import Terminal
from tests.fuzzing import examples
from tests.offline.conftest import application
from tests.offline.enrolled import Keys, terminal_at

COUNTER, VAULT, SPOOL = "counter", "vault", "spool"
PLATFORM = Keys.new()


def files(data: Path, place: str) -> list[Path]:
    return {
        COUNTER: [data / "counter"],
        VAULT: sorted(data.glob("vault.db*")),
        SPOOL: [data / "spool"],
    }[place]


def forget(data: Path, place: str) -> None:
    for path in files(data, place):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def copy(source: Path, to: Path, place: str) -> None:
    forget(to, place)
    for path in files(source, place):
        if path.is_dir():
            shutil.copytree(path, to / path.name)
        elif path.exists():
            shutil.copy(path, to / path.name)


class Places(RuleBasedStateMachine):
    """One terminal through good and bad days. A crash is a copy of the directory as it stands on the disk: all that
    is in it has been synced, and nothing is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._root = Path(tempfile.mkdtemp(prefix="doorstep-numbers-"))
        self._data = self._root / "0"
        self._copies: list[Path] = []
        self._made = 0
        self._given: set[int] = set()
        self._terminal: Terminal | None = None
        self._good = True  # nothing was lost and nothing crashed since the last number
        self._last = 0

    def teardown(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
        shutil.rmtree(self._root)

    def _open(self) -> Terminal:
        if self._terminal is None:
            if not self._data.exists():
                with terminal_at(self._data, PLATFORM):
                    pass
            self._terminal = Terminal.open(self._data)
        return self._terminal

    def _close(self) -> None:
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None

    def _fresh(self) -> Path:
        self._made += 1
        return self._root / str(self._made)

    @initialize()
    def begin(self) -> None:
        self._open().new_tracking_code()
        self._given.add(1)
        self._last = 1

    @rule(count=st.one_of(st.integers(1, 12), st.integers(1, 200)), submit=st.booleans())
    def draw(self, count: int, submit: bool) -> None:
        terminal = self._open()
        for _ in range(count):
            code = terminal.new_tracking_code()
            number = split_code(code)[1]
            assert number not in self._given, "a code was given out twice"
            assert not self._good or number == self._last + 1, "numbers were thrown away in good order"
            self._given.add(number)
            self._last, self._good = number, True
        if submit:
            terminal.submit(application(code, count))

    @rule()
    def end_in_good_order(self) -> None:
        self._close()

    @rule()
    def crash(self) -> None:
        terminal = self._open()
        terminal.outbox()
        crashed = self._fresh()
        shutil.copytree(self._data, crashed, ignore=shutil.ignore_patterns("keeper.sock"))
        self._close()
        self._data, self._good = crashed, False

    @rule()
    def keep_a_copy(self) -> None:
        self._close()
        self._copies.append(self._fresh())
        shutil.copytree(self._data, self._copies[-1])

    @rule(place=st.sampled_from([COUNTER, VAULT, SPOOL]))
    def lose(self, place: str) -> None:
        self._close()
        forget(self._data, place)
        self._reopen()

    @precondition(lambda self: self._copies)
    @rule(place=st.sampled_from([COUNTER, VAULT, SPOOL]), which=st.integers(0, 100))
    def put_an_old_one_back(self, place: str, which: int) -> None:
        self._close()
        copy(self._copies[which % len(self._copies)], self._data, place)
        self._reopen()

    def _reopen(self) -> None:
        """One place at a time: the others make good what it lacks before the next is lost. Nobody need draw a number
        meanwhile."""
        self._good = False
        self._open()
        self._close()


class TestPlaces(Places.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=examples(8), stateful_step_count=14)


def test_no_number_of_a_block_is_lost_by_starts_in_good_order(tmp_path: Path) -> None:
    given = []
    for _ in range(12):
        with terminal_at(tmp_path / "t", PLATFORM) as terminal:
            given += [split_code(terminal.new_tracking_code())[1] for _ in range(9)]
        with terminal_at(tmp_path / "t", PLATFORM):  # and one in which nobody comes
            pass
    assert given == list(range(1, 109))


def test_a_crash_costs_the_rest_of_a_block(tmp_path: Path) -> None:
    with terminal_at(tmp_path / "t", PLATFORM) as terminal:
        first = split_code(terminal.new_tracking_code())[1]
        shutil.copytree(tmp_path / "t", tmp_path / "crashed")
    with terminal_at(tmp_path / "crashed", PLATFORM) as terminal:
        assert split_code(terminal.new_tracking_code())[1] == first + BLOCK


class Book:
    """The second place, which may refuse."""

    def __init__(self) -> None:
        self.noted = self.following = 0
        self.full = False

    def note(self, reserved: int) -> None:
        self._may()
        self.noted, self.following = reserved, 0

    def leave_off(self, following: int) -> None:
        self._may()
        self.following = following

    def _may(self) -> None:
        if self.full:
            raise DiskFull("no room")


def numbering(path: Path, book: Book, floor: int = 0, used: int = 0) -> Numbering:
    return Numbering(path, book, used=used, floor=floor, noted=book.noted, left_off=book.following)


def test_no_number_is_given_out_of_a_block_that_one_place_does_not_know(tmp_path: Path) -> None:
    book = Book()
    numbers = numbering(tmp_path / "counter", book)
    given = [numbers.next_code(42) for _ in range(BLOCK)]
    book.full = True
    for _ in range(3):
        with pytest.raises(DiskFull):
            numbers.next_code(42)
    assert numbers.given_out == numbers.reserved == BLOCK
    book.full = False
    assert split_code(numbers.next_code(42))[1] == BLOCK + 1
    assert book.noted == 2 * BLOCK
    assert len(set(given)) == BLOCK


@pytest.mark.parametrize("state", ["block", "resting"])
def test_a_full_disk_between_the_two_places_gives_nothing_twice(tmp_path: Path, state: str) -> None:
    """Whichever of the two was written when the program ended."""
    book = Book()
    numbers = numbering(tmp_path / "counter", book)
    given = {split_code(numbers.next_code(42))[1] for _ in range(BLOCK if state == "block" else 7)}
    if state == "resting":
        numbers.rest()
    numbers = numbering(tmp_path / "counter", book)
    book.full = True
    with suppress(DiskFull):
        given.add(split_code(numbers.next_code(42))[1])
    book.full = False
    for _ in range(2):
        numbers = numbering(tmp_path / "counter", book)
        number = split_code(numbers.next_code(42))[1]
        assert number not in given
        given.add(number)


@pytest.mark.parametrize("text", ["", "x", "50 x", "-1", "50 51 52", "\u0665\u0660", "50 7 junk"])
def test_a_damaged_file_is_as_good_as_none_or_better(tmp_path: Path, text: str) -> None:
    book = Book()
    numbers = numbering(tmp_path / "counter", book)
    given = {split_code(numbers.next_code(42))[1] for _ in range(20)}
    (tmp_path / "counter").write_text(text, encoding="utf-8")
    numbers = numbering(tmp_path / "counter", book, floor=20)
    assert split_code(numbers.next_code(42))[1] > max(given)


def test_without_a_file_the_spool_s_word_counts_with_a_margin(tmp_path: Path) -> None:
    numbers = numbering(tmp_path / "counter", Book(), floor=70)
    assert split_code(numbers.next_code(42))[1] == 70 + MARGIN + 1


def test_after_the_last_number_there_is_none(tmp_path: Path) -> None:
    book = Book()
    numbers = numbering(tmp_path / "counter", book, floor=999_998)
    (tmp_path / "counter").write_text("999998\n", encoding="ascii")
    numbers = numbering(tmp_path / "counter", book, floor=999_998)
    assert split_code(numbers.next_code(42))[1] == 999_999
    with pytest.raises(Exception, match="counter"):
        numbers.next_code(42)


@pytest.mark.parametrize("order", [(COUNTER, VAULT), (VAULT, COUNTER)])
def test_two_old_copies_that_come_back_one_after_the_other_do_not_agree(tmp_path: Path, order: tuple[str, str]) -> None:
    data, old = tmp_path / "t", tmp_path / "old"
    with terminal_at(data, PLATFORM) as terminal:
        given = {terminal.new_tracking_code() for _ in range(5)}
    shutil.copytree(data, old)
    with Terminal.open(data) as terminal:
        given |= {terminal.new_tracking_code() for _ in range(5)}
    for place in order:
        copy(old, data, place)
        with Terminal.open(data):
            pass
    with Terminal.open(data) as terminal:
        assert terminal.new_tracking_code() not in given

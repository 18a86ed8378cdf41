# SPDX-License-Identifier: Apache-2.0
"""Handing in over the keeper's socket: to whom a record was sealed, what is taken, and what never is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard

from contract.attachment import open_attachment, seal_whole
from contract.header import AttachmentRef, Header
from contract.ids import uuid7
from contract.packing import Dictionaries, to_cbor
from contract.record import MAX_RECORD, Kind, Record, open_record, seal_payload, verify_record
from contract.sealing import Keyring, PlatformKeys
from contract.tracking import make_tracking_code, split_code
from offline.client.port import Port
from offline.client.store import StoreClient
from offline.errors import OfflineError
from offline.port import messages as m
from offline.registration import Submitted
from offline.store.submission import STALE, HandInRefused
from offline.terminal import Terminal
from tests.offline.conftest import application, attachment
from tests.offline.enrolled import Keys, own_records, terminal_at

Ask = Callable[[], StoreClient]


def register(client: StoreClient, seed: int = 1, pictures: int = 0) -> Submitted:
    made = application(client.registrar.new_tracking_code(), seed)
    return client.registrar.submit(made, [attachment(seed * 10 + n, 60) for n in range(pictures)])


def read(record: Record, platform: Keys, terminal: Terminal, dictionaries: Any = None) -> dict[str, Any]:
    """As the platform reads it."""
    verify_record(record, terminal.keys.sign.public_key())
    more = () if dictionaries is None else (dictionaries,)
    return open_record(record, Keyring((platform.seal,)), *more)


def in_order(terminal: Terminal, count: int) -> list[Record]:
    """All that the terminal keeps: sequences without gaps, ids and codes once."""
    records = own_records(terminal)
    assert [one.header.sequence for one in records] == list(range(1, count + 1))
    assert len({one.header.id for one in records}) == count
    return records


class Between:
    """A port that does something before one kind of request is asked."""

    def __init__(self, port: Port, before: type[Any], do: Callable[[], object], times: int = 1) -> None:
        self.asked: list[Any] = []
        self._port, self._before, self._do, self._times = port, before, do, times

    def ask(self, request: Any) -> Any:
        self.asked.append(request)
        if isinstance(request, self._before) and self._times:
            self._times -= 1
            self._do()
        return self._port.ask(request)

    def count(self, kind: type[Any]) -> int:
        return sum(isinstance(one, kind) for one in self.asked)


def through(
    client: StoreClient, terminal: Terminal, before: type[Any], do: Callable[[], object], times: int = 1
) -> tuple[StoreClient, Between]:
    port = Between(client.port, before, do, times)
    return StoreClient(port, terminal.hash_key), port


def test_it_is_sealed_again_when_another_was_quicker(ask: Ask, terminal: Terminal, platform: Keys) -> None:
    other = ask()
    client, port = through(ask(), terminal, m.HandIn, lambda: register(other, 2), times=3)
    done = register(client, 1, pictures=2)
    assert (port.count(m.HandIn), port.count(m.MakeOffer)) == (4, 1)
    assert port.count(m.Stage) == 4, "the pictures were sealed once: a few bytes of key, and one piece"
    records = in_order(terminal, 4)
    assert records[-1].header.id == done.record_id
    assert [read(one, platform, terminal)["item_id"] for one in records]
    assert terminal.outbox().attachments_waiting == 2


def test_it_gives_up_in_words_where_others_are_always_quicker(
    ask: Ask, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline.client.registrar.TRIES", 3)
    other = ask()
    client, _ = through(ask(), terminal, m.HandIn, lambda: register(other, 2), times=3)
    with pytest.raises(OfflineError) as refused:
        register(client)
    assert refused.value.code == "store-busy"
    in_order(terminal, 3)
    assert register(client)


def test_two_clients_at_once(ask: Ask, terminal: Terminal, platform: Keys) -> None:
    import threading

    done: list[Submitted] = []

    def work(first: int) -> None:
        client = ask()
        done.extend(register(client, first + n, pictures=n % 2) for n in range(30))

    threads = [threading.Thread(target=work, args=(n * 100,)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    records = in_order(terminal, 120)
    assert {one.record_id for one in done} == {one.header.id for one in records}
    assert len({one.tracking_code for one in done}) == 120
    for one in records:
        read(one, platform, terminal)


def test_the_platform_s_key_changes_between_offer_and_hand_in(ask: Ask, terminal: Terminal, platform: Keys) -> None:
    after = Keys(platform.sign, Keys.new().seal)
    client, port = through(
        ask(), terminal, m.HandIn, lambda: terminal.ask(lambda *_a: terminal._store._change_keys(after.public))
    )
    register(client, 1, pictures=2)
    assert port.count(m.Stage) == 8, "each picture was sealed twice"
    (record,) = in_order(terminal, 1)
    assert read(record, after, terminal)["item_id"]
    found = terminal.ask(lambda outbox, _i, spool: [spool.read(one.place) for one in all_files(outbox)])
    assert {hashlib.sha256(one).hexdigest() for one in found} == {ref.digest for ref in record.header.attachments}
    for sealed in found:
        assert b"".join(open_attachment(sealed, Keyring((after.seal,)))).startswith(b"\xff\xd8")


def all_files(outbox: Any) -> list[Any]:
    rows = outbox._vault.rows("SELECT digest, segment, offset, size FROM attachments")
    from offline.store.outbox import WaitingAttachment
    from offline.store.spool import Place

    return [WaitingAttachment(r["digest"], Place(r["segment"], r["offset"], r["size"])) for r in rows]


def test_a_published_dictionary_is_fetched_once(ask: Ask, terminal: Terminal, platform: Keys) -> None:
    samples = [to_cbor(application("004200000012", seed).to_payload()) for seed in range(300)]
    data = zstandard.train_dictionary(4096, samples).as_bytes()
    terminal.accept_dictionary(16, data)
    terminal.use_dictionary(16)
    client, port = through(ask(), terminal, m.HandIn, lambda: None)
    for seed in (1, 2):
        register(client, seed)
    assert port.count(m.AskDictionary) == 1
    known = Dictionaries()
    known.add(16, data)
    for record in in_order(terminal, 2):
        assert read(record, platform, terminal, known)["item_id"]
        with pytest.raises(Exception, match="dictionary"):
            read(record, platform, terminal)


# --- time -------------------------------------------------------------------------------------------------------------


class Hands:
    """A clock that a test moves: `jump` as somebody sets it, `pass_by` as time goes."""

    def __init__(self) -> None:
        self._wall = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
        self._ran = 0.0

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._ran

    def jump(self, seconds: float) -> None:
        self._wall += timedelta(seconds=seconds)

    def pass_by(self, seconds: float) -> None:
        self.jump(seconds)
        self._ran += seconds


@pytest.fixture
def hands(tmp_path: Path, platform: Keys) -> Iterator[tuple[Hands, Terminal]]:
    clock = Hands()
    with terminal_at(tmp_path / "timed", platform):
        pass
    with Terminal.open(tmp_path / "timed", clock=clock) as terminal:
        yield clock, terminal


@pytest.mark.parametrize(("seconds", "offers"), [(STALE / 1000 - 1, 1), (STALE / 1000 + 1, 2), (-STALE / 1000 - 1, 2)])
def test_an_offer_grows_old(hands: tuple[Hands, Terminal], seconds: float, offers: int) -> None:
    clock, terminal = hands
    client, port = through(terminal.client, terminal, m.HandIn, lambda: clock.pass_by(seconds))
    register(client)
    assert port.count(m.HandIn) == offers
    (record,) = in_order(terminal, 1)
    assert abs(record.header.created_ms / 1000 - clock.now().timestamp()) <= STALE / 1000
    assert record.header.clock == "good"


def test_a_clock_that_was_set_between_offer_and_hand_in_is_said(hands: tuple[Hands, Terminal], platform: Keys) -> None:
    clock, terminal = hands
    client, port = through(terminal.client, terminal, m.HandIn, lambda: clock.jump(40 * 86400))
    register(client)
    (record,) = in_order(terminal, 1)
    assert record.header.clock == "unsure"
    assert read(record, platform, terminal)["item_id"]
    assert port.count(m.HandIn) == 2


# --- what no honest client hands in -----------------------------------------------------------------------------------


class Forger:
    """A client that hands in what it likes."""

    def __init__(self, client: StoreClient, terminal: Terminal) -> None:
        self.port, self.terminal = client.port, terminal
        self.code = client.registrar.new_tracking_code()

    def header(self, **more: Any) -> Header:
        offer = self.port.ask(m.MakeOffer())
        platform = PlatformKeys.from_dict(offer.platform)
        made = Header(
            offer.record_id, offer.terminal, offer.sequence, str(Kind.APPLICATION), self.code, "old80", "00" * 32,
            platform.key_id, (), offer.clock, platform.seal.suite,
        )  # fmt: skip
        return replace(made, **more)

    def sealed(self, header: Header) -> tuple[Header, bytes]:
        platform = self.terminal.require_enrolment().platform
        return seal_payload({"item_id": "old80"}, header, platform)

    def hand_in(self, header: Header, sealed: bytes, attachments: tuple[str, ...] = ()) -> Any:
        return self.port.ask(m.HandIn(header.encode(), sealed, attachments))

    def refused(self, header: Header, sealed: bytes, attachments: tuple[str, ...] = ()) -> str:
        with pytest.raises(HandInRefused) as refused:
            self.hand_in(header, sealed, attachments)
        return refused.value.code


@pytest.fixture
def forger(client: StoreClient, terminal: Terminal) -> Iterator[Forger]:
    made = Forger(client, terminal)
    yield made
    in_order(terminal, 0)
    assert list(terminal.data.glob("tmp*")) == []
    assert isinstance(made.hand_in(*made.sealed(made.header())), m.Taken), "the next good one is taken"
    in_order(terminal, 1)


def test_a_code_of_another_terminal_is_refused(forger: Forger) -> None:
    header = forger.header(tracking_code=make_tracking_code(43, 1))
    assert forger.refused(*forger.sealed(header)) == "hand-in-foreign"


def test_a_code_that_was_never_given_out_is_refused(forger: Forger) -> None:
    counter = split_code(forger.code)[1]
    for ahead in (1, 49, 900_000):
        header = forger.header(tracking_code=make_tracking_code(42, counter + ahead))
        assert forger.refused(*forger.sealed(header)) == "hand-in-code"


def test_an_attachment_that_was_not_staged_is_refused(forger: Forger) -> None:
    sealed = seal_whole(b"picture", forger.terminal.require_enrolment().platform)
    ref = AttachmentRef(hashlib.sha256(sealed).hexdigest(), len(sealed))
    header, payload = forger.sealed(forger.header(attachments=(ref,)))
    assert forger.refused(header, payload, (ref.digest,)) == "hand-in-attachment"
    header, payload = forger.sealed(forger.header(attachments=(replace(ref, size=ref.size + 1),)))
    staged = forger.port.ask(m.Stage(sealed, True))
    assert staged.digest == ref.digest
    assert forger.refused(header, payload, (ref.digest,)) == "hand-in-attachment", "of another size"
    header, payload = forger.sealed(forger.header(attachments=(ref,)))
    forger.port.ask(m.Stage(sealed, True))
    assert forger.refused(header, payload, ()) == "hand-in-attachment", "not named in the hand-in"


def test_what_has_no_header_is_refused(forger: Forger) -> None:
    whole = forger.header().encode()
    for bad in (
        b"",
        b"\x80",
        whole[:-1],
        whole + b"\0",
        whole.replace(b"old80", b"old8\xff"),
        to_cbor([9]),
        bytes(5000),
    ):
        with pytest.raises(HandInRefused) as refused:
            forger.port.ask(m.HandIn(bad, b"sealed"))
        assert refused.value.code == "hand-in-malformed"


def test_a_payload_that_is_not_the_header_s_is_refused(forger: Forger) -> None:
    header, sealed = forger.sealed(forger.header())
    assert forger.refused(header, sealed + b"\0") == "hand-in-malformed"
    big = bytes(MAX_RECORD + 1)
    assert forger.refused(replace(header, payload_digest=hashlib.sha256(big).hexdigest()), big) == "hand-in-malformed"
    almost = bytes(MAX_RECORD)  # with its header and signature it is more than a record may have
    header = replace(header, payload_digest=hashlib.sha256(almost).hexdigest())
    assert forger.refused(header, almost) == "hand-in-malformed"


def test_what_was_offered_to_nobody_is_answered_with_an_offer(forger: Forger) -> None:
    for more in ({"sequence": 7}, {"terminal": 43}, {"key_id": "00" * 8}, {"clock": "unsure"}, {"id": uuid7(1)}):
        header, sealed = forger.sealed(forger.header())
        answer = forger.hand_in(replace(header, **more), sealed)  # type: ignore[arg-type]
        assert isinstance(answer, m.Moved)
        assert answer.offer.sequence == 1


def test_the_same_is_not_taken_twice(client: StoreClient, terminal: Terminal) -> None:
    forger = Forger(client, terminal)
    first, sealed = forger.sealed(forger.header())
    assert isinstance(forger.hand_in(first, sealed), m.Taken)
    assert isinstance(forger.hand_in(first, sealed), m.Moved)
    again = forger.header(id=first.id, tracking_code=client.registrar.new_tracking_code())
    assert forger.refused(*forger.sealed(again)) == "hand-in-known"
    assert forger.refused(*forger.sealed(forger.header())) == "hand-in-known", "a second application under one code"
    rating = forger.header(kind=str(Kind.RATING))
    assert isinstance(forger.hand_in(*forger.sealed(rating)), m.Taken)
    in_order(terminal, 2)

# SPDX-License-Identifier: Apache-2.0
"""What is asked of the keeper, answered on a `Terminal`. One session for each client.

An error of the environment is that request's answer; one nobody foresaw is `internal`, logged here with its
traceback, and the session goes on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar, assert_never, cast

from contract.errors import ContractError
from contract.packing import to_cbor
from offline.client.port import fault_of, printable
from offline.errors import OfflineError
from offline.port import messages as m
from offline.port import sending as s
from offline.port.protocol import Answered, Asked
from offline.port.stage import Beat, DevicesAre, OnStage, Ready, Released, StageAsked, VisitOver, WindowClosed
from offline.staff_member import BLOCK, COST, LANES
from offline.stick.export import Progress, Stopped, export
from offline.store.drafts import LockedDraft
from offline.store.staging import Staging
from offline.store.submission import Offer, read_header
from offline.sync.report import SyncReport
from offline.sync.state import SyncState
from offline.terminal import Terminal

log = logging.getLogger(__name__)
A = TypeVar("A")
INTERNAL = m.Fault("OfflineError", "internal", "the terminal's keeper failed; it is in its log")


class Outside(Protocol):
    """What the keeper does beside its store."""

    def wake(self) -> None:
        """Something waits to be sent."""

    def exchange(self, retry_parked: bool) -> SyncReport:
        """One exchange with the platform, waited for."""

    def state(self) -> SyncState | None:
        """How the engine last said that it is."""

    def stick(self, wish: str) -> None:
        """Watch for a stick, run with it, or leave it."""

    def devices(self) -> tuple[Mapping[str, Any], ...] | None:
        """As the visit on stage said last."""

    def settings(self) -> Mapping[str, Any]:
        """For a visit."""


class Service:
    """Answers for one terminal."""

    def __init__(self, terminal: Terminal, outside: Outside) -> None:
        self.terminal = terminal
        self.outside = outside

    def session(
        self, stage: Callable[[StageAsked], None] | None = None, listens: Callable[[], bool] = lambda: True
    ) -> Session:
        """For one client; `stage` hears what a visit says of itself, `listens` says whether the client is still
        there: long work for one that has gone is given up."""
        return Session(self, stage, listens)


class Session:
    """One client's requests, one after another."""

    def __init__(
        self, service: Service, stage: Callable[[StageAsked], None] | None, listens: Callable[[], bool]
    ) -> None:
        self._service = service
        self._terminal = service.terminal
        self._stage = stage
        self._listens = listens
        self._staging = Staging(service.terminal.data)

    def close(self) -> None:
        """The client has gone: what it staged is dropped."""
        self._staging.close()

    def answer(self, asked: Asked | StageAsked) -> Answered:
        """Never raises."""
        try:
            if isinstance(asked, Beat | Ready | OnStage | VisitOver | WindowClosed | Released | DevicesAre):
                if self._stage is None:
                    return m.Fault("OfflineError", "not-a-visit", "only a visit's process says this")
                self._stage(asked)
                return m.Done()
            return self._answer(asked)
        except OfflineError as fault:
            return fault_of(fault)
        except Stopped:
            return m.Fault("OfflineError", "stopped", "it was given up; nothing was changed")
        except ContractError as fault:
            return m.Fault("OfflineError", fault.code, str(fault))
        except Exception:
            log.exception("a request could not be answered: %s", type(asked).__name__)
            return INTERNAL

    def ask(self, request: m.Request[A]) -> A:
        """The same in this process: a `Port`. Raises the OfflineError itself."""
        try:
            return cast(A, self._answer(cast(Asked, request)))
        except ContractError as fault:
            raise OfflineError(str(fault), fault.code) from fault

    def _answer(self, asked: Asked) -> Answered:
        match asked:
            case (
                m.Hello() | m.AskStation() | m.AskClock() | m.AskCatalogue() | m.AskCalendar() | m.AskDictionary()
            ):  # fmt: skip
                return self._station(asked)
            case m.CheckIntake() | m.NewCode() | m.MakeOffer() | m.Stage() | m.HandIn() | m.Carry():
                return self._registration(asked)
            case (
                m.AskLock() | m.SaveDraft() | m.FindDraft() | m.DiscardDraft() | m.KeepPicture() | m.FindPicture()
            ):  # fmt: skip
                return self._locked(asked)
            case m.CasesOf() | m.CaseOf() | m.AskSecret() | m.AskRecord():
                return self._cases(asked)
            case m.AskStaff() | m.AskSalt() | m.ProvePin() | m.ProveCard() | m.AddStaff() | m.BindCard():
                return self._staff(asked)
            case (
                s.Note() | s.AskOutbox() | s.SendNow() | s.Exchange() | s.Export() | s.Import() | s.Stick()
                | s.AskDevices()
            ):  # fmt: skip
                return self._platform(asked)
        assert_never(asked)

    # the station

    def _station(
        self, asked: m.Hello | m.AskStation | m.AskClock | m.AskCatalogue | m.AskCalendar | m.AskDictionary
    ) -> Answered:
        terminal = self._terminal
        match asked:
            case m.Hello(version=version, role=role):
                if version != m.VERSION:
                    raise OfflineError(
                        "the running terminal is of another version; stop it and start it anew", "port-version"
                    )
                settings = self._service.outside.settings() if role == "visit" else {}
                return m.Welcome(m.VERSION, self._facts(), terminal.hash_key, settings)
            case m.AskStation():
                return self._facts()
            case m.AskClock():
                return m.Text(terminal.clock.now().isoformat())
            case m.AskCatalogue():
                return m.Bytes(to_cbor(dict(terminal.catalogue().document)))
            case m.AskCalendar():
                return m.Bytes(json.dumps(terminal.calendar().to_dict()).encode())
            case m.AskDictionary(number=number):
                return m.Bytes(terminal.dictionary(number)[1])
        assert_never(asked)

    def _facts(self) -> m.Station:
        known = self._terminal.enrolment
        if known is None:
            return m.Station(0, "", "", "", "", "", {})
        return m.Station(
            known.terminal, known.station_name, known.station_area, known.station_phone, known.public_url,
            known.gateway_url, known.platform.to_dict(),
        )  # fmt: skip

    # handing in

    def _registration(self, asked: m.CheckIntake | m.NewCode | m.MakeOffer | m.Stage | m.HandIn | m.Carry) -> Answered:
        terminal = self._terminal
        match asked:
            case m.CheckIntake():
                found = terminal.can_intake()
                return m.IntakeState(found.ok, found.code)
            case m.NewCode():
                return m.Text(terminal.new_tracking_code())
            case m.MakeOffer():
                self._staging.close()  # of a hand-in that was given up: its pieces belong to no other
                return self._offered(terminal.offer())
            case m.Stage(piece=piece, last=last):
                return m.Staged(*self._staging.add(piece, last))
            case m.HandIn():
                return self._hand_in(asked)
            case m.Carry(record=record):
                from offline.stick.other_terminals import take_record

                taken = take_record(terminal, record)
                if taken.status == "kept":
                    self._service.outside.wake()
                return m.CarriedRecord(
                    taken.status, taken.record_id, taken.tracking_code, taken.terminal, taken.item, taken.attachments
                )
        assert_never(asked)

    def _offered(self, offer: Offer) -> m.Offer:
        platform = self._terminal.require_enrolment().platform.to_dict()
        number, _ = self._terminal.dictionary()
        return m.Offer(offer.record_id, offer.terminal, offer.sequence, offer.clock, platform, number)

    def _hand_in(self, asked: m.HandIn) -> Answered:
        staged = self._staging.whole
        done = self._terminal.hand_in(
            asked.header, asked.sealed, [staged[d] for d in asked.attachments if d in staged],
            person=asked.person, locked_name=asked.locked_name, draft_id=asked.draft_id,
        )  # fmt: skip
        if isinstance(done, Offer):
            if done.key_id != read_header(asked.header).key_id:
                self._staging.close()  # the attachments have to be sealed anew, too
            return m.Moved(self._offered(done))
        self._staging.close()
        self._service.outside.wake()
        return m.Taken(done.record_id, done.tracking_code, done.confirmed_at)

    # what the visit has locked

    def _locked(
        self, asked: m.AskLock | m.SaveDraft | m.FindDraft | m.DiscardDraft | m.KeepPicture | m.FindPicture
    ) -> Answered:
        drafts = self._terminal.locked
        match asked:
            case m.AskLock(purpose=purpose, of=of):
                return m.Bytes(drafts(lambda d: d.lock_of(purpose, of)))
            case m.SaveDraft():
                draft = LockedDraft(asked.id, asked.person, asked.saved_at, asked.locked, asked.pictures)
                drafts(lambda d: d.save(draft))
            case m.FindDraft(person=person):
                found = drafts(lambda d: d.of(person))
                if found is None:
                    return m.DraftFound()
                key = drafts(lambda d: d.lock_of("draft", found.id))
                return m.DraftFound(found.id, found.saved_at, found.locked, key)
            case m.DiscardDraft(id=draft_id):
                drafts(lambda d: d.discard(draft_id))
            case m.KeepPicture(digest=digest, locked=locked):
                drafts(lambda d: d.keep(digest, locked))
            case m.FindPicture(digest=digest):
                return m.Bytes(drafts(lambda d: d.kept(digest)))
            case _:
                assert_never(asked)
        return m.Done()

    # cases

    def _cases(self, asked: m.CasesOf | m.CaseOf | m.AskSecret | m.AskRecord) -> Answered:
        terminal = self._terminal
        match asked:
            case m.CasesOf(person=person):
                found = terminal.case_rows(person)
            case m.CaseOf(tracking_code=code):
                case = terminal.case_row(code)
                found = [case] if case is not None else []
            case m.AskSecret(seq=seq):
                return m.Bytes(terminal.shared_secret(seq))
            case m.AskRecord(record_id=record_id):
                return m.Bytes(terminal.record(record_id))
            case _:
                assert_never(asked)
        keys = terminal.locked(lambda d: [d.lock_of("name", one.tracking_code) for one in found])
        return m.CaseList(
            tuple(
                m.Case(
                    one.tracking_code, one.item_id, one.item_name, one.applicant_masked, one.locked_name, key,
                    one.confirmed_at, one.state, one.record_id, one.case_number, one.received_at, one.events,
                    one.outbox, one.parked_reason,
                )
                for one, key in zip(found, keys, strict=True)
            )
        )  # fmt: skip

    # staff

    def _staff(self, asked: m.AskStaff | m.AskSalt | m.ProvePin | m.ProveCard | m.AddStaff | m.BindCard) -> Answered:
        accounts = self._terminal.staff
        match asked:
            case m.AskStaff():
                return m.Texts(tuple(accounts(lambda a: a.names())))
            case m.AskSalt(name=name):
                return m.PinSalt(accounts(lambda a: a.salt(name)), COST, BLOCK, LANES)
            case m.ProvePin(name=name, proof=proof):
                member = accounts(lambda a: a.prove(name, proof))
            case m.ProveCard(key=key):
                member = accounts(lambda a: a.unlock_by_card(key))
            case m.AddStaff(name=name, verifier=verifier, staff_id=staff_id):
                member = accounts(lambda a: a.add(name, verifier, staff_id or None))
            case m.BindCard(name=name, key=key):
                member = accounts(lambda a: a.bind_card(name, key))
            case _:
                assert_never(asked)
        return m.StaffKnown(member.staff_id, member.name)

    # the books, and the platform

    def _platform(
        self,
        asked: s.Note | s.AskOutbox | s.SendNow | s.Exchange | s.Export | s.Import | s.Stick | s.AskDevices,
    ) -> Answered:
        terminal, outside = self._terminal, self._service.outside
        match asked:
            case s.Note(event=event, facts=facts):
                terminal.journal(event, **facts)
                return m.Done()
            case s.AskOutbox():
                return s.OutboxState(terminal.outbox(), outside.state())
            case s.SendNow():
                outside.wake()
                return m.Done()
            case s.Exchange(retry_parked=retry):
                return s.Exchanged(outside.exchange(retry))
            case s.Export(directory=directory):
                return s.Exported(asdict(export(terminal, Path(directory), watch=self._go_on)))
            case s.Import(place=place):
                return self._import(Path(place))
            case s.Stick(wish=wish):
                outside.stick(wish)
                return m.Done()
            case s.AskDevices():
                return s.DeviceStates(outside.devices())
        assert_never(asked)

    def _go_on(self, _progress: Progress) -> None:
        if not self._listens():  # nobody would hear that the stick may be taken out
            raise Stopped

    def _import(self, place: Path) -> s.Imported:
        from offline.stick.parcels import ParcelsTaken, take_parcels
        from offline.stick.returns import ReturnsRead, take_returns

        parcel = place.suffix.lower() == ".parcel"
        came = ReturnsRead() if parcel else take_returns(self._terminal, place)
        along = take_parcels(self._terminal, place) if parcel or place.is_dir() else ParcelsTaken()
        self._service.outside.wake()
        files = tuple(replace(one, name=printable(one.name), reason=printable(one.reason)) for one in came.files)
        return s.Imported(asdict(replace(came, files=files)), asdict(along))

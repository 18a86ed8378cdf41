# SPDX-License-Identifier: Apache-2.0
"""The facade over a terminal's data directory: every method may be called from any thread and runs on one.

"Submitted" means: sealed, appended to the spool, synced. The vault's index follows and may lag.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from contract.application import Application
from contract.deadlines import WorkCalendar
from contract.hpke import ENC_SIZE, decapsulate
from contract.ids import uuid7
from contract.items import Catalogue
from contract.packing import SHIPPED
from contract.record import Header, Kind, Record
from contract.sealing import PlatformKeys
from offline.clock import Clock, ClockWatch, SystemClock
from offline.enrolment import Enrolment, TerminalKeys, load_enrolment, save_enrolment
from offline.errors import DataDirInUse, DiskReadOnly, NoCatalogue, NotEnrolled, OfflineError, VaultDamaged, disk_fault
from offline.jobs import SupervisedExecutor
from offline.journal import Journal
from offline.secrets import Secrets
from offline.store.data_directory import note_stores
from offline.store.dictionaries import PublishedDictionaries
from offline.store.drafts import Drafts
from offline.store.inbox import CaseView, Inbox
from offline.store.index import SpoolIndex, indexed
from offline.store.numbering import MARGIN, Numbering
from offline.store.outbox import Outbox, RecordLine
from offline.store.outbox_watch import OutboxWatch
from offline.store.relock import relock
from offline.store.retention import Retention
from offline.store.spool import Place, Spool
from offline.store.staff import StaffAccounts
from offline.store.staging import StagedAttachment
from offline.store.submission import Attachment as Attachment
from offline.store.submission import Offer, Summary, check_hand_in, fits, keep, read_header
from offline.store.submission import Submitted as Submitted
from offline.store.tallies import OutboxStatus
from offline.store.vault import Vault, open_vault

if TYPE_CHECKING:
    from offline.client.store import StoreClient

log = logging.getLogger(__name__)
T = TypeVar("T")
LEAST_SPACE = 64 * 1024 * 1024  # bytes below which no visit is begun


@dataclass(frozen=True, slots=True)
class Intake:
    """Whether an application can be taken now; else `code`: not-enrolled, no-catalogue, disk-full, disk-failed."""

    ok: bool
    code: str


class Terminal:
    """Open with `Terminal.open(data)`; close it, or use it as a context manager."""

    @classmethod
    def open(cls, data: Path, *, clock: Clock | None = None) -> Terminal:
        """Raises DataDirInUse, DiskReadOnly, VaultDamaged (when the key or the enrolment is lost), OfflineError
        store-newer, vault-newer, spool-newer. What waits is then still to be had: `stick.export.export_spool`."""
        return cls(data, clock or SystemClock())

    def __init__(self, data: Path, clock: Clock) -> None:
        self.data = data
        self.clock = clock
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (data / "lock").open("a")
        except OSError as fault:
            raise DiskReadOnly(f"the data directory cannot be written: {fault.strerror}") from fault
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            self._lock.close()
            raise DataDirInUse(_in_use(data)) from fault
        self._sign_lock()
        self._thread = SupervisedExecutor("store", begin=self._remember_thread)
        self._closed = False
        self._unindexed: deque[Callable[[], None]] = deque()
        try:
            self._thread.submit(self._start).result()
        except BaseException:
            self._thread.shutdown()
            self._lock.close()
            raise

    def _sign_lock(self) -> None:
        """Says to others who has the directory: only words, so a disk that does not take them stops nobody."""
        words = f"{os.getpid()} {' '.join(sys.argv[1:2])}".encode(errors="replace")
        with suppress(OSError):
            os.ftruncate(self._lock.fileno(), 0)
            os.write(self._lock.fileno(), words)

    def _remember_thread(self) -> None:
        self._thread_id = threading.get_ident()

    def _call(self, work: Callable[[], T]) -> T:
        if threading.get_ident() == getattr(self, "_thread_id", None):
            return self._run(work)
        return self._thread.submit(self._job, work).result()

    def _job(self, work: Callable[[], T]) -> T:
        try:
            return self._run(work)
        finally:
            if not self._closed:
                self._watch_outbox.look()

    def _run(self, work: Callable[[], T]) -> T:
        """On the store thread. A vault that turns out to be damaged is replaced and the work done once more: what
        has been appended to the spool by then is past all faults of the vault."""
        try:
            self._catch_up_index()
            return work()
        except VaultDamaged:
            self._renew_vault()
            return work()

    def background(self, work: Callable[[], T], done: Callable[[T | BaseException], None]) -> None:
        """Runs `work` on the store thread, then `done` there with its result or exception."""

        def run() -> None:
            result: T | BaseException
            try:
                result = work()
            except Exception as fault:
                result = fault
            done(result)
            self._watch_outbox.look()

        self._thread.cast(run)

    def _start(self) -> None:
        note_stores(self.data)
        self._secrets = Secrets.of(self.data)
        known = load_enrolment(self.data, self._secrets)
        self._enrolment: Enrolment | None = known[0] if known else None
        self._keys: TerminalKeys | None = known[1] if known else None
        own = self._enrolment.terminal if self._enrolment else 0
        self._vault, rebuilt = open_vault(self.data / "vault.db", self._secrets.key("vault"), own)
        self._journal = Journal(self.data / "journal.log")
        try:
            recovered = self._load(own)
        except VaultDamaged:  # in a part of it that was only now read
            self._vault.renew()
            rebuilt, recovered = True, self._load(own)
        self._journal.write(self.clock.now(), "started", recovered=recovered, vault_rebuilt=rebuilt)

    def _load(self, own: int) -> int:
        """Everything that stands on the vault; how many records the index had not known."""
        self._spool = Spool(self.data / "spool", indexed(self._vault))
        self._outbox = Outbox(self._vault, own)
        self._index = SpoolIndex(self._vault, self._spool, own)
        self._inbox = Inbox(self._vault, self._outbox, self.data, self._change_keys)
        self._drafts = Drafts(self._vault, self._secrets, self.clock)
        self._staff = StaffAccounts(self._vault, self._secrets, self.clock)
        self._watch_outbox = OutboxWatch(self.data, self._vault, self._outbox)
        self._dictionaries = PublishedDictionaries(self._vault)
        self._retention = Retention(self._vault, self._outbox, self._spool)
        relock(self._vault, self._drafts)
        recovered = self._index.catch_up(self._found_summary)
        self._outbox.not_sent()
        sequence, counter = self._index.floors()
        self._sequence = max(sequence, self._spool.start.sequence)
        self._numbering = Numbering(
            self.data / "counter",
            _Book(self._vault, self._spool),
            used=counter,
            floor=self._spool.start.counter,
            noted=int(self._vault.fact("counter") or 0),
            left_off=int(self._vault.fact("counter_next") or 0),
        )
        self._spool.floors = lambda: (self._sequence, self._numbering.reserved)
        try:
            self._numbering.settle()
        except OfflineError as fault:
            log.warning("where numbers were left off could not be noted anew: %s", fault.code)
        self._watch = ClockWatch(self.clock, self._last_confirmed())
        self._note_platform()
        self._watch_outbox.look()
        return recovered

    def _renew_vault(self) -> None:
        self._vault.renew()
        self._unindexed.clear()  # it is all in the spool
        recovered = self._index.catch_up(self._found_summary)
        self._vault.remember("counter", str(self._numbering.reserved))
        self._note_platform()
        self._journal.write(self.clock.now(), "vault-rebuilt", recovered=recovered)

    def _found_summary(self, header: Header, locked: bytes) -> None:
        """What the spool keeps beside a record whose index entry was lost."""
        summary = Summary.unlock(locked, self._secrets)
        if summary is not None:
            self._note_summary(header.tracking_code, summary)

    def _note_summary(self, tracking_code: str, summary: Summary) -> None:
        self._inbox.summary(tracking_code, summary)
        if summary.draft:
            self._drafts.discard(summary.draft)

    def _last_confirmed(self) -> datetime | None:
        newest = self._outbox.listed(1)
        return datetime.fromisoformat(newest[0].confirmed_at) if newest else None

    def close(self) -> None:
        """Finishes what was asked for and lets go of the directory."""
        if self._closed:
            return
        self._closed = True
        try:
            self._call(self._let_go)
        except OfflineError as fault:
            log.warning("the vault was not closed in good order: %s", fault.code)
        self._thread.shutdown()
        self._lock.close()

    def _let_go(self) -> None:
        try:
            self._numbering.rest()
        except OfflineError as fault:
            log.warning("the rest of a block of numbers is given up: %s", fault.code)
        self._spool.close()
        self._journal.close()
        self._vault.close()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # the platform

    @property
    def enrolment(self) -> Enrolment | None:
        """Who this terminal is; None before enrolment."""
        return self._enrolment

    @property
    def keys(self) -> TerminalKeys:
        """Raises NotEnrolled."""
        if self._keys is None:
            raise NotEnrolled("this terminal has no platform yet; run: doorstep enrol --gateway URL --code CODE")
        return self._keys

    def require_enrolment(self) -> Enrolment:
        """Raises NotEnrolled."""
        if self._enrolment is None:
            raise NotEnrolled("this terminal has no platform yet; run: doorstep enrol --gateway URL --code CODE")
        return self._enrolment

    def adopt(self, enrolment: Enrolment, keys: TerminalKeys) -> None:
        """Takes on an identity that the platform has given."""

        def work() -> None:
            save_enrolment(self.data, self._secrets, enrolment, keys)
            self._enrolment, self._keys = enrolment, keys
            self._outbox.own = self._index.own = enrolment.terminal
            self._note_platform()
            self._journal.write(self.clock.now(), "enrolled", terminal=enrolment.terminal)

        self._call(work)

    def _change_keys(self, platform: PlatformKeys) -> None:
        """The platform's next keys, announced under the signature of the present ones."""
        self._enrolment = replace(self.require_enrolment(), platform=platform)
        save_enrolment(self.data, self._secrets, self._enrolment, self.keys)
        self._note_platform()
        self._journal.write(self.clock.now(), "keys-changed", key=platform.key_id)

    def _note_platform(self) -> None:
        if self._enrolment is not None:
            self._vault.remember("platform", json.dumps(self._enrolment.platform.to_dict()))

    # what is published

    def catalogue(self) -> Catalogue:
        """Raises NoCatalogue."""
        return self._call(self._inbox.catalogue)

    def calendar(self) -> WorkCalendar:
        """The working-day table."""
        return self._call(self._inbox.calendar)

    def accept_catalogue(self, document: Mapping[str, Any]) -> None:
        """Raises CatalogueError; then the old one stays."""
        self._call(lambda: self._inbox.accept_catalogue(document))

    def accept_calendar(self, table: Mapping[str, Any]) -> None:
        """Raises ContractError; then the old one stays."""
        self._call(lambda: self._inbox.accept_calendar(table))

    def knows_dictionary(self, number: int, content_hash: str) -> bool:
        """Whether the compression dictionary of that number is here, with these bytes (SHA-256, hex)."""

        return self._call(lambda: self._dictionaries.holds(number, content_hash))

    def accept_dictionary(self, number: int, data: bytes) -> None:
        """Raises PackingError; then it is not here."""
        self._call(lambda: self._dictionaries.accept(number, data))

    def use_dictionary(self, number: int) -> None:
        """Packs with this one from now on: the platform announces it."""
        self._call(lambda: self._dictionaries.use(number))

    # the visit

    def can_intake(self) -> Intake:
        """Whether yes can be said and kept; asked before a visit begins."""

        def work() -> Intake:
            if self._enrolment is None:
                return Intake(False, "not-enrolled")
            try:
                self._inbox.catalogue()
            except NoCatalogue as fault:
                return Intake(False, fault.code)
            try:
                if shutil.disk_usage(self.data).free < LEAST_SPACE:
                    return Intake(False, "disk-full")
                probe = self.data / "probe"
                probe.write_bytes(b"1")
                probe.unlink()
            except OSError as fault:
                return Intake(False, disk_fault(fault).code)
            return Intake(True, "")

        return self._call(work)

    def free_space(self) -> int:
        """Bytes."""
        return shutil.disk_usage(self.data).free

    def new_tracking_code(self) -> str:
        """A code that was never given out. Raises NotEnrolled, DiskFull, DiskReadOnly."""
        return self._call(lambda: self._numbering.next_code(self.require_enrolment().terminal))

    def offer(self) -> Offer:
        """What the next record has to say. Raises NotEnrolled."""
        return self._call(lambda: self._offer(self.clock.now()))

    def _offer(self, now: datetime) -> Offer:
        enrolment = self.require_enrolment()
        seal = enrolment.platform.seal
        return Offer(
            uuid7(int(now.timestamp() * 1000)), enrolment.terminal, self._sequence + 1, self._clock_state(),
            seal.id, seal.suite,
        )  # fmt: skip

    def dictionary(self, number: int | None = None) -> tuple[int, bytes | None]:
        """The number of the dictionary to pack with (or `number`) and its bytes; None where it ships with the
        program, or is not here."""

        def work() -> tuple[int, bytes | None]:
            wanted = self._dictionaries.used if number is None else number
            known = self._dictionaries.known
            return wanted, known.bytes_of(wanted) if wanted in known and wanted > SHIPPED else None

        return self._call(work)

    def hand_in(
        self, header: bytes, sealed: bytes, attachments: Sequence[StagedAttachment] = (), *,
        person: str = "", locked_name: bytes = b"", draft_id: str = "",
    ) -> Submitted | Offer:  # fmt: skip
        """Registers a sealed record. When it returns a Submitted it is on disk; the index follows. An Offer comes
        back, and nothing is kept, when another record was taken since its offer or that has grown old.

        Raises NotEnrolled, DiskFull, DiskReadOnly, HandInRefused.
        """

        def work() -> Submitted | Offer:
            now = self.clock.now()
            said, offer = read_header(header), self._offer(now)
            if not fits(said, offer, int(now.timestamp() * 1000)):
                return offer
            staged = {one.digest: one for one in attachments}
            known = self._outbox.has_taken(said.id, said.tracking_code if said.kind == Kind.APPLICATION else "")
            check_hand_in(said, sealed, staged, self._numbering.given_out, known=known)
            summary = Summary(person, locked_name, self._inbox.item_name(said.item), draft_id) if person else None
            return self._keep(said, sealed, [staged[ref.digest] for ref in said.attachments], summary, now)

        return self._call(work)

    def _keep(
        self, header: Header, sealed: bytes, attachments: Sequence[StagedAttachment], summary: Summary | None,
        now: datetime,
    ) -> Submitted:  # fmt: skip
        kept = keep(
            self._spool, header, sealed, attachments, summary.lock(self._secrets) if summary else b"", self.keys
        )
        self._sequence += 1
        done = Submitted(header.id, header.tracking_code, now.isoformat(timespec="seconds"))

        def follow() -> None:
            with self._vault.atomic():
                self._index.add(kept.record, kept.place, kept.attachments, done.confirmed_at)
                if summary is not None:
                    self._note_summary(done.tracking_code, summary)
            self._journal.write(now, "submitted", record=done.record_id)
            self._spool.prepare()

        self._unindexed.append(follow)
        self._thread.cast(self._job, lambda: None)  # which lets the index follow first
        return done

    def locked(self, work: Callable[[Drafts], T]) -> T:
        """Runs `work` on the store's thread with what the visit has locked."""
        return self._call(lambda: work(self._drafts))

    @property
    def hash_key(self) -> bytes:
        """Makes the keyed hash of an ID number."""
        return self._secrets.hash_key

    def index(self, record: Record, places: Sequence[Place], digests: Sequence[str], confirmed_at: str) -> None:
        """Notes what the spool holds, on the store's thread: attachments, then the record. The index may lag."""
        if record.header.terminal == self._outbox.own:
            self._sequence = max(self._sequence, record.header.sequence)
        attachments = list(zip(digests, places[:-1], strict=True))
        self._unindexed.append(lambda: self._index.add(record, places[-1], attachments, confirmed_at))
        self._catch_up_index()

    def _catch_up_index(self) -> None:
        """Lets the index follow the spool, in the spool's order. A fault here cannot unsay a confirmation that is
        already true: what could not be noted now is noted before the next work is done, or at the next start."""
        while self._unindexed:
            try:
                self._unindexed[0]()
            except VaultDamaged:
                self._renew_vault()
                return
            except OfflineError as fault:
                log.warning("the index lags behind the spool: %s", fault.code)
                return
            except Exception:
                log.exception("a record could not be noted in the index; the next start reads it from the spool again")
                self._index.hold()
            self._unindexed.popleft()

    def _clock_state(self) -> str:
        if self._watch.jumped():
            log.warning("the clock was set, or is behind the last record: times are marked as unsure")
            self._vault.remember("clock", "unsure")
        return "unsure" if self._vault.fact("clock") == "unsure" else "good"

    # what may go

    def settle(self, settled: int) -> int:
        """The platform keeps everything up to this sequence for good: segments that nobody needs any more go. Bytes
        gained."""

        def work() -> int:
            gained = self._retention.settle(settled)
            if gained:
                self._journal.write(self.clock.now(), "spool-freed", bytes=gained)
            return gained

        return self._call(work)

    # looking up

    def case_rows(self, person: str) -> list[CaseView]:
        """The cases of a person, by the keyed hash, newest first; names as they were locked."""
        return self._call(lambda: self._inbox.cases_of(person))

    def case_row(self, tracking_code: str) -> CaseView | None:
        """A case by its code; its name as it was locked."""
        return self._call(lambda: self._inbox.case(tracking_code))

    def shared_secret(self, seq: int) -> bytes:
        """The secret of what one event of a case here says: it opens that and nothing else, and needs no private key.

        Raises OfflineError event-unknown where no event of that place is kept here, or it has nothing sealed;
        SealError where its sealed part is none.
        """

        def work() -> bytes:
            event = self._inbox.event(seq)
            if event is None or not event.sealed:
                raise OfflineError("nothing that is sealed came there", "event-unknown")
            return decapsulate(event.sealed[:ENC_SIZE], self.keys.seal)

        return self._call(work)

    def record(self, record_id: str) -> bytes | None:
        """A record's bytes as they are sent, for the codes on its form; None where it is gone."""

        def work() -> bytes | None:
            place = self._outbox.place_of(record_id)
            return self._spool.read(place) if place is not None else None

        return self._call(work)

    def records(self, limit: int, before: int | None = None, state: str | None = None) -> list[RecordLine]:
        """Records, newest first, from below the sequence `before` on; `state` waiting, delivered or parked."""
        return self._call(lambda: self._outbox.listed(limit, before, state))

    def outbox(self) -> OutboxStatus:
        """What has left and what has not."""
        return self._call(self._outbox.status)

    def watch_outbox(self, listener: Callable[[OutboxStatus], None]) -> Callable[[], None]:
        """Tells `listener` how the outbox stands, now and whenever it changes, on the store's thread; until what is
        returned is called."""
        return self._call(lambda: self._watch_outbox.listen(listener))

    def staff(self, work: Callable[[StaffAccounts], T]) -> T:
        """Runs `work` on the store's thread with the accounts of those who may unlock."""
        return self._call(lambda: work(self._staff))

    def journal(self, event: str, **facts: str | int | bool) -> None:
        """Notes what happened; never personal data."""
        self._call(lambda: self._journal.write(self.clock.now(), event, **facts))

    # the client half, in this process

    @cached_property
    def client(self) -> StoreClient:
        """Registers, keeps drafts, finds cases and knows staff, as a visit does through its port."""
        from offline.client.store import client_here

        return client_here(self)

    def submit(
        self, application: Application, attachments: Sequence[Attachment] = (), *, draft_id: str | None = None
    ) -> Submitted:
        """See `Registrar.submit`."""
        return self.client.registrar.submit(application, attachments, draft_id=draft_id)

    def submit_other(
        self, kind: Kind, tracking_code: str, payload: Mapping[str, Any], attachments: Sequence[Attachment] = ()
    ) -> Submitted:
        """See `Registrar.submit_other`."""
        return self.client.registrar.submit_other(kind, tracking_code, payload, attachments)

    def cases_of(self, id_number: str) -> list[CaseView]:
        """See `CaseFinder.of`."""
        return self.client.cases.of(id_number)

    def case(self, tracking_code: str) -> CaseView | None:
        """See `CaseFinder.by_code`."""
        return self.client.cases.by_code(tracking_code)

    # for the sync engine, which has its own thread

    def ask(self, work: Callable[[Outbox, Inbox, Spool], T]) -> T:
        """Runs `work` on the store thread with the parts that sync needs."""
        return self._call(lambda: work(self._outbox, self._inbox, self._spool))

    def fact(self, name: str) -> str | None:
        """A remembered value."""
        return self._call(lambda: self._vault.fact(name))

    def remember(self, name: str, value: str) -> None:
        """Remembers a value."""
        self._call(lambda: self._vault.remember(name, value))


def _in_use(data: Path) -> str:
    """Which program has the directory, and what to do."""
    try:
        pid, _, words = (data / "lock").read_text("utf-8").partition(" ")
    except (OSError, UnicodeDecodeError):
        pid, words = "", ""
    who = f"process {pid} (doorstep {words.strip()})" if pid.isdigit() else "another program"
    return f"{who} works with {data}; let it end or stop it, then try again"


class _Book:
    """The second and third place of a reservation: the vault, and often enough the beginning of a segment. From any
    one of the three follows a number above all that were given out."""

    def __init__(self, vault: Vault, spool: Spool) -> None:
        self._vault, self._spool = vault, spool

    def note(self, reserved: int) -> None:
        """See `numbering.Book`."""
        with self._vault.atomic():
            self._vault.remember("counter", str(reserved))
            self._vault.remember("counter_next", "0")
        if self._spool.active == 0 or reserved > self._spool.start.counter + MARGIN:
            self._spool.begin_segment()

    def leave_off(self, following: int) -> None:
        """See `numbering.Book`."""
        self._vault.remember("counter_next", str(following))

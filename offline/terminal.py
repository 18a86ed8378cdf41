# SPDX-License-Identifier: Apache-2.0
"""The facade over a terminal's data directory: every method may be called from any thread and runs on one.

"Submitted" means: sealed, appended to the spool, synced. The vault's index follows and may lag.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from contract.application import Application
from contract.deadlines import WorkCalendar
from contract.items import Catalogue
from contract.record import Kind, Record
from offline.case import CaseView
from offline.clock import Clock, SystemClock
from offline.enrolment import Enrolment, TerminalKeys
from offline.errors import OfflineError, VaultDamaged
from offline.jobs import SupervisedExecutor
from offline.outbox_status import OutboxStatus
from offline.registration import Attachment as Attachment
from offline.registration import Submitted as Submitted
from offline.store.directory_lock import DirectoryLock
from offline.store.drafts import Drafts
from offline.store.inbox import Inbox
from offline.store.outbox import Outbox, RecordLine
from offline.store.readiness import Intake
from offline.store.spool import Place, Spool
from offline.store.staff import StaffAccounts
from offline.store.staging import StagedAttachment
from offline.store.store import Store
from offline.store.submission import Offer

if TYPE_CHECKING:
    from offline.client.store import StoreClient

log = logging.getLogger(__name__)
T = TypeVar("T")


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
        self._lock = DirectoryLock(data)
        self._thread = SupervisedExecutor("store", begin=self._remember_thread)
        self._closed = False
        try:
            self._thread.submit(self._start).result()
        except BaseException:
            self._thread.shutdown()
            self._lock.close()
            raise

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
                self._store.outbox_watch.look()

    def _run(self, work: Callable[[], T]) -> T:
        """On the store thread. A vault that turns out to be damaged is replaced and the work done once more: what
        has been appended to the spool by then is past all faults of the vault."""
        try:
            self._store.catch_up_index()
            return work()
        except VaultDamaged:
            self._store.renew_vault()
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
            self._store.outbox_watch.look()

        self._thread.cast(run)

    def _start(self) -> None:
        self._store = Store(self.data, self.clock, self._turn_again)

    def _turn_again(self) -> None:
        self._thread.cast(self._job, lambda: None)

    def close(self) -> None:
        """Finishes what was asked for and lets go of the directory."""
        if self._closed:
            return
        self._closed = True
        try:
            self._call(self._store.close)
        except OfflineError as fault:
            log.warning("the vault was not closed in good order: %s", fault.code)
        self._thread.shutdown()
        self._lock.close()

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
        return self._store.enrolment

    @property
    def keys(self) -> TerminalKeys:
        """Raises NotEnrolled."""
        return self._store.require_keys()

    def require_enrolment(self) -> Enrolment:
        """Raises NotEnrolled."""
        return self._store.require_enrolment()

    def adopt(self, enrolment: Enrolment, keys: TerminalKeys) -> None:
        """Takes on an identity that the platform has given."""
        self._call(lambda: self._store.adopt(enrolment, keys))

    # what is published

    def catalogue(self) -> Catalogue:
        """Raises NoCatalogue."""
        return self._call(self._store.inbox.catalogue)

    def calendar(self) -> WorkCalendar:
        """The working-day table."""
        return self._call(self._store.inbox.calendar)

    def accept_catalogue(self, document: Mapping[str, Any]) -> None:
        """Raises CatalogueError; then the old one stays."""
        self._call(lambda: self._store.inbox.accept_catalogue(document))

    def accept_calendar(self, table: Mapping[str, Any]) -> None:
        """Raises ContractError; then the old one stays."""
        self._call(lambda: self._store.inbox.accept_calendar(table))

    def knows_dictionary(self, number: int, content_hash: str) -> bool:
        """Whether the compression dictionary of that number is here, with these bytes (SHA-256, hex)."""

        return self._call(lambda: self._store.dictionaries.holds(number, content_hash))

    def accept_dictionary(self, number: int, data: bytes) -> None:
        """Raises PackingError; then it is not here."""
        self._call(lambda: self._store.dictionaries.accept(number, data))

    def use_dictionary(self, number: int) -> None:
        """Packs with this one from now on: the platform announces it."""
        self._call(lambda: self._store.dictionaries.use(number))

    # the visit

    def can_intake(self) -> Intake:
        """Whether yes can be said and kept; asked before a visit begins."""
        return self._call(self._store.can_intake)

    def free_space(self) -> int:
        """Bytes."""
        return shutil.disk_usage(self.data).free

    def new_tracking_code(self) -> str:
        """A code that was never given out. Raises NotEnrolled, DiskFull, DiskReadOnly."""
        return self._call(lambda: self._store.numbering.next_code(self.require_enrolment().terminal))

    def offer(self) -> Offer:
        """What the next record has to say. Raises NotEnrolled."""
        return self._call(lambda: self._store.next_offer(self.clock.now()))

    def dictionary(self, number: int | None = None) -> tuple[int, bytes | None]:
        """The number of the dictionary to pack with (or `number`) and its bytes; None where it ships with the
        program, or is not here."""
        return self._call(lambda: self._store.dictionary(number))

    def hand_in(
        self, header: bytes, sealed: bytes, attachments: Sequence[StagedAttachment] = (), *,
        person: str = "", locked_name: bytes = b"", draft_id: str = "",
    ) -> Submitted | Offer:  # fmt: skip
        """Registers a sealed record. When it returns a Submitted it is on disk; the index follows. An Offer comes
        back, and nothing is kept, when another record was taken since its offer or that has grown old.

        Raises NotEnrolled, DiskFull, DiskReadOnly, HandInRefused.
        """
        return self._call(lambda: self._store.hand_in(header, sealed, attachments, person, locked_name, draft_id))

    def locked(self, work: Callable[[Drafts], T]) -> T:
        """Runs `work` on the store's thread with what the visit has locked."""
        return self._call(lambda: work(self._store.drafts))

    @property
    def hash_key(self) -> bytes:
        """Makes the keyed hash of an ID number."""
        return self._store.secrets.hash_key

    def index(self, record: Record, places: Sequence[Place], digests: Sequence[str], confirmed_at: str) -> None:
        """Notes what the spool holds, on the store's thread: attachments, then the record. The index may lag."""
        self._store.note(record, places, digests, confirmed_at)

    # what may go

    def settle(self, settled: int) -> int:
        """The platform keeps everything up to this sequence for good: segments that nobody needs any more go. Bytes
        gained."""
        return self._call(lambda: self._store.settle(settled))

    # looking up

    def case_rows(self, person: str) -> list[CaseView]:
        """The cases of a person, by the keyed hash, newest first; names as they were locked."""
        return self._call(lambda: self._store.inbox.cases_of(person))

    def case_row(self, tracking_code: str) -> CaseView | None:
        """A case by its code; its name as it was locked."""
        return self._call(lambda: self._store.inbox.case(tracking_code))

    def shared_secret(self, seq: int) -> bytes:
        """The secret of what one event of a case here says: it opens that and nothing else, and needs no private key.

        Raises OfflineError event-unknown where no event of that place is kept here, or it has nothing sealed;
        SealError where its sealed part is none.
        """
        return self._call(lambda: self._store.shared_secret(seq))

    def record(self, record_id: str) -> bytes | None:
        """A record's bytes as they are sent, for the codes on its form; None where it is gone."""
        return self._call(lambda: self._store.record(record_id))

    def records(self, limit: int, before: int | None = None, state: str | None = None) -> list[RecordLine]:
        """Records, newest first, from below the sequence `before` on; `state` waiting, delivered or parked."""
        return self._call(lambda: self._store.outbox.listed(limit, before, state))

    def outbox(self) -> OutboxStatus:
        """What has left and what has not."""
        return self._call(self._store.outbox.status)

    def watch_outbox(self, listener: Callable[[OutboxStatus], None]) -> Callable[[], None]:
        """Tells `listener` how the outbox stands, now and whenever it changes, on the store's thread; until what is
        returned is called."""
        return self._call(lambda: self._store.outbox_watch.listen(listener))

    def staff(self, work: Callable[[StaffAccounts], T]) -> T:
        """Runs `work` on the store's thread with the accounts of those who may unlock."""
        return self._call(lambda: work(self._store.staff))

    def journal(self, event: str, **facts: str | int | bool) -> None:
        """Notes what happened; never personal data."""
        self._call(lambda: self._store.journal.write(self.clock.now(), event, **facts))

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
        return self._call(lambda: work(self._store.outbox, self._store.inbox, self._store.spool))

    def fact(self, name: str) -> str | None:
        """A remembered value."""
        return self._call(lambda: self._store.vault.fact(name))

    def remember(self, name: str, value: str) -> None:
        """Remembers a value."""
        self._call(lambda: self._store.vault.remember(name, value))

# SPDX-License-Identifier: Apache-2.0
"""The facade over a terminal's data directory: every method may be called from any thread and runs on one.

"Submitted" means: sealed, appended to the spool, synced. The vault's index follows and may lag.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from contract.application import Application
from contract.attachment import seal_whole
from contract.deadlines import WorkCalendar
from contract.identity import mask_name
from contract.items import Catalogue
from contract.parcel import FrameType
from contract.record import AttachmentRef, Kind, Record, seal_record
from contract.sealing import PlatformKeys
from offline.clock import Clock, SystemClock
from offline.drafts import Draft, Drafts
from offline.enrolment import Enrolment, TerminalKeys, load_enrolment, save_enrolment
from offline.errors import DataDirInUse, DiskReadOnly, NoCatalogue, NotEnrolled, disk_fault
from offline.inbox import CaseView, Inbox
from offline.journal import Journal
from offline.numbering import Numbering
from offline.outbox import Outbox, OutboxStatus
from offline.secrets import Secrets
from offline.spool import Spool
from offline.staff import StaffAccounts, StaffMember
from offline.vault import open_vault

log = logging.getLogger(__name__)
T = TypeVar("T")
LEAST_SPACE = 64 * 1024 * 1024  # bytes below which no visit is begun


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture to send: SHA-256 (hex) of `data`, its type, and the material it belongs to."""

    digest: str
    data: bytes
    media_type: str
    material: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was confirmed, and when (ISO)."""

    record_id: str
    tracking_code: str
    confirmed_at: str


@dataclass(frozen=True, slots=True)
class Intake:
    """Whether an application can be taken now; else `code`: not-enrolled, no-catalogue, disk-full, disk-failed."""

    ok: bool
    code: str


class Terminal:
    """Open with `Terminal.open(data)`; close it, or use it as a context manager."""

    @classmethod
    def open(cls, data: Path, *, clock: Clock | None = None) -> Terminal:
        """Raises DataDirInUse, DiskReadOnly, VaultDamaged (when the key itself is lost)."""
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
            raise DataDirInUse("another program works with this data directory; close it first") from fault
        self._thread = ThreadPoolExecutor(1, "store", initializer=self._remember_thread)
        self._closed = False
        try:
            self._call(self._start)
        except BaseException:
            self._thread.shutdown()
            self._lock.close()
            raise

    def _remember_thread(self) -> None:
        self._thread_id = threading.get_ident()

    def _call(self, work: Callable[[], T]) -> T:
        if threading.get_ident() == getattr(self, "_thread_id", None):
            return work()
        return self._thread.submit(work).result()

    def background(self, work: Callable[[], T], done: Callable[[T | BaseException], None]) -> None:
        """Runs `work` on the store thread, then `done` there with its result or exception."""

        def run() -> None:
            result: T | BaseException
            try:
                result = work()
            except Exception as fault:
                result = fault
            done(result)

        self._thread.submit(run)

    def _start(self) -> None:
        self._secrets = Secrets.of(self.data)
        self._vault, rebuilt = open_vault(self.data / "vault.db", self._secrets.key("vault"))
        self._spool = Spool(self.data / "spool")
        self._outbox = Outbox(self._vault, self._spool)
        recovered = self._outbox.catch_up()
        self._outbox.not_sent()
        self._inbox = Inbox(self._vault, self._outbox, self.data, self._change_keys)
        self._drafts = Drafts(self._vault, self._secrets, self.clock)
        self._staff = StaffAccounts(self._vault, self.clock)
        self._journal = Journal(self.data / "journal.log")
        self._sequence, counter = self._outbox.floors()
        self._numbering = Numbering(
            self.data / "counter",
            floor=counter,
            noted=int(self._vault.fact("counter") or 0),
            note=lambda reserved: self._vault.remember("counter", str(reserved)),
        )
        known = load_enrolment(self.data, self._secrets)
        self._enrolment: Enrolment | None = known[0] if known else None
        self._keys: TerminalKeys | None = known[1] if known else None
        self._note_platform()
        self._journal.write(self.clock.now(), "started", recovered=recovered, vault_rebuilt=rebuilt)

    def close(self) -> None:
        """Finishes what was asked for and lets go of the directory."""
        if self._closed:
            return
        self._closed = True
        self._call(self._vault.close)
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
            self._note_platform()
            self._journal.write(self.clock.now(), "enrolled", terminal=enrolment.terminal)

        self._call(work)

    def _change_keys(self, platform: PlatformKeys) -> None:
        """The platform's next keys, announced under the signature of the present ones."""
        self._enrolment = replace(self.require_enrolment(), platform=platform)
        save_enrolment(self.data, self._secrets, self._enrolment, self.keys)
        self._note_platform()
        self._journal.write(self.clock.now(), "keys-changed", key=platform.key_id)

    def enrol(self, gateway_url: str, code: str, name: str = "") -> Enrolment:
        """Makes this terminal known to a gateway and fetches catalogue and calendar. Raises OfflineError."""
        from offline.transport import enrol_terminal

        keys = TerminalKeys.new()
        self.adopt(enrol_terminal(gateway_url, code, name, keys), keys)
        from offline.sync import SyncEngine

        report = SyncEngine(self).run_once()
        if report.problem:
            log.warning("enrolled, but the first exchange did not end: %s", report.problem)
        return self.require_enrolment()

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

        def work() -> bool:
            data = self._vault.document(f"dictionary-{number}")
            return data is not None and hashlib.sha256(data).hexdigest() == content_hash

        return self._call(work)

    def accept_dictionary(self, number: int, data: bytes) -> None:
        """Raises PackingError; then it is not used."""
        self._call(lambda: self._vault.keep_document(f"dictionary-{number}", data))

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

    def save_draft(self, draft: Draft) -> None:
        """Raises DiskFull, DiskReadOnly."""
        self._call(lambda: self._drafts.save(draft))

    def draft_for(self, id_number: str) -> Draft | None:
        """Only this person's draft."""
        return self._call(lambda: self._drafts.of(id_number))

    def discard_draft(self, draft_id: str) -> None:
        """Forgets it, with its pictures."""
        self._call(lambda: self._drafts.discard(draft_id))

    def keep_attachment(self, plain: bytes) -> str:
        """Keeps a picture of a draft; its SHA-256."""
        return self._call(lambda: self._drafts.keep(plain))

    def attachment(self, digest: str) -> bytes | None:
        """A kept picture."""
        return self._call(lambda: self._drafts.kept(digest))

    def submit(
        self, application: Application, attachments: Sequence[Attachment] = (), *, draft_id: str | None = None
    ) -> Submitted:
        """Registers an application. When it returns it is on disk. Raises NotEnrolled, DiskFull, DiskReadOnly."""

        def work() -> Submitted:
            catalogue = self._inbox.catalogue()
            name = catalogue.item(application.item_id).name
            done = self._keep(
                Kind.APPLICATION, application.tracking_code, application.item_id, application.to_payload(), attachments
            )
            person = self._secrets.person(application.applicant.id_number)
            self._after_submit(done, person, mask_name(application.applicant.name), name, draft_id)
            return done

        return self._call(work)

    def submit_other(
        self, kind: Kind, tracking_code: str, payload: Mapping[str, Any], attachments: Sequence[Attachment] = ()
    ) -> Submitted:
        """Registers a rating, complaint, correction or withdrawal. Raises as `submit`."""

        def work() -> Submitted:
            row = self._vault.row("SELECT item FROM records WHERE tracking_code = ? LIMIT 1", tracking_code)
            return self._keep(kind, tracking_code, str(row["item"]) if row else "", payload, attachments)

        return self._call(work)

    def _keep(
        self, kind: Kind, code: str, item: str, payload: Mapping[str, Any], attachments: Sequence[Attachment]
    ) -> Submitted:
        enrolment, keys = self.require_enrolment(), self.keys
        now = self.clock.now()
        sealed = [(a, seal_whole(a.data, enrolment.platform)) for a in attachments]
        named = [(hashlib.sha256(body).hexdigest(), body) for _, body in sealed]
        full = dict(payload)
        if sealed:
            full["files"] = [
                [a.digest, digest, a.media_type, a.material or ""]
                for (a, _), (digest, _) in zip(sealed, named, strict=True)
            ]
        record = seal_record(
            kind, full, terminal=enrolment.terminal, sequence=self._sequence + 1, tracking_code=code, item=item,
            attachments=[AttachmentRef(digest, len(body)) for digest, body in named], platform=enrolment.platform,
            signer=keys.sign, now_ms=int(now.timestamp() * 1000), clock=self._clock_state(),
        )  # fmt: skip
        frames = [(int(FrameType.ATTACHMENT), body) for _, body in named]
        places = self._spool.append([*frames, (int(FrameType.RECORD), record.encode())])
        self._sequence += 1
        done = Submitted(record.header.id, code, now.isoformat(timespec="seconds"))
        self._index(record, places, [digest for digest, _ in named], done.confirmed_at)
        return done

    def _index(self, record: Record, places: Sequence[Any], digests: Sequence[str], confirmed_at: str) -> None:
        """The index may lag: a fault here must not unsay a confirmation that is already true."""
        try:
            attachments = list(zip(digests, places[:-1], strict=True))
            self._outbox.index(record, places[-1], attachments, confirmed_at)
        except Exception as fault:
            log.warning("the index lags behind the spool and is mended at the next start: %s", type(fault).__name__)

    def _after_submit(self, done: Submitted, person: str, applicant: str, item_name: str, draft_id: str | None) -> None:
        try:
            self._inbox.summary(done.tracking_code, person, applicant, item_name)
            if draft_id is not None:
                self._drafts.discard(draft_id)
        except Exception as fault:
            log.warning("the vault could not follow the spool: %s", type(fault).__name__)
        self._journal.write(self.clock.now(), "submitted", record=done.record_id)

    def _clock_state(self) -> str:
        return "unsure" if self._vault.fact("clock") == "unsure" else "good"

    # looking up

    def cases_of(self, id_number: str) -> list[CaseView]:
        """This person's cases, newest first."""
        return self._call(lambda: self._inbox.cases_of(self._secrets.person(id_number)))

    def case(self, tracking_code: str) -> CaseView | None:
        """A case by its code."""
        return self._call(lambda: self._inbox.case(tracking_code))

    def outbox(self) -> OutboxStatus:
        """What has left and what has not."""
        return self._call(self._outbox.status)

    # staff

    def add_staff(self, name: str, pin: str, staff_id: str | None = None) -> StaffMember:
        """Raises OfflineError staff-pin-weak."""
        return self._call(lambda: self._staff.add(name, pin, staff_id))

    def unlock_staff(self, name: str, pin: str) -> StaffMember:
        """Raises StaffRefused."""
        return self._call(lambda: self._staff.unlock(name, pin))

    def bind_staff_card(self, name: str, key: str) -> StaffMember:
        """Raises OfflineError staff-unknown."""
        return self._call(lambda: self._staff.bind_card(name, key))

    def unlock_staff_by_card(self, key: str) -> StaffMember:
        """Raises StaffRefused staff-card-unknown."""
        return self._call(lambda: self._staff.unlock_by_card(key))

    def staff_names(self) -> list[str]:
        """Who may unlock."""
        return self._call(self._staff.names)

    def journal(self, event: str, **facts: str | int | bool) -> None:
        """Notes what happened; never personal data."""
        self._call(lambda: self._journal.write(self.clock.now(), event, **facts))

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

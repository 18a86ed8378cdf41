# SPDX-License-Identifier: Apache-2.0
"""Everything in a terminal's data directory, opened: spool, vault, and what stands on them."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from contract.hpke import ENC_SIZE, decapsulate
from contract.ids import uuid7
from contract.packing import SHIPPED
from contract.record import Header, Kind, Record
from contract.sealing import PlatformKeys
from offline.clock import Clock, ClockWatch
from offline.enrolment import Enrolment, TerminalKeys, load_enrolment, save_enrolment
from offline.errors import NotEnrolled, OfflineError, VaultDamaged
from offline.journal import Journal
from offline.registration import Submitted
from offline.secrets import Secrets
from offline.store.data_directory import note_stores
from offline.store.dictionaries import PublishedDictionaries
from offline.store.drafts import Drafts
from offline.store.inbox import Inbox
from offline.store.index import SpoolIndex, indexed
from offline.store.numbering import NumberBook, Numbering
from offline.store.outbox import Outbox
from offline.store.outbox_watch import OutboxWatch
from offline.store.readiness import Intake, intake_state
from offline.store.relock import relock
from offline.store.retention import Retention
from offline.store.spool import Place, Spool
from offline.store.staff import StaffAccounts
from offline.store.staging import StagedAttachment
from offline.store.submission import Offer, Summary, check_hand_in, fits, keep, read_header
from offline.store.vault import open_vault

log = logging.getLogger(__name__)


class Store:
    """Used on one thread only, which is `Terminal`'s. `later` asks for one more turn of that thread, in which the index
    follows. Raises as `Terminal.open`."""

    def __init__(self, data: Path, clock: Clock, later: Callable[[], None]) -> None:
        self.data = data
        self.clock = clock
        self._later = later
        self._unindexed: deque[Callable[[], None]] = deque()
        note_stores(self.data)
        self.secrets = Secrets.of(self.data)
        known = load_enrolment(self.data, self.secrets)
        self.enrolment: Enrolment | None = known[0] if known else None
        self.keys: TerminalKeys | None = known[1] if known else None
        own = self.enrolment.terminal if self.enrolment else 0
        self.vault, rebuilt = open_vault(self.data / "vault.db", self.secrets.key("vault"), own)
        self.journal = Journal(self.data / "journal.log")
        try:
            recovered = self._load(own)
        except VaultDamaged:  # in a part of it that was only now read
            self.vault.renew()
            rebuilt, recovered = True, self._load(own)
        self.journal.write(self.clock.now(), "started", recovered=recovered, vault_rebuilt=rebuilt)

    def _load(self, own: int) -> int:
        """Everything that stands on the vault; how many records the index had not known."""
        self.spool = Spool(self.data / "spool", indexed(self.vault))
        self.outbox = Outbox(self.vault, own)
        self.index = SpoolIndex(self.vault, self.spool, own)
        self.inbox = Inbox(self.vault, self.outbox, self.data, self._change_keys)
        self.drafts = Drafts(self.vault, self.secrets, self.clock)
        self.staff = StaffAccounts(self.vault, self.secrets, self.clock)
        self.outbox_watch = OutboxWatch(self.data, self.vault, self.outbox)
        self.dictionaries = PublishedDictionaries(self.vault)
        self.retention = Retention(self.vault, self.outbox, self.spool)
        relock(self.vault, self.drafts)
        recovered = self.index.catch_up(self._found_summary)
        self.outbox.not_sent()
        sequence, counter = self.index.floors()
        self._sequence = max(sequence, self.spool.start.sequence)
        self.numbering = Numbering(
            self.data / "counter",
            NumberBook(self.vault, self.spool),
            used=counter,
            floor=self.spool.start.counter,
            noted=int(self.vault.fact("counter") or 0),
            left_off=int(self.vault.fact("counter_next") or 0),
        )
        self.spool.floors = lambda: (self._sequence, self.numbering.reserved)
        try:
            self.numbering.settle()
        except OfflineError as fault:
            log.warning("where numbers were left off could not be noted anew: %s", fault.code)
        self._watch = ClockWatch(self.clock, self._last_confirmed())
        self._note_platform()
        self.outbox_watch.look()
        return recovered

    def renew_vault(self) -> None:
        """The damaged one is set aside; what the spool holds is noted in the new one."""
        self.vault.renew()
        self._unindexed.clear()  # it is all in the spool
        recovered = self.index.catch_up(self._found_summary)
        self.vault.remember("counter", str(self.numbering.reserved))
        self._note_platform()
        self.journal.write(self.clock.now(), "vault-rebuilt", recovered=recovered)

    def _found_summary(self, header: Header, locked: bytes) -> None:
        """What the spool keeps beside a record whose index entry was lost."""
        summary = Summary.unlock(locked, self.secrets)
        if summary is not None:
            self._note_summary(header.tracking_code, summary)

    def _note_summary(self, tracking_code: str, summary: Summary) -> None:
        self.inbox.summary(tracking_code, summary)
        if summary.draft:
            self.drafts.discard(summary.draft)

    def _last_confirmed(self) -> datetime | None:
        newest = self.outbox.listed(1)
        return datetime.fromisoformat(newest[0].confirmed_at) if newest else None

    def close(self) -> None:
        """Finishes in good order."""
        try:
            self.numbering.rest()
        except OfflineError as fault:
            log.warning("the rest of a block of numbers is given up: %s", fault.code)
        self.spool.close()
        self.journal.close()
        self.vault.close()

    # the platform

    def require_enrolment(self) -> Enrolment:
        """Raises NotEnrolled."""
        if self.enrolment is None:
            raise NotEnrolled("this terminal has no platform yet; run: doorstep enrol --gateway URL --code CODE")
        return self.enrolment

    def require_keys(self) -> TerminalKeys:
        """Raises NotEnrolled."""
        if self.keys is None:
            raise NotEnrolled("this terminal has no platform yet; run: doorstep enrol --gateway URL --code CODE")
        return self.keys

    def adopt(self, enrolment: Enrolment, keys: TerminalKeys) -> None:
        """See `Terminal.adopt`."""
        save_enrolment(self.data, self.secrets, enrolment, keys)
        self.enrolment, self.keys = enrolment, keys
        self.outbox.own = self.index.own = enrolment.terminal
        self._note_platform()
        self.journal.write(self.clock.now(), "enrolled", terminal=enrolment.terminal)

    def _change_keys(self, platform: PlatformKeys) -> None:
        """The platform's next keys, announced under the signature of the present ones."""
        self.enrolment = replace(self.require_enrolment(), platform=platform)
        save_enrolment(self.data, self.secrets, self.enrolment, self.require_keys())
        self._note_platform()
        self.journal.write(self.clock.now(), "keys-changed", key=platform.key_id)

    def _note_platform(self) -> None:
        if self.enrolment is not None:
            self.vault.remember("platform", json.dumps(self.enrolment.platform.to_dict()))

    # records

    def can_intake(self) -> Intake:
        """See `Terminal.can_intake`."""
        return intake_state(self.data, self.enrolment is not None, self.inbox)

    def next_offer(self, now: datetime) -> Offer:
        """What a record made now has to say. Raises NotEnrolled."""
        enrolment = self.require_enrolment()
        seal = enrolment.platform.seal
        return Offer(
            uuid7(int(now.timestamp() * 1000)), enrolment.terminal, self._sequence + 1, self._clock_state(),
            seal.id, seal.suite,
        )  # fmt: skip

    def dictionary(self, number: int | None) -> tuple[int, bytes | None]:
        """See `Terminal.dictionary`."""
        wanted = self.dictionaries.used if number is None else number
        known = self.dictionaries.known
        return wanted, known.bytes_of(wanted) if wanted in known and wanted > SHIPPED else None

    def hand_in(
        self,
        header: bytes,
        sealed: bytes,
        attachments: Sequence[StagedAttachment],
        person: str,
        locked_name: bytes,
        draft_id: str,
    ) -> Submitted | Offer:
        """See `Terminal.hand_in`."""
        now = self.clock.now()
        said, offer = read_header(header), self.next_offer(now)
        if not fits(said, offer, int(now.timestamp() * 1000)):
            return offer
        staged = {one.digest: one for one in attachments}
        known = self.outbox.has_taken(said.id, said.tracking_code if said.kind == Kind.APPLICATION else "")
        check_hand_in(said, sealed, staged, self.numbering.given_out, known=known)
        summary = Summary(person, locked_name, self.inbox.item_name(said.item), draft_id) if person else None
        return self._keep(said, sealed, [staged[ref.digest] for ref in said.attachments], summary, now)

    def _keep(
        self, header: Header, sealed: bytes, attachments: Sequence[StagedAttachment], summary: Summary | None,
        now: datetime,
    ) -> Submitted:  # fmt: skip
        kept = keep(
            self.spool, header, sealed, attachments, summary.lock(self.secrets) if summary else b"", self.require_keys()
        )
        self._sequence += 1
        done = Submitted(header.id, header.tracking_code, now.isoformat(timespec="seconds"))

        def follow() -> None:
            with self.vault.atomic():
                self.index.add(kept.record, kept.place, kept.attachments, done.confirmed_at)
                if summary is not None:
                    self._note_summary(done.tracking_code, summary)
            self.journal.write(now, "submitted", record=done.record_id)
            self.spool.prepare()

        self._unindexed.append(follow)
        self._later()  # which lets the index follow first
        return done

    def note(self, record: Record, places: Sequence[Place], digests: Sequence[str], confirmed_at: str) -> None:
        """Notes what the spool holds, on the store's thread: attachments, then the record. The index may lag."""
        if record.header.terminal == self.outbox.own:
            self._sequence = max(self._sequence, record.header.sequence)
        attachments = list(zip(digests, places[:-1], strict=True))
        self._unindexed.append(lambda: self.index.add(record, places[-1], attachments, confirmed_at))
        self.catch_up_index()

    def catch_up_index(self) -> None:
        """Lets the index follow the spool, in the spool's order. A fault here cannot unsay a confirmation that is
        already true: what could not be noted now is noted before the next work is done, or at the next start."""
        while self._unindexed:
            try:
                self._unindexed[0]()
            except VaultDamaged:
                self.renew_vault()
                return
            except OfflineError as fault:
                log.warning("the index lags behind the spool: %s", fault.code)
                return
            except Exception:
                log.exception("a record could not be noted in the index; the next start reads it from the spool again")
                self.index.hold()
            self._unindexed.popleft()

    def _clock_state(self) -> str:
        if self._watch.jumped():
            log.warning("the clock was set, or is behind the last record: times are marked as unsure")
            self.vault.remember("clock", "unsure")
        return "unsure" if self.vault.fact("clock") == "unsure" else "good"

    def settle(self, settled: int) -> int:
        """See `Terminal.settle`."""
        gained = self.retention.settle(settled)
        if gained:
            self.journal.write(self.clock.now(), "spool-freed", bytes=gained)
        return gained

    def shared_secret(self, seq: int) -> bytes:
        """See `Terminal.shared_secret`."""
        event = self.inbox.event(seq)
        if event is None or not event.sealed:
            raise OfflineError("nothing that is sealed came there", "event-unknown")
        return decapsulate(event.sealed[:ENC_SIZE], self.require_keys().seal)

    def record(self, record_id: str) -> bytes | None:
        """See `Terminal.record`."""
        place = self.outbox.place_of(record_id)
        return self.spool.read(place) if place is not None else None

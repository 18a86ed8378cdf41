# SPDX-License-Identifier: Apache-2.0
"""The visit's wishes to the store, on a thread that may wait for the keeper; answers are posted over the bridge."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from typing import TypeVar

from kiosk.station import published
from kiosk.visit import effects, intents
from kiosk.visit.event_bodies import read_events
from kiosk.visit.intents import Answer
from kiosk.visit.view import StaffMember, Submitted
from kiosk.workers.bridge import Bridge
from kiosk.workers.news import Published, StaffNames
from offline.client.port import KeeperGone
from offline.client.store import StoreClient
from offline.errors import OfflineError, StaffRefused
from offline.jobs import SupervisedExecutor
from offline.port import messages, sending
from offline.registration import Attachment

log = logging.getLogger(__name__)
T = TypeVar("T")


class StoreWork:
    """Never blocks the caller."""

    def __init__(self, client: StoreClient, bridge: Bridge) -> None:
        self._client = client
        self._bridge = bridge
        self._jobs = SupervisedExecutor("visit-work")
        self._unsaved: dict[str, effects.SaveDraft] = {}

    def close(self) -> None:
        """Finishes what was asked for."""
        self._jobs.shutdown()

    def _run(
        self,
        visit_id: str,
        work: Callable[[], T],
        done: Callable[[T], Answer | None],
        failed: Callable[[str], Answer | None],
    ) -> None:
        def job() -> None:
            message: Answer | None
            try:
                message = done(work())
            except KeeperGone as fault:
                message = failed(fault.code)
            except Exception as fault:
                if not isinstance(fault, OfflineError):
                    log.exception("the store failed at what the visit asked")
                message = failed(getattr(fault, "code", "internal"))
            if message is not None:
                self._bridge.post(message, visit_id)

        self._jobs.cast(job)

    def check_intake(self, visit_id: str) -> None:
        """Can the terminal keep its word now?"""
        self._run(
            visit_id,
            self._client.registrar.can_intake,
            lambda found: intents.IntakeChecked(found.ok, found.code),
            lambda code: intents.IntakeChecked(False, code),
        )

    def submit(self, visit_id: str, wish: effects.SubmitApplication) -> None:
        """Takes a code, gathers the pictures, seals, hands in."""
        client = self._client

        def work() -> Submitted:
            self._unsaved.pop(wish.draft_id, None)
            pictures = []
            for digest, media_type, material in wish.digests:
                data = client.drafts.picture(digest)
                if data is None:
                    raise OfflineError("a scanned page is no longer there; scan it again", "attachment-missing")
                pictures.append(Attachment(digest, data, media_type, material or None))
            code = client.registrar.new_tracking_code()
            application = dataclasses.replace(wish.application, tracking_code=code)
            return client.registrar.submit(application, pictures, draft_id=wish.draft_id)

        self._run(visit_id, work, intents.SubmitDone, intents.SubmitFailed)

    def submit_other(self, visit_id: str, wish: effects.SubmitOther) -> None:
        """A rating or a complaint."""
        registrar = self._client.registrar

        def work() -> None:
            registrar.submit_other(wish.kind, wish.tracking_code or registrar.new_tracking_code(), wish.payload)

        kind = str(wish.kind)
        self._run(visit_id, work, lambda _none: intents.OtherKept(kind), lambda code: intents.OtherFailed(kind, code))

    def save_draft(self, visit_id: str, wish: effects.SaveDraft) -> None:
        """Saved at every field; when the store is slower than the typing only the newest state is written."""
        waiting = wish.draft.id in self._unsaved
        self._unsaved[wish.draft.id] = wish
        if waiting:
            return

        def work() -> None:
            newest = self._unsaved.pop(wish.draft.id, None)
            if newest is not None:
                self._client.drafts.save(newest.draft)

        self._run(visit_id, work, lambda _none: None, intents.DraftTrouble)

    def discard_draft(self, visit_id: str, wish: effects.DiscardDraft) -> None:
        """Forgets it, also one that still waits to be written."""

        def work() -> None:
            self._unsaved.pop(wish.draft_id, None)
            self._client.drafts.discard(wish.draft_id)

        self._run(visit_id, work, lambda _none: None, lambda _code: None)

    def lookup_draft(self, visit_id: str, wish: effects.LookupDraft) -> None:
        """This person's unfinished application."""
        self._run(
            visit_id,
            lambda: self._client.drafts.find(wish.id_number),
            intents.DraftFound,
            lambda _code: intents.DraftFound(None),
        )

    def lookup_cases(self, visit_id: str, wish: effects.LookupCases) -> None:
        """By person or by code, with what the platform says of them."""

        def work() -> intents.CasesFound:
            own = tuple(self._client.cases.of(wish.id_number)) if wish.id_number else ()
            named = self._client.cases.by_code(wish.code) if wish.code else None
            cases = own if not wish.code else (named,) if named is not None else ()
            is_own = bool(cases) and all(case.tracking_code in {c.tracking_code for c in own} for case in cases)
            number = self._client.port.ask(messages.AskStation()).terminal
            events = (event for case in cases for event in case.events)
            said = read_events(events, self._client.cases.secret, number)
            return intents.CasesFound(cases, wish.code, said, is_own)

        self._run(visit_id, work, lambda found: found, lambda _code: intents.CasesFound((), wish.code))

    def unlock_by_card(self, visit_id: str, key: str) -> None:
        """A card that has proven itself; may be called from any thread."""
        self._unlock(visit_id, lambda: self._client.staff.unlock_by_card(key))

    def unlock_staff(self, visit_id: str, wish: effects.UnlockStaff) -> None:
        """Name and number."""
        self._unlock(visit_id, lambda: self._client.staff.unlock(wish.name, wish.pin))

    def _unlock(self, visit_id: str, ask: Callable[[], messages.StaffKnown]) -> None:
        def work() -> intents.StaffUnlocked | intents.StaffRefusedNote:
            try:
                session = ask()
            except StaffRefused as refused:
                return intents.StaffRefusedNote(refused.code, refused.remaining)
            return intents.StaffUnlocked(StaffMember(session.staff_id, session.name))

        self._run(visit_id, work, lambda found: found, lambda code: intents.StaffRefusedNote(code, 0))

    def note(self, wish: effects.JournalNote) -> None:
        """The journal. A disk that cannot take a note has louder ways to say so."""
        self._say(sending.Note(wish.event, dict(wish.facts)))

    def send_now(self) -> None:
        """Exchange with the platform at once."""
        self._say(sending.SendNow())

    def stick(self, wish: sending.Stick) -> None:
        """How it goes comes as news."""
        self._say(wish)

    def _say(self, request: messages.Request[messages.Done]) -> None:
        def job() -> None:
            try:
                self._client.port.ask(request)
            except OfflineError as fault:
                log.warning("the keeper did not take a note: %s", fault.code)

        self._jobs.cast(job)

    def staff_names(self) -> None:
        """Who may unlock; comes as StaffNames."""

        def job() -> None:
            try:
                self._bridge.post(StaffNames(tuple(self._client.staff.names())))
            except OfflineError as fault:
                log.warning("nobody can unlock now: %s", fault.code)

        self._jobs.cast(job)

    def published(self) -> None:
        """Catalogue and calendar as they are now; come as Published."""

        def job() -> None:
            try:
                self._bridge.post(Published(*published(self._client.port)))
            except OfflineError as fault:
                log.warning("what was published could not be read: %s", fault.code)

        self._jobs.cast(job)

    def watch_delivery(self, visit_id: str, tracking_code: str, online: bool) -> None:
        """Whether the receipt for this visit's record has come."""

        def work() -> intents.NetworkChanged:
            case = self._client.cases.by_code(tracking_code)
            return intents.NetworkChanged(online, case is not None and case.outbox == "delivered")

        self._run(visit_id, work, lambda found: found, lambda _code: None)

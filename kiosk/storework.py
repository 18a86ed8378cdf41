# SPDX-License-Identifier: Apache-2.0
"""The visit's wishes to the store, carried out on the store's thread; answers are posted over the bridge."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from typing import TypeVar

from kiosk.bridge import Bridge
from kiosk.visit import effects, intents
from kiosk.visit.said import read_events
from kiosk.visit.view import Submitted
from offline.errors import OfflineError, StaffRefused
from offline.terminal import Attachment, Terminal

log = logging.getLogger(__name__)
T = TypeVar("T")


class StoreWork:
    """Never blocks the caller. `after_submit` is called on the store's thread when something waits to be sent."""

    def __init__(self, terminal: Terminal, bridge: Bridge, after_submit: Callable[[], None]) -> None:
        self._terminal = terminal
        self._bridge = bridge
        self._after_submit = after_submit
        self._unsaved: dict[str, effects.SaveDraft] = {}

    def _run(
        self, visit_id: str, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[str], object]
    ) -> None:
        def answer(result: T | BaseException) -> None:
            if isinstance(result, BaseException):
                if not isinstance(result, OfflineError):
                    log.error("the store failed at what the visit asked: %s", type(result).__name__, exc_info=result)
                message = failed(getattr(result, "code", "internal"))
            else:
                message = done(result)
            if message is not None:
                self._bridge.post(message, visit_id)

        self._terminal.background(work, answer)

    def check_intake(self, visit_id: str) -> None:
        """Can the terminal keep its word now?"""
        self._run(
            visit_id,
            self._terminal.can_intake,
            lambda found: intents.IntakeChecked(found.ok, found.code),
            lambda code: intents.IntakeChecked(False, code),
        )

    def submit(self, visit_id: str, wish: effects.SubmitApplication) -> None:
        """Takes a code, gathers the pictures, seals, syncs. One unit on the store's thread."""
        terminal = self._terminal

        def work() -> Submitted:
            self._unsaved.pop(wish.draft_id, None)
            pictures = []
            for digest, media_type, material in wish.digests:
                data = terminal.attachment(digest)
                if data is None:
                    raise OfflineError("a scanned page is no longer there; scan it again", "attachment-missing")
                pictures.append(Attachment(digest, data, media_type, material or None))
            code = terminal.new_tracking_code()
            application = dataclasses.replace(wish.application, tracking_code=code)
            return terminal.submit(application, pictures, draft_id=wish.draft_id)

        def done(submitted: Submitted) -> object:
            self._after_submit()
            return intents.SubmitDone(submitted)

        self._run(visit_id, work, done, intents.SubmitFailed)

    def submit_other(self, visit_id: str, wish: effects.SubmitOther) -> None:
        """A rating or a complaint."""

        def work() -> None:
            code = wish.tracking_code or self._terminal.new_tracking_code()
            self._terminal.submit_other(wish.kind, code, wish.payload)
            self._after_submit()

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
                self._terminal.save_draft(newest.draft)

        self._run(visit_id, work, lambda _none: None, intents.DraftTrouble)

    def discard_draft(self, visit_id: str, wish: effects.DiscardDraft) -> None:
        """Forgets it, also one that still waits to be written."""

        def work() -> None:
            self._unsaved.pop(wish.draft_id, None)
            self._terminal.discard_draft(wish.draft_id)

        self._run(visit_id, work, lambda _none: None, lambda _code: None)

    def lookup_draft(self, visit_id: str, wish: effects.LookupDraft) -> None:
        """This person's unfinished application."""
        self._run(
            visit_id,
            lambda: self._terminal.draft_for(wish.id_number),
            intents.DraftFound,
            lambda _code: intents.DraftFound(None),
        )

    def lookup_cases(self, visit_id: str, wish: effects.LookupCases) -> None:
        """By person or by code, with what the platform says of them."""
        terminal = self._terminal

        def work() -> intents.CasesFound:
            own = tuple(terminal.cases_of(wish.id_number)) if wish.id_number else ()
            named = terminal.case(wish.code) if wish.code else None
            cases = own if not wish.code else (named,) if named is not None else ()
            is_own = bool(cases) and all(case.tracking_code in {c.tracking_code for c in own} for case in cases)
            number = terminal.enrolment.terminal if terminal.enrolment is not None else 0
            events = (event for case in cases for event in case.events)
            said = read_events(events, terminal.shared_secret, number)
            return intents.CasesFound(cases, wish.code, said, is_own)

        self._run(visit_id, work, lambda found: found, lambda _code: intents.CasesFound((), wish.code))

    def unlock_by_card(self, visit_id: str, key: str) -> None:
        """A card that has proven itself; may be called from any thread."""

        def work() -> intents.StaffUnlocked | intents.StaffRefusedNote:
            try:
                return intents.StaffUnlocked(self._terminal.unlock_staff_by_card(key))
            except StaffRefused as refused:
                return intents.StaffRefusedNote(refused.code, refused.remaining)

        self._run(visit_id, work, lambda found: found, lambda code: intents.StaffRefusedNote(code, 0))

    def unlock_staff(self, visit_id: str, wish: effects.UnlockStaff) -> None:
        """Name and number."""

        def work() -> intents.StaffUnlocked | intents.StaffRefusedNote:
            try:
                return intents.StaffUnlocked(self._terminal.unlock_staff(wish.name, wish.pin))
            except StaffRefused as refused:
                return intents.StaffRefusedNote(refused.code, refused.remaining)

        self._run(visit_id, work, lambda found: found, lambda code: intents.StaffRefusedNote(code, 0))

    def staff_names(self, done: Callable[[tuple[str, ...]], None]) -> None:
        """Who may unlock; `done` is called on the store's thread."""
        self._terminal.background(
            self._terminal.staff_names,
            lambda found: done(()) if isinstance(found, BaseException) else done(tuple(found)),
        )

    def note(self, wish: effects.JournalNote) -> None:
        """The journal. A disk that cannot take a note has louder ways to say so."""
        facts = dict(wish.facts)
        self._terminal.background(lambda: self._terminal.journal(wish.event, **facts), lambda _done: None)

    def watch_delivery(self, visit_id: str, tracking_code: str, online: bool) -> None:
        """Whether the receipt for this visit's record has come."""

        def work() -> intents.NetworkChanged:
            case = self._terminal.case(tracking_code)
            return intents.NetworkChanged(online, case is not None and case.outbox == "delivered")

        self._run(visit_id, work, lambda found: found, lambda _code: None)

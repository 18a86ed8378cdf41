# SPDX-License-Identifier: Apache-2.0
"""Registering: an application is sealed to the platform here, and handed to the keeper, which signs and keeps it.

The seal binds the record's id, sequence, code and manifest, so the keeper first offers them. Was another record taken
before this one, it answers with a new offer, and the payload is sealed again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract.application import Application
from contract.attachment import seal_attachment, sealed_size
from contract.header import NO_DIGEST, AttachmentRef, Header
from contract.identity import mask_name
from contract.packing import SHIPPED, Dictionaries
from contract.record import Kind, seal_payload
from contract.sealing import PlatformKeys
from offline.client.port import Port
from offline.errors import AttachmentRejected, OfflineError
from offline.port import messages
from offline.registration import Attachment, Submitted
from offline.secrets import lock, person_hash

log = logging.getLogger(__name__)
TRIES = 200  # times that somebody else may be quicker; a seal takes a millisecond


@dataclass(frozen=True, slots=True)
class Statement:
    """What a record says, before it is sealed."""

    kind: Kind
    tracking_code: str
    item: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Staged:
    """A sealed attachment that the keeper holds for the next hand-in."""

    plain: Attachment
    ref: AttachmentRef


class Registrar:
    """Registers on behalf of somebody. To be used from one thread at a time.

    `hash_key` makes the keyed hash of an ID number, by which a person's cases are found.
    """

    def __init__(self, port: Port, hash_key: bytes) -> None:
        self._port = port
        self._hash_key = hash_key
        self._dictionaries = Dictionaries()

    def can_intake(self) -> messages.IntakeState:
        """Whether yes can be said and kept; asked before a visit begins."""
        return self._port.ask(messages.CheckIntake())

    def new_tracking_code(self) -> str:
        """A code that was never given out. Raises NotEnrolled, DiskFull, DiskReadOnly."""
        code = self._port.ask(messages.NewCode()).value
        assert code is not None
        return code

    def submit(
        self, application: Application, attachments: Sequence[Attachment] = (), *, draft_id: str | None = None
    ) -> Submitted:
        """Registers an application. When it returns it is on disk.

        Raises NotEnrolled, DiskFull, DiskReadOnly, AttachmentRejected.
        """
        code = application.tracking_code
        said = Statement(Kind.APPLICATION, code, application.item_id, application.to_payload())
        person = person_hash(self._hash_key, application.applicant.id_number)
        key = self._port.ask(messages.AskLock("name", code)).data
        assert key is not None
        name = lock(key, mask_name(application.applicant.name).encode(), "name")
        return self._hand_in(said, attachments, person, name, draft_id or "")

    def submit_other(
        self, kind: Kind, tracking_code: str, payload: Mapping[str, Any], attachments: Sequence[Attachment] = ()
    ) -> Submitted:
        """Registers a rating, complaint, correction or withdrawal. Raises as `submit`."""
        cases = self._port.ask(messages.CaseOf(tracking_code)).cases
        said = Statement(kind, tracking_code, cases[0].item_id if cases else "", payload)
        return self._hand_in(said, attachments)

    def _hand_in(
        self, said: Statement, attachments: Sequence[Attachment], person: str = "", name: bytes = b"", draft: str = ""
    ) -> Submitted:
        offer = self._port.ask(messages.MakeOffer())
        staged: list[_Staged] = []
        sealed_to = ""
        for _ in range(TRIES):
            platform = PlatformKeys.from_dict(offer.platform)
            if sealed_to != platform.key_id:  # at first, and should the platform change its keys meanwhile
                staged = [self._stage(one, platform) for one in attachments]
                sealed_to = platform.key_id
            header, sealed = self._seal(said, staged, offer, platform)
            answer = self._port.ask(
                messages.HandIn(header.encode(), sealed, tuple(s.ref.digest for s in staged), person, name, draft)
            )
            if isinstance(answer, messages.Taken):
                return Submitted(answer.record_id, answer.tracking_code, answer.confirmed_at)
            offer = answer.offer
        raise OfflineError("too many others hand in at the same time; try again", "store-busy")

    def _seal(
        self, said: Statement, staged: Sequence[_Staged], offer: messages.Offer, platform: PlatformKeys
    ) -> tuple[Header, bytes]:
        payload = dict(said.payload)
        if staged:
            payload["files"] = [
                [s.plain.digest, s.ref.digest, s.plain.media_type, s.plain.material or ""] for s in staged
            ]
        header = Header(
            offer.record_id, offer.terminal, offer.sequence, str(said.kind), said.tracking_code, said.item,
            NO_DIGEST.hex(), platform.key_id, tuple(s.ref for s in staged), offer.clock, platform.seal.suite,
        )  # fmt: skip
        number = self._dictionary(offer.dictionary)
        return seal_payload(payload, header, platform, number, self._dictionaries)

    def _dictionary(self, number: int) -> int:
        """Its bytes are fetched once; where the keeper has them no more, the shipped one serves."""
        if number not in self._dictionaries:
            data = self._port.ask(messages.AskDictionary(number)).data
            if data is None:
                return SHIPPED
            self._dictionaries.add(number, data)
        return number

    def _stage(self, one: Attachment, platform: PlatformKeys) -> _Staged:
        """Sealed piece by piece, so that a large one is never held whole."""
        size = sealed_size(one.size, platform.preferred)
        done = 0
        answer = messages.Staged(0)
        try:
            with one.open() as plain:
                for piece in seal_attachment(plain, platform):
                    done += len(piece)
                    answer = self._port.ask(messages.Stage(piece, done >= size))
        except (OSError, ValueError) as fault:
            raise AttachmentRejected(
                "a picture changed while it was taken; scan it again", "attachment-truncated"
            ) from fault
        if done != size or not answer.digest:
            raise AttachmentRejected("a picture changed while it was taken; scan it again", "attachment-truncated")
        return _Staged(one, AttachmentRef(answer.digest, done))

# SPDX-License-Identifier: Apache-2.0
"""Attachments, oldest application first, in frames of at most 30 s of link time, each gone on with at the byte.

How many of an attachment's bytes the platform has is known from its answers, or hoped because its kernel has
acknowledged them. After a cut more may have arrived than that: while another attachment can fill the link, the
platform is asked; the last ones go on at the hoped byte and save a round trip: a platform that has more skips what it
has, one that has less answers 409 with its own offset, which always counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract.events import Receipts, StatementError, read_statement
from offline.errors import AnswerDamaged, GatewayRefused
from offline.store.outbox import WaitingAttachment
from offline.sync.answers import UploadOffset, UploadReceipt
from offline.sync.link.transfer import ATTACHMENT, Answer, Request, Transfer
from offline.sync.piece_size import piece_size
from offline.sync.refusals import refused
from offline.sync.report import SyncReport

if TYPE_CHECKING:
    from offline.sync.token import Token
    from offline.terminal import Terminal

log = logging.getLogger(__name__)
LANES = 6  # attachments under way at once, at most: the next is begun when those before leave room on the link
WORTH_ASKING = 4096  # bytes that may have arrived unacknowledged
READ_AHEAD = 128 * 1024  # bytes taken from the spool at once
TRIES = 3  # times an attachment may arrive damaged before it is set aside


@dataclass(slots=True)
class Standing:
    """Bytes of one attachment at the platform: told by its answer, or hoped; `beyond` more may have arrived."""

    offset: int
    told: bool = True
    beyond: int = 0


@dataclass(slots=True)
class Known:
    """What is known of the platform's side, by digest. Outlives an exchange."""

    standing: dict[str, Standing] = field(default_factory=dict)
    strict: bool = False  # this platform does not skip what it has already

    def offset(self, digest: str) -> int:
        """Bytes that are there as far as we know."""
        return self.standing[digest].offset if digest in self.standing else 0


class AttachmentUpload(Transfer):
    """HEAD or PATCH of one attachment, as what is known demands."""

    priority = ATTACHMENT

    def __init__(self, flow: AttachmentFlow, waiting: WaitingAttachment, order: int) -> None:
        self._flow = flow
        self.waiting = waiting
        self.order = order
        self.token = ""
        self.start = 0
        self.size = 0
        self.asking = False
        self._ahead = (0, b"")

    def begin(self) -> Request:
        """From where the platform stands by now."""
        self.token = self._flow.token.value or self.token
        headers = {"Authorization": f"Bearer {self.token}"}
        target = f"/v1/attachments/{self.waiting.digest}"
        standing = self._flow.known.standing.get(self.waiting.digest)
        self.asking = standing is None or self._must_ask(standing)
        if standing is None or self.asking:
            self.size = 0
            return Request("HEAD", target, headers)
        self.start = min(standing.offset, self.waiting.place.size)
        self.size = self._flow.frame(self.waiting.place.size - self.start)
        headers |= {"Upload-Offset": str(self.start), "Content-Type": "application/offset+octet-stream"}
        if not standing.told:
            headers["Doorstep-Overlap"] = "skip"
        return Request("PATCH", target, headers, self.size)

    def _must_ask(self, standing: Standing) -> bool:
        if standing.told:
            return False
        return self._flow.known.strict or (standing.beyond > WORTH_ASKING and self._flow.others_wait())

    def body(self, start: int, size: int) -> bytes:
        """Read from the spool in larger pieces than are sent."""
        at = self.start + start
        begins, piece = self._ahead
        if not begins <= at < begins + len(piece):
            begins, piece = self._ahead = at, self._flow.read(self.waiting, at)
        part = piece[at - begins : at - begins + size]
        self._flow.report.bytes_sent += len(part)
        return part

    def acknowledged(self, count: int) -> None:
        """The next attempt goes on from here."""
        if not self.asking and count:
            reached = min(self.start + min(count, self.size), self.waiting.place.size)
            if reached > self._flow.known.offset(self.waiting.digest):
                self._flow.known.standing[self.waiting.digest] = Standing(reached, told=False)

    def left_behind(self, beyond: int) -> None:
        """Perhaps the platform has more than was acknowledged."""
        if not self.asking and beyond:
            offset = self._flow.known.offset(self.waiting.digest)
            self._flow.known.standing[self.waiting.digest] = Standing(offset, told=False, beyond=beyond)

    def answered(self, answer: Answer) -> None:
        """On to the next frame, or done."""
        self._flow.take(self, answer)

    def failed(self, _fault: Exception) -> None:
        """It waits again."""
        self._flow.lost(self)


class AttachmentFlow:
    """Chooses what is sent next and takes the answers. `rate` says what the link carries (bytes a second)."""

    def __init__(
        self, terminal: Terminal, token: Token, report: SyncReport, known: Known, rate: Callable[[], float]
    ) -> None:
        self._terminal = terminal
        self._rate = rate
        self.token = token
        self.report = report
        self.known = known
        self._under_way: dict[str, AttachmentUpload] = {}
        self._again: list[AttachmentUpload] = []
        self._damaged: dict[str, int] = {}
        self._order = 0
        self.maybe_more = True

    @property
    def active(self) -> bool:
        """Whether something is on its way or may wait."""
        return bool(self._under_way or self._again or self.maybe_more)

    @property
    def under_way(self) -> int:
        """Attachments that are being sent."""
        return len(self._under_way)

    @property
    def reached(self) -> int:
        """Bytes of waiting attachments that are, or may be hoped to be, there."""
        return sum(standing.offset for standing in self.known.standing.values())

    def learn(self, _record_id: str, manifest: list[tuple[str, int]], wanted: Sequence[int] | None) -> None:
        """What the verdict on a record said of its attachments: nothing means that nothing is there."""
        for position, (digest, size) in enumerate(manifest):
            offset = min(wanted[position], size) if wanted is not None and position < len(wanted) else 0
            if digest not in self._under_way:
                self.known.standing[digest] = Standing(offset)
        self.maybe_more = self.maybe_more or bool(manifest)

    def next(self) -> AttachmentUpload | None:
        """The oldest that is not under way, when there is room for one more."""
        if self._again:
            return self._again.pop()
        if not self.maybe_more or len(self._under_way) >= LANES:
            return None
        fresh = self._fresh()
        self.maybe_more = bool(fresh)
        if not fresh:
            return None
        self._order += 1
        upload = AttachmentUpload(self, fresh[0], self._order)
        self._under_way[fresh[0].digest] = upload
        self.report.bytes_payload += fresh[0].place.size - self.known.offset(fresh[0].digest)
        return upload

    def _fresh(self) -> list[WaitingAttachment]:
        """The oldest that are not under way."""
        found = self._terminal.ask(lambda outbox, _i, _s: outbox.waiting_attachments(2 * LANES + 1))
        return [w for w in found if w.digest not in self._under_way]

    def others_wait(self) -> bool:
        """Whether another attachment may be begun to fill the link."""
        return len(self._under_way) < LANES and bool(self._fresh())

    def frame(self, left: int) -> int:
        """Bytes of the next PATCH; a small rest goes along."""
        size = piece_size(self._rate(), 1)
        return left if left <= size * 5 // 4 else size

    def read(self, waiting: WaitingAttachment, start: int) -> bytes:
        """Sealed bytes from the spool."""
        return self._terminal.ask(lambda _o, _i, spool: spool.read(waiting.place, start, READ_AHEAD))

    def lost(self, upload: AttachmentUpload) -> None:
        """The link was given up under it."""
        self._under_way.pop(upload.waiting.digest, None)
        self.maybe_more = True

    def take(self, upload: AttachmentUpload, answer: Answer) -> None:
        """Raises GatewayRefused where the platform refuses more than this one attachment, AnswerDamaged."""
        digest = upload.waiting.digest
        said = UploadOffset.of(answer.headers, upload.waiting.place.size)
        told = said.bytes if said is not None else None
        match answer.status:
            case 401 if upload.token:
                self.token.spoiled(upload.token)
                upload.token = ""
            case 200 if upload.asking and told is not None:
                self._stands_at(digest, told)
            case 200 if not upload.asking:
                self._done(upload, UploadReceipt.of(answer.body).receipt)
                return
            case 204 if told is not None:
                self._stands_at(digest, told)
            case 408 | 409:
                self._disagrees(upload, told)
            case 422 if self._damaged.get(digest, 0) + 1 < TRIES:
                self._damaged[digest] = self._damaged.get(digest, 0) + 1
                self._stands_at(digest, told or 0)
            case 404 | 413 | 422:
                self._park(upload, refused(answer.status, answer.headers, answer.body).code)
                return
            case 200 | 204:
                raise AnswerDamaged("the platform does not say how much of an attachment it has")
            case _:
                self._under_way.pop(digest, None)
                raise refused(answer.status, answer.headers, answer.body)
        self._again.append(upload)

    def _stands_at(self, digest: str, offset: int) -> None:
        self.known.standing[digest] = Standing(offset)

    def _disagrees(self, upload: AttachmentUpload, told: int | None) -> None:
        digest = upload.waiting.digest
        if told is None:  # somebody newer writes it, or we were silent for too long: ask where it stands
            self.known.standing.pop(digest, None)
            return
        if told > upload.start:
            self.known.strict = True
        self._stands_at(digest, told)

    def _park(self, upload: AttachmentUpload, code: str) -> None:
        digest = upload.waiting.digest
        log.warning("an attachment was refused by the platform and is set aside: %s", code)
        self._terminal.ask(lambda outbox, _i, _s: outbox.park_attachment(digest))
        self._forget(digest)

    def _done(self, upload: AttachmentUpload, statement: str) -> None:
        digest = upload.waiting.digest
        self._under_way.pop(digest, None)
        try:
            said = read_statement(statement, self._terminal.require_enrolment().platform)
        except StatementError as fault:
            raise GatewayRefused(
                "receipt-wrong", "the receipt for an attachment does not verify", status=200
            ) from fault
        named = (
            isinstance(said, Receipts) and said.kind == "attachment" and {e.digest for e in said.entries} == {digest}
        )
        if not isinstance(said, Receipts) or not named:
            raise GatewayRefused("receipt-wrong", "the receipt is for another attachment", status=200)
        self._terminal.ask(lambda _o, inbox, _s: inbox.take_receipts(said))
        self.report.attachments_sent += 1
        self._forget(digest)

    def _forget(self, digest: str) -> None:
        self._under_way.pop(digest, None)
        self.known.standing.pop(digest, None)

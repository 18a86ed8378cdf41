# SPDX-License-Identifier: Apache-2.0
"""Requests and their answers. `Request[A]` is answered with an `A`, or with a `Fault`.

A person appears here only as the keyed hash of an ID number, and in what the client has sealed or locked.
Times are ISO with offset, digests SHA-256 in hex, sizes bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from contract.events import Event

VERSION = 1
"""Raised with every change of these messages; both ends are of one installation and must agree."""

A = TypeVar("A")


class Request(Struct, Generic[A], frozen=True, tag=True, forbid_unknown_fields=True):
    """Something asked."""


class Reply(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Something answered."""


class Done(Reply, frozen=True, tag="done"):
    """It is so now."""


class Fault(Reply, frozen=True, tag="fault"):
    """It is not: an error of `offline.errors` by its class's name, its code and words; `remaining` of StaffRefused."""

    kind: str
    code: str
    message: str
    remaining: int = 0


class Bytes(Reply, frozen=True, tag="bytes"):
    """A document or a key; None where there is none."""

    data: bytes | None


class Text(Reply, frozen=True, tag="text"):
    """One value; None where there is none."""

    value: str | None


class Texts(Reply, frozen=True, tag="texts"):
    """Several values."""

    values: tuple[str, ...]


# the station


class Hello(Request["Welcome"], frozen=True, tag="hello"):
    """The first message of each connection. `role`: who is asking."""

    version: int
    role: Literal["visit", "command"]
    pid: int


class Station(Reply, frozen=True, tag="station"):
    """What the enrolment says, without any secret. `terminal` is 0 before it."""

    terminal: int
    name: str
    area: str
    phone: str
    public_url: str
    gateway_url: str
    platform: Mapping[str, Any]


class Welcome(Reply, frozen=True, tag="welcome"):
    """`hash_key` makes the keyed hash of an ID number; `settings` are the owner's, for a visit."""

    version: int
    station: Station
    hash_key: bytes
    settings: Mapping[str, Any]


class AskStation(Request[Station], frozen=True, tag="ask-station"):
    """As it is now: the platform may have changed its keys."""


class AskClock(Request[Text], frozen=True, tag="ask-clock"):
    """What time it is by the keeper's clock."""


class AskCatalogue(Request[Bytes], frozen=True, tag="ask-catalogue"):
    """The catalogue's document, CBOR. Fault no-catalogue."""


class AskCalendar(Request[Bytes], frozen=True, tag="ask-calendar"):
    """The working-day table, JSON; None before the first."""


class AskDictionary(Request[Bytes], frozen=True, tag="ask-dictionary"):
    """A published compression dictionary."""

    number: int


# handing in


class CheckIntake(Request["IntakeState"], frozen=True, tag="check-intake"):
    """Whether yes can be said and kept."""


class IntakeState(Reply, frozen=True, tag="intake-state"):
    """`code` says why not: not-enrolled, no-catalogue, disk-full, disk-failed."""

    ok: bool
    code: str


class NewCode(Request[Text], frozen=True, tag="new-code"):
    """A tracking code that was never given out and never will be again."""


class MakeOffer(Request["Offer"], frozen=True, tag="make-offer"):
    """What the next record has to say."""


class Offer(Reply, frozen=True, tag="offer"):
    """The next record's id, sequence and clock state, the platform's keys, and the dictionary to pack with. It holds
    nothing back: whoever hands in first has the sequence, the others are answered `Moved`."""

    record_id: str
    terminal: int
    sequence: int
    clock: str
    platform: Mapping[str, Any]
    dictionary: int


class Moved(Reply, frozen=True, tag="moved"):
    """Another record was taken meanwhile, or the platform's keys or the clock changed: seal to this one."""

    offer: Offer


class Stage(Request["Staged"], frozen=True, tag="stage"):
    """A piece of a sealed attachment that the next hand-in names; pieces of one follow each other up to the last."""

    piece: bytes
    last: bool


class Staged(Reply, frozen=True, tag="staged"):
    """What is staged of this attachment so far; the digest comes with the last piece."""

    size: int
    digest: str = ""


class HandIn(Request["Taken | Moved"], frozen=True, tag="hand-in"):
    """A sealed record that lacks its signature: header and payload, the staged attachments by digest in the manifest's
    order; by what the case is found again: the person's keyed hash, the masked name locked under the code, and the
    draft that ends."""

    header: bytes
    sealed: bytes
    attachments: tuple[str, ...] = ()
    person: str = ""
    locked_name: bytes = b""
    draft_id: str = ""


class Taken(Reply, frozen=True, tag="taken"):
    """It is on disk."""

    record_id: str
    tracking_code: str
    confirmed_at: str


# what is locked by the visit


class AskLock(Request[Bytes], frozen=True, tag="ask-lock"):
    """The key that locks one thing: a draft by its id, a picture by its digest, a name by its tracking code."""

    purpose: Literal["draft", "picture", "name"]
    of: str


class SaveDraft(Request[Done], frozen=True, tag="save-draft"):
    """Instead of the person's earlier one. `pictures` are the digests that it uses."""

    id: str
    person: str
    saved_at: str
    locked: bytes
    pictures: tuple[str, ...]


class FindDraft(Request["DraftFound"], frozen=True, tag="find-draft"):
    """By the person's keyed hash."""

    person: str


class DraftFound(Reply, frozen=True, tag="draft-found"):
    """`id` is empty where there is none. `key` opens it."""

    id: str = ""
    saved_at: str = ""
    locked: bytes = b""
    key: bytes = b""


class DiscardDraft(Request[Done], frozen=True, tag="discard-draft"):
    """Forgets it, and pictures that no other draft uses."""

    id: str


class KeepPicture(Request[Done], frozen=True, tag="keep-picture"):
    """A page of a draft, locked."""

    digest: str
    locked: bytes


class FindPicture(Request[Bytes], frozen=True, tag="find-picture"):
    """As it was kept."""

    digest: str


# cases


class CasesOf(Request["CaseList"], frozen=True, tag="cases-of"):
    """By the person's keyed hash, newest first."""

    person: str


class CaseOf(Request["CaseList"], frozen=True, tag="case-of"):
    """By its tracking code."""

    tracking_code: str


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """A case as the index knows it; the name is locked, `name_key` opens it. `applicant` is one that an earlier
    version kept masked and in clear."""

    tracking_code: str
    item_id: str
    item_name: str
    applicant: str
    locked_name: bytes
    name_key: bytes
    confirmed_at: str
    state: str
    record_id: str
    case_number: str | None
    received_at: str | None
    events: tuple[Event, ...]
    outbox: str
    parked_reason: str


class CaseList(Reply, frozen=True, tag="case-list"):
    """What was found."""

    cases: tuple[Case, ...]


class AskSecret(Request[Bytes], frozen=True, tag="ask-secret"):
    """The secret by which the sealed body of one event of ours opens (RFC 9180, 4.1): the private key stays here."""

    seq: int


class AskRecord(Request[Bytes], frozen=True, tag="ask-record"):
    """A record's bytes as they are sent, for the codes on its form."""

    record_id: str


class Carry(Request["CarriedRecord"], frozen=True, tag="carry"):
    """A sealed record of another terminal, read from paper. Fault carried-*."""

    record: bytes


class CarriedRecord(Reply, frozen=True, tag="carried-record"):
    """As `offline.stick.other_terminals.TakenRecord`."""

    status: Literal["kept", "known", "delivered"]
    record_id: str
    tracking_code: str
    terminal: int
    item: str
    attachments: int


# staff


class AskStaff(Request[Texts], frozen=True, tag="ask-staff"):
    """The names of those who may unlock."""


class AskSalt(Request["PinSalt"], frozen=True, tag="ask-salt"):
    """How this name's PIN is hashed; an unknown name is answered alike. Fault staff-locked."""

    name: str


class PinSalt(Reply, frozen=True, tag="pin-salt"):
    """Parameters of scrypt (RFC 7914)."""

    salt: bytes
    n: int
    r: int
    p: int


class ProvePin(Request["StaffKnown"], frozen=True, tag="prove-pin"):
    """The hash of what was typed; the PIN itself stays where it was typed. Fault staff-wrong-pin, staff-locked."""

    name: str
    proof: bytes


class ProveCard(Request["StaffKnown"], frozen=True, tag="prove-card"):
    """The key of a card that has proven itself. Fault staff-card-unknown."""

    key: str


class StaffKnown(Reply, frozen=True, tag="staff-known"):
    """Who it is."""

    staff_id: str
    name: str


class AddStaff(Request["StaffKnown"], frozen=True, tag="add-staff"):
    """Adds somebody, or gives a new PIN: `verifier` is salt and hash."""

    name: str
    verifier: bytes
    staff_id: str = ""


class BindCard(Request["StaffKnown"], frozen=True, tag="bind-card"):
    """The card with this key is theirs from now on. Fault staff-unknown."""

    name: str
    key: str

# SPDX-License-Identifier: Apache-2.0
"""What the platform answers (contract/schema/openapi.json, docs/integrating.md), from bytes to frozen values.

Each `of` is pure: any bytes give a value, or AnswerDamaged. Members that are not known are passed over, as section 15
of docs/integrating.md allows the platform to add some.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contract.errors import ContractError
from contract.sealing import PlatformKeys
from offline.enrolment import Enrolment
from offline.sync.strict_json import MOST_SEQUENCE, damaged, flag, members, read_object, text, texts, whole

KB, MB = 1024, 1024 * 1024
MOST_ENTRIES = 500  # of a page of the feed
MOST_FILES = 64  # of a record
MOST_DAYS = 10_000  # of a working-day table
LONGEST_TOKEN = 366 * 86_400  # seconds; more is nonsense
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]{1,16384}=*", re.ASCII)  # b64token, RFC 6750 section 2.1
_BEARER = re.compile("bearer", re.IGNORECASE)  # RFC 6749 section 5.1: in whatever case
_CODE = re.compile(r"[a-z0-9-]{1,64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MARK = re.compile(r"([0-9a-f]{16})?")
_VERSION = re.compile(r"[^\x00-\x1f]{1,64}")
_NAME = re.compile(r"[^\x00-\x1f]{0,200}")
_CLIENT = re.compile(r"[!-~]{1,200}")
_AREA = re.compile(r"[0-9]{6,12}")
_URL = re.compile(r"(https?://[!-~]{1,1000})?")


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """POST /v1/token. `seconds` from now on it is good."""

    value: str
    seconds: int

    @staticmethod
    def of(body: bytes) -> TokenAnswer:
        """Raises AnswerDamaged."""
        said = read_object(body, 64 * KB)
        text(said, "token_type", _BEARER)
        return TokenAnswer(text(said, "access_token", _TOKEN), whole(said, "expires_in", 1, LONGEST_TOKEN))


@dataclass(frozen=True, slots=True)
class InCustody:
    """The platform says that it has the record. `wanted`: bytes it has of each attachment; None: nothing is said."""

    status: Literal["stored", "duplicate"]
    wanted: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will not take the record as it is."""

    code: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A verdict that the contract does not know: the record waits on, whatever it may have meant."""


Verdict = InCustody | Refused | Unclear


@dataclass(frozen=True, slots=True)
class RecordsAnswer:
    """POST /v1/records: a verdict for each record in the order sent, and the signed statement, unread."""

    verdicts: tuple[Verdict, ...]
    receipt: str

    @staticmethod
    def of(body: bytes, count: int) -> RecordsAnswer:
        """For a batch of `count` records. Raises AnswerDamaged; one odd verdict spoils only itself."""
        said = read_object(body, 8 * MB)
        results, receipt = said.get("results"), said.get("receipt")
        if not isinstance(results, list) or len(results) != count:
            raise damaged(f"there are no {count} results, one for each record")
        if not isinstance(receipt, str):
            raise damaged("receipt is no text")
        return RecordsAnswer(tuple(map(_verdict, results)), receipt)


def _verdict(part: Any) -> Verdict:
    match part:
        case {"status": "stored" | "duplicate" as status}:
            wanted = part.get("wanted", [])
            if not isinstance(wanted, list) or len(wanted) > MOST_FILES:
                return Unclear()
            if not all(type(n) is int and 0 <= n <= MOST_SEQUENCE for n in wanted):
                return Unclear()
            return InCustody(status, tuple(wanted) if "wanted" in part else None)
        case {"status": "refused", "code": str(code)} if _CODE.fullmatch(code):
            return Refused(code)
    return Unclear()


@dataclass(frozen=True, slots=True)
class UploadReceipt:
    """PATCH /v1/attachments, 200: the signed statement, unread."""

    receipt: str

    @staticmethod
    def of(body: bytes) -> UploadReceipt:
        """Raises AnswerDamaged."""
        receipt = read_object(body, MB).get("receipt")
        if not isinstance(receipt, str):
            raise damaged("receipt is no text")
        return UploadReceipt(receipt)


@dataclass(frozen=True, slots=True)
class UploadOffset:
    """The header Upload-Offset: bytes of an attachment that the platform has."""

    bytes: int

    @staticmethod
    def of(headers: Mapping[str, str], size: int) -> UploadOffset | None:
        """Of an attachment of `size` bytes; None where the header is not there. Raises AnswerDamaged."""
        said = headers.get("upload-offset")
        if said is None:
            return None
        if not (said.isascii() and said.isdigit() and len(said) <= 19 and int(said) <= size):
            raise damaged(f"Upload-Offset is none of an attachment of {size} bytes")
        return UploadOffset(int(said))


@dataclass(frozen=True, slots=True)
class FeedPage:
    """GET /v1/feed. `entries` are signed statements, unread; hashes are SHA-256 in hex."""

    cursor: int
    mark: str
    entries: tuple[str, ...]
    more: bool
    rewound: bool
    settled: int
    catalogue: str
    calendar: str
    dictionary: int
    dictionary_hash: str

    @staticmethod
    def of(body: bytes, since: int) -> FeedPage:
        """The page after the entry `since`: it goes on from there, or begins anew and says so. Raises AnswerDamaged."""
        said = read_object(body, 32 * MB)
        dictionary = members(said, "dictionary")
        page = FeedPage(
            cursor=whole(said, "cursor"),
            mark=text(said, "mark", _MARK),
            entries=texts(said, "entries", MOST_ENTRIES),
            more=flag(said, "more"),
            rewound=flag(said, "rewound"),
            settled=whole(said, "settled"),
            catalogue=text(members(said, "catalogue"), "content_hash", _HASH),
            calendar=text(members(said, "calendar"), "content_hash", _HASH),
            dictionary=whole(dictionary, "id", 1, 32767),
            dictionary_hash=text(dictionary, "content_hash", _HASH),
        )
        if page.cursor < (0 if page.rewound else since):
            raise damaged("the feed goes back without saying so")
        if page.more and (not page.entries or page.cursor <= (0 if page.rewound else since)):
            raise damaged("the feed has more and does not go on")
        return page


@dataclass(frozen=True, slots=True)
class InventoryAnswer:
    """POST /v1/inventory: what the platform has lost, by record id and by attachment digest."""

    records: tuple[str, ...]
    attachments: tuple[str, ...]

    @staticmethod
    def of(body: bytes, records: Collection[str], attachments: Collection[str]) -> InventoryAnswer:
        """Of those that were asked about, and no others. Raises AnswerDamaged."""
        said = read_object(body, 8 * MB)
        missing = InventoryAnswer(
            texts(said, "missing_records", len(records)), texts(said, "missing_attachments", len(attachments))
        )
        if not (set(missing.records) <= set(records) and set(missing.attachments) <= set(attachments)):
            raise damaged("something is said to be missing that was not asked about")
        return missing


@dataclass(frozen=True, slots=True)
class CatalogueAnswer:
    """GET /v1/catalogue: the whole document, or what turns the terminal's own into it; either has yet to be checked."""

    document: Mapping[str, Any] | None
    delta: Mapping[str, Any] | None

    @staticmethod
    def of(body: bytes) -> CatalogueAnswer:
        """Raises AnswerDamaged."""
        said = read_object(body, 32 * MB)
        if "delta" not in said:
            return CatalogueAnswer(members(said, "document"), None)
        delta = members(said, "delta")
        members(delta, "parts")
        text(delta, "from", _VERSION)
        text(delta, "hash", _HASH)
        for name in ("gone", "order"):
            texts(delta, name, 100_000)
        items = delta.get("items")
        if not isinstance(items, list) or not all(isinstance(i, dict) and isinstance(i.get("id"), str) for i in items):
            raise damaged("items of the delta are no objects with ids")
        return CatalogueAnswer(None, delta)


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """GET /v1/calendar: the working-day table, which has yet to be checked."""

    table: Mapping[str, Any]

    @staticmethod
    def of(body: bytes) -> CalendarAnswer:
        """Raises AnswerDamaged."""
        table = members(read_object(body, 4 * MB), "calendar")
        text(table, "version", _VERSION)
        years = table.get("years")
        if not isinstance(years, list) or len(years) > MOST_DAYS or not all(type(year) is int for year in years):
            raise damaged("years is no list of years")
        for name in ("holidays", "workdays"):
            texts(table, name, MOST_DAYS)
        return CalendarAnswer(table)


@dataclass(frozen=True, slots=True)
class DictionaryAnswer:
    """GET /v1/dictionary/NUMBER: its bytes, those that the feed announced."""

    data: bytes

    @staticmethod
    def of(body: bytes, content_hash: str) -> DictionaryAnswer:
        """`content_hash` as announced. Raises AnswerDamaged."""
        if len(body) > MB or hashlib.sha256(body).hexdigest() != content_hash:
            raise damaged("the dictionary is not the one that the feed announced")
        return DictionaryAnswer(body)


@dataclass(frozen=True, slots=True)
class EnrolAnswer:
    """POST /v1/enrol."""

    enrolment: Enrolment

    @staticmethod
    def of(body: bytes, gateway_url: str) -> EnrolAnswer:
        """Raises AnswerDamaged."""
        said = read_object(body, 256 * KB)
        station = members(said, "station")
        try:
            keys = PlatformKeys.from_dict(members(said, "platform"))
        except ContractError as fault:
            raise damaged(f"its keys: {fault}") from fault
        return EnrolAnswer(
            Enrolment(
                whole(said, "terminal", 1, 99_999), text(said, "client_id", _CLIENT), gateway_url.rstrip("/"), keys,
                text(said, "public_url", _URL), text(station, "name", _NAME), text(station, "area_code", _AREA),
                text(station, "phone", _NAME),
            )
        )  # fmt: skip

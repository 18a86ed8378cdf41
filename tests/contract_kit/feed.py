# SPDX-License-Identifier: Apache-2.0
"""F: the feed of a terminal."""

from __future__ import annotations

import hashlib
import re

from contract.catalogue import document_hash
from contract.events import Event, known_statement
from tests.contract_kit.answers import refused, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import must, point, same
from tests.contract_kit.terminal import Terminal


def mark_of(text: str) -> str:
    """As docs/integrating.md says."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def with_entries(kit: Kit, count: int = 3) -> Terminal:
    """A terminal whose feed has some entries, and nothing under way."""
    records = [kit.one.note() for _ in range(count)]
    kit.one.kept(*records)
    for record in records:
        kit.fate(kit.one, record.header.id)
    return kit.one


@point(
    "F-01",
    "The feed's answer has all its parts",
    "Give cursor, mark, entries, more, rewound, settled, catalogue, calendar, dictionary, of the types in the OpenAPI.",
)
def parts(kit: Kit) -> None:
    page = with_entries(kit, 1).page()
    for name, kind in (
        ("cursor", int),
        ("mark", str),
        ("entries", list),
        ("more", bool),
        ("rewound", bool),
        ("settled", int),
    ):
        must(type(page[name]) is kind, f"{name} is {page[name]!r}")
    for name, key, kind in (("catalogue", "version", str), ("calendar", "version", str), ("dictionary", "id", int)):
        good = type(page[name].get(key)) is kind and re.fullmatch("[0-9a-f]{64}", str(page[name].get("content_hash")))
        must(good, f"{name} is {page[name]!r}")


@point(
    "F-02",
    "Every entry is a statement of the platform, and events count upwards",
    "Sign each entry; give events of one feed ascending seq.",
)
def signed(kit: Kit) -> None:
    numbers = [s.seq for s in with_entries(kit).feed() if isinstance(s, Event)]
    must(numbers == sorted(set(numbers)), f"seq of the events: {numbers[-20:]}")


@point(
    "F-03",
    "From a cursor on only what is newer is given",
    "Answer `since` with the entries behind it and a cursor that ends there; with nothing new, the same cursor.",
)
def cursor(kit: Kit) -> None:
    terminal = with_entries(kit)
    entries, place = up_to_the_end(terminal, 0, "")
    more = terminal.note()
    terminal.kept(more)
    kit.fate(terminal, more.header.id)
    newer, end = up_to_the_end(terminal, *place)
    must(end[0] > place[0], "the cursor did not move although something is new")
    must(not set(entries) & set(newer), "behind the cursor, entries are given that stood before it")
    read = [terminal.read(text) for text in newer]
    must(more.header.id in [s.record_id for s in read if isinstance(s, Event)], "what is new is not behind the cursor")
    same((entries + newer), terminal.feed_texts()[: len(entries + newer)], "entries before and behind the cursor")


def up_to_the_end(terminal: Terminal, since: int, mark: str) -> tuple[list[str], tuple[int, str]]:
    """Entries behind a cursor, and the cursor behind which there are none. Raises Broken."""
    entries: list[str] = []
    while True:
        page = terminal.page(since, mark)
        if not page["entries"]:
            same((page["cursor"], page["mark"]), (since, mark), "cursor and mark where nothing is new")
            return entries, (since, mark)
        must(not set(entries) & set(page["entries"]), "behind the cursor, entries are given that stood before it")
        entries += page["entries"]
        since, mark = page["cursor"], page["mark"]


@point(
    "F-04",
    "An entry never changes",
    "Keep the signed text: the same entry is given in the same bytes for ever, also after new keys.",
)
def unchanged(kit: Kit) -> None:
    terminal = with_entries(kit)
    before, after = terminal.feed_texts(), terminal.feed_texts()
    same(after[: len(before)], before, "entries when asked again")


@point(
    "F-05",
    "`limit` ends a page, and `more` says that there is more",
    "Give at most `limit` entries (up to 500); say `more` only where entries are left.",
)
def limit(kit: Kit) -> None:
    terminal = with_entries(kit)
    everything = terminal.feed_texts()
    one = terminal.page(limit=1)
    same((one["entries"], one["more"]), (everything[:1], True), "first entry and more with limit=1")
    two = terminal.page(one["cursor"], one["mark"], 2)
    same(two["entries"], everything[1:3], "entries 2 and 3 with limit=2")
    same(terminal.page(limit=500)["more"], len(everything) > 500, "more with limit=500")


@point(
    "F-06",
    "The mark is of the entry at the cursor",
    "Give the first 16 hex digits of the SHA-256 of the entry's text at the cursor; empty at 0.",
)
def mark(kit: Kit) -> None:
    terminal = with_entries(kit)
    for size in (1, 2, 500):
        page = terminal.page(limit=size)
        same(page["mark"], mark_of(page["entries"][-1]), f"mark with limit={size}")


@point(
    "F-07",
    "A cursor with its own mark goes on; with another mark the feed begins anew, and says so",
    "Where your entry at `since` is missing or has another mark you were restored from a backup: answer rewound true "
    "and the feed from its beginning.",
)
def rewound(kit: Kit) -> None:
    terminal = with_entries(kit)
    everything = terminal.page()
    same(terminal.page(everything["cursor"], everything["mark"])["rewound"], False, "rewound with the right mark")
    same(terminal.page(0, "")["rewound"], False, "rewound at 0")
    for since, given in ((everything["cursor"], "0123456789abcdef"), (everything["cursor"] + 1000, everything["mark"])):
        page = terminal.page(since, given)
        same(page["rewound"], True, f"rewound with since={since} and another mark")
        must(page["entries"][:1] == everything["entries"][:1], "a rewound feed does not begin at its beginning")


@point(
    "F-08",
    "`settled` covers nothing that has only just come",
    "Say up to which sequence all is opened and older than your retention, 0 for nothing: the terminal deletes up to "
    "there.",
)
def settled(kit: Kit) -> str:
    record = kit.one.note()
    kit.one.kept(record)
    page = kit.one.page()
    must(page["settled"] >= 0, f"settled is {page['settled']}")
    kit.fate(kit.one, record.header.id)
    page = kit.one.page()
    must(
        page["settled"] < record.header.sequence,
        f"settled is {page['settled']}, but the record {record.header.sequence} came a moment ago: retention is 0",
    )
    return f"settled up to {page['settled']}"


@point(
    "F-09",
    "What the feed says of catalogue, calendar and dictionary is true",
    "Announce exactly what the other calls give: a terminal asks for them only when these differ from what it has.",
)
def announced(kit: Kit) -> None:
    page = kit.one.page()
    catalogue = said(kit.one.call("GET", "/v1/catalogue"), 200)
    same(page["catalogue"]["version"], catalogue["version"], "version of the catalogue")
    same(page["catalogue"]["content_hash"], document_hash(catalogue["document"]), "hash of the catalogue")
    calendar = said(kit.one.call("GET", "/v1/calendar"), 200)["calendar"]
    same(page["calendar"]["version"], calendar["version"], "version of the calendar")
    same(page["calendar"]["content_hash"], document_hash(calendar), "hash of the calendar")
    number = page["dictionary"]["id"]
    content = status(kit.one.call("GET", f"/v1/dictionary/{number}"), 200).content
    same(page["dictionary"]["content_hash"], hashlib.sha256(content).hexdigest(), f"hash of dictionary {number}")


@point(
    "F-10",
    "No terminal sees another's feed",
    "Take whose feed it is from the token and from nothing else.",
)
def isolated(kit: Kit) -> None:
    with_entries(kit)
    other = kit.two.note()
    kit.two.kept(other)
    kit.fate(kit.two, other.header.id)
    mine, theirs = ({e.record_id for e in terminal.events()} for terminal in (kit.one, kit.two))
    must(not mine & theirs, f"{len(mine & theirs)} events stand in the feeds of two terminals")
    for more in (f"terminal={kit.one.number}", f"client_id={kit.one.client}"):
        page = said(kit.two.call("GET", f"/v1/feed?since=0&limit=500&{more}"), 200)
        statements = [known_statement(text) for text in page["entries"]]
        must(not mine & {s.record_id for s in statements if isinstance(s, Event)}, f"?{more} gives another's feed")


@point("F-11", "A cursor that is none is refused", "Answer 400 cursor where since or limit is no number.")
def no_cursor(kit: Kit) -> None:
    for query in ("since=soon", "limit=many", "since=1.5"):
        refused(kit.one.call("GET", f"/v1/feed?{query}"), 400, "cursor")

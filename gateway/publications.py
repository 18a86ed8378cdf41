# SPDX-License-Identifier: Apache-2.0
"""The catalogue, the working-day table and compression dictionaries as published, with the versions before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from contract.catalogue import catalogue_delta, document_hash, load_catalogue
from contract.deadlines import WorkCalendar
from contract.items import Catalogue, ServiceItem
from contract.packing import FIRST_PUBLISHED, SHIPPED, Dictionaries, PackingError, from_cbor, to_cbor
from gateway.database.store import Store
from gateway.database.tables import catalogues, dictionaries, settings
from gateway.errors import GatewayError

_IN_FORCE = select(
    select(catalogues.c.content_hash).order_by(catalogues.c.position.desc()).limit(1).scalar_subquery(),
    select(settings.c.value).where(settings.c.name == "calendar").scalar_subquery(),
    select(func.max(dictionaries.c.number)).scalar_subquery(),
)


_LOCK = "shelf"  # as a program of the release before names it, which may work beside this one


class Publications:
    """What is published now, and what was."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: dict[str, Catalogue] = {}
        self._items: dict[tuple[str, str], ServiceItem] = {}
        self._dictionaries = Dictionaries()

    def publish(self, document: Mapping[str, Any]) -> Catalogue:
        """Puts a checked catalogue in force. Raises CatalogueError: then the old one stays."""
        catalogue = load_catalogue(document)
        with self._store.transaction() as db:
            self._store.lock(db, _LOCK)
            position = (db.execute(select(func.max(catalogues.c.position))).scalar() or 0) + 1
            known = db.execute(
                select(catalogues.c.position).where(catalogues.c.content_hash == catalogue.content_hash)
            ).scalar()
            if known is None:
                db.execute(
                    insert(catalogues).values(
                        content_hash=catalogue.content_hash, version=catalogue.version, position=position,
                        document=to_cbor(document),
                    )
                )  # fmt: skip
            elif known != position - 1:
                db.execute(
                    update(catalogues)
                    .where(catalogues.c.content_hash == catalogue.content_hash)
                    .values(position=position)
                )
        self._loaded[catalogue.content_hash] = catalogue
        return catalogue

    def publish_calendar(self, calendar: WorkCalendar) -> None:
        """Replaces the working-day table."""
        value = json.dumps(calendar.to_dict())
        with self._store.transaction() as db:
            db.execute(
                self._store.upsert(settings)
                .values(name="calendar", value=value)
                .on_conflict_do_update(index_elements=[settings.c.name], set_={"value": value})
            )

    def current(self) -> Catalogue:
        """The catalogue in force. Raises GatewayError no-catalogue."""
        with self._store.reading() as db:
            row = db.execute(select(catalogues.c.content_hash).order_by(catalogues.c.position.desc()).limit(1)).scalar()
        if row is None:
            raise _no_catalogue()
        return self._load(row)

    def is_empty(self) -> bool:
        """Whether nothing was ever published."""
        with self._store.reading() as db:
            return db.execute(select(catalogues.c.position).limit(1)).first() is None

    def _load(self, content_hash: str) -> Catalogue:
        if content_hash not in self._loaded:
            with self._store.reading() as db:
                raw = db.execute(
                    select(catalogues.c.document).where(catalogues.c.content_hash == content_hash)
                ).scalar_one()
            self._loaded[content_hash] = load_catalogue(from_cbor(raw), trusted=True)
        return self._loaded[content_hash]

    def item(self, item_id: str, content_hash: str) -> ServiceItem | None:
        """An item in the wording (`content_hash`) that an application was filled in with, newest catalogue first."""
        if (item_id, content_hash) not in self._items:
            found = self._find_item(item_id, content_hash)
            if found is None:
                return None
            self._items[item_id, content_hash] = found  # a wording never changes
        return self._items[item_id, content_hash]

    def _find_item(self, item_id: str, content_hash: str) -> ServiceItem | None:
        with self._store.reading() as db:
            hashes = (
                db.execute(select(catalogues.c.content_hash).order_by(catalogues.c.position.desc())).scalars().all()
            )
        for name in hashes:
            item = self._load(name).items.get(item_id)
            if item is not None and item.content_hash == content_hash:
                return item
        return None

    def answer(self, since: str | None) -> dict[str, Any]:
        """Answers GET /v1/catalogue: a delta where the terminal's version is known and the delta is smaller."""
        catalogue = self.current()
        answer: dict[str, Any] = {"version": catalogue.version, "content_hash": catalogue.content_hash}
        with self._store.reading() as db:
            raw = db.execute(
                select(catalogues.c.document)
                .where(catalogues.c.version == since)
                .order_by(catalogues.c.position.desc())
                .limit(1)
            ).scalar()
        if since is not None and raw is not None:
            return answer | {"delta": catalogue_delta(from_cbor(raw), catalogue.document)}
        return answer | {"document": catalogue.document}

    def published(self, db: Connection) -> dict[str, dict[str, Any]]:
        """Which catalogue, calendar and dictionary are in force; asked by every terminal all the time.

        Raises GatewayError no-catalogue.
        """
        content_hash, calendar, last = db.execute(_IN_FORCE).one()
        if content_hash is None:
            raise _no_catalogue()
        number = SHIPPED if last is None else int(last)
        calendar_hash, table = _calendar(calendar)
        return {
            "catalogue": {"version": self._load(content_hash).version, "content_hash": content_hash},
            "calendar": {"version": table["version"], "content_hash": calendar_hash},
            "dictionary": {"id": number, "content_hash": hashlib.sha256(self.dictionary(number)).hexdigest()},
        }

    def calendar(self) -> tuple[str, dict[str, Any]]:
        """Content hash and table."""
        with self._store.reading() as db:
            return _calendar(db.execute(select(settings.c.value).where(settings.c.name == "calendar")).scalar())

    def publish_dictionary(self, data: bytes) -> int:
        """Gives a compression dictionary its number. Raises PackingError dictionary-malformed."""
        Dictionaries().add(FIRST_PUBLISHED, data)
        with self._store.transaction() as db:
            self._store.lock(db, _LOCK)
            last = db.execute(select(func.max(dictionaries.c.number))).scalar()
            number = FIRST_PUBLISHED if last is None else int(last) + 1
            db.execute(insert(dictionaries).values(number=number, content=data))
        return number

    def dictionaries(self, *, again: bool = False) -> Dictionaries:
        """All that were published; `again` looks for those that another process has published since."""
        if again:
            with self._store.reading() as db:
                for row in db.execute(select(dictionaries)).all():
                    self._dictionaries.add(row.number, bytes(row.content))
        return self._dictionaries

    def newest_dictionary(self) -> dict[str, Any]:
        """Which one terminals shall use: {"id", "content_hash"}."""
        with self._store.reading() as db:
            last = db.execute(select(func.max(dictionaries.c.number))).scalar()
        number = SHIPPED if last is None else int(last)
        return {"id": number, "content_hash": hashlib.sha256(self.dictionary(number)).hexdigest()}

    def dictionary(self, number: int) -> bytes:
        """Raises GatewayError dictionary-unknown."""
        try:
            return self.dictionaries(again=number not in self._dictionaries).bytes_of(number)
        except PackingError as fault:
            raise GatewayError(404, fault.code, "no dictionary of this number was published") from fault


def _no_catalogue() -> GatewayError:
    return GatewayError(503, "no-catalogue", "no catalogue is published yet; start with --catalogue FILE")


@lru_cache(maxsize=4)
def _calendar(raw: str | None) -> tuple[str, dict[str, Any]]:
    table = json.loads(raw) if raw else {"version": "none", "years": [], "holidays": [], "workdays": []}
    return document_hash(table), table

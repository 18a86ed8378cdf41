# SPDX-License-Identifier: Apache-2.0
"""The catalogue and the working-day table as published, with the versions before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select, update

from contract.catalogue import catalogue_delta, document_hash, load_catalogue
from contract.deadlines import WorkCalendar
from contract.items import Catalogue, ServiceItem
from contract.packing import from_cbor, to_cbor
from gateway.errors import GatewayError
from gateway.store import Store, catalogues, settings


class Shelf:
    """What is published now, and what was."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: dict[str, Catalogue] = {}

    def publish(self, document: Mapping[str, Any]) -> Catalogue:
        """Puts a checked catalogue on the shelf. Raises CatalogueError: then the old one stays."""
        catalogue = load_catalogue(document)
        with self._store.transaction() as db:
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
        with self._store.transaction() as db:
            if db.execute(select(settings).where(settings.c.name == "calendar")).first():
                db.execute(update(settings).where(settings.c.name == "calendar").values(value=_json(calendar)))
            else:
                db.execute(insert(settings).values(name="calendar", value=_json(calendar)))

    def current(self) -> Catalogue:
        """The catalogue in force. Raises GatewayError no-catalogue."""
        with self._store.transaction() as db:
            row = db.execute(select(catalogues.c.content_hash).order_by(catalogues.c.position.desc()).limit(1)).scalar()
        if row is None:
            raise GatewayError(503, "no-catalogue", "no catalogue is published yet; start with --catalogue FILE")
        return self._load(row)

    def is_empty(self) -> bool:
        """Whether nothing was ever published."""
        with self._store.transaction() as db:
            return db.execute(select(catalogues.c.position).limit(1)).first() is None

    def _load(self, content_hash: str) -> Catalogue:
        if content_hash not in self._loaded:
            with self._store.transaction() as db:
                raw = db.execute(
                    select(catalogues.c.document).where(catalogues.c.content_hash == content_hash)
                ).scalar_one()
            self._loaded[content_hash] = load_catalogue(from_cbor(raw), trusted=True)
        return self._loaded[content_hash]

    def item(self, item_id: str, content_hash: str) -> ServiceItem | None:
        """An item in the wording (`content_hash`) that an application was filled in with, newest catalogue first."""
        with self._store.transaction() as db:
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
        with self._store.transaction() as db:
            raw = db.execute(
                select(catalogues.c.document)
                .where(catalogues.c.version == since)
                .order_by(catalogues.c.position.desc())
                .limit(1)
            ).scalar()
        if since is not None and raw is not None:
            return answer | {"delta": catalogue_delta(from_cbor(raw), catalogue.document)}
        return answer | {"document": catalogue.document}

    def calendar(self) -> tuple[str, dict[str, Any]]:
        """Content hash and table."""
        with self._store.transaction() as db:
            raw = db.execute(select(settings.c.value).where(settings.c.name == "calendar")).scalar()
        table = json.loads(raw) if raw else {"version": "none", "years": [], "holidays": [], "workdays": []}
        return document_hash(table), table


def _json(calendar: WorkCalendar) -> str:
    return json.dumps(calendar.to_dict())

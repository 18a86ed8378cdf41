# SPDX-License-Identifier: Apache-2.0
"""The gateway's parts put together over one data directory."""

from __future__ import annotations

from pathlib import Path

from contract.catalogue import parse_catalogue
from contract.sample import sample_calendar, sample_catalogue
from gateway.blobs import Blobs
from gateway.cases import Cases
from gateway.enrolment import Enrolment
from gateway.feeds import Feeds
from gateway.ingest import Ingest
from gateway.keys import load_keys
from gateway.officers import Officers
from gateway.shelf import Shelf
from gateway.store import Store
from gateway.tokens import Tokens
from gateway.uploads import Uploads

STATION = {"name": "示例村便民服务点", "area_code": "990123101201", "phone": "12345"}


class Platform:
    """Everything that answers a request. Close it at the end."""

    def __init__(self, data: Path, *, public_url: str = "http://127.0.0.1", catalogue: Path | None = None) -> None:
        self.store = Store(data)
        self.keys = load_keys(data)
        self.shelf = Shelf(self.store)
        self._stock_the_shelf(catalogue)
        self.feeds = Feeds(self.store, self.keys, self.shelf)
        self.blobs = Blobs(data / "attachments")
        self.enrolment = Enrolment(self.store, self.keys, public_url=public_url, station=STATION)
        self.tokens = Tokens(self.store, self.keys.session)
        self.ingest = Ingest(self.store, self.keys, self.shelf, self.feeds, self.blobs)
        self.uploads = Uploads(self.store, self.keys, self.feeds, self.blobs)
        self.cases = Cases(self.store, self.keys, self.shelf, self.feeds, self.blobs)
        self.officers = Officers(self.store, self.keys.session)

    def _stock_the_shelf(self, catalogue: Path | None) -> None:
        if catalogue is not None:
            self.shelf.publish(parse_catalogue(catalogue.read_bytes()).document)
        elif self.shelf.is_empty():
            self.shelf.publish(sample_catalogue().document)
        if self.shelf.calendar()[1]["version"] == "none":
            self.shelf.publish_calendar(sample_calendar())

    def close(self) -> None:
        """Lets go of the database."""
        self.store.close()

# SPDX-License-Identifier: Apache-2.0
"""The gateway's parts put together over one data directory and one database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contract.catalogue import parse_catalogue
from contract.sample import sample_calendar, sample_catalogue
from gateway.access.enrolment import Enrolment
from gateway.access.officers import Officers
from gateway.access.tokens import Tokens
from gateway.attachments.blobs import blobs_at
from gateway.attachments.partials import Partials
from gateway.attachments.uploads import Uploads
from gateway.cases import Cases
from gateway.database.store import Store
from gateway.feeds import Feeds
from gateway.ingest.batches import Ingest
from gateway.ingest.inventory import Inventory
from gateway.ingest.postgresql import PostgresqlWriter
from gateway.ingest.sqlite import SqliteWriter
from gateway.ingest.writer import BatchWriter
from gateway.keys.generations import Generation, Keys
from gateway.keys.rotation import rotate_keys
from gateway.opening.loop import Opener
from gateway.opening.rounds import Opening
from gateway.publications import Publications

STATION = {"name": "示例村便民服务点", "area_code": "990123101201", "phone": "12345"}


@dataclass(frozen=True, slots=True)
class Setup:
    """Where things are kept, and how. The same for all processes of one gateway."""

    data: Path
    database: str = ""  # postgresql://...; SQLite in `data` without
    attachments: str = ""  # a directory or s3://BUCKET/PREFIX; in `data` without
    public_url: str = "http://127.0.0.1"
    retention_days: int = 30  # terminals keep what they delivered for so long, should this side be restored


class Platform:
    """Everything that answers a request. Close it at the end.

    Raises DatabaseUnusableError, or one of DATABASE_AWAY: it needs the database. The store for attachments may be away.
    """

    def __init__(self, setup: Setup | Path, *, catalogue: Path | None = None) -> None:
        if isinstance(setup, Path):
            setup = Setup(setup)
        self.setup = setup
        self.opener: Opener | None = None
        self.store = Store(setup.data, setup.database)
        try:
            self._put_together(setup, catalogue)
        except BaseException:
            self.store.close()
            raise

    def _put_together(self, setup: Setup, catalogue: Path | None) -> None:
        self.keys = Keys(setup.data, self.store)
        self.publications = Publications(self.store)
        self._publish_first(catalogue)
        self.feeds = Feeds(self.store, self.keys, self.publications, retention_days=setup.retention_days)
        self.partials = Partials(setup.data / "partials")
        self.blobs = blobs_at(setup.attachments, setup.data)
        self.enrolment = Enrolment(self.store, self.keys, public_url=setup.public_url, station=STATION)
        self.tokens = Tokens(self.store, self.keys.session)
        writer: BatchWriter = PostgresqlWriter(self.store) if setup.database else SqliteWriter(self.store)
        self.ingest = Ingest(self.store, self.keys, self.partials, writer)
        self.opening = Opening(self.store, self.keys, self.publications, self.feeds)
        self.uploads = Uploads(self.store, self.keys, self.feeds, self.partials, self.blobs)
        self.inventory = Inventory(self.store)
        self.cases = Cases(self.store, self.keys, self.publications, self.feeds, self.blobs)
        self.officers = Officers(self.store, self.keys.session)

    def _publish_first(self, catalogue: Path | None) -> None:
        if catalogue is not None:
            self.publications.publish(parse_catalogue(catalogue.read_bytes()).document)
        elif self.publications.is_empty():
            self.publications.publish(sample_catalogue().document)
        if self.publications.calendar()[1]["version"] == "none":
            self.publications.publish_calendar(sample_calendar())

    def rotate_keys(self, suite: int) -> Generation:
        """New keys for everybody; see `rotation`."""
        return rotate_keys(self.store, self.keys, self.feeds, suite=suite)

    def start_opener(self, opener: Opener) -> None:
        """Opens what comes in, in the background, until this is closed."""
        self.opener = opener
        opener.start()

    def wake_opener(self) -> None:
        """Something was queued."""
        if self.opener is not None:
            self.opener.wake()

    def close(self) -> None:
        """Stops the opener and lets go of the database."""
        if self.opener is not None:
            self.opener.stop()
        self.ingest.close()
        self.store.close()

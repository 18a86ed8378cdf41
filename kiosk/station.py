# SPDX-License-Identifier: Apache-2.0
"""What a visit knows of the place where it stands: station, catalogue, working days. Nothing of a person."""

from __future__ import annotations

import json
from dataclasses import dataclass

from contract.catalogue import load_catalogue
from contract.deadlines import WorkCalendar
from contract.items import Catalogue
from contract.packing import from_cbor
from offline.client.port import Port
from offline.errors import NotEnrolled
from offline.port import messages


@dataclass(slots=True)
class Station:
    """As the keeper said last. Taken anew between visits, never under somebody's hands."""

    facts: messages.Station
    catalogue: Catalogue
    calendar: WorkCalendar

    @staticmethod
    def ask(port: Port) -> Station:
        """Raises NoCatalogue, KeeperGone."""
        return Station(port.ask(messages.AskStation()), *published(port))

    def require(self) -> messages.Station:
        """Raises NotEnrolled."""
        if not self.facts.terminal:
            raise NotEnrolled("this terminal has no platform yet; run: doorstep enrol --gateway URL --code CODE")
        return self.facts


def published(port: Port) -> tuple[Catalogue, WorkCalendar]:
    """What the platform has published. Raises NoCatalogue, KeeperGone."""
    document = port.ask(messages.AskCatalogue()).data
    table = port.ask(messages.AskCalendar()).data
    assert document is not None
    assert table is not None
    return load_catalogue(from_cbor(document), trusted=True), WorkCalendar.from_dict(json.loads(table))

# SPDX-License-Identifier: Apache-2.0
"""What events say, opened for the person who is here; the secrets are asked for one by one, no private key is held."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contract.errors import ContractError
from contract.event_body import EventBody
from contract.events import Event, open_body
from offline.errors import OfflineError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What one event says. `lost`: something in it does not open here, `body` is what could be read all the same."""

    body: EventBody
    lost: bool = False


def read_events(events: Iterable[Event], secret_of: Callable[[int], bytes], terminal: int) -> dict[int, Said]:
    """By the events' `seq`. `secret_of` gives the secret of an event that has something sealed; it may raise
    OfflineError or ContractError: then that one is lost, and the others are read."""
    found = {}
    for event in events:
        try:
            secret = secret_of(event.seq) if event.sealed else b""
            found[event.seq] = Said(open_body(event, secret, terminal))
        except (ContractError, OfflineError) as fault:
            log.warning("what event %d of a case says does not open: %s", event.seq, fault.code)
            found[event.seq] = Said(event.clear or EventBody(), lost=True)
    return found

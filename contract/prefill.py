# SPDX-License-Identifier: Apache-2.0
"""What a form need not ask: fields that the card and the station answer already."""

from __future__ import annotations

from typing import Any

from contract.fields import Field
from contract.identity import Identity


def prefill(f: Field, identity: Identity, station_area: str) -> Any:
    """What a field's prefill source gives, or None."""
    return {
        "card.name": identity.name,
        "card.id_number": identity.id_number,
        "card.sex": identity.sex,
        "card.ethnic": identity.ethnic,
        "card.birth": identity.birth,
        "card.address": identity.address,
        "station.area": station_area,
    }.get(f.prefill or "")

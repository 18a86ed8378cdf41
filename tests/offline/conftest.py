# SPDX-License-Identifier: Apache-2.0
"""A terminal enrolled at a real gateway, and applications to register."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from contract.application import Application, Consent, MaterialAnswer, Value
from contract.sample import sample_catalogue
from contract.sample.people import example_values
from offline.client.images import prepare_image
from offline.registration import Attachment
from offline.terminal import Terminal
from tests.live import Link, LiveGateway, enrolled_terminal, live_gateway


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is a second on a village's link is a twentieth here."""
    monkeypatch.setattr("offline.sync.link.dialer.SYN_GAP", 0.03)
    monkeypatch.setattr("offline.sync.link.dialer.REFUSED_GAP", 0.03)


@pytest.fixture
def gateway(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LiveGateway]:
    request.getfixturevalue("brisk")
    with live_gateway(tmp_path / "gateway") as live:
        yield live


@pytest.fixture
def link(gateway: LiveGateway) -> Iterator[Link]:
    relay = Link(gateway.port)
    yield relay
    relay.close()


@pytest.fixture
def terminal(tmp_path: Path, gateway: LiveGateway, link: Link) -> Iterator[Terminal]:
    with enrolled_terminal(tmp_path / "terminal", gateway, link.url) as one:
        yield one


Make = Callable[..., Application]


def application(code: str, seed: int = 1, item_id: str = "old80") -> Application:
    item = sample_catalogue().item(item_id)
    identity, values = example_values(item, random.Random(seed), date(2026, 11, 23))
    return Application(
        item.id, item.version, item.content_hash, code, identity,
        {k: Value(v, "resident") for k, v in values.items()},
        tuple(MaterialAnswer(m.id, "later") for m in item.materials if m.required),
        Consent("1", "2026-11-23T09:41:00+08:00", True, True), "2026-11-23T09:52:00+08:00",
        signature={"width": 9, "height": 9, "strokes": [[[1, 1, 0, 0.5]]]},
    )  # fmt: skip


def picture(seed: int = 1, side: int = 300) -> bytes:
    rng = random.Random(seed)
    out = io.BytesIO()
    Image.frombytes("L", (side, side), rng.randbytes(side * side)).save(out, "JPEG", quality=90)
    return out.getvalue()


def attachment(seed: int = 1, side: int = 300) -> Attachment:
    return prepare_image(picture(seed, side), material="bankcard")

# SPDX-License-Identifier: Apache-2.0
"""A gateway that can be made wrong, and kits that look at it."""

from __future__ import annotations

import shlex
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from contract.event_body import CorrectionAsk
from contract.packing import SHIPPED, Dictionaries
from gateway.database.tables import enrol_failures
from gateway.opening.loop import Opener
from gateway.platform import Platform
from tests.contract_kit.kit import Choices, Kit
from tests.kit_check.breaking import Breaking
from tests.kit_check.wrong import Wrong
from tests.live import Server


class Proxied(Server):
    """The gateway with something in front of it."""

    def __init__(self, platform: Platform, listener: socket.socket) -> None:
        super().__init__(platform, listener)
        self.breaking = Breaking(self.config.app, platform)
        self.config.app = self.breaking
        self.config.date_header = False  # it is told by the proxy, so that it can be left out


@dataclass
class Place:
    """A gateway, what is in front of it, and a kit that has looked at it without a fault."""

    url: str
    platform: Platform
    breaking: Breaking
    choices: Choices
    good: Kit

    def fresh(self, *, hurried: bool) -> Kit:
        """Other terminals, the same catalogue."""
        choices = replace(self.choices, opening=1.0) if hurried else self.choices
        kit = Kit(self.url, lambda: self.platform.enrolment.new_code("示例村"), choices)
        kit.__dict__ |= {"item": self.good.item, "catalogue": self.good.catalogue}
        return kit

    @contextmanager
    def kit(self, wrong: Wrong) -> Iterator[Kit]:
        """One whose gateway is wrong; its terminals were enrolled before unless the fault is about that."""
        with self.platform.store.transaction() as db:
            db.execute(delete(enrol_failures))
        kit = self.fresh(hurried=wrong.hurried)
        if not wrong.early:
            for terminal in (kit.one, kit.two):
                terminal.know(self.good.catalogue)
                if "T-09" not in wrong.breaks:
                    terminal.page()
        self.breaking.fault = wrong.make()
        try:
            yield kit
        finally:
            self.breaking.fault = None
            kit.close()


def correcting(platform: Platform) -> Callable[[str, str, str], None]:
    """An officer of this platform."""

    def correct(code: str, field: str, text: str) -> None:
        platform.cases.act(code, "correct", text=text, asks=(CorrectionAsk(field, text),))

    return correct


@pytest.fixture(autouse=True)
def no_leftover_threads() -> None:
    """The gateway lives as long as these tests and makes threads as it needs them; `place` looks at its end."""


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    data: Path = tmp_path_factory.mktemp("wrong") / "gateway"
    before = set(threading.enumerate())
    platform = Platform(data)
    platform.publications.publish_dictionary(Dictionaries().bytes_of(SHIPPED))
    platform.start_opener(Opener(platform.opening))
    rotate = shlex.join([sys.executable, "-m", "gateway", "rotate-keys", "--data", str(data)])
    correct = correcting(platform)
    choices = Choices(correct=correct, guess=True, crash=lambda: None, patience=1.0, rotate=rotate, examples=2)
    listener = socket.create_server(("127.0.0.1", 0))
    server = Proxied(platform, listener)
    try:
        with listener, server.running() as url:
            good = Kit(url, lambda: platform.enrolment.new_code("示例村"), choices)
            assert good.item.id
            yield Place(url, platform, server.breaking, choices, good)
            good.close()
    finally:
        platform.close()
    left = [t for t in threading.enumerate() if t not in before and not t.name.startswith("AnyIO worker")]
    assert not left

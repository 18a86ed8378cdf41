# SPDX-License-Identifier: Apache-2.0
"""The whole terminal: a real store enrolled at a real gateway, real devices' protocols, the real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from contract.identity import Identity
from devices.profile import DeviceProfile
from devices.simulation import SimulatedDevices
from kiosk.app.app import KioskApp
from kiosk.config import KioskConfig
from kiosk.demo.finger import Finger
from kiosk.keeper.in_process import keeper_beside
from kiosk.visit import intents
from offline.terminal import Terminal
from tests.kiosk.visit.conftest import SIGNATURE, VALUES
from tests.live import Link, LiveGateway, enrolled_terminal, live_gateway


class Post:
    """A terminal somebody stands before: says wishes, waits for screens."""

    def __init__(
        self,
        terminal: Terminal,
        devices: SimulatedDevices | None,
        profile: DeviceProfile | None = None,
        media_root: Path = Path("/"),
    ) -> None:
        config = KioskConfig(full_screen=False, speech=False, sync_seconds=0.5, idle_seconds=900.0)
        self.terminal = terminal
        self.devices = devices
        self._stack = ExitStack()
        self.keeper, client = self._stack.enter_context(
            keeper_beside(terminal, sync_seconds=config.sync_seconds, media_root=media_root)
        )
        self.kiosk = KioskApp(client, devices.profile if devices else profile, config)
        self.finger = Finger(self.kiosk.shell)
        self.kiosk.start()

    def stop(self) -> None:
        self.kiosk.stop()
        self._stack.close()

    @property
    def screen(self) -> str:
        return self.kiosk.machine.screen

    def say(self, *said: object) -> None:
        for intent in said:
            self.kiosk.take(intent)
            self.finger.breathe(0)

    def until(self, what: Callable[[], object], why: str) -> None:
        self.finger.wait(what, why, 30)

    def at(self, screen: str) -> None:
        self.until(lambda: self.screen == screen, f"the screen {screen}, is {self.screen}")

    def to_form(self, who: Identity, item: str = "old80") -> None:
        """The card is laid on the reader, or said to have been where there is none."""
        self.say(intents.Touched(), intents.OpenChoose(), intents.ChooseService(item), intents.StartApplication())
        self.at("notice")
        self.say(intents.ConsentGiven(True))
        self.at("card")
        if self.devices is None:
            self.say(intents.CardSeen(who))
        else:
            self.devices.present_card(who)
        self.until(lambda: self.screen in ("applyfor", "form"), "the card to be read")
        if self.screen == "applyfor":
            self.say(intents.ApplyFor("self"))
        self.finger.breathe(0.05)

    def fill(self) -> None:
        while self.screen == "form":
            page = self.kiosk.machine.view().page
            assert page is not None
            for name in page.fields:
                if name in VALUES:
                    self.say(intents.SetValue(name, VALUES[name]))
            self.say(intents.NextPage())
            assert self.kiosk.machine.view().page is not page, self.kiosk.machine.view().problems
        assert self.screen == "materials", self.kiosk.machine.view().problems

    def to_sign(self) -> None:
        self.fill()
        item = self.kiosk.machine.visit.item
        assert item is not None
        for material in item.materials:
            if material.required and material.id not in self.kiosk.machine.view().materials:
                self.say(intents.AnswerMaterial(material.id, "later"))
        self.say(intents.NextPage(), intents.NextPage(), intents.NextPage())
        assert self.screen == "sign"

    def hand_in(self) -> None:
        self.say(intents.Signed(SIGNATURE), intents.Submit())

    def printed(self) -> bool:
        prints = self.kiosk.machine.view().prints
        return bool(prints) and all(p.state in ("done", "failed") for p in prints.values())


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[LiveGateway]:
    with live_gateway(tmp_path / "gateway") as live:
        yield live


@pytest.fixture
def link(gateway: LiveGateway) -> Iterator[Link]:
    relay = Link(gateway.port)
    yield relay
    relay.close()


@pytest.fixture
def terminal(tmp_path: Path, gateway: LiveGateway, link: Link) -> Iterator[Terminal]:
    with enrolled_terminal(tmp_path / "terminal", gateway, link.url) as enrolled:
        yield enrolled


@pytest.fixture
def make_post(qapp: QApplication, terminal: Terminal) -> Iterator[Callable[..., Post]]:
    del qapp
    with ExitStack() as stack:

        def make(*, devices: bool = False, profile: DeviceProfile | None = None, media_root: Path = Path("/")) -> Post:
            simulated = stack.enter_context(SimulatedDevices()) if devices else None
            post = Post(terminal, simulated, profile, media_root)
            stack.callback(post.kiosk.shell.deleteLater)
            stack.callback(post.stop)
            return post

        yield make


@pytest.fixture
def elsewhere(tmp_path: Path, gateway: LiveGateway) -> Iterator[Terminal]:
    """Another terminal of the same platform, cut off since it was enrolled."""
    with enrolled_terminal(tmp_path / "elsewhere", gateway) as other:
        yield other

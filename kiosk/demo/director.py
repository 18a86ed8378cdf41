# SPDX-License-Identifier: Apache-2.0
"""The visits of the demo, scene by scene, through the real window by synthesized touches."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint

from kiosk.demo import people
from kiosk.demo.camera import Camera
from kiosk.demo.finger import Finger, NotThereError
from kiosk.demo.link import Link
from kiosk.demo.platform_side import PlatformSide
from kiosk.demo.writer import Writer
from kiosk.visit.screen import Screen

if TYPE_CHECKING:
    from contract.identity import Identity
    from devices.simulation import SimulatedDevices
    from kiosk.app.app import KioskApp
    from kiosk.keeper.keeper import Keeper

log = logging.getLogger(__name__)
DELIVERY = 120.0  # seconds; more than the backoff after two cuts
PRINTING = 60.0
MOST_SHEETS = 8  # of a review
GRANDMOTHERS = {
    "mobile": people.PHONES.own,
    "contact.name": people.CONTACT_NAME,
    "contact.phone": people.PHONES.contact,
    "bank": "rcb",
    "bank_no": people.ACCOUNTS[0],
}
NEIGHBOURS = {
    "mobile": people.PHONES.neighbour,
    "bank_no": people.ACCOUNTS[1],
    "hospital.city": "示例市",
    "hospital.name": "示例医院",
    "dates": {"from": "2026-10-08", "to": "2026-10-15"},
    "amount": "3260.50",
}


class Director:
    """Leads one kiosk, its devices, the link and the platform's officer through the story."""

    def __init__(
        self,
        kiosk: KioskApp,
        keeper: Keeper,
        devices: SimulatedDevices,
        link: Link,
        platform: PlatformSide,
        camera: Camera,
    ) -> None:
        self.kiosk = kiosk
        self.keeper = keeper
        self.devices = devices
        self.link = link
        self.platform = platform
        self.camera = camera
        self.finger = Finger(kiosk.shell)
        self.writer = Writer(kiosk, self.finger)
        self.codes: list[str] = []
        self.bytes_before = 0
        self.bytes_sent = 0
        self.seen_on_return = ""
        self.asked_on_return = ""

    # --- the story ---------------------------------------------------------------------------------------------

    def grandmother_applies_without_network(self) -> None:
        """Born 1942, 高龄津贴, the link is down. Portrait; large type comes by itself."""
        self.link.down()
        self.finger.wait(lambda: self.kiosk.net_state.link == "down", "the network to be seen as down", 40)
        self.camera.take("attract")
        self.finger.touch_at(QPoint(self.kiosk.shell.width() // 2, self.kiosk.shell.height() // 2))
        self._at(Screen.HOME)
        self.finger.tap("办事", exact=False)
        self._at(Screen.CHOOSE)
        self.finger.tap("养老", exact=False)
        self.camera.take("choose-items")
        self.finger.tap("八十岁补贴", exact=False)
        self._from_guide_to_form(people.GRANDMOTHER)
        self.writer.fill(GRANDMOTHERS, lambda page: self.camera.take(f"form-{page}"))
        self._at(Screen.MATERIALS)
        self._answer_missing_materials("later")
        self._hand_in()
        self._rate_and_go()

    def neighbour_applies_online_with_two_scans(self) -> None:
        """报医药费 with two scanned materials, in landscape. The link is back, but breaks twice in the upload."""
        self.kiosk.turn("landscape")
        self.finger.breathe(0.1)
        self.bytes_before = self.link.bytes_up
        self.link.up()
        self.keeper.wake()
        self.finger.wait(lambda: self.kiosk.net_state.link == "good", "the network to come back", DELIVERY)
        self.camera.take("attract-online")
        self.devices.present_card(people.NEIGHBOUR)
        self._at(Screen.HOME)
        self.finger.tap("办事", exact=False)
        self._at(Screen.CHOOSE)
        self.finger.tap("看病", exact=False)
        self.finger.tap("报医药费", exact=False)
        self._from_guide_to_form(None)
        self.writer.fill(NEIGHBOURS, lambda page: self.camera.take(f"form-{page}"))
        self._at(Screen.MATERIALS)
        self._scan("invoice", [people.scanned_page("医疗收费票据", 14, 5), people.scanned_page("费用清单", 22, 6)])
        self._scan("medical", [people.scanned_page("诊断证明书", 9, 7)])
        self._answer_missing_materials("later")
        self._hand_in(before_submit=lambda: self.link.cut_after(9_000, 16_000))
        self._rate_and_go()
        self.finger.wait(self._all_delivered, "everything to be delivered", DELIVERY)
        self.bytes_sent = self.link.bytes_up - self.bytes_before

    def officer_accepts_one_and_asks_a_correction(self) -> None:
        """At the platform; the terminal learns of it through the feed."""
        first, second = self.codes
        self.platform.act(first, "accept")
        self.platform.act(second, "correct", ask="medical", text="诊断证明第二页看不清，请重新扫描")
        self.keeper.wake()
        cases = self.keeper.terminal.client.cases
        self.finger.wait(
            lambda: [_state(cases.by_code(c)) for c in self.codes] == ["accepted", "correction"], "the events", DELIVERY
        )

    def grandmother_comes_back(self) -> None:
        """She lays her card down and sees how it stands."""
        self.kiosk.turn("portrait")
        self.finger.breathe(0.1)
        self.devices.present_card(people.GRANDMOTHER)
        self._at(Screen.HOME)
        self.finger.tap("查进度", exact=False)
        self._at(Screen.CASE)
        self.camera.take("case-accepted")
        self.seen_on_return = _state(self.kiosk.machine.view().case)
        self._leave()

    def neighbour_comes_back(self) -> None:
        """He types the code of his receipt and sees what is asked of him."""
        self.finger.touch_at(QPoint(self.kiosk.shell.width() // 2, self.kiosk.shell.height() // 2))
        self._at(Screen.HOME)
        self.finger.tap("查进度", exact=False)
        self._at(Screen.TRACK)
        self.finger.breathe(0.05)
        self.camera.take("track-code")
        self.devices.present_card(people.NEIGHBOUR)
        self._at(Screen.CASE)
        self.camera.take("case-correction")
        self.asked_on_return = _state(self.kiosk.machine.view().case)
        self._leave()

    # --- scenes ------------------------------------------------------------------------------------------------

    def _at(self, screen: Screen, patience: float = 30.0) -> None:
        self.finger.wait(lambda: self.kiosk.machine.screen == screen, f"the screen {screen}", patience)
        self.finger.breathe(0.03)
        log.info("at %s", screen)

    def _from_guide_to_form(self, card: Identity | None) -> None:
        self._at(Screen.GUIDE)
        self.camera.take("guide")
        self.finger.tap("开始办理")
        self._at(Screen.NOTICE)
        self.camera.take("notice")
        self.finger.tap("同意，继续")
        if card is not None:
            self._at(Screen.CARD)
            self.camera.take("card")
            self.devices.present_card(card)
        self._at(Screen.APPLYFOR)
        self.camera.take("applyfor")
        self.finger.tap_any(*APPLY_FOR_SELF)
        self._at(Screen.FORM)

    def _answer_missing_materials(self, how: str) -> None:
        item = self.kiosk.machine.visit.item
        assert item is not None
        for material in item.materials:
            if material.required and material.id not in self.kiosk.machine.view().materials:
                self._material(material.id, how)
        self.finger.breathe(0.05)
        self.camera.take("materials")

    def _material(self, material_id: str, how: str) -> None:
        """Opens one material, touches a way to give it, and goes back to the list."""
        item = self.kiosk.machine.visit.item
        assert item is not None
        self._tap_in_list(self.kiosk.shell.context.text(item.material(material_id).name))
        self.finger.tap_any(*WAYS[how])
        self.finger.wait(lambda: not self.kiosk.machine.view().scanning, "the scanner", 60)
        self.finger.breathe(0.05)
        if self.finger.find("选好了"):  # some ways lead back to the list by themselves
            self.finger.tap("选好了")
        self.finger.breathe(0.02)

    def _tap_in_list(self, words: str) -> None:
        """Turns the pages of a list until it is there."""
        for _page in range(6):
            if self.finger.find(words) or not self.finger.find("下一页"):
                break
            self.finger.tap("下一页")
            self.finger.breathe(0.02)
        self.finger.tap(words)

    def _scan(self, material_id: str, pages: list[bytes]) -> None:
        for page in pages:
            self.devices.load_pages([page])
            count = len(self._scanned(material_id))
            self._material(material_id, "scanned")
            self.finger.wait(partial(self._has_more, material_id, count), "the scan", 60)

    def _has_more(self, material_id: str, before: int) -> bool:
        return len(self._scanned(material_id)) > before

    def _scanned(self, material_id: str) -> tuple[str, ...]:
        answer = self.kiosk.machine.view().materials.get(material_id)
        return answer.attachments if answer is not None else ()

    def _hand_in(self, before_submit: Callable[[], None] = lambda: None) -> None:
        self.finger.tap("下一步")
        self._at(Screen.CHECK)
        self.camera.take("check")
        self._on()
        self._at(Screen.REVIEW)
        for _sheet in range(MOST_SHEETS):
            self.camera.take("review")
            self._on()
            self.finger.breathe(0.05)
            if self.kiosk.machine.screen != Screen.REVIEW:
                break
        self._at(Screen.SIGN)
        self.finger.sign(self._signature_pad())
        self.camera.take("sign")
        before_submit()
        self._on()
        self._at(Screen.DONE, 60)
        self.finger.wait(self._printed, "the papers", PRINTING)
        submitted = self.kiosk.machine.view().submitted
        assert submitted is not None
        self.codes.append(submitted.tracking_code)
        self.camera.take("done")

    def _on(self) -> None:
        """The primary action of this screen, whatever it is called."""
        page = self.kiosk.shell.page
        action = page.primary() if page is not None else None
        if action is None:
            raise NotThereError(f"no way on from {self.kiosk.machine.screen}")
        self.finger.tap(action.text)

    def _signature_pad(self) -> Any:
        from kiosk.pages.sign import SignPage

        page = self.kiosk.shell.page
        assert isinstance(page, SignPage)
        return page.pad

    def _printed(self) -> bool:
        prints = self.kiosk.machine.view().prints
        return bool(prints) and all(p.state in ("done", "failed") for p in prints.values())

    def _rate_and_go(self) -> None:
        self._on()
        self._at(Screen.RATING)
        self.camera.take("rating")
        self.finger.tap_any(*RATINGS)
        if self.kiosk.machine.screen == Screen.RATING:
            self._on()
        self._at(Screen.ATTRACT)
        self._leave()

    def _leave(self) -> None:
        """Home and away; the card is taken when the screen reminds of it."""
        if self.kiosk.machine.screen != Screen.ATTRACT:
            self.finger.tap("首页")
            self.finger.breathe(0.05)
            if self.kiosk.shell.overlay is not None:
                self.finger.tap("不存，回首页")
            self._at(Screen.HOME)
            self.finger.tap("返回")
            self._at(Screen.ATTRACT)
        overlay = self.kiosk.shell.overlay
        if overlay is not None:
            self.camera.take("take-card")
        self.devices.remove_card()
        self.finger.wait(lambda: not self.kiosk.machine.visit.card_present, "the card to be gone")
        self.finger.wait(lambda: self.kiosk.shell.overlay is None, "the reminder to go")

    def _all_delivered(self) -> bool:
        status = self.keeper.terminal.outbox()
        return status.waiting + status.sending + status.attachments_waiting == 0


APPLY_FOR_SELF = ("给自己办",)
WAYS = {"later": ("以后补交",), "scanned": ("现在扫描", "再扫一页")}
RATINGS = ("非常满意",)


def _state(case: object) -> str:
    return str(getattr(case, "state", ""))

# SPDX-License-Identifier: Apache-2.0
"""Help on every screen: larger type, the other language, reading aloud, staff."""

from __future__ import annotations

from typing import assert_never

from kiosk.visit import desk, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.screen import Screen
from kiosk.visit.view import DeviceTest, Message

AssistanceIntent = (
    intents.ToggleElder
    | intents.ToggleLanguage
    | intents.ReadAloud
    | intents.CallStaff
    | intents.StaffUnlock
    | intents.StaffUnlocked
    | intents.StaffRefusedNote
    | intents.OpenDevices
    | intents.TryDevice
    | intents.DeviceTried
    | intents.StaffCardSeen
    | intents.StaffCardPin
    | intents.StaffCardGone
    | intents.CardForgotten
    | intents.StaffLock
    | intents.NetworkChanged
    | intents.DevicesKnown
    | intents.IAmHere
)


LANGUAGES = ("zh", "en")


def toggle_elder(core: Core) -> None:
    """Large type, or normal again; from now on the person's choice counts, not the card."""
    core.elder, core.elder_chosen = not core.elder, True


def toggle_language(core: Core) -> None:
    """The other language, for this visit."""
    core.language = LANGUAGES[(LANGUAGES.index(core.language) + 1) % len(LANGUAGES)]


def read_aloud(core: Core, intent: intents.ReadAloud) -> None:
    """Read the screen, again if need be."""
    core.do(effects.Speak(intent.text))


def call_staff(core: Core) -> None:
    """Staff are called; they may unlock here."""
    core.do(effects.CallStaffNotice(), effects.JournalNote("staff-called", (("screen", core.screen.value),)))


def staff_unlock(core: Core, intent: intents.StaffUnlock) -> None:
    """The store checks name and number."""
    core.visit.by_card = False
    core.do(effects.UnlockStaff(intent.name, intent.pin))


def staff_unlocked(core: Core, intent: intents.StaffUnlocked) -> None:
    """From now on what staff do is noted in the record. The resident's screen stays where it was."""
    core.visit.staff = intent.member
    core.visit.note_act("unlocked")
    core.do(effects.CloseOverlay(), effects.JournalNote("staff-unlocked", (("staff", intent.member.staff_id),)))
    if core.screen == Screen.ATTRACT:
        core.go(Screen.HOME)
    if core.visit.message is not None and core.visit.message.code == "staff-needed":
        core.visit.message = None


def staff_card_seen(core: Core, intent: intents.StaffCardSeen) -> None:
    """The person who holds it must know its number."""
    if core.visit.staff is None:
        core.do(effects.AskStaffCard(intent.name))


def staff_card_pin(core: Core, intent: intents.StaffCardPin) -> None:
    """The card itself checks the number."""
    core.visit.by_card = True
    core.do(effects.ProveStaffCard(intent.pin))


def staff_card_gone(core: Core) -> None:
    """Taking the card out locks the terminal again."""
    if core.visit.by_card:
        core.visit.by_card, core.visit.staff = False, None
        desk.leave_whole(core)
        core.do(effects.CloseOverlay())


def card_forgotten(core: Core) -> None:
    """Said only between tasks: with a visit under way the card may well lie there."""
    if core.screen == Screen.ATTRACT:
        core.do(effects.RemindCard())


def open_devices(core: Core) -> None:
    """Only for staff, and back to where they were."""
    if core.visit.staff is not None and core.screen != Screen.DEVICES:
        core.visit.before_devices = core.screen
        if core.screen not in desk.SCREENS:
            core.visit.before_desk = core.screen
        core.go(Screen.DEVICES)


def try_device(core: Core, intent: intents.TryDevice) -> None:
    """One trial of a device at a time."""
    before = core.visit.tests.get(intent.device)
    if core.visit.staff is None or (before is not None and before.state == "running"):
        return
    core.visit.tests[intent.device] = DeviceTest(intent.device, "running")
    core.do(effects.TryDevice(intent.device))


def device_tried(core: Core, intent: intents.DeviceTried) -> None:
    """Said at the device."""
    core.visit.tests[intent.test.device] = intent.test


def staff_refused(core: Core, intent: intents.StaffRefusedNote) -> None:
    """Said where the number was entered."""
    core.do(effects.RefuseStaff(Message(intent.code, {"remaining": str(intent.remaining)}, "fault")))


def staff_lock(core: Core) -> None:
    """The resident goes on alone: confirms and signs."""
    core.visit.staff = None
    desk.leave_whole(core)


def network(core: Core, intent: intents.NetworkChanged) -> None:
    """The link came or went; this visit's record may have its receipt."""
    core.online = intent.online
    if intent.delivered and core.visit.submitted is not None:
        core.visit.sent = True
    message = core.visit.message
    if intent.online and message is not None and message.code in ("item-needs-network", "draft-only-offline"):
        core.visit.message = None


def devices_known(core: Core, intent: intents.DevicesKnown) -> None:
    """A camera was plugged in or pulled out."""
    core.camera, core.scanner = intent.camera, intent.scanner


def here(_core: Core) -> None:
    """Every sign of life resets the idle clock; nothing else to do."""


def handle(core: Core, intent: AssistanceIntent) -> None:
    """The rule for each of them."""
    match intent:
        case intents.ToggleElder():
            toggle_elder(core)
        case intents.ToggleLanguage():
            toggle_language(core)
        case intents.ReadAloud():
            read_aloud(core, intent)
        case intents.CallStaff():
            call_staff(core)
        case intents.StaffUnlock():
            staff_unlock(core, intent)
        case intents.StaffUnlocked():
            staff_unlocked(core, intent)
        case intents.StaffRefusedNote():
            staff_refused(core, intent)
        case intents.OpenDevices():
            open_devices(core)
        case intents.TryDevice():
            try_device(core, intent)
        case intents.DeviceTried():
            device_tried(core, intent)
        case intents.StaffCardSeen():
            staff_card_seen(core, intent)
        case intents.StaffCardPin():
            staff_card_pin(core, intent)
        case intents.StaffCardGone():
            staff_card_gone(core)
        case intents.CardForgotten():
            card_forgotten(core)
        case intents.StaffLock():
            staff_lock(core)
        case intents.NetworkChanged():
            network(core, intent)
        case intents.DevicesKnown():
            devices_known(core, intent)
        case intents.IAmHere():
            here(core)
        case _:
            assert_never(intent)

# SPDX-License-Identifier: Apache-2.0
"""Help on every screen: larger type, the other language, reading aloud, staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.visit import desk, effects, intents
from kiosk.visit.core import Core
from kiosk.visit.view import DeviceTest, Message

LANGUAGES = ("zh", "en")


def toggle_elder(core: Core, _intent: intents.ToggleElder) -> None:
    """Large type, or normal again; from now on the person's choice counts, not the card."""
    core.elder, core.elder_chosen = not core.elder, True


def toggle_language(core: Core, _intent: intents.ToggleLanguage) -> None:
    """The other language, for this visit."""
    core.language = LANGUAGES[(LANGUAGES.index(core.language) + 1) % len(LANGUAGES)]


def read_aloud(core: Core, intent: intents.ReadAloud) -> None:
    """Read the screen, again if need be."""
    core.do(effects.Speak(intent.text))


def call_staff(core: Core, _intent: intents.CallStaff) -> None:
    """Somebody should come; they may unlock here."""
    core.do(effects.CallStaffNotice(), effects.JournalNote("staff-called", (("screen", core.screen),)))


def staff_unlock(core: Core, intent: intents.StaffUnlock) -> None:
    """The store checks name and number."""
    core.visit.by_card = False
    core.do(effects.UnlockStaff(intent.name, intent.pin))


def staff_unlocked(core: Core, intent: intents.StaffUnlocked) -> None:
    """From now on what staff do is noted in the record. The resident's screen stays where it was."""
    core.visit.staff = intent.member
    core.visit.note_act("unlocked")
    core.do(effects.CloseOverlay(), effects.JournalNote("staff-unlocked", (("staff", intent.member.staff_id),)))
    if core.screen == "attract":
        core.go("home")
    if core.visit.message is not None and core.visit.message.code == "staff-needed":
        core.visit.message = None


def staff_card_seen(core: Core, intent: intents.StaffCardSeen) -> None:
    """Whoever holds it must know its number."""
    if core.visit.staff is None:
        core.do(effects.AskStaffCard(intent.name))


def staff_card_pin(core: Core, intent: intents.StaffCardPin) -> None:
    """The card itself checks the number."""
    core.visit.by_card = True
    core.do(effects.ProveStaffCard(intent.pin))


def staff_card_gone(core: Core, _intent: intents.StaffCardGone) -> None:
    """Taking the card out locks the terminal again."""
    if core.visit.by_card:
        core.visit.by_card, core.visit.staff = False, None
        desk.leave_whole(core)
        core.do(effects.CloseOverlay())


def card_forgotten(core: Core, _intent: intents.CardForgotten) -> None:
    """Said only where nobody is in the middle of something: with a visit under way the card may well lie there."""
    if core.screen == "attract":
        core.do(effects.RemindCard())


def open_devices(core: Core, _intent: intents.OpenDevices) -> None:
    """Only for staff, and back to where they were."""
    if core.visit.staff is not None and core.screen != "devices":
        core.visit.before_devices = core.screen
        if core.screen not in desk.SCREENS:
            core.visit.before_desk = core.screen
        core.go("devices")


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


def staff_lock(core: Core, _intent: intents.StaffLock) -> None:
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


def dismiss(core: Core, _intent: intents.DismissMessage) -> None:
    """Read."""
    core.visit.message = None


def here(_core: Core, _intent: intents.IAmHere) -> None:
    """Every sign of life resets the idle clock; nothing else to do."""


HANDLERS: dict[type, Callable[[Core, Any], None]] = {
    intents.ToggleElder: toggle_elder,
    intents.ToggleLanguage: toggle_language,
    intents.ReadAloud: read_aloud,
    intents.CallStaff: call_staff,
    intents.StaffUnlock: staff_unlock,
    intents.StaffUnlocked: staff_unlocked,
    intents.StaffRefusedNote: staff_refused,
    intents.OpenDevices: open_devices,
    intents.TryDevice: try_device,
    intents.DeviceTried: device_tried,
    intents.StaffCardSeen: staff_card_seen,
    intents.StaffCardPin: staff_card_pin,
    intents.StaffCardGone: staff_card_gone,
    intents.CardForgotten: card_forgotten,
    intents.StaffLock: staff_lock,
    intents.NetworkChanged: network,
    intents.DevicesKnown: devices_known,
    intents.DismissMessage: dismiss,
    intents.IAmHere: here,
}

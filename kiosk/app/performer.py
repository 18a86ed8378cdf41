# SPDX-License-Identifier: Apache-2.0
"""Carries out what the visit asks for: each effect goes to store, devices, stick or window.

Answers come back over the bridge. An effect that nobody carries out is an error of the type check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QTimer

from kiosk.frame import questions
from kiosk.frame.dialog import Dialog
from kiosk.i18n.messages import message_text
from kiosk.visit import effects, intents
from kiosk.visit.effects import Effect
from kiosk.visit.submission import PRINTOUTS
from kiosk.visit.view import DeviceTest, PrintState
from kiosk.window.shell import Shell
from kiosk.workers.bridge import Bridge
from kiosk.workers.store_work import StoreWork
from offline.port.sending import Stick

if TYPE_CHECKING:
    from devices.speech.speaker import Speaker
    from kiosk.workers.device_trials import DeviceTrials
    from kiosk.workers.device_work import DeviceWork

BROKEN_SHOWN = 60_000  # milliseconds


class Performer:
    """Lives in the UI thread and never blocks it.

    `devices`, `trials` and `speaker` are set once they have begun; until then the answer says that there is no such
    device. `wiped` is called after each visit, `documents` are the papers that this terminal offers.
    """

    def __init__(
        self,
        bridge: Bridge,
        store: StoreWork,
        shell: Shell,
        *,
        wiped: Callable[[], None],
        documents: tuple[str, ...],
    ) -> None:
        self._bridge = bridge
        self._store = store
        self._shell = shell
        self._wiped = wiped
        self._documents = documents
        self.devices: DeviceWork | None = None
        self.trials: DeviceTrials | None = None
        self.speaker: Speaker | None = None

    def close(self) -> None:
        """The visit's process ends: papers under way, speech and what was asked of the store come to their end."""
        if self.devices is not None:
            self.devices.close()
        if self.speaker is not None:
            self.speaker.close()
        self._store.close()

    def carry_out(self, effect: Effect, visit_id: str) -> None:
        """Does it, or begins it; the visit `visit_id` hears what comes of it."""
        if isinstance(effect, effects.StoreEffect):
            self._store_effect(effect, visit_id)
        elif isinstance(effect, effects.PrintAndScanEffect):
            self._print_and_scan_effect(effect, visit_id)
        elif isinstance(effect, effects.CameraEffect):
            self._camera_effect(effect, visit_id)
        elif isinstance(effect, effects.StaffEffect):
            self._staff_effect(effect, visit_id)
        elif isinstance(effect, effects.UsbEffect):
            self._usb_effect(effect)
        elif isinstance(effect, effects.FormsEffect):
            self._forms_effect(effect, visit_id)
        elif isinstance(effect, effects.WindowEffect):
            self._window_effect(effect)
        else:
            assert_never(effect)

    def _store_effect(self, effect: effects.StoreEffect, visit_id: str) -> None:
        match effect:
            case effects.CheckIntake():
                self._store.check_intake(visit_id)
            case effects.SubmitApplication():
                self._store.submit(visit_id, effect)
            case effects.SubmitOther():
                self._store.submit_other(visit_id, effect)
            case effects.SaveDraft():
                self._store.save_draft(visit_id, effect)
            case effects.DiscardDraft():
                self._store.discard_draft(visit_id, effect)
            case effects.LookupDraft():
                self._store.lookup_draft(visit_id, effect)
            case effects.LookupCases():
                self._store.lookup_cases(visit_id, effect)
            case effects.UnlockStaff():
                self._store.unlock_staff(visit_id, effect)
            case effects.JournalNote():
                self._store.note(effect)
            case _:
                assert_never(effect)

    def _print_and_scan_effect(self, effect: effects.PrintAndScanEffect, visit_id: str) -> None:
        work = self.devices
        match effect:
            case effects.Print(kind=kind):
                if kind in PRINTOUTS and kind not in self._documents:
                    self._not_printed(kind, "not-offered", visit_id)
                elif work is None:
                    self._not_printed(kind, "printer-absent", visit_id)
                else:
                    work.print_out(visit_id, effect)
            case effects.PrintCase(case=case):
                if work is None:
                    self._not_printed("case-receipt", "printer-absent", visit_id)
                else:
                    work.print_case(visit_id, case)
            case effects.Scan(target=target):
                if work is None:
                    self._bridge.post(intents.ScanDone(target, code="scanner-absent"), visit_id)
                else:
                    work.scan(visit_id, target)
            case effects.LoadSheets(digests=digests):
                if work is not None:
                    work.load_sheets(visit_id, digests)
            case _:
                assert_never(effect)

    def _not_printed(self, kind: str, code: str, visit_id: str) -> None:
        self._bridge.post(intents.PrintProgress(kind, PrintState("failed", code)), visit_id)

    def _camera_effect(self, effect: effects.CameraEffect, visit_id: str) -> None:
        work = self.devices
        match effect:
            case effects.TakePicture():
                if work is None:
                    self._bridge.post(intents.PictureTaken(None, "scanner-absent"), visit_id)
                else:
                    work.take_picture(visit_id)
            case effects.UsePicture():
                if work is None:
                    self._bridge.post(intents.ScanDone(effect.target, code="empty"), visit_id)
                else:
                    work.use_picture(visit_id, effect)
            case effects.ForgetPicture():
                if work is not None:
                    work.forget_picture()
            case _:
                assert_never(effect)

    def _staff_effect(self, effect: effects.StaffEffect, visit_id: str) -> None:
        match effect:
            case effects.ProveStaffCard(pin=pin):
                if self.devices is None:
                    self._bridge.post(intents.StaffRefusedNote("staff-card-reader-absent", 0), visit_id)
                else:
                    self.devices.prove_staff(visit_id, pin, self._store.unlock_by_card)
            case effects.TryDevice(device=device):
                if self.trials is None:
                    self._bridge.post(intents.DeviceTried(DeviceTest(device, "failed", "absent")), visit_id)
                else:
                    self.trials.begin(device, visit_id)
            case effects.SendNow():
                self._store.send_now()
            case _:
                assert_never(effect)

    def _usb_effect(self, effect: effects.UsbEffect) -> None:
        match effect:
            case effects.WatchUsb():
                self._store.stick(Stick("watch"))
            case effects.RunUsb():
                self._store.stick(Stick("run"))
            case effects.LeaveUsb():
                self._store.stick(Stick("leave"))
            case _:
                assert_never(effect)

    def _forms_effect(self, effect: effects.FormsEffect, visit_id: str) -> None:
        work = self.devices
        if work is None:
            return  # the first half second: nobody is staff yet
        match effect:
            case effects.ScanPaper(by=by):
                work.scan_form(visit_id, by)
            case effects.ReadPaperCode(text=text):
                work.read_form_code(visit_id, text)
            case effects.ForgetPaper():
                work.forget_forms()
            case _:
                assert_never(effect)

    def _window_effect(self, effect: effects.WindowEffect) -> None:
        match effect:
            case effects.Speak(text=text):
                self._say(text or self._shell.spoken())
            case effects.Silence():
                if self.speaker is not None:
                    self.speaker.stop()
            case effects.CallStaffNotice():
                self._shell.show_called()
            case effects.AskStaffCard(name=name):
                self._shell.ask_staff_card(name)
            case effects.RefuseStaff(message=message):
                self._shell.refuse_staff(message_text(message))
            case effects.CloseOverlay():
                self._shell.answered()
            case effects.RemindCard():
                self.remind_card()
            case effects.CardTaken():
                overlay = self._shell.overlay
                if isinstance(overlay, Dialog) and overlay.key == questions.TAKE_CARD:
                    self._shell.answered()
            case effects.Wipe():
                self._wiped()
            case _:
                assert_never(effect)

    def _say(self, text: str) -> None:
        if self.speaker is not None and text:
            self.speaker.say(text, self._shell.context.language)

    def say_broken(self) -> None:
        """The screen before this one ended in the middle of something: say how to go on. Gone by itself after a while,
        since whoever stood here may have left."""
        spec = questions.screen_broke()
        asked = self._shell.ask(spec)
        QTimer.singleShot(BROKEN_SHOWN, asked, asked.close_overlay)
        self._say(f"{spec.title}。{spec.text}")

    def remind_card(self) -> None:
        """A card still lies on the reader after the visit: say so, by voice too."""
        spec = questions.take_card()
        self._shell.ask(spec)
        self._say(spec.title)

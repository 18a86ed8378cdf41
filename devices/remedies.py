# SPDX-License-Identifier: Apache-2.0
"""How a device is and what to do about it, in plain words, for `doorstep devices`.

The kiosk says it in the screen's language.
"""

from __future__ import annotations

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "ready": "ready",
    "busy": "working now",
    "absent": "not found",
    "out-of-paper": "out of paper",
    "paper-low": "paper low",
    "jam": "paper jam",
    "cover-open": "cover open",
    "fault": "not working",
}
WORDS: Mapping[str, str] = {
    "": "",
    "check-cable": "Check that it is switched on and its cable is in.",
    "add-paper": "Put in paper; the job can then be printed again.",
    "add-paper-soon": "Paper is nearly out: have some at hand.",
    "clear-jam": "Open it, take the jammed paper out, close it.",
    "close-cover": "Close the cover until it clicks.",
    "restart-device": (
        "Switch it off and on again. If that does not help, call service and read them the words in brackets."
    ),
}

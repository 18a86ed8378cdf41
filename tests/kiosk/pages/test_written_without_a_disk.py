# SPDX-License-Identifier: Apache-2.0
"""A window in which somebody writes with the pinyin keyboard, on a machine whose disks are read-only."""

from __future__ import annotations

import pytest

from tests import diskless

WRITES = """
import json, os
from devices import scratch
scratch.settle()
from PySide6.QtWidgets import QApplication
app = QApplication([])
from kiosk.demo.gallery.render import sample_context
from kiosk.window.page_factories import page_factories
from kiosk.window.shell import Shell
from kiosk.visit.view import VisitView
shell = Shell(sample_context("portrait"), page_factories())
shell.show_page("complaint", VisitView("v1", "complaint"))
shell.show()
page, board = shell.page, shell.page.keyboard
for letter in "wang":
    board.key(letter).click()
app.processEvents()
engine = board._engine
chosen = engine.choose(engine.candidates(0, 30).index("王"))
page.field.insertPlainText(chosen)
shell.grab()
held = [os.readlink("/proc/self/fd/" + n) for n in os.listdir("/proc/self/fd") if os.path.islink("/proc/self/fd/" + n)]
board.wipe()
left = [os.path.join(place, name) for place, _, names in os.walk("/dev/shm") for name in names]
shell.close()
print(json.dumps({"text": page.field.toPlainText(), "files": [h for h in held if "(deleted)" in h], "left": left}))
"""


@pytest.mark.real_stack
def test_writing_needs_no_disk() -> None:
    found = diskless.run(WRITES)
    assert found["text"] == "王"
    assert found["left"] == []
    assert {name.split()[0] for name in found["files"]} <= {"/memfd:pinyin-user"}, "what the engine learns"

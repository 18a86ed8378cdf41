# SPDX-License-Identifier: Apache-2.0
"""Guards the pin of PySide6: some releases lose a reference to None in each void call and end the process."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.usefixtures("qtbot")
def test_void_qt_calls_keep_the_references_of_none() -> None:
    from PySide6.QtCore import QObject

    subject = QObject()
    before = sys.getrefcount(None)
    for number in range(200):
        subject.setObjectName(str(number))
    assert abs(sys.getrefcount(None) - before) < 100

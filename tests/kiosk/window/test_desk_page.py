# SPDX-License-Identifier: Apache-2.0
"""The staff's desk: when sending may be asked for, and what the button says meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.frame.state import NetState, net_state
from kiosk.pages.desk.overview import DeskPage
from kiosk.visit import intents
from kiosk.visit.view import StaffMember, VisitView
from kiosk.widgets.buttons import Button
from kiosk.window.shell import Shell
from offline.outbox_status import OutboxStatus
from offline.sync.state import SyncState

WAITING = NetState("down", 1, bytes_left=500)


@pytest.fixture
def page(shell: Shell) -> DeskPage:
    shell.show_page("desk", VisitView("v1", "desk", staff=StaffMember("s1", "李明")))
    assert isinstance(shell.page, DeskPage)
    return shell.page


def primary(shell: Shell) -> Button:
    return shell.frame.action_row.buttons[-1]


@pytest.mark.usefixtures("page")
def test_only_what_waits_and_is_not_under_way_can_be_sent_now(shell: Shell) -> None:
    for state, words in (
        (NetState("down"), "回去"),
        (WAITING, "现在就上报"),
        (NetState("good", 1, phase="sending", bytes_left=500), "回去"),
        (NetState("good", files=2, bytes_left=500, held_back="budget"), "现在就上报"),
        (NetState("good"), "回去"),
    ):
        shell.set_network(state)
        assert primary(shell).text() == words


def test_it_is_tried_until_something_is_heard_or_for_a_while(
    shell: Shell, page: DeskPage, wishes: list[object]
) -> None:
    shell.set_network(WAITING)
    primary(shell).click()
    assert wishes == [intents.SendNow()]
    assert (primary(shell).text(), primary(shell).isEnabled()) == ("正在联系平台……", False)
    shell.set_network(NetState("down", 2, bytes_left=900))
    assert (primary(shell).text(), primary(shell).isEnabled()) == ("现在就上报", True)
    primary(shell).click()
    page._trying.setInterval(0)  # nothing is heard: the link is dead
    page._trying.start()
    page._trying.timeout.connect(shell.refresh)
    while page._trying.isActive():
        QApplication.processEvents()
    assert primary(shell).text() == "现在就上报"


def test_the_bar_is_what_has_left_of_what_waited(shell: Shell, page: DeskPage) -> None:
    def share(**told: Any) -> float:
        nonlocal state
        sync = SyncState(online=True, phase="attachments", **told)
        state = net_state(sync, OutboxStatus(0, 0, 0, 0, 1, 10_000, None, None, False), state, 0.0)
        shell.set_network(state)
        return page.sync.bar.share

    state = NetState("down", 4, 4, bytes_left=1000, bytes_most=1000)
    shell.set_network(state)
    assert not page.sync.bar.isVisible()
    assert share(bytes_left=750) == 0.25
    assert share(bytes_left=2000) == 0  # a new application came in between
    assert share(bytes_left=500) == 0.75
    assert share(bytes_left=0) == 0
    assert not page.sync.bar.isVisible()
    assert share(bytes_left=100) == 0

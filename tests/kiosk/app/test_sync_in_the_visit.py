# SPDX-License-Identifier: Apache-2.0
"""What the network's news do to the window, and what a resident sees when coming back."""

from __future__ import annotations

from kiosk.visit import intents
from tests.kiosk.app.test_faults import SOMEONE, MakePost
from tests.live import Link, LiveGateway


def test_handed_in_without_network_then_sent_then_accepted(
    make_post: MakePost, link: Link, gateway: LiveGateway
) -> None:
    link.up = False
    post = make_post()
    post.to_form(SOMEONE)
    post.to_sign()
    post.hand_in()
    post.at("done")
    view = post.kiosk.machine.view()
    assert view.submitted is not None
    assert not view.sent
    assert post.kiosk.net_state.link == "down"

    link.up = True
    post.keeper.wake()
    post.until(lambda: post.kiosk.machine.view().sent, "the done screen to say it was sent")
    code = view.submitted.tracking_code
    assert [row["tracking_code"] for row in gateway.platform.cases.listing()] == [code]
    gateway.platform.cases.act(code, "accept")
    post.say(intents.FinishVisit())
    post.keeper.wake()

    def state() -> str:
        found = post.terminal.case(code)
        return found.state if found else ""

    post.until(lambda: state() == "accepted", "the event to come back")
    post.say(intents.Touched(), intents.Track(), intents.CardSeen(SOMEONE))
    post.at("case")
    shown = post.kiosk.machine.view().case
    assert shown is not None
    assert (shown.tracking_code, shown.state) == (code, "accepted")

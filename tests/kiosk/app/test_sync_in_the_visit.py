# SPDX-License-Identifier: Apache-2.0
"""What the network's news do to the window, and what a resident sees when coming back."""

from __future__ import annotations

from contract.event_body import CorrectionAsk, EventBody
from kiosk.visit import intents
from kiosk.visit.event_bodies import Said
from tests.kiosk.app.test_faults import SOMEONE, MakePost
from tests.kiosk.visit.conftest import person
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
    gateway.opened()
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


def test_a_correction_is_read_by_the_person_it_is_for(make_post: MakePost, gateway: LiveGateway) -> None:
    post = make_post()
    post.to_form(SOMEONE)
    post.to_sign()
    post.hand_in()
    post.at("done")
    post.until(lambda: post.kiosk.machine.view().sent, "the done screen to say it was sent")
    submitted = post.kiosk.machine.view().submitted
    assert submitted is not None
    code = submitted.tracking_code
    gateway.opened()
    asks = (CorrectionAsk("bank_no", "少一位"),)
    gateway.platform.cases.act(code, "correct", text="请补正", asks=asks)
    account = gateway.platform.cases.case(code).application.values["bank_no"].data
    post.say(intents.FinishVisit())
    post.keeper.wake()

    def state() -> str:
        found = post.terminal.case(code)
        return found.state if found else ""

    post.until(lambda: state() == "correction", "the correction to come")
    wanted = [Said(EventBody()), Said(EventBody("请补正", asks, {"bank_no": account}))]

    post.say(intents.Touched(), intents.Track(code))  # the receipt alone
    post.at("case")
    view = post.kiosk.machine.view()
    assert (list(view.said.values()), view.values_shown) == (wanted, False)
    post.say(intents.FinishVisit())
    assert not post.kiosk.machine.view().said

    post.say(intents.Touched(), intents.Track(), intents.CardSeen(person("李红", "1975-02-02", 8)))
    post.until(lambda: not post.kiosk.machine.view().looking_up, "that person's cases to be looked for")
    post.say(intents.Track(code))  # somebody else's card, and the receipt
    post.at("case")
    assert not post.kiosk.machine.view().values_shown
    post.say(intents.FinishVisit())

    post.say(intents.Touched(), intents.Track(), intents.CardSeen(SOMEONE))
    post.at("case")
    view = post.kiosk.machine.view()
    assert (list(view.said.values()), view.values_shown) == (wanted, True)
    post.say(intents.CodeSeen(code))  # the receipt, while the card lies there
    post.until(lambda: not post.kiosk.machine.view().looking_up, "the case to be found again")
    assert post.kiosk.machine.view().values_shown

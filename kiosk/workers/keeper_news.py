# SPDX-License-Identifier: Apache-2.0
"""What the keeper says, as messages for the window."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.visit import intents
from kiosk.workers.bridge import Bridge
from kiosk.workers.news import OutboxNews, SyncNews
from kiosk.workers.store_work import StoreWork
from offline.port.stage import OutboxTold, PublishedAnew, StickTold, SyncTold, Told


def keeper_news(bridge: Bridge, store: StoreWork, others: Callable[[Told], None]) -> Callable[[Told], None]:
    """What the keeper says, as news and intents; what concerns this process's own life goes to `others`."""

    def heard(news: Told) -> None:
        match news:
            case SyncTold(state=state):
                bridge.post(SyncNews(state))
            case OutboxTold(status=status):
                bridge.post(OutboxNews(status))
            case PublishedAnew():
                store.published()
            case StickTold(state=state):
                bridge.post(intents.UsbNews(state))
            case _:
                others(news)

    return heard

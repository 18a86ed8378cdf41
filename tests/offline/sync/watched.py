# SPDX-License-Identifier: Apache-2.0
"""Whether each connection of a pool is watched by its selector, for what it waits for, and nothing else is."""

from __future__ import annotations

import selectors

from offline.sync.link.connection import Stage
from offline.sync.link.pool import Pool


def check_watched(pool: Pool) -> None:
    """What the selector has is exactly what the pool has, and what the kernel has: by number, owner and events."""
    keys = {key.fd: key for key in pool._selector.get_map().values()}
    assert keys.pop(pool._woken.fileno()).data is None
    for connection in pool:
        assert connection.stage is not Stage.CLOSED, "a closed connection is still in the pool"
        key = keys.pop(connection.sock.fileno(), None)
        assert key is not None, f"nobody watches {connection.stage}"
        assert key.data is connection, "its number is watched for another"
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.wants_write else 0)
        assert key.events == wanted, f"{connection.stage} is watched for the wrong thing"
        # The kernel's own list: a number that it does not have cannot be modified.
        pool._selector._selector.modify(key.fd, _epoll(wanted))  # type: ignore[attr-defined]
    assert not keys, f"watched, and nobody's: {keys}"


def _epoll(events: int) -> int:
    import select

    return (select.EPOLLIN if events & selectors.EVENT_READ else 0) | (
        select.EPOLLOUT if events & selectors.EVENT_WRITE else 0
    )

# SPDX-License-Identifier: Apache-2.0
"""Answers in the platform's place: a proxy's "it is away" is told as that, a portal's page as a log-in."""

from __future__ import annotations

import pytest

from offline.errors import LinkDown
from offline.sync.engine import SyncEngine
from offline.sync.link.link import Link
from offline.sync.link.stranger import LONGEST, not_the_platform
from offline.sync.link.transfer import Call, Request
from offline.terminal import Terminal
from tests.offline.sync.scripted import OURS, Said, point_at, scripted

PAGE = b"<html>nginx</html>"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520])
def test_a_proxy_whose_platform_is_away_is_no_log_in_page(terminal: Terminal, status: int) -> None:
    with scripted(lambda _method, _path: Said(status, {"Retry-After": "17"}, PAGE)) as proxy:
        point_at(terminal, proxy)
        report = SyncEngine(terminal).run_once()
    assert (report.problem, report.retry_after) == ("platform-away", 17.0)
    assert terminal.outbox().online is False


@pytest.mark.parametrize("status", [200, 204, 302, 401, 404, 511])
def test_other_pages_are_a_portal_s(terminal: Terminal, status: int) -> None:
    with scripted(lambda _method, _path: Said(status, {"Location": "/login"}, b"")) as portal:
        point_at(terminal, portal)
        assert SyncEngine(terminal).run_once().problem == "captive-portal"


@pytest.mark.parametrize(
    ("asked", "heeded"),
    [
        ("0", 0.0), ("-5", 0.0), ("120", 120.0), ("99999999", LONGEST), ("inf", 0.0), ("nan", 0.0), ("soon", 0.0),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", 0.0), ("Fri, 01 Jan 2100 00:00:00 GMT", LONGEST), ("\xff", 0.0),
    ],
)  # fmt: skip
def test_a_stranger_keeps_us_away_no_longer_than_is_reasonable(asked: str, heeded: float) -> None:
    fault = not_the_platform(503, {"retry-after": asked})
    assert (fault.code, fault.retry_after) == ("platform-away", heeded)


@pytest.mark.usefixtures("brisk")
@pytest.mark.parametrize(("status", "times"), [(502, 2), (408, 2), (503, 1), (504, 1)])
def test_what_one_upstream_could_not_do_is_asked_once_more(status: int, times: int) -> None:
    asked: list[str] = []

    def answer(_method: str, path: str) -> Said:
        asked.append(path)
        return Said(200, OURS) if len(asked) > 1 else Said(status, {}, PAGE)

    with scripted(answer) as url:
        link = Link(url)
        call = Call(Request("GET", "/v1/feed", {}), b"")
        try:
            link.add(call)
            if times == 1:
                with pytest.raises(LinkDown, match=str(status)):
                    _turn(link, call)
            else:
                _turn(link, call)
                assert call.wait().status == 200
        finally:
            link.close()
    assert len(asked) == times


def _turn(link: Link, call: Call) -> None:
    while not call._done.is_set():
        link.turn(0.05)
    link.turn(0.05)

# SPDX-License-Identifier: Apache-2.0
"""How sending is told to staff: estimates no finer than they are, and a way on in every trouble."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from kiosk.frame.state import NetState, net_state, network_words
from kiosk.i18n.sync_words import about, head_words, left_words, parked_words, time_left, why_words
from offline.outbox_status import OutboxStatus
from offline.sync.state import SyncState

NOW = datetime(2026, 11, 23, 9, 41)
LEFT = NetState("good", 2, 3, bytes_left=600_000)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "不到 1 分钟"), (49, "不到 1 分钟"), (50, "大约 1 分钟"), (89, "大约 1 分钟"), (100, "大约 2 分钟"),
        (262, "大约 4 分钟"), (600, "大约 10 分钟"), (700, "大约 10 分钟"), (1000, "大约 15 分钟"),
        (3200, "大约 55 分钟"), (3400, "大约 1 个小时"), (5400, "大约 1 个半小时"), (7300, "大约 2 个小时"),
        (9000, "大约 2 个半小时"), (36_000, "大约 10 个小时"), (90_000, "10 个小时以上"),
    ],
)  # fmt: skip
def test_estimates_are_as_rough_as_they_are(seconds: int, said: str) -> None:
    assert about(seconds) == said


def test_no_estimate_is_finer_than_its_size() -> None:
    """Whatever the number: at most three steps within a factor of two, and never a second."""
    said = [about(n) for n in range(600, 36_000)]
    assert not any("秒" in words for words in said)
    minutes = {int(found[1]) for words in said if (found := re.search(r"(\d+) 分钟", words))}
    assert all(m % 5 == 0 for m in minutes if m > 10)


def test_what_is_nearly_done_has_no_estimate() -> None:
    sending = replace(LEFT, phase="sending", seconds_left=240)
    assert time_left(sending) == "大约 4 分钟"
    for other in (
        replace(sending, seconds_left=9),
        replace(sending, seconds_left=None),
        replace(sending, phase="idle"),
    ):
        assert time_left(other) == ""


def test_items_and_bytes() -> None:
    assert left_words(LEFT) == "还有 2 份申请、3 份材料，共 600 KB"
    assert left_words(replace(LEFT, waiting=0)) == "还有 3 份材料，共 600 KB"
    assert left_words(NetState()) == ""


@pytest.mark.parametrize(
    ("state", "head", "why"),
    [
        (NetState("down"), "网络不通", "照常办理"),
        (replace(LEFT, link="down", problem="link-down"), "网络不通", "U盘"),
        (replace(LEFT, link="down", problem="captive-portal"), "网络要先登录", "登录一次"),
        (replace(LEFT, link="down", problem="tls"), "连上的不是平台", "日期和时间"),
        (replace(LEFT, link="down", problem="no-answer"), "平台没有回应", "自己再传"),
        (replace(LEFT, link="down", problem="platform-away"), "平台暂时停了", "这里不用管"),
        (replace(LEFT, phase="sending", rate=31_000), "正在上报", "每秒 31 KB。断了网"),
        (replace(LEFT, phase="sending", rate=90), "正在上报", "断了网"),
        (replace(LEFT, waiting=0, held_back="budget"), "申请都报了，材料先等着", "流量用完"),
        (replace(LEFT, waiting=0, held_back="quiet"), "申请都报了，材料先等着", "省流量"),
        (replace(LEFT, waiting=0, held_back="hours"), "申请都报了，材料先等着", "钟点"),
        (replace(LEFT, problem="busy"), "等着上报", "平台正忙"),
        (LEFT, "等着上报", "马上"),
        (NetState(last_contact="2026-11-23T09:32:00"), "都上报了", "今天 09:32"),
        (NetState(last_contact="2026-11-20T17:05:00"), "都上报了", "11月20日 17:05"),
        (NetState(), "都上报了", ""),
        (replace(LEFT, problem="disk-full"), "这台机器存满了", "腾出"),
        (replace(LEFT, problem="disk-failed"), "这台机器存不进去了", "硬盘"),
        (replace(LEFT, link="down", problem="vault-damaged"), "这台机器存不进去了", "硬盘"),
        (NetState(problem="answer-damaged"), "平台的回答不对", "告诉平台"),
        (replace(LEFT, problem="internal"), "上报出了毛病", "再传"),
        (replace(LEFT, phase="sending", problem="internal", rate=90), "正在上报", "断了网"),
    ],
)
def test_each_state_has_its_words(state: NetState, head: str, why: str) -> None:
    assert head_words(state) == head
    assert why in why_words(state, NOW)


def test_what_the_platform_refused_is_told() -> None:
    assert "2 份" in parked_words(replace(LEFT, parked=2))
    assert parked_words(LEFT) == ""


OUTBOX = OutboxStatus(0, 0, 0, 0, 1, 9, None, None, False)


def test_counts_are_the_stores_and_the_link_the_engines() -> None:
    state = SyncState(
        online=True, phase="attachments", bytes_left=9, bytes_done=5, seconds_left=70, rate=2000,
        last_contact="2026-11-23T09:32:00+08:00", renewed=5.0,
    )  # fmt: skip
    outbox = OutboxStatus(0, 0, 7, 0, 4, 30, None, None, False, carried_parked=1)
    shown = net_state(state, outbox, NetState("down", bytes_most=40), 6.0)
    assert (shown.link, shown.phase, shown.files, shown.bytes_left, shown.bytes_most) == ("weak", "sending", 4, 9, 40)
    assert (shown.seconds_left, shown.rate, shown.parked) == (70, 2000, 1)
    assert net_state(state, replace(outbox, attachments_waiting=0), shown, 6.0).phase == "idle"
    assert net_state(replace(state, online=False, phase="offline"), outbox, shown, 6.0).link == "down"
    waiting = replace(outbox, waiting=2, sending=1, carried_waiting=1)
    for engine in (None, state, replace(state, phase="idle")):  # whatever it is doing, if there is one
        assert net_state(engine, waiting, shown, 6.0).waiting == 4
    assert net_state(replace(state, phase="idle"), waiting, shown, 6.0).bytes_left == 30


def test_an_engine_that_says_nothing_any_more_is_neither_sending_nor_online() -> None:
    state = SyncState(online=True, phase="attachments", bytes_left=9, seconds_left=70, rate=40_000, renewed=100.0)
    assert net_state(state, OUTBOX, NetState(), 159.0).phase == "sending"
    shown = net_state(state, OUTBOX, NetState(), 161.0)
    assert (shown.link, shown.phase, shown.files, shown.problem) == ("down", "idle", 1, "sync-silent")
    assert head_words(shown) == "上报停住了"
    assert "重启" in why_words(shown, NOW)
    assert network_words(shown, staff=True).text == "上报停住了"
    assert "本机登记" in network_words(shown).text  # a resident goes on as without a network
    assert net_state(state, OUTBOX, NetState(), 1.0).problem == "sync-silent"  # it was said before the last power cut


@pytest.mark.parametrize(("rate", "link"), [(0, "good"), (19_000, "weak"), (21_000, "good")])
def test_a_slow_link_is_called_weak_while_something_is_sent(rate: int, link: str) -> None:
    sending = SyncState(online=True, phase="attachments", bytes_left=9, rate=rate)
    assert net_state(sending, OUTBOX, NetState(), 0.0).link == link
    assert net_state(replace(sending, phase="idle"), OUTBOX, NetState(), 0.0).link == "good"

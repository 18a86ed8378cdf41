# SPDX-License-Identifier: Apache-2.0
"""The kit's options, the platform it looks at, and the report at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract_kit import report
from tests.contract_kit.kit import Choices, Kit, by_command, codes, correct_by_command
from tests.contract_kit.own import OwnGateway
from tests.contract_kit.points import BROKEN, Finding

FINDINGS = pytest.StashKey[list[Finding]]()
URL = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Without --gateway our own is started."""
    group = parser.getgroup("contract kit")
    group.addoption("--gateway", default="", metavar="URL", help="the platform to look at")
    group.addoption(
        "--enrol-code",
        action="append",
        default=[],
        metavar="CODE",
        help="a fresh one-time code; two or three are needed",
    )
    group.addoption(
        "--enrol-command", default="", metavar="COMMAND", help="prints a fresh code, instead of --enrol-code"
    )
    group.addoption("--rotate-command", default="", metavar="COMMAND", help="changes the platform's keys (point K-01)")
    group.addoption(
        "--correct-command", default="", metavar="COMMAND",
        help="an officer asks for a correction: with {code}, {field} and {text} in it (point S-02)",
    )  # fmt: skip
    group.addoption(
        "--crash-command", default="", metavar="COMMAND", help="kills the platform hard and starts it again (C-01)"
    )
    group.addoption("--report", default="", metavar="FILE", help="write what was found as JSON")
    group.addoption("--item", default="", metavar="ID", help="the service item that applications are made up for")
    group.addoption("--patience", type=float, default=0, metavar="SECONDS", help="wait for a token to run out (T-09)")
    group.addoption("--opening", type=float, default=30, metavar="SECONDS", help="within which records are opened")
    group.addoption("--guess-codes", action="store_true", help="try wrong codes until the platform slows down (E-07)")
    group.addoption(
        "--examples", type=int, default=4, metavar="N", help="requests of each kind and call made from the OpenAPI"
    )
    group.addoption("--kit-seed", type=int, default=421, metavar="N", help="for everything that is made up")
    group.addoption(
        "--ca", default="", metavar="FILE", help="certificates to trust, for a platform with its own authority"
    )


def choices(config: pytest.Config, own: OwnGateway | None = None) -> Choices:
    """From the command line; with our own gateway everything is tried."""

    def get(name: str, default: object) -> object:
        return config.getoption(name, default)  # loaded late, in a run of everything, the options are not there

    return Choices(
        item=str(get("item", "")),
        patience=float(str(get("patience", 0))),
        opening=float(str(get("opening", 30))),
        guess=own is not None or bool(get("guess_codes", False)),
        rotate=own.rotate_command if own else str(get("rotate_command", "")),
        correct=correct_by_command(own.correct_command if own else str(get("correct_command", ""))),
        crash=own.crash if own else by_command(str(get("crash_command", ""))),
        examples=int(str(get("examples", 4))),
        seed=int(str(get("kit_seed", 421))),
        ca=str(get("ca", "")),
    )


@pytest.fixture(scope="session")
def kit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """The platform named on the command line, or our own."""
    config = request.config
    url = config.getoption("gateway", "")
    given = config.getoption("enrol_code", []), config.getoption("enrol_command", "")
    if url:
        made = Kit(url, codes(*given), choices(config))
        config.stash[URL] = url
        yield made
        made.close()
        return
    with OwnGateway(tmp_path_factory.mktemp("own") / "gateway") as own:
        made = Kit(own.url, codes([], own.enrol_command), choices(config, own))
        config.stash[URL] = f"{own.url} (our own gateway)"
        yield made
        made.close()


@pytest.fixture(scope="session")
def findings(request: pytest.FixtureRequest) -> list[Finding]:
    """What was found so far."""
    return request.config.stash.setdefault(FINDINGS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The report; in a run of everything only where something is broken."""
    found = config.stash.get(FINDINGS, [])
    if not found:
        return
    url = config.stash.get(URL, "")
    alone = config.rootpath == Path(__file__).parent
    terminalreporter.section("contract kit")
    if alone or any(f.outcome == BROKEN for f in found):
        terminalreporter.write("\n".join(report.lines(url, found)) + "\n")
    else:
        terminalreporter.write_line(report.summary(found))
    if file := config.getoption("report", ""):
        report.write(Path(file), url, found)
        terminalreporter.write_line(f"written to {file}")

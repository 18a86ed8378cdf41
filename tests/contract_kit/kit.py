# SPDX-License-Identifier: Apache-2.0
"""What the points share: the platform's address, the terminals enrolled there, its catalogue."""

from __future__ import annotations

import base64
import json
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.application import check_application
from contract.catalogue import load_catalogue
from contract.errors import ContractError
from contract.events import Event
from contract.items import Catalogue, ServiceItem
from contract.sealing import PlatformKeys
from tests.contract_kit.answers import OURS, Line, said
from tests.contract_kit.points import Broken, Finding, NotTried
from tests.contract_kit.terminal import Terminal

SMALL_SKEW = 10.0  # seconds


@dataclass(frozen=True)
class Choices:
    """What may be said on the command line, beside address and codes."""

    item: str = ""  # which service item the applications are for
    patience: float = 0.0  # seconds that may be waited for a token to run out
    opening: float = 30.0  # seconds within which a record has to be opened
    guess: bool = False  # whether wrong codes may be tried until the platform slows down
    rotate: str = ""  # a command that changes the platform's keys
    correct: Callable[[str, str, str], None] | None = None  # an officer asks: tracking code, field, what is wrong
    crash: Callable[[], None] | None = None  # kills the platform and starts it again; NotTried where it cannot
    examples: int = 4  # of each call described in the OpenAPI
    seed: int = 421
    ca: str = ""


@dataclass
class Kit:
    """`next_code` gives a fresh enrolment code; raises NotTried when there are no more."""

    url: str
    next_code: Callable[[], str]
    choices: Choices = field(default_factory=Choices)
    found: dict[str, Finding] = field(default_factory=dict)

    @cached_property
    def line(self) -> Line:
        """Without a token."""
        return Line(self.url, self.choices.ca)

    @cached_property
    def speaks(self) -> str:
        """Empty where somebody there speaks the contract at all; else why not."""
        try:
            answer = self.line.ask("GET", "/health")
        except (requests.RequestException, OSError) as fault:
            return f"nobody answers at {self.url}: {type(fault).__name__}"
        return "" if answer.headers.get(OURS) == "1" else f"what answers at {self.url} is no gateway (point G-01)"

    def enrol_request(self, code: str) -> tuple[dict[str, str], Ed25519PrivateKey, X25519PrivateKey]:
        """What a new terminal says, and its keys."""
        sign, seal = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        return (
            {
                "code": code,
                "sign_key": base64.b64encode(sign.public_key().public_bytes_raw()).decode(),
                "seal_key": base64.b64encode(seal.public_key().public_bytes_raw()).decode(),
                "name": "契约检查",
            },
            sign,
            seal,
        )

    def enrol(self, code: str) -> Terminal:
        """A new terminal. Raises Broken, SealError."""
        request, sign, seal = self.enrol_request(code)
        answer = self.line.ask("POST", "/v1/enrol", json.dumps(request), Content_Type="application/json")
        given = said(answer, 200)
        try:
            keys = PlatformKeys.from_dict(given["platform"])
            number, client, url = int(given["terminal"]), str(given["client_id"]), str(given["public_url"])
        except (KeyError, TypeError, ValueError) as fault:
            raise Broken(f"the answer to an enrolment lacks a part or has a wrong one: {fault!r}") from None
        line = Line(self.url, self.choices.ca)
        return Terminal(line, sign, seal, number, client, keys, keys, url, ahead(answer))

    @cached_property
    def used_code(self) -> str:
        """The code by which `one` was enrolled."""
        return self.next_code()

    @cached_property
    def second_code(self) -> str:
        """The code by which `two` is enrolled."""
        self.one  # noqa: B018 - the first code is for the first
        return self.next_code()

    @cached_property
    def _one(self) -> Terminal | Exception:
        try:
            return self.enrol(self.used_code)
        except (Broken, ContractError, requests.RequestException) as fault:
            return fault

    def first(self) -> Terminal:
        """`one`, or why it could not be enrolled: for the point that is about it."""
        if isinstance(self._one, Exception):
            raise self._one
        return self._one

    @property
    def one(self) -> Terminal:
        """The terminal that most points are looked at with. Raises NotTried."""
        if isinstance(self._one, Exception):
            raise NotTried(f"no terminal could be enrolled (point E-01): {self._one}")
        return self._one

    @cached_property
    def two(self) -> Terminal:
        """Another one, for what one may do to the other. Raises Broken, NotTried."""
        return self.enrol(self.second_code)

    @cached_property
    def catalogue(self) -> Catalogue:
        """As published. Raises Broken, CatalogueError."""
        document = said(self.one.call("GET", "/v1/catalogue"), 200).get("document")
        if not isinstance(document, dict):
            raise Broken("GET /v1/catalogue without `since` gives no `document`")
        catalogue = load_catalogue(document)
        self.one.know(catalogue)
        return catalogue

    @cached_property
    def item(self) -> ServiceItem:
        """A service item for which an application can be made up. Raises NotTried."""
        terminal = self.one
        items = self.catalogue.items
        wanted: Sequence[ServiceItem] = list(items.values())
        if self.choices.item:
            if self.choices.item not in items:
                raise NotTried(f"the catalogue has no item {self.choices.item}")
            wanted = [items[self.choices.item]]
        for item in wanted:
            with suppress(KeyError, ValueError, IndexError):
                application = terminal.application(item)
                today = application.created_at[:10]
                if not check_application(item, application, today=date.fromisoformat(today)):
                    return item
        raise NotTried("no item of the catalogue can be filled in by the kit; name a simple one with --item")

    def wait(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` gives as soon as it is true. Raises Broken when that takes too long."""
        ends = time.monotonic() + self.choices.opening
        while not (found := look()):
            if time.monotonic() > ends:
                raise Broken(f"{what}: not within {self.choices.opening:.0f} s")
            time.sleep(0.03)
        return found

    def fate(self, terminal: Terminal, record_id: str) -> Event:
        """The event that says what became of a record once it was opened. Raises Broken."""

        def look() -> Event | None:
            return next((e for e in terminal.events() if e.record_id == record_id), None)

        event: Event = self.wait(f"an event for the record {record_id} in the feed of its terminal", look)
        return event

    def hang_up(self) -> None:
        """Lets go of all connections; new ones are made when needed."""
        for name in ("line", "_one", "two"):
            held = self.__dict__.get(name)
            if isinstance(held, Line):
                held.close()
            elif isinstance(held, Terminal):
                held.line.close()

    def close(self) -> None:
        """Lets go of all connections, for good."""
        self.hang_up()


def ahead(answer: requests.Response) -> float:
    """Seconds that the platform's clock is ahead of ours, by its Date; a few may be the way."""
    try:
        there = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except ValueError:
        return 0.0
    return skew if abs(skew := there - time.time()) > SMALL_SKEW else 0.0


def correct_by_command(command: str) -> Callable[[str, str, str], None] | None:
    """An officer's act by a command that has {code}, {field} and {text} in it."""
    if not command:
        return None

    def correct(code: str, field: str, text: str) -> None:
        given = {"{code}": code, "{field}": field, "{text}": text}
        words = [given.get(word, word) for word in shlex.split(command)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise NotTried(f"the correct command failed: {done.stderr.strip()[-300:]}")

    return correct


def by_command(command: str) -> Callable[[], None] | None:
    """A crash made by a command."""
    if not command:
        return None

    def crash() -> None:
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise NotTried(f"the crash command failed: {done.stderr.strip()[-300:]}")

    return crash


def codes(given: Sequence[str], command: str) -> Callable[[], str]:
    """First those given, then what a command prints."""

    def fresh() -> Iterator[str]:
        yield from given
        while command:
            done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=60, check=False)
            lines = done.stdout.split()
            if done.returncode or not lines:
                raise NotTried(f"the enrol command failed: {done.stderr.strip()[-300:]}")
            yield lines[-1]

    source = fresh()

    def next_code() -> str:
        code = next(source, None)
        if code is None:
            raise NotTried("there are no more enrolment codes: give three with --enrol-code, or --enrol-command")
        return code

    return next_code

# SPDX-License-Identifier: Apache-2.0
"""All contenders at once, each on its own link of the same kind and seed, from one start to the last or the bound."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.link.emulator import Emulator
from bench.link.path import Profile
from bench.peers.contenders import Arrived, CannotServe, Contender, Stall, environment
from bench.peers.workload import Workload

PREPARING = 240.0  # seconds that a client may take until it is ready


@dataclass(slots=True)
class Result:
    """What one contender did. `seconds` is None when the bound came first.

    Bytes are of IP: what the link carried each way, and what the terminal's end put out for it (`bytes_offered`).
    """

    name: str
    seconds: float | None = None
    bytes_up: int = 0
    bytes_down: int = 0
    bytes_offered: int = 0
    arrived: Arrived = field(default_factory=lambda: Arrived(0))
    facts: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(slots=True)
class Runner:
    """A contender under way."""

    contender: Contender
    stall: Stall
    result: Result
    server: subprocess.Popen[bytes]
    client: subprocess.Popen[bytes]
    ready: bool = False
    over: bool = False
    buffer: bytes = b""

    def lines(self) -> Iterator[dict[str, Any]]:
        """What its client has said since; marks it over at its end."""
        assert self.client.stdout is not None
        data = os.read(self.client.stdout.fileno(), 65536)
        if not data:
            self.over = True
            self.result.problem = self.result.problem or "the client ended"
            return
        *whole, self.buffer = (self.buffer + data).split(b"\n")
        for line in whole:
            with contextlib.suppress(ValueError, TypeError):  # some say other things too
                said = json.loads(line)
                if isinstance(said, dict) and "say" in said:
                    yield said

    def stop(self) -> None:
        """Ends both ends."""
        for process in (self.client, self.server):
            process.kill()
            process.wait()
        for pipe in (self.client.stdin, self.client.stdout):
            if pipe is not None:
                pipe.close()


class Race:
    """A row of the contest."""

    def __init__(self, profile: Profile, load: Workload, bound: float, folder: Path, *, late: int = 0) -> None:
        self._profile = profile
        self._load = load
        self._bound = bound
        self._folder = folder
        self._late = late

    def run(self, contenders: Sequence[Contender], congestion: str = "cubic") -> list[Result]:
        """One result for each, in their order."""
        files = self._folder / "files"
        files.mkdir(parents=True)
        self._load.write(files)
        missing = {c.name: c.missing() for c in contenders}
        runners: list[Runner] = []
        with Emulator(congestion=congestion) as emulator:
            try:
                for contender in contenders:
                    if missing[contender.name]:
                        continue
                    try:
                        runners.append(self._attach(emulator, contender, files))
                    except CannotServe as fault:
                        missing[contender.name] = str(fault)
                self._until_ready(runners)
                emulator.shape(self._profile)
                self._go(runners)
            finally:
                for runner in runners:
                    runner.stop()
        for runner in runners:
            runner.result.arrived = runner.contender.arrived(runner.stall)
        found = {runner.result.name: runner.result for runner in runners}
        return [found.get(c.name) or Result(c.name, problem=missing[c.name]) for c in contenders]

    def _attach(self, emulator: Emulator, contender: Contender, files: Path) -> Runner:
        place = self._folder / contender.name.replace(" ", "-")
        near, far = place / "near", place / "far"
        near.mkdir(parents=True)
        far.mkdir()
        stall = Stall(emulator.add(contender.name), self._load, files, near, far, self._late)
        server = contender.attach(stall)
        try:
            log = near.with_suffix(".log")
            client = stall.link.near.start(contender.client(stall), log=log, talk=True, env=environment())
        except BaseException:
            server.kill()
            raise
        return Runner(contender, stall, Result(contender.name), server, client)

    def _until_ready(self, runners: list[Runner]) -> None:
        for runner, said in _listen(runners, PREPARING, lambda: all(r.ready for r in runners)):
            if said["say"] == "ready":
                runner.ready = True
                runner.result.facts.update(said)

    def _go(self, runners: list[Runner]) -> None:
        began = time.monotonic()
        for runner in runners:
            if runner.ready and runner.client.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    runner.client.stdin.write(b"go\n")
        for runner, said in _listen(runners, self._bound, lambda: False):
            after = time.monotonic() - began
            runner.result.facts[f"{said['say']}_after"] = after
            runner.result.facts.update(said)
            if said["say"] == "done":
                runner.result.seconds = after
                runner.over = True
                _count(runner)
        for runner in runners:
            if runner.result.seconds is None:
                _count(runner)


def _count(runner: Runner) -> None:
    path, result = runner.stall.link.path, runner.result
    result.bytes_up, result.bytes_down = path.up.carried_bytes, path.down.carried_bytes
    result.bytes_offered = path.up.offered_bytes
    capacity = runner.stall.link.path.profile.up / 8
    lines = [f"{n:5} {up:8} {down:8} {'#' * round(40 * up / capacity)}" for n, (up, down) in enumerate(path.timeline())]
    (runner.stall.near.parent / "timeline.txt").write_text("\n".join(["    s       up     down", *lines, ""]))


def _listen(runners: list[Runner], bound: float, enough: Callable[[], bool]) -> Iterator[tuple[Runner, dict[str, Any]]]:
    """What they say, until all are over, or it is enough, or the bound."""
    ends = time.monotonic() + bound
    with selectors.DefaultSelector() as selector:
        for runner in runners:
            if not runner.over:
                assert runner.client.stdout is not None
                selector.register(runner.client.stdout, selectors.EVENT_READ, runner)
        while selector.get_map() and not enough() and (left := ends - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                runner = key.data
                for said in runner.lines():
                    yield runner, said
                if runner.over:
                    selector.unregister(key.fileobj)

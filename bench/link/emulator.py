# SPDX-License-Identifier: Apache-2.0
"""Links between pairs of network namespaces, any number side by side, carried by one thread.

Both ends of each link are this kernel's own TCP. A link begins fast; `Emulator.shape` makes all of them weak at the
same moment, which is their time zero.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import threading
import time
from types import TracebackType

from bench.link.namespaces import Namespace
from bench.link.path import FAST, End, Path, Profile

NEAR_ADDRESS, FAR_ADDRESS = "10.79.0.1", "10.79.0.2"  # the same on every link: each is a world of its own
LARGEST = 65536


class Link:
    """A pair of namespaces and the path between them."""

    def __init__(self, name: str, congestion: str) -> None:
        self.name = name
        self.near = Namespace(NEAR_ADDRESS, FAR_ADDRESS, congestion=congestion)
        try:
            self.far = Namespace(FAR_ADDRESS, NEAR_ADDRESS, congestion=congestion)
        except BaseException:
            self.near.close()
            raise
        self._tuns = (self.near.tun, self.far.tun)
        self.path, self.began = Path(FAST), time.monotonic()

    def end_of(self, tun: int) -> End:
        """Which end a device is."""
        return End(self._tuns.index(tun))

    def shape(self, profile: Profile, began: float) -> None:
        """From now on it is this link, with counters at zero; what was under way is lost."""
        self.path, self.began = Path(profile), began

    def take(self, tun: int) -> None:
        """Takes what an end has sent."""
        path, end = self.path, self.end_of(tun)
        for _ in range(256):  # then others have their turn
            try:
                packet = os.read(tun, LARGEST)
            except BlockingIOError:
                return
            path.offer(time.monotonic() - self.began, end, packet)

    def give(self) -> float:
        """Delivers what has arrived; the time on the machine's clock when there will be more."""
        path = self.path
        for end, packet in path.arrivals(time.monotonic() - self.began):
            with contextlib.suppress(OSError):  # a full device drops, as a network card does
                os.write(self._tuns[end], packet)
        return self.began + path.next_arrival()

    def close(self) -> None:
        """Ends the link."""
        self.near.close()
        self.far.close()


class Emulator:
    """Carries the links; a context manager. Raises NamespacesForbidden from `add`."""

    def __init__(self, *, congestion: str = "cubic") -> None:
        self._congestion = congestion
        self._links: dict[int, Link] = {}
        self._poll = select.epoll()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll.register(self._bell, select.EPOLLIN)
        self._lock = threading.Lock()
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="links", daemon=True)

    def __enter__(self) -> Emulator:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop = True
        os.eventfd_write(self._bell, 1)
        self._thread.join()
        self._poll.close()
        os.close(self._bell)
        for link in set(self._links.values()):
            link.close()

    def add(self, name: str = "") -> Link:
        """A new link, fast until `shape`."""
        link = Link(name, self._congestion)
        with self._lock:
            for tun in (link.near.tun, link.far.tun):
                self._links[tun] = link
                self._poll.register(tun, select.EPOLLIN)
        return link

    def shape(self, profile: Profile) -> None:
        """All links become this link, now."""
        with self._lock:
            now = time.monotonic()
            for link in set(self._links.values()):
                link.shape(profile, now)

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # a measuring device should not wait for those it measures
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        due = math.inf
        while not self._stop:
            wait = -1 if math.isinf(due) else max(0.0, due - time.monotonic())
            ready = self._poll.poll(wait)
            with self._lock:
                for tun, _ in ready:
                    if tun in self._links:
                        self._links[tun].take(tun)
                due = min((link.give() for link in set(self._links.values())), default=math.inf)

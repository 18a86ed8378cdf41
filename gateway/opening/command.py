# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway open`: one more process that opens."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.options import platform_of, setup_of, where


@click.command("open")
@where
def open_records(data: Path | None, database: str, attachments: str) -> None:
    """Opens what is in custody, until it is stopped: one more worker beside those that serve."""
    import signal
    import threading

    from gateway.http.serving import log_to_stderr
    from gateway.opening.loop import Opener

    log_to_stderr()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with platform_of(setup_of(data, database, attachments)) as platform:
        platform.start_opener(Opener(platform.opening))
        click.echo("opening")
        stop.wait()

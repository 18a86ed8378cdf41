# SPDX-License-Identifier: Apache-2.0
"""`doorstep`: each package brings its commands as entry points; one is loaded only when it is called."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoints, PackageNotFoundError, distribution, entry_points

import click

GROUP = "doorstep.commands"


class LazyCommands(click.Group):
    """Knows its sub-commands by name, imports one at a time: a headless command never loads Qt."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        del ctx
        return sorted(entry_points(group=GROUP).names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads one command."""
        del ctx
        for entry in _own(cmd_name) or entry_points(group=GROUP, name=cmd_name):
            with _no_collecting():
                command = entry.load()
            assert isinstance(command, click.Command)
            return command
        return None


def _own(name: str) -> EntryPoints:
    """A command of ours is found without reading what every installed package brings."""
    try:
        return distribution("doorstep").entry_points.select(group=GROUP, name=name)
    except PackageNotFoundError:
        return EntryPoints()


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Loading makes a great many objects that stay: looking for garbage among them is in vain."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@click.group(cls=LazyCommands)
@click.version_option(package_name="doorstep")
def main() -> None:
    """Doorstep (家门口): the self-service terminal for village and community service points."""

"""Registers the subcommand `serve`; what it runs is imported when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Command, hookimpl

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from amplify_modelgen.plugin import Schema, Target


@hookimpl
def modelgen_commands() -> list[Command]:
    """Return the subcommand `serve`."""
    description = "run a local emulator of the AmplifyBackend API over HTTP"
    return [Command(name="serve", help=description, add_arguments=_add_arguments, run=_run)]


def _add_arguments(parser: ArgumentParser) -> None:
    from .command import add_arguments

    add_arguments(parser)


def _run(arguments: Namespace, targets: Sequence[tuple[Target, Schema]]) -> int:
    from .command import serve

    return serve(arguments, targets)

"""Local emulator of the AmplifyBackend API, with fault injection.

`amplify-modelgen serve` runs it. In tests, `running_server` serves on a free port:

    from amplify_modelgen_plugins.serve import running_server

    with running_server(job_time=2.0, faults=["throttle=3"]) as server:
        client = boto3.client("amplifybackend", endpoint_url=server.url)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Command, hookimpl

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from amplify_modelgen.plugin import Schema, Target

    from .pytest_plugin import RunningServer, running_server

__all__ = ["RunningServer", "modelgen_commands", "running_server"]


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


def __getattr__(name: str) -> object:
    """Import the test helper on first use: registering the plugin must stay cheap."""
    if name not in ("RunningServer", "running_server"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import pytest_plugin

    return getattr(pytest_plugin, name)

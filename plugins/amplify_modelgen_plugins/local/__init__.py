"""The embedded backend: Amplify's model generation on one's own machine, without AWS.

`generate --backend local` uses it inside the process; `serve` puts it behind HTTP with the
AmplifyBackend protocol. For tests, `running_server` serves on a free port:

    from amplify_modelgen_plugins.local import running_server

    with running_server(job_time=2.0, faults=["throttle=3"]) as server:
        client = boto3.client("amplifybackend", endpoint_url=server.url)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import hookimpl

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from amplify_modelgen import Backend, Command, Schema, Settings, Target

    from .backend import LocalBackend
    from .running import RunningServer, running_server
    from .store import Store

__all__ = [
    "LocalBackend",
    "RunningServer",
    "Store",
    "modelgen_backend",
    "modelgen_commands",
    "running_server",
]

_SERVE = "serve the embedded backend over HTTP, with the AmplifyBackend protocol"

_HOMES = {
    "LocalBackend": "backend",
    "RunningServer": "running",
    "Store": "store",
    "running_server": "running",
}


@hookimpl
def modelgen_backend(name: str, settings: Settings) -> Backend | None:
    """Return the embedded backend, in memory, for the name `local`."""
    del settings
    if name != "local":
        return None
    from .backend import LocalBackend

    return LocalBackend()


@hookimpl
def modelgen_commands() -> list[Command]:
    """Return the verb `serve`."""
    from amplify_modelgen import Command

    from .arguments import add_arguments

    return [Command(name="serve", help=_SERVE, add_arguments=add_arguments, run=_serve)]


def _serve(arguments: Namespace, found: Sequence[tuple[Target, Schema]]) -> int:
    from .command import serve

    return serve(arguments, found)


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: registering the plugin must cost nothing."""
    from importlib import import_module

    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)

"""Registers the subcommand `serve`; what it runs is imported when it runs."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Command, hookimpl

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from amplify_modelgen.plugin import Schema, Target

_MAX_PORT = 65535


@hookimpl
def modelgen_commands() -> list[Command]:
    """Return the subcommand `serve`."""
    description = "run a local emulator of the AmplifyBackend API over HTTP"
    return [Command(name="serve", help=description, add_arguments=add_arguments, run=_run)]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `serve` to its parser."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port", type=_port, default=0, metavar="PORT", help="port (default: a free one)"
    )
    parser.add_argument(
        "--unsafe-listen",
        action="store_true",
        help="allow non-loopback addresses (no authentication)",
    )
    parser.add_argument(
        "--database",
        default=":memory:",
        metavar="FILE",
        help="store apps, schemas, models and jobs in this file (default: in memory)",
    )
    parser.add_argument(
        "--job-time",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="duration of each job (default: 0)",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        help="inject a fault: throttle=3, GetBackendJob:latency=0.5, ...; repeatable",
    )
    parser.add_argument(
        "--empty", action="store_true", help="do not load the schemas of the project"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > _MAX_PORT:
        raise ArgumentTypeError(f"{text!r} is not a port from 0 to {_MAX_PORT}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _run(arguments: Namespace, targets: Sequence[tuple[Target, Schema]]) -> int:
    from .command import serve

    return serve(arguments, targets)

"""The options of `serve`."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

_LAST_PORT = 65535


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `serve` to its parser."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="the address to listen on (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port", type=_port, default=0, metavar="PORT", help="the port (default: a free one)"
    )
    parser.add_argument(
        "--unsafe-listen",
        action="store_true",
        help="allow an address that other machines reach; whoever does may use the backend",
    )
    parser.add_argument(
        "--database",
        default=":memory:",
        metavar="FILE",
        help="keep apps, schemas, models and jobs in this file (default: in memory)",
    )
    parser.add_argument(
        "--job-time",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="how long each job takes (default: 0)",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        help="go wrong on purpose: throttle=3, GetBackendJob:latency=0.5, ...; repeatable",
    )
    parser.add_argument(
        "--empty", action="store_true", help="do not load the schemas of the project"
    )
    parser.add_argument("--verbose", action="store_true", help="print a line for each request")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > _LAST_PORT:
        message = f"{text!r} is not a port from 0 to {_LAST_PORT}"
        raise ArgumentTypeError(message)
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        message = f"{text!r} is not a number of seconds"
        raise ArgumentTypeError(message)
    return seconds

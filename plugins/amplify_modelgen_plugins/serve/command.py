"""The subcommand `serve`: run the emulator until a signal stops it.

The server is imported when the command runs, because every run imports this module.
"""

from __future__ import annotations

import math
import sys
from argparse import ArgumentTypeError
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import Command, ModelgenError, UsageError, escape, hookimpl

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator, Sequence
    from socket import socket

    from amplify_modelgen.plugin import Schema, Target

    from .dispatch import Reply
    from .store import ResourceId, Store

_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")  # SIGBREAK exists on Windows only


@hookimpl
def modelgen_commands() -> list[Command]:
    """Return the subcommand `serve`."""
    description = "run a local emulator of the AmplifyBackend API over HTTP"
    return [Command(name="serve", help=description, add_arguments=add_arguments, run=serve)]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `serve` to its parser."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port", type=int, default=0, metavar="PORT", help="port (default: a free one)"
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


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def serve(arguments: Namespace, targets: Sequence[tuple[Target, Schema]]) -> int:
    """Serve until SIGINT or SIGTERM, and return 0. Prints the URL on stdout.

    The schemas of the targets are deployed first, unless `--empty` is given.

    Raises:
        UsageError: an argument is invalid.
    """
    from .server import is_loopback, running_server

    if not arguments.unsafe_listen and not is_loopback(arguments.host):
        raise UsageError(
            f"{arguments.host} is not a loopback address",
            hint="add --unsafe-listen to accept connections from other machines",
        )
    with (
        _stop_signals() as receiver,
        running_server(
            database=arguments.database,
            job_time=arguments.job_time,
            faults=arguments.fault,
            host=arguments.host,
            port=arguments.port,
            allow_any_host=arguments.unsafe_listen,
            on_request=_print_request if arguments.verbose else lambda *_: None,
        ) as server,
    ):
        resource_ids = [] if arguments.empty else deploy_targets(server.store, targets)
        _print_endpoint(server.url, resource_ids)
        receiver.recv(1)
    return 0


def deploy_targets(store: Store, targets: Iterable[tuple[Target, Schema]]) -> list[ResourceId]:
    """Deploy the schema of every target to each of its environments, the selected one first."""
    from .store import ResourceId

    deployed = []
    for target, schema in targets:
        names = dict.fromkeys(filter(None, (target.environment, *target.environments)))
        for name in names or ("dev",):
            resource_id = ResourceId(
                app_id=target.app_id or "local", environment=name, resource=target.resource
            )
            store.deploy(resource_id, schema.text, target.flags)
            deployed.append(resource_id)
    return deployed


@contextmanager
def _stop_signals() -> Iterator[socket]:
    """Yield a socket that receives a byte when a signal asks the process to stop.

    The interpreter sends it. A Python handler must not: it interrupts the main thread anywhere,
    and would deadlock on a lock that this thread holds.
    """
    import signal
    from socket import socketpair

    receiver, sender = socketpair()
    with receiver, sender:
        sender.settimeout(0)
        numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
        previous_fd = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        previous = {number: signal.signal(number, lambda *_: None) for number in numbers}
        try:
            yield receiver
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(previous_fd)


def _print_endpoint(url: str, resource_ids: Sequence[ResourceId]) -> None:
    try:
        for item in resource_ids:
            _print_status(
                f"serving --app-id {item.app_id} --backend-environment-name {item.environment}"
                f" --resource-name {item.resource}"
            )
        _print_status("to use it from the AWS CLI, boto3 or amplify-modelgen:")
        _print_status(f"  export AWS_ENDPOINT_URL_AMPLIFYBACKEND={url}")
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
    except OSError as error:
        raise ModelgenError(f"cannot print the URL: {error.strerror}") from error


def _print_request(method: str, path: str, reply: Reply, seconds: float) -> None:
    faults = "".join(f" {fault.kind}" for fault in reply.faults)
    code = f" {reply.code}" if reply.code else ""
    _print_status(f"{method} {path} {reply.status}{code}{faults} {seconds * 1000:.1f} ms")


def _print_status(text: str) -> None:
    sys.stderr.write(f"{escape(text)}\n")
    sys.stderr.flush()

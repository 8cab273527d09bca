"""The subcommand `serve`: run the emulator until a signal stops it."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amplify_modelgen.plugin import ModelgenError, UsageError, escape

from .backend_jobs import OperationContext
from .dispatch import Dispatcher
from .faults import FaultInjector
from .limits import is_loopback
from .server import EmulatorServer
from .store import ResourceId, open_store

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.plugin import Schema, Target

    from .dispatch import Reply
    from .store import Store

# The names of a target whose project has no app id, or no environment.
APP_ID = "local"
ENVIRONMENT = "dev"

_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")  # SIGBREAK exists on Windows only


def serve(arguments: Namespace, targets: Iterable[tuple[Target, Schema]]) -> int:
    """Serve until SIGINT or SIGTERM, and return 0. Prints the URL on stdout.

    The schemas of the targets are deployed first, unless `--empty` is given.

    Raises:
        UsageError: an argument is invalid.
    """
    if not arguments.unsafe_listen and not is_loopback(arguments.host):
        raise UsageError(
            f"{arguments.host} is not a loopback address",
            hint="add --unsafe-listen to accept connections from other machines",
        )
    faults = FaultInjector(arguments.fault)
    with open_store(arguments.database) as store:
        resource_ids = [] if arguments.empty else deploy_targets(store, targets)
        server = EmulatorServer(
            (arguments.host, arguments.port),
            Dispatcher(OperationContext(store=store, job_time=arguments.job_time), faults),
            allow_any_host=arguments.unsafe_listen,
            on_request=_print_request if arguments.verbose else lambda *_: None,
        )
        with _stop_signals() as receiver, server:
            _print_endpoint(server.url, resource_ids)
            receiver.recv(1)
    return 0


def deploy_targets(store: Store, targets: Iterable[tuple[Target, Schema]]) -> list[ResourceId]:
    """Deploy the schema of every target to each of its environments."""
    deployed = []
    for target, schema in targets:
        for resource_id in resource_ids_of(target):
            store.deploy(resource_id, schema.text, target.flags)
            deployed.append(resource_id)
    return deployed


def resource_ids_of(target: Target) -> tuple[ResourceId, ...]:
    """Return the ids of a target, one for each environment, the selected environment first."""
    selected = (target.environment,) if target.environment else ()
    names = dict.fromkeys((*selected, *target.environments)) or {ENVIRONMENT: None}
    app_id = target.app_id or APP_ID
    return tuple(
        ResourceId(app_id=app_id, environment=name, resource=target.resource) for name in names
    )


@contextmanager
def _stop_signals() -> Iterator[socket.socket]:
    """Yield a socket that receives a byte when a signal asks the process to stop.

    The interpreter sends it. A Python handler must not: it interrupts the main thread anywhere,
    and would deadlock on a lock that this thread holds.
    """
    receiver, sender = socket.socketpair()
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
    lines = [
        *(
            f"serving --app-id {item.app_id} --backend-environment-name {item.environment}"
            f" --resource-name {item.resource}"
            for item in resource_ids
        ),
        "to use it from the AWS CLI, boto3 or amplify-modelgen:",
        f"  export AWS_ENDPOINT_URL_AMPLIFYBACKEND={url}",
    ]
    try:
        for line in lines:
            _print_status(line)
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

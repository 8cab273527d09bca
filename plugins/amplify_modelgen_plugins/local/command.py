"""The verb `serve`: the embedded backend on a port, until it is told to stop."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack, closing, contextmanager
from threading import Event
from typing import TYPE_CHECKING

from amplify_modelgen import UsageError, note, say

from .arguments import add_arguments
from .bounds import is_loopback
from .context import Context
from .dispatch import Dispatcher
from .faults import Faults
from .seed import deploy_targets
from .server import Server
from .store import Store

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from amplify_modelgen import Schema, Target

    from .records import Place
    from .replies import Reply

__all__ = ["add_arguments", "serve"]

# So that a signal is noticed on Windows too, where waiting without an end cannot be interrupted.
_LOOK_SECONDS = 0.2


def serve(arguments: Namespace, targets_with_schemas: Sequence[tuple[Target, Schema]]) -> int:
    """Serve until SIGINT or SIGTERM, and return 0.

    The targets' schemas are loaded first, unless `--empty` was given. Prints the URL on stdout.
    Raises `UsageError` for what was typed and cannot be done.
    """
    _check_host(arguments.host, unsafe=arguments.unsafe_listen)
    faults = Faults(arguments.fault)
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(arguments.database)))
        chosen = [] if arguments.empty else targets_with_schemas
        places = deploy_targets(store, [(target, schema.text) for target, schema in chosen])
        server = Server(
            (arguments.host, arguments.port),
            Dispatcher(Context(store=store, job_time=arguments.job_time), faults),
            trusts_any_host=arguments.unsafe_listen,
            tell=_tell if arguments.verbose else lambda *_: None,
        )
        stop = stack.enter_context(_stop_signals())
        stack.enter_context(server)
        _announce(server.url, places)
        while not stop.is_set():
            stop.wait(_LOOK_SECONDS)
    return 0


def _check_host(host: str, *, unsafe: bool) -> None:
    if unsafe or is_loopback(host):
        return
    raise UsageError(
        f"{host} is not an address of this machine alone",
        hint="anybody who reaches it may use the backend; if that is meant, add --unsafe-listen",
    )


@contextmanager
def _stop_signals() -> Iterator[Event]:
    stop = Event()
    names = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last one is Windows'
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(url: str, places: Sequence[Place]) -> None:
    for place in places:
        note(
            f"serving --app-id {place.app_id} --backend-environment-name {place.environment}"
            f" --resource-name {place.resource}"
        )
    note("to have the AWS CLI, boto3 and amplify-modelgen use it:")
    note(f"  export AWS_ENDPOINT_URL_AMPLIFYBACKEND={url}")
    say(url)
    sys.stdout.flush()


def _tell(method: str, path: str, reply: Reply, seconds: float) -> None:
    faults = "".join(f" {fault.kind}" for fault in reply.faults)
    code = f" {reply.code}" if reply.code else ""
    note(f"{method} {path} {reply.status}{code}{faults} {seconds * 1000:.1f} ms")

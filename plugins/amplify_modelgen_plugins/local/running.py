"""The embedded backend on a free port, for the length of a `with` block: for tests."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from .context import Context
from .dispatch import Dispatcher
from .faults import Faults
from .records import Place
from .seed import deploy
from .server import Server
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .bounds import Bounds
    from .dispatch import Request
    from .faults import Fault


class RunningServer(Struct, frozen=True, kw_only=True):
    """A server that runs: where it is, what it keeps, and which rules it breaks on purpose."""

    url: str
    store: Store
    faults: Faults
    dispatcher: Dispatcher
    server: Server

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests that were answered, the oldest first; of very many only the last."""
        return tuple(self.dispatcher.requests)

    def deploy(self, sdl: str | None, *, app_id: str, environment: str, resource: str) -> None:
        """Put an API with this schema, or with none, into the store, without any job."""
        place = Place(app_id=app_id, environment=environment, resource=resource)
        deploy(self.store, place, sdl)


@contextmanager
def running_server(  # noqa: PLR0913 (every one has a default)
    *,
    database: str = ":memory:",
    job_time: float = 0.0,
    faults: Iterable[str | Fault] = (),
    host: str = "127.0.0.1",
    port: int = 0,
    bounds: Bounds | None = None,
    clock: Callable[[], float] = time.time,
) -> Iterator[RunningServer]:
    """Serve the embedded backend until the block ends.

    `database` is a file's path or `:memory:`, `job_time` how long jobs take in seconds of
    `clock`, `faults` are rules as `serve --fault` takes them, and `port` 0 means a free one.
    Raises `UsageError` for a rule that cannot be read and an address that cannot be had.
    """
    rules = Faults(faults)
    with closing(Store(database)) as store:
        context = Context(store=store, job_time=job_time, clock=clock)
        dispatcher = Dispatcher(context, rules)
        with Server((host, port), dispatcher, bounds=bounds) as server:
            yield RunningServer(
                url=server.url, store=store, faults=rules, dispatcher=dispatcher, server=server
            )

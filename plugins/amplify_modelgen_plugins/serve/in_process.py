"""The emulator on a free port of this process, for the duration of a `with` block."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from .backend_jobs import OperationContext
from .dispatch import Dispatcher
from .faults import FaultInjector
from .server import EmulatorServer
from .store import ResourceId, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amplify_modelgen.plugin import FeatureFlags

    from .dispatch import RecordedRequest
    from .faults import Fault
    from .limits import Limits
    from .store import Store


class RunningServer(Struct, frozen=True, kw_only=True):
    """A running server: its URL, its state, and the faults that it injects."""

    url: str
    store: Store
    faults: FaultInjector
    dispatcher: Dispatcher
    server: EmulatorServer

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The last 10,000 requests that were answered, the oldest first."""
        return tuple(self.dispatcher.requests)

    def deploy(
        self,
        sdl: str | None,
        *,
        app_id: str,
        environment: str,
        resource: str,
        flags: FeatureFlags | None = None,
    ) -> None:
        """Add an API with this schema (None: without a schema), without a job.

        Without `flags` they are those of a new project.
        """
        resource_id = ResourceId(app_id=app_id, environment=environment, resource=resource)
        self.store.deploy(resource_id, sdl, flags)


@contextmanager
def running_server(  # noqa: PLR0913 (all arguments have a default)
    *,
    database: str = ":memory:",
    job_time: float = 0.0,
    faults: Iterable[str | Fault] = (),
    host: str = "127.0.0.1",
    port: int = 0,
    limits: Limits | None = None,
    clock: Callable[[], float] = time.time,
) -> Iterator[RunningServer]:
    """Run the emulator until the block ends.

    `database` is the path of a file or `:memory:`. `job_time` is the duration of jobs, in seconds
    of `clock`. `faults` are rules of `serve --fault`. Port 0 means a free one.

    Raises:
        UsageError: a rule is invalid, or the address or the database is not available.
    """
    injector = FaultInjector(faults)
    with open_store(database) as store:
        context = OperationContext(store=store, job_time=job_time, clock=clock)
        dispatcher = Dispatcher(context, injector)
        with EmulatorServer((host, port), dispatcher, limits=limits) as server:
            yield RunningServer(
                url=server.url, store=store, faults=injector, dispatcher=dispatcher, server=server
            )

"""Apps, environments, API resources, schemas, models and jobs; immutable values in and out.

Removing an app or environment removes what it contains, except jobs.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext, suppress
from itertools import islice
from pathlib import Path
from shutil import copymode
from tempfile import TemporaryDirectory
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from amplify_modelgen.plugin import BackendError, FeatureFlags, UsageError

from .protocol import BadRequestError, ResourceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

MEMORY = ":memory:"
_Format = Literal["amplify-modelgen serve 3"]
# Enough for weeks of work; without a limit a load test would use more and more memory.
MAX_JOBS = 10_000


class ResourceId(Struct, frozen=True, kw_only=True):
    """The identity of an API resource: app id, environment name and resource name."""

    app_id: str
    environment: str
    resource: str


def resource_id_of(members: Mapping[str, Any]) -> ResourceId:
    """Return the resource that a request names; missing parts are empty."""
    return ResourceId(
        app_id=members["AppId"],
        environment=members.get("BackendEnvironmentName", ""),
        resource=members.get("ResourceName", ""),
    )


class SchemaVersion(Struct, frozen=True, kw_only=True):
    """The input of model generation: a schema text and the feature flags.

    Models are stale if and only if they were generated from another version.
    """

    sdl: str
    flags: FeatureFlags


class StoredModels(Struct, frozen=True, kw_only=True):
    """The two documents as the API returns them, and what they were generated from."""

    version: SchemaVersion
    datastore: str
    introspection: str


class Resource(Struct, frozen=True, kw_only=True):
    """An API resource. `config` is its `ResourceConfig` without the schema."""

    version: SchemaVersion | None = None
    config: dict[str, Any] = {}
    models: StoredModels | None = None


class Environment(Struct, frozen=True, kw_only=True):
    """A backend environment; `flags` are the feature flags of its `cli.json`."""

    flags: FeatureFlags = field(default_factory=FeatureFlags)
    resources: dict[str, Resource] = {}


class App(Struct, frozen=True, kw_only=True):
    """An Amplify app."""

    name: str
    environments: dict[str, Environment] = {}


class JobBehavior(Struct, frozen=True, kw_only=True):
    """What injected faults change in a job.

    A `stall` job never finishes, an `immediate` one finishes when it starts, and a `fail` one
    fails without doing its work, with the message `error`. `progress` is the status of a running
    job.
    """

    stall: bool = False
    immediate: bool = False
    fail: bool = False
    error: str | None = None
    progress: str | None = None


class StoredJob(Struct, frozen=True, kw_only=True):
    """A job. Times are seconds since the epoch; `ends` is None if the job never finishes.

    `environment` is None for a job on all environments of an app. `members` are those of the
    request, and `version` is what was deployed then; a finished job does not keep them. In the
    store, `status` is None until the job has run; until then it follows from the time that has
    passed.
    """

    id: str
    app_id: str
    environment: str | None
    resource: str | None
    operation: str
    members: dict[str, Any]
    version: SchemaVersion | None
    behavior: JobBehavior
    created: float
    updated: float
    ends: float | None
    status: str | None = None
    error: str | None = None

    @property
    def resource_id(self) -> ResourceId:
        """The resource that the job works on; missing parts are empty."""
        return ResourceId(
            app_id=self.app_id, environment=self.environment or "", resource=self.resource or ""
        )

    def is_in(self, app_id: str, environment: str) -> bool:
        """Whether the job is one of an environment; one on all environments is one of each."""
        return self.app_id == app_id and self.environment in (None, environment)

    def is_due(self, now: float) -> bool:
        """Whether the job has to run by now."""
        return self.status is None and self.ends is not None and self.ends <= now


class _State(Struct, frozen=True, kw_only=True):
    """The content of a store, and of its file. The jobs are in the order of their start."""

    format: _Format
    apps: dict[str, App] = {}
    jobs: dict[str, StoredJob] = {}


_EMPTY = _State(format=get_args(_Format)[0])


class Store:
    """The state of the emulator: `database` is the path of a file, or `:memory:`.

    Safe to share between threads. A file survives restarts; `open_store` locks it.

    Raises:
        UsageError: the file cannot be used, or belongs to another program.
    """

    def __init__(self, database: str = MEMORY) -> None:
        self._path = None if database == MEMORY else _resolve(database)
        self._lock = RLock()
        self._state = _EMPTY if self._path is None else _load(self._path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Lock the store; keep and save the changes of the block or, if that fails, none.

        Raises:
            BackendError: they cannot be saved.
        """
        with self._lock, self.savepoint():
            before = self._state
            yield
            if self._path is not None and self._state is not before:
                try:
                    _save(self._path, self._state)
                except OSError as error:
                    raise BackendError(
                        f"the database of serve failed: {error}",
                        hint="check that its file is writable and the disk is not full",
                    ) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo the changes of the block, and only those, if it raises."""
        before = self._state
        try:
            yield
        except BaseException:
            self._state = before
            raise

    def deploy(
        self, resource_id: ResourceId, sdl: str | None, flags: FeatureFlags | None = None
    ) -> None:
        """Add an API resource with the schema `sdl`, and its app and environment.

        Without `sdl` the resource has no schema. Existing models become stale if the schema
        differs.
        """
        flags = flags or FeatureFlags()
        app_id, name = resource_id.app_id, resource_id.environment
        with self.transaction():
            if self.app(app_id) is None:
                self.put_app(app_id, app_id)
            environment = self.environment(app_id, name) or Environment()
            self.put_environment(app_id, name, replace(environment, flags=flags))
            resource = self.resource(resource_id) or Resource()
            version = None if sdl is None else SchemaVersion(sdl=sdl, flags=flags)
            self.put_resource(resource_id, replace(resource, version=version))

    def put_app(self, app_id: str, name: str) -> None:
        """Add the app, or rename it."""
        self._put_app(app_id, replace(self.app(app_id) or App(name=name), name=name))

    def _put_app(self, app_id: str, app: App) -> None:
        self._state = replace(self._state, apps={**self._state.apps, app_id: app})

    def app(self, app_id: str) -> App | None:
        """Return the app with its environments."""
        return self._state.apps.get(app_id)

    def require_app(self, app_id: str) -> App:
        """Return the app, or raise `ResourceNotFoundError`."""
        app = self.app(app_id)
        if app is None:
            raise ResourceNotFoundError(f"there is no app {app_id}", resource_type="App")
        return app

    def remove_app(self, app_id: str) -> None:
        """Remove the app and its contents."""
        self._state = replace(self._state, apps=_without(self._state.apps, app_id))

    def put_environment(self, app_id: str, name: str, environment: Environment) -> None:
        """Add the environment to an existing app, or replace it."""
        app = self.require_app(app_id)
        self._put_app(app_id, replace(app, environments={**app.environments, name: environment}))

    def environment(self, app_id: str, name: str) -> Environment | None:
        """Return the environment called `name` of the app."""
        app = self.app(app_id)
        return app.environments.get(name) if app else None

    def require_environment(self, app_id: str, name: str) -> Environment:
        """Return the environment, or raise `ResourceNotFoundError` for it or its app."""
        environment = self.require_app(app_id).environments.get(name)
        if environment is None:
            raise ResourceNotFoundError(
                f"the app {app_id} has no backend environment {name}",
                resource_type="BackendEnvironment",
            )
        return environment

    def ensure_no_environment(self, app_id: str, name: str) -> None:
        """Raise `BadRequestError` if the environment exists."""
        if self.environment(app_id, name) is not None:
            raise BadRequestError(
                f"the backend environment {name} of the app {app_id} already exists"
            )

    def remove_environment(self, app_id: str, name: str) -> None:
        """Remove the environment and its resources, or raise `ResourceNotFoundError`."""
        self.require_environment(app_id, name)
        app = self.require_app(app_id)
        self._put_app(app_id, replace(app, environments=_without(app.environments, name)))

    def put_resource(self, resource_id: ResourceId, resource: Resource) -> None:
        """Add the resource to an existing environment, or replace it."""
        app_id, name = resource_id.app_id, resource_id.environment
        environment = self.require_environment(app_id, name)
        resources = {**environment.resources, resource_id.resource: resource}
        self.put_environment(app_id, name, replace(environment, resources=resources))

    def resource(self, resource_id: ResourceId) -> Resource | None:
        """Return the resource."""
        environment = self.environment(resource_id.app_id, resource_id.environment)
        return environment.resources.get(resource_id.resource) if environment else None

    def require_resource(self, resource_id: ResourceId) -> Resource:
        """Return the resource, or raise `ResourceNotFoundError` for it or its environment."""
        app_id, name = resource_id.app_id, resource_id.environment
        resource = self.require_environment(app_id, name).resources.get(resource_id.resource)
        if resource is None:
            raise ResourceNotFoundError(
                f"the backend environment {name} of the app {app_id} has no API"
                f" {resource_id.resource}",
                resource_type="BackendAPI",
            )
        return resource

    def ensure_no_resource(self, resource_id: ResourceId) -> None:
        """Raise `BadRequestError` if the resource exists."""
        if self.resource(resource_id) is not None:
            raise BadRequestError(
                f"the API {resource_id.resource} of {resource_id.environment} already exists"
            )

    def remove_resource(self, resource_id: ResourceId) -> None:
        """Remove the resource and its models, or raise `ResourceNotFoundError`."""
        self.require_resource(resource_id)
        app_id, name = resource_id.app_id, resource_id.environment
        environment = self.require_environment(app_id, name)
        resources = _without(environment.resources, resource_id.resource)
        self.put_environment(app_id, name, replace(environment, resources=resources))

    def put_job(self, job: StoredJob) -> None:
        """Add or replace a job; the oldest finished ones are dropped."""
        jobs = {**self._state.jobs, job.id: job}
        surplus = islice(jobs.values(), max(0, len(jobs) - MAX_JOBS))
        for old in [job for job in surplus if job.status is not None]:
            del jobs[old.id]
        self._state = replace(self._state, jobs=jobs)

    def job(self, app_id: str, environment: str, job_id: str) -> StoredJob | None:
        """Return the job of this app and environment."""
        job = self._state.jobs.get(job_id)
        return job if job and job.is_in(app_id, environment) else None

    def due_jobs(self, now: float) -> list[StoredJob]:
        """Return the jobs that have to run by now, in the order of their ends."""
        due = [job for job in self._state.jobs.values() if job.is_due(now)]
        return sorted(due, key=lambda job: job.ends or now)

    def jobs(self, app_id: str, environment: str) -> list[StoredJob]:
        """Return the jobs of an environment, the newest first."""
        jobs = reversed(self._state.jobs.values())
        return [job for job in jobs if job.is_in(app_id, environment)]


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


@contextmanager
def open_store(database: str) -> Iterator[Store]:
    """Yield a store whose file, if it has one, no other server can use until the block ends.

    Raises:
        UsageError: the file cannot be used, or another server uses it.
    """
    with nullcontext() if database == MEMORY else _acquire_lock(_resolve(database)):
        yield Store(database)


def _acquire_lock(path: Path) -> AbstractContextManager[object]:
    from filelock import FileLock, Timeout

    lock_path = Path(f"{path}.lock")
    try:
        # `FileLock` truncates the file.
        if lock_path.exists() and lock_path.stat().st_size:
            raise _unusable(path, f"{lock_path.name} is not its lock file")
        return FileLock(lock_path, thread_local=False).acquire(timeout=0)
    except Timeout:
        raise _unusable(path, "another server uses it") from None
    except (OSError, NotImplementedError) as error:
        raise _unusable(path, f"cannot lock {lock_path.name}: {error}") from error


def _resolve(database: str) -> Path:
    """Return the path of a file without symbolic links; it is created if it does not exist."""
    path = Path(os.path.realpath(database))
    try:
        if not path.exists():
            path.touch()
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    # Reading a FIFO would wait for its other end.
    if not path.is_file():
        raise _unusable(path, "it is not a regular file")
    return path


def _load(path: Path) -> _State:
    try:
        content = path.read_bytes()
        return msgspec.json.decode(content, type=_State) if content else _EMPTY
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except msgspec.DecodeError as error:
        raise _unusable(path, "another program or version wrote it") from error


def _save(path: Path, state: _State) -> None:
    with TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as directory:
        temporary = Path(directory, path.name)
        temporary.write_bytes(msgspec.json.encode(state))
        with suppress(FileNotFoundError):
            copymode(path, temporary)
        temporary.replace(path)


def _unusable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"cannot use the database {path}: {reason}",
        hint="pass a new file to --database, or one that serve created",
    )

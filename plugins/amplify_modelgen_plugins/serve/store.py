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
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.plugin import BackendError, FeatureFlags, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

MEMORY = ":memory:"
# Enough for weeks of work; without a limit a load test would use more and more memory.
MAX_JOBS = 10_000


class ApiError(BackendError):
    """An error of the API: `code` is sent with the HTTP status `status`, and with `members`."""

    code = "InternalFailure"
    status = 500
    members: Mapping[str, str] = {}


class BadRequestError(ApiError):
    """The request is invalid."""

    code = "BadRequestException"
    status = 400


class ResourceNotFoundError(ApiError):
    """Something that the request names does not exist; `resource_type` is its kind."""

    code = "NotFoundException"
    status = 404

    def __init__(self, message: str, *, resource_type: str) -> None:
        super().__init__(message)
        self.members = {"resourceType": resource_type}


class ResourceId(Struct, frozen=True, kw_only=True):
    """The identity of an API resource; the names that a job does not have are empty."""

    app_id: str
    environment: str
    resource: str

    def is_in(self, other: ResourceId) -> bool:
        """Whether this is in the same environment; without one, it is in each of its app."""
        return self.app_id == other.app_id and self.environment in ("", other.environment)


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


class StoredJob(Struct, frozen=True, kw_only=True):
    """A job. Times are seconds since the epoch; `ends` is None if the job never finishes.

    `members` are those of the request, and `version` is what was deployed then; a finished job
    does not keep them. `faults` are the values of injected faults by their kind. In the store,
    `status` is None until the job has run; until then it follows from the time that has passed.
    """

    id: str
    resource_id: ResourceId
    operation: str
    members: dict[str, Any]
    version: SchemaVersion | None
    faults: dict[str, str]
    created: float
    updated: float
    ends: float | None
    status: str | None = None
    error: str | None = None


class _File(Struct, frozen=True, kw_only=True):
    """The file of a store. The keys of a JSON object are strings, so there are lists of pairs."""

    format: Literal["amplify-modelgen serve 4"]
    apps: dict[str, str] = {}
    environments: list[tuple[tuple[str, str], FeatureFlags]] = []
    resources: list[tuple[ResourceId, Resource]] = []
    jobs: dict[str, StoredJob] = {}


_EMPTY = _File(format="amplify-modelgen serve 4")


class Store:
    """The state of the emulator: `database` is the path of a file, or `:memory:`.

    `apps` has their names by their ids, `environments` the feature flags by app id and name, and
    `jobs` is in the order of their start. Safe to share between threads, in transactions. A file
    survives restarts; `open_store` locks it.

    Raises:
        UsageError: the file cannot be used, or belongs to another program.
    """

    def __init__(self, database: str = MEMORY) -> None:
        self._path = None if database == MEMORY else _resolve(database)
        self._lock = RLock()
        file = _EMPTY if self._path is None else _load(self._path)
        self.apps = dict(file.apps)
        self.environments = dict(file.environments)
        self.resources = dict(file.resources)
        self.jobs = dict(file.jobs)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Lock the store; keep and save the changes of the block or, if that fails, none.

        Raises:
            ApiError: they cannot be saved.
        """
        with self._lock, self.savepoint() as before:
            yield
            if self._path is not None and self._tables() != before:
                try:
                    self._save(self._path)
                except OSError as error:
                    raise ApiError(
                        f"the database of serve failed: {error}",
                        hint="check that its file is writable and the disk is not full",
                    ) from error

    @contextmanager
    def savepoint(self) -> Iterator[tuple[object, ...]]:
        """Undo the changes of the block, and only those, if it raises."""
        before = self._tables()
        try:
            yield before
        except BaseException:
            self.apps, self.environments, self.resources, self.jobs = before
            raise

    def _tables(self) -> tuple[Any, Any, Any, Any]:
        return dict(self.apps), dict(self.environments), dict(self.resources), dict(self.jobs)

    def _save(self, path: Path) -> None:
        file = _File(
            format=_EMPTY.format,
            apps=self.apps,
            environments=list(self.environments.items()),
            resources=list(self.resources.items()),
            jobs=self.jobs,
        )
        with TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as directory:
            temporary = Path(directory, path.name)
            temporary.write_bytes(msgspec.json.encode(file))
            with suppress(FileNotFoundError):
                copymode(path, temporary)
            temporary.replace(path)

    def deploy(
        self, resource_id: ResourceId, sdl: str | None, flags: FeatureFlags | None = None
    ) -> None:
        """Add an API resource with the schema `sdl`, and its app and environment.

        Without `sdl` it has no schema. Existing models become stale if the schema differs.
        """
        flags = flags or FeatureFlags()
        app_id = resource_id.app_id
        version = None if sdl is None else SchemaVersion(sdl=sdl, flags=flags)
        with self.transaction():
            self.apps.setdefault(app_id, app_id)
            self.environments[app_id, resource_id.environment] = flags
            resource = self.resources.get(resource_id, Resource())
            self.resources[resource_id] = replace(resource, version=version)

    def require_app(self, app_id: str) -> None:
        """Raise `ResourceNotFoundError` if there is no such app."""
        if app_id not in self.apps:
            raise ResourceNotFoundError(f"there is no app {app_id}", resource_type="App")

    def require_environment(self, app_id: str, name: str) -> None:
        """Raise `ResourceNotFoundError` if there is no such environment or app."""
        self.require_app(app_id)
        if (app_id, name) not in self.environments:
            raise ResourceNotFoundError(
                f"the app {app_id} has no backend environment {name}",
                resource_type="BackendEnvironment",
            )

    def require_resource(self, resource_id: ResourceId) -> Resource:
        """Return the resource, or raise `ResourceNotFoundError` for it or its environment."""
        app_id, name = resource_id.app_id, resource_id.environment
        self.require_environment(app_id, name)
        if resource_id not in self.resources:
            raise ResourceNotFoundError(
                f"the backend environment {name} of the app {app_id} has no API"
                f" {resource_id.resource}",
                resource_type="BackendAPI",
            )
        return self.resources[resource_id]

    def environments_of(self, app_id: str) -> list[str]:
        """Return the names of the environments of an app, sorted."""
        return sorted(name for app, name in self.environments if app == app_id)

    def remove_environment(self, app_id: str, name: str) -> None:
        """Remove the environment and its resources."""
        del self.environments[app_id, name]
        for each in list(self.resources):
            if (each.app_id, each.environment) == (app_id, name):
                del self.resources[each]

    def put_job(self, job: StoredJob) -> None:
        """Add or replace a job; the oldest finished ones are dropped."""
        self.jobs[job.id] = job
        for old in list(islice(self.jobs.values(), max(0, len(self.jobs) - MAX_JOBS))):
            if old.status is not None:
                del self.jobs[old.id]

    def require_job(self, environment: ResourceId, job_id: str) -> StoredJob:
        """Return a job of an environment, or raise `ResourceNotFoundError`."""
        job = self.jobs.get(job_id)
        if job is None or not job.resource_id.is_in(environment):
            raise ResourceNotFoundError(
                f"the backend environment {environment.environment} of the app "
                f"{environment.app_id} has no job {job_id}",
                resource_type="BackendJob",
            )
        return job

    def due_jobs(self, now: float) -> list[StoredJob]:
        """Return the jobs that have to run by now, in the order of their ends."""
        waiting = [job for job in self.jobs.values() if job.status is None]
        due = [job for job in waiting if job.ends is not None and job.ends <= now]
        return sorted(due, key=lambda job: job.ends or now)

    def jobs_of(self, environment: ResourceId) -> list[StoredJob]:
        """Return the jobs of an environment, the newest first."""
        jobs = reversed(self.jobs.values())
        return [job for job in jobs if job.resource_id.is_in(environment)]


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


def _load(path: Path) -> _File:
    try:
        content = path.read_bytes()
        return msgspec.json.decode(content, type=_File) if content else _EMPTY
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _unusable(path, "another program or version wrote it") from error


def _unusable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"cannot use the database {path}: {reason}",
        hint="pass a new file to --database, or one that serve created",
    )

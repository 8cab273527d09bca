"""Apps, environments, API resources, schemas, models and jobs; immutable values in and out.

Foreign keys remove the contents of whatever is removed. Jobs are kept: `store.jobs`.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from msgspec import Struct, convert, field
from msgspec.structs import asdict

from amplify_modelgen.plugin import FeatureFlags

from .database import MEMORY, Database
from .protocol import BadRequestError, ResourceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

# Enough for weeks of work; without a limit a load test would grow the database for ever.
MAX_JOBS = 10_000
_PAGE_SIZE = 50
_MAX_NUMBER = 2**63 - 1

_UNUSED_VERSIONS = """
DELETE FROM version WHERE id NOT IN (
    SELECT version_id FROM resource WHERE version_id IS NOT NULL
    UNION SELECT models_version_id FROM resource WHERE models_version_id IS NOT NULL
    UNION SELECT version_id FROM job WHERE version_id IS NOT NULL AND status IS NULL
)
"""


class ResourceId(Struct, frozen=True, kw_only=True):
    """The identity of an API resource: app id, environment name and resource name."""

    app_id: str
    environment: str
    resource: str


class App(Struct, frozen=True, kw_only=True):
    """An Amplify app and the names of its environments, sorted."""

    id: str
    name: str
    environments: tuple[str, ...]


class Environment(Struct, frozen=True, kw_only=True):
    """A backend environment of an app; `flags` are the feature flags of its `cli.json`."""

    app_id: str
    name: str
    flags: FeatureFlags = field(default_factory=FeatureFlags)


class SchemaVersion(Struct, frozen=True, kw_only=True):
    """The input of model generation: a schema text and the feature flags.

    Equal versions have equal ids, so models are stale if and only if the ids differ.
    """

    id: int
    sdl: str
    flags: FeatureFlags


class Resource(Struct, frozen=True, kw_only=True):
    """An API resource. `config` is its `ResourceConfig` without the schema."""

    id: ResourceId
    version: SchemaVersion | None
    config: dict[str, Any]


class StoredModels(Struct, frozen=True, kw_only=True):
    """The two documents as the API returns them, and the id of their schema version."""

    version_id: int
    datastore: str
    introspection: str


class JobPayload(Struct, frozen=True, kw_only=True):
    """The input of a job. The operation decides which members are used."""

    version_id: int | None = None
    config: dict[str, Any] | None = None
    app_name: str = ""
    target_environment: str = ""
    clean_app: bool = False


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

    `environment` is None for a job on all environments of an app. In the store, `status` is None
    until the job has run; until then it follows from the time that has passed.
    """

    id: str
    app_id: str
    environment: str | None
    resource: str | None
    operation: str
    payload: JobPayload
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


class Store:
    """The state of the emulator: `database` is the path of a file, or `:memory:`.

    Safe to share between threads. Raises what `Database` raises.
    """

    def __init__(self, database: str = MEMORY) -> None:
        self._database = Database(database)
        self.jobs = JobTable(self._database)

    def close(self) -> None:
        """Close the database; no other method may be called afterwards."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Lock the store; commit all changes of the block or, if it raises, none."""
        return self._database.transaction()

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo the changes of the block, and only those, if it raises."""
        return self._database.savepoint()

    def deploy(
        self, resource_id: ResourceId, sdl: str | None, flags: FeatureFlags | None = None
    ) -> None:
        """Add an API resource with the schema `sdl`, and its app and environment.

        Without `sdl` the resource has no schema. Existing models become stale if the schema
        differs.
        """
        flags = flags or FeatureFlags()
        app_id, environment = resource_id.app_id, resource_id.environment
        with self.transaction():
            if self.app(app_id) is None:
                self.put_app(app_id, app_id)
            self.put_environment(Environment(app_id=app_id, name=environment, flags=flags))
            previous = self.resource(resource_id)
            version_id = None if sdl is None else self.add_version(sdl, flags)
            self.put_resource(resource_id, version_id, previous.config if previous else {})

    def put_app(self, app_id: str, name: str) -> None:
        """Add the app, or rename it."""
        self._database.change(
            "INSERT INTO app VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
            app_id,
            name,
        )

    def app(self, app_id: str) -> App | None:
        """Return the app with its environments."""
        rows = self._database.rows(
            "SELECT app.name, environment.name FROM app LEFT JOIN environment"
            " ON environment.app_id = app.id WHERE app.id = ? ORDER BY environment.name",
            app_id,
        )
        if not rows:
            return None
        environments = tuple(name for _, name in rows if name is not None)
        return App(id=app_id, name=rows[0][0], environments=environments)

    def require_app(self, app_id: str) -> App:
        """Return the app, or raise `ResourceNotFoundError`."""
        app = self.app(app_id)
        if app is None:
            raise ResourceNotFoundError(f"there is no app {app_id}", resource_type="App")
        return app

    def remove_app(self, app_id: str) -> None:
        """Remove the app and its contents."""
        self._database.change("DELETE FROM app WHERE id = ?", app_id)

    def put_environment(self, environment: Environment) -> None:
        """Add the environment to an existing app, or change its flags."""
        self._database.change(
            "INSERT INTO environment VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET flags = excluded.flags",
            environment.app_id,
            environment.name,
            _to_json(asdict(environment.flags)),
        )

    def environment(self, app_id: str, name: str) -> Environment | None:
        """Return the environment called `name` of the app."""
        row = self._database.row(
            "SELECT flags FROM environment WHERE app_id = ? AND name = ?", app_id, name
        )
        return None if row is None else Environment(app_id=app_id, name=name, flags=_flags(row[0]))

    def require_environment(self, app_id: str, name: str) -> Environment:
        """Return the environment, or raise `ResourceNotFoundError` for it or its app."""
        environment = self.environment(app_id, name)
        if environment is None:
            self.require_app(app_id)
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
        """Remove the environment and its resources."""
        self._database.change("DELETE FROM environment WHERE app_id = ? AND name = ?", app_id, name)

    def add_version(self, sdl: str, flags: FeatureFlags) -> int:
        """Return the id of the version with this schema and these flags."""
        flags_text = _to_json(asdict(flags))
        digest = sha256(f"{flags_text}\n{sdl}".encode()).hexdigest()
        with self.transaction():
            self._database.change(
                "INSERT INTO version (digest, sdl, flags) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                digest,
                sdl,
                flags_text,
            )
            [(version_id,)] = self._database.rows("SELECT id FROM version WHERE digest = ?", digest)
        return int(version_id)

    def version(self, version_id: int) -> SchemaVersion | None:
        """Return the version with this id."""
        row = self._database.row("SELECT id, sdl, flags FROM version WHERE id = ?", version_id)
        return None if row is None else _version(*row)

    def remove_unused_versions(self) -> None:
        """Remove the schemas that no resource, models or running job needs."""
        self._database.change(_UNUSED_VERSIONS)

    def put_resource(
        self, resource_id: ResourceId, version_id: int | None, config: dict[str, Any]
    ) -> None:
        """Add the resource to an existing environment, or replace its schema and settings."""
        self._database.change(
            "INSERT INTO resource (app_id, environment, name, version_id, config)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET version_id = excluded.version_id, config = excluded.config",
            *_key(resource_id),
            version_id,
            _to_json(config),
        )

    def resource(self, resource_id: ResourceId) -> Resource | None:
        """Return the resource."""
        row = self._database.row(
            "SELECT config, version.id, sdl, flags FROM resource LEFT JOIN version"
            " ON version.id = version_id WHERE app_id = ? AND environment = ? AND name = ?",
            *_key(resource_id),
        )
        if row is None:
            return None
        config, *fields = row
        version = None if fields[0] is None else _version(*fields)
        return Resource(id=resource_id, version=version, config=json.loads(config))

    def require_resource(self, resource_id: ResourceId) -> Resource:
        """Return the resource, or raise `ResourceNotFoundError` for it or its environment."""
        resource = self.resource(resource_id)
        if resource is None:
            app_id, environment, name = _key(resource_id)
            self.require_environment(app_id, environment)
            raise ResourceNotFoundError(
                f"the backend environment {environment} of the app {app_id} has no API {name}",
                resource_type="BackendAPI",
            )
        return resource

    def ensure_no_resource(self, resource_id: ResourceId) -> None:
        """Raise `BadRequestError` if the resource exists."""
        if self.resource(resource_id) is not None:
            raise BadRequestError(
                f"the API {resource_id.resource} of {resource_id.environment} already exists"
            )

    def resources(self, app_id: str, environment: str) -> tuple[str, ...]:
        """Return the names of the resources of an environment, sorted."""
        rows = self._database.rows(
            "SELECT name FROM resource WHERE app_id = ? AND environment = ? ORDER BY name",
            app_id,
            environment,
        )
        return tuple(name for (name,) in rows)

    def remove_resource(self, resource_id: ResourceId) -> None:
        """Remove the resource and its models."""
        self._database.change(
            "DELETE FROM resource WHERE app_id = ? AND environment = ? AND name = ?",
            *_key(resource_id),
        )

    def put_models(self, resource_id: ResourceId, models: StoredModels) -> None:
        """Replace the models of an existing resource."""
        self._database.change(
            "UPDATE resource SET models_version_id = ?, datastore = ?, introspection = ?"
            " WHERE app_id = ? AND environment = ? AND name = ?",
            models.version_id,
            models.datastore,
            models.introspection,
            *_key(resource_id),
        )

    def models(self, resource_id: ResourceId) -> StoredModels | None:
        """Return the models of the resource, if any were generated."""
        row = self._database.row(
            "SELECT models_version_id, datastore, introspection FROM resource"
            " WHERE app_id = ? AND environment = ? AND name = ?",
            *_key(resource_id),
        )
        if row is None or row[0] is None:
            return None
        return StoredModels(version_id=row[0], datastore=row[1], introspection=row[2])


_COLUMNS = ", ".join(StoredJob.__struct_fields__)
# A job on all environments of an app belongs to each of them.
_IN_ENVIRONMENT = "app_id = ? AND (environment = ? OR environment IS NULL)"
# All parts of these queries are constants.
_INSERT_JOB = f"INSERT INTO job ({_COLUMNS}, version_id) VALUES (?{', ?' * 12})"  # noqa: S608
_JOBS = f"SELECT number, {_COLUMNS} FROM job WHERE "  # noqa: S608
_JOB_BY_ID = f"{_JOBS} id = ? AND {_IN_ENVIRONMENT}"
_DUE_JOBS = f"{_JOBS} status IS NULL AND ends <= ? ORDER BY ends, number"
_OLDER_JOBS = f"{_JOBS} {_IN_ENVIRONMENT} AND number < ? ORDER BY number DESC LIMIT {_PAGE_SIZE}"


class JobTable:
    """All jobs, also those whose app or resource was removed; the oldest are dropped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: StoredJob) -> None:
        """Add a new job."""
        values = asdict(job) | {
            "payload": _to_json(asdict(job.payload)),
            "behavior": _to_json(asdict(job.behavior)),
        }
        self._database.change(_INSERT_JOB, *values.values(), job.payload.version_id)
        self._database.change(
            "DELETE FROM job WHERE status IS NOT NULL"
            " AND number <= (SELECT max(number) FROM job) - ?",
            MAX_JOBS,
        )

    def replace(self, job: StoredJob) -> None:
        """Update the behavior, times, status and error of a job."""
        self._database.change(
            "UPDATE job SET behavior = ?, updated = ?, ends = ?, status = ?, error = ?"
            " WHERE id = ?",
            _to_json(asdict(job.behavior)),
            job.updated,
            job.ends,
            job.status,
            job.error,
            job.id,
        )

    def get(self, app_id: str, environment: str, job_id: str) -> StoredJob | None:
        """Return the job of this app and environment."""
        row = self._database.row(_JOB_BY_ID, job_id, app_id, environment)
        return None if row is None else _job(row)

    def due(self, now: float) -> tuple[StoredJob, ...]:
        """Return the jobs that have to run by now, in their order."""
        return tuple(map(_job, self._database.rows(_DUE_JOBS, now)))

    def before(self, app_id: str, environment: str, job_id: str | None) -> Iterator[StoredJob]:
        """Yield the jobs of an environment, the newest first, lazily.

        If `job_id` is given, yield only the older ones.
        """
        number = self._number(job_id)
        while rows := self._database.rows(_OLDER_JOBS, app_id, environment, number):
            yield from map(_job, rows)
            number = rows[-1][0]

    def _number(self, job_id: str | None) -> int:
        if job_id is None:
            return _MAX_NUMBER
        row = self._database.row("SELECT number FROM job WHERE id = ?", job_id)
        return row[0] if row else 0


def _job(row: tuple[Any, ...]) -> StoredJob:
    values = dict(zip(StoredJob.__struct_fields__, row[1:], strict=True))
    values["payload"] = convert(json.loads(values["payload"]), JobPayload)
    values["behavior"] = convert(json.loads(values["behavior"]), JobBehavior)
    return StoredJob(**values)


def _version(version_id: int, sdl: str, flags: str) -> SchemaVersion:
    return SchemaVersion(id=version_id, sdl=sdl, flags=_flags(flags))


def _flags(text: str) -> FeatureFlags:
    # Flags that this version does not have are ignored.
    return convert(json.loads(text), FeatureFlags)


def _key(resource_id: ResourceId) -> tuple[str, str, str]:
    return resource_id.app_id, resource_id.environment, resource_id.resource


def _to_json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))

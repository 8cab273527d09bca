"""What the embedded backend keeps: plain, frozen values, named as the AmplifyBackend API does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from amplify_modelgen import FeatureFlags

if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(Struct, frozen=True, kw_only=True):
    """Where a resource is: its app's id, its environment's name and its own name."""

    app_id: str
    environment: str
    resource: str


class App(Struct, frozen=True, kw_only=True):
    """An Amplify app and the names of its environments, sorted."""

    id: str
    name: str
    environments: tuple[str, ...]


class Environment(Struct, frozen=True, kw_only=True):
    """A backend environment of an app; `flags` are those of its `cli.json`."""

    app_id: str
    name: str
    flags: FeatureFlags = field(default_factory=FeatureFlags)


class Definition(Struct, frozen=True, kw_only=True):
    """All that models are made from: a schema's text and the feature flags.

    Equal definitions have equal ids, so that models are stale exactly where the ids differ.
    """

    id: int
    sdl: str
    flags: FeatureFlags


class Resource(Struct, frozen=True, kw_only=True):
    """An API resource. `config` is its `ResourceConfig` without the schema."""

    place: Place
    definition: Definition | None
    config: Mapping[str, object]


class StoredModels(Struct, frozen=True, kw_only=True):
    """The two documents as compact JSON, and the id of the definition they were made from."""

    definition_id: int
    datastore: str
    introspection: str


class Work(Struct, frozen=True, kw_only=True):
    """What a job does when it ends. Which members count depends on the job's operation."""

    definition_id: int | None = None
    config: Mapping[str, object] | None = None
    app_name: str = ""
    target_environment: str = ""
    clean_app: bool = False


class JobPlan(Struct, frozen=True, kw_only=True):
    """How a job is to go, where it is not left to the backend's own settings.

    `stall` makes a job that never ends, `at_once` one that ends when it starts, and `fail` one
    that ends badly without doing its work, with `error` as its text; `progress` is the status
    shown while it runs.
    """

    stall: bool = False
    at_once: bool = False
    fail: bool = False
    error: str | None = None
    progress: str | None = None


class StoredJob(Struct, frozen=True, kw_only=True):
    """A job. Times are seconds since the epoch; `ends` is None where it never does.

    `environment` is None for the work on all environments of an app. `status` is None until the
    work is done; until then the status follows from the time that has passed.
    """

    id: str
    app_id: str
    environment: str | None
    resource: str | None
    operation: str
    work: Work
    plan: JobPlan
    created: float
    updated: float
    ends: float | None
    status: str | None = None
    error: str | None = None

    @property
    def place(self) -> Place:
        """The resource that the job works on; parts that it has not are empty."""
        return Place(
            app_id=self.app_id, environment=self.environment or "", resource=self.resource or ""
        )


class JobView(Struct, frozen=True, kw_only=True):
    """A job as it is at one moment, as the API tells of it. Times are seconds since the epoch."""

    id: str
    app_id: str
    environment: str | None
    operation: str
    status: str
    error: str | None
    created: float
    updated: float


class ModelsView(Struct, frozen=True, kw_only=True):
    """A resource's models as compact JSON, and whether its definition is newer than they are."""

    datastore: str
    introspection: str
    stale: bool

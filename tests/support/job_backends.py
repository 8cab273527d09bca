"""Scripted job backends and pending jobs in memory, for tests of `jobs`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amplify_modelgen.records import Job, Models, RemoteModels, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

MODELS = RemoteModels(
    models=Models(datastore={"models": {}}, introspection={"version": 1, "models": {}})
)
LATEST, STALE = replace(MODELS, status="LATEST"), replace(MODELS, status="STALE")


def make_target(name: str = "blog@dev", **fields: Any) -> Target:
    resource, _, environment = name.partition("@")
    values: dict[str, Any] = {
        "app_id": "d1",
        "environment": environment,
        "resource": resource,
        "name": name,
        "region": "eu-west-1",
        "schema": f"{resource}.graphql",
    }
    return Target(**values | fields)


def make_job(
    status: str = "COMPLETED", job_id: str | None = "job-1", error: str | None = None
) -> Job:
    return Job(id=job_id, operation="GenerateBackendAPIModels", status=status, error=error)


class ScriptedBackend:
    """Returns the next value of each method's script; an exception in it is raised."""

    def __init__(self, **script: Sequence[object]) -> None:
        self.script = {name: list(values) for name, values in script.items()}
        self.calls: list[tuple[object, ...]] = []

    def _next(self, name: str, default: object, *arguments: object) -> Any:
        self.calls.append((name, *arguments))
        values = self.script.get(name, [])
        value = values.pop(0) if values else default
        if isinstance(value, BaseException):
            raise value
        return value

    def deployed_schema(self, target: Target) -> str | None:
        del target
        schema: str | None = self._next("deployed_schema", None)
        return schema

    def push_schema(self, target: Target, sdl: str) -> Job:
        del target
        return self._next_job("push_schema", sdl)

    def start_job(self, target: Target) -> Job:
        del target
        return self._next_job("start_job")

    def get_job(self, target: Target, job_id: str) -> Job:
        del target
        return self._next_job("get_job", job_id)

    def get_models(self, target: Target) -> RemoteModels:
        del target
        models: RemoteModels = self._next("get_models", MODELS)
        return models

    def close(self) -> None:
        self.calls.append(("close",))

    def _next_job(self, name: str, *arguments: object) -> Job:
        job: Job = self._next(name, make_job(), *arguments)
        return job

    def count(self, name: str) -> int:
        return sum(call[0] == name for call in self.calls)


class MemoryPendingJobs:
    """`PendingJobs` without a file; `history` has every change."""

    def __init__(self, jobs: dict[tuple[str, str], str] | None = None) -> None:
        self.jobs = dict(jobs or {})
        self.history: list[tuple[str, ...]] = []
        self._lock = threading.Lock()

    def get(self, path: str, digest: str) -> str | None:
        return self.jobs.get((path, digest))

    def add(self, path: str, digest: str, job_id: str) -> None:
        with self._lock:
            self.history.append(("add", path, job_id))
            self._remove(path)
            self.jobs[path, digest] = job_id

    def discard(self, path: str) -> None:
        with self._lock:
            self.history.append(("discard", path))
            self._remove(path)

    def _remove(self, path: str) -> None:
        self.jobs = {key: job for key, job in self.jobs.items() if key[0] != path}

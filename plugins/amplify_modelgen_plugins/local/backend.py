"""The embedded backend inside the process: the engine, and what it was given in this run."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen import BackendError, Job, MissingError

from .making import make_models

if TYPE_CHECKING:
    from amplify_modelgen import FeatureFlags, Models, Target


class LocalBackend:
    """A backend that makes models itself, of the schemas that are pushed into it.

    Its jobs have ended when it names them. Safe to share between threads, each with targets of
    its own. It keeps nothing: `serve` is the backend with a memory and with jobs that take time.
    """

    feeds_on_tree = True

    def __init__(self) -> None:
        self._numbers = count(1)
        self._jobs: dict[str, Job] = {}
        self._schemas: dict[str, tuple[str, FeatureFlags]] = {}
        self._models: dict[str, Models] = {}

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema that was pushed last, or None before the first one."""
        sdl, _ = self._schemas.get(target.key, (None, None))
        return sdl

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the schema by `sdl`; the flags are the target's."""
        self._schemas[target.key] = sdl, target.flags
        if target.key in self._models:
            self._models[target.key] = replace(self._models[target.key], status="STALE")
        return self._ended("UpdateBackendAPI")

    def start(self, target: Target) -> Job:
        """Make models of the schema that was pushed; a schema that is refused fails the job."""
        if target.key not in self._schemas:
            raise MissingError(
                f"{target.name}: no schema was pushed into the embedded backend",
                hint="give the target a schema: the embedded backend has no other",
            )
        try:
            models = make_models(*self._schemas[target.key])
        except BackendError as error:
            return self._ended("GenerateBackendAPIModels", error.message)
        self._models[target.key] = replace(models, status="LATEST")
        return self._ended("GenerateBackendAPIModels")

    def job(self, target: Target, job_id: str) -> Job:
        """Return the job as it ended."""
        if job_id not in self._jobs:
            raise MissingError(f"{target.name}: there was no job {job_id} in this run")
        return self._jobs[job_id]

    def models(self, target: Target) -> Models:
        """Return the models that were made last; stale ones are of a schema pushed before."""
        if target.key not in self._models:
            raise MissingError(f"{target.name}: no models have been made in this run")
        return self._models[target.key]

    def _ended(self, operation: str, error: str | None = None) -> Job:
        status = "COMPLETED" if error is None else "FAILED"
        job = Job(
            id=f"local-{next(self._numbers)}", operation=operation, status=status, error=error
        )
        self._jobs[str(job.id)] = job
        return job

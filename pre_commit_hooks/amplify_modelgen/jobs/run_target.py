"""Generate the models of one target in a remote backend: push, start, poll, fetch.

Blocking code that runs in a worker thread of `runner`. Several targets run side by side.
"""

from __future__ import annotations

import math
import re
import time
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from amplify_modelgen.digests import schema_digest, text_digest
from amplify_modelgen.errors import (
    BackendError,
    ModelgenError,
    NotFoundError,
    PluginError,
    TransientError,
    plugin_errors,
)
from amplify_modelgen.records import Job, JobEvent, JobRun, RemoteModels, Settings, Target
from amplify_modelgen.text import escape, redact

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from amplify_modelgen.plugin import JobBackend
    from amplify_modelgen.storage.checkout_state import PendingJobs

_T = TypeVar("_T")

# Seconds between two polls, and their growth. Retries begin at one second, which doubles.
_FIRST_WAIT = 0.5
_GROWTH = 1.4
_MAX_WAIT = 5.0
_JITTER = 0.1
# A call that is not a poll; a poll is repeated until the timeout, because the job runs on.
_MAX_ATTEMPTS = 5

_JOB_ID = re.compile(r"[\x21-\x7e]{1,256}")
_WORD = re.compile(r"[\w .:/-]{1,64}", re.ASCII)
_MAX_ERROR_LENGTH = 500


class TargetRequest(Struct, frozen=True, kw_only=True):
    """A target, and what the backend is to do for it.

    `sdl` is the schema on disk, None if only the backend has one. `key` identifies the target's
    pending job between runs: the path of its first output. With `push` the backend deploys `sdl`
    first; with `allow_drift` the models may belong to another schema than `sdl`.
    """

    target: Target
    sdl: str | None
    key: str
    push: bool = False
    allow_drift: bool = False


class RemoteState(Struct, frozen=True, kw_only=True):
    """The models of a target and the schema of its backend, None if the backend does not say.

    `models` is None if there are none, or if none were generated because the deployed schema
    differs from the one on disk.
    """

    models: RemoteModels | None
    deployed: str | None
    jobs: tuple[JobRun, ...] = ()


class JobFailure(Struct, frozen=True, kw_only=True):
    """A target that failed, and its jobs up to then."""

    error: ModelgenError
    jobs: tuple[JobRun, ...] = ()


class JobContext(Struct, frozen=True, kw_only=True):
    """What all targets of a run share. `stop` is set when the run ends."""

    backend: JobBackend
    settings: Settings
    pending: PendingJobs
    emit: Callable[[TargetSession, JobEvent], None]
    stop: Event
    clock: Callable[[], float] = time.monotonic


class RunStoppedError(Exception):
    """Raised in a worker thread to end it after an interrupt."""


class TargetSession:
    """The work on one target: its jobs, its deadline, and the calls to its backend.

    Used by one thread. `deadline` (of the context's clock) is the end of the current operation;
    the runner gives up on a call that has not returned by then. `is_resolved` is set when the
    pending job is of no use to the next run.
    """

    def __init__(self, request: TargetRequest, context: JobContext) -> None:
        self.request = request
        self.target = request.target
        self.context = context
        self.backend = context.backend
        self.jobs: list[JobRun] = []
        self.deadline = float("inf")
        self.is_resolved = False
        self._start = context.clock()
        self._job_start = self._start

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self.deadline - self.context.clock()

    def start_deadline(self) -> None:
        """Let the current operation end one timeout from now."""
        self.deadline = self.context.clock() + self.context.settings.timeout

    def add_job(self, job: Job) -> None:
        """Add a job that was started or continued to the jobs of this target."""
        self._job_start = self.context.clock()
        self.jobs.append(JobRun(job=job))
        self.emit_event("started")

    def update_job(self, job: Job) -> None:
        """Record a new state of the last job."""
        seconds = max(0.0, self.context.clock() - self._job_start)
        self.jobs[-1] = JobRun(job=job, seconds=seconds, polls=self.jobs[-1].polls + 1)
        self.emit_event("polled")

    def emit_event(
        self,
        kind: Literal["started", "polled", "finished", "retried"],
        error: str | None = None,
    ) -> None:
        """Report a change in the last job."""
        last = self.jobs[-1] if self.jobs else None
        event = JobEvent(
            kind=kind,
            target=self.target,
            job=last.job if last else None,
            seconds=max(0.0, self.context.clock() - self._start),
            polls=sum(run.polls for run in self.jobs),
            error=error,
        )
        self.context.emit(self, event)

    def back_off(self, seconds: float) -> None:
        """Wait about as long, so that the requests of many targets do not coincide.

        Raises `RunStoppedError` as soon as the run is stopped.
        """
        from random import uniform

        seconds *= uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (not for secrets)
        if self.context.stop.wait(max(0.0, min(seconds, self.remaining))):
            raise RunStoppedError

    def call(
        self, kind: type[_T] | tuple[type[_T], ...], method: Callable[..., _T], *arguments: str
    ) -> _T:
        """Call the backend; an exception or a result of another type is a bug of the plugin."""
        subject = f"{self.target.name}: the backend {self.context.settings.backend!r}"
        with plugin_errors(subject):
            result = method(self.target, *arguments)
        if isinstance(result, Job):
            result = cast("_T", _checked_job(subject, result))
        if not isinstance(result, kind):
            raise PluginError(f"{subject} returned an invalid value: {type(result).__name__}")
        return result

    def with_retries(
        self, operation: Callable[[], _T], *, max_attempts: float = _MAX_ATTEMPTS
    ) -> _T:
        """Return the result of `operation`, repeated after each `TransientError`, in time."""
        attempts, seconds = 0, 1.0
        while True:
            attempts += 1
            try:
                return operation()
            except TransientError as error:
                if attempts >= max_attempts or self.remaining <= 0:
                    raise
                self.emit_event("retried", error.message)
            self.back_off(seconds)
            seconds = min(_MAX_WAIT, 2 * seconds)

    def fetch(
        self, kind: type[_T] | tuple[type[_T], ...], method: Callable[..., _T], *arguments: str
    ) -> _T:
        """Call the backend with retries, for one timeout at most."""
        self.start_deadline()
        return self.with_retries(lambda: self.call(kind, method, *arguments))


def generate_models(session: TargetSession) -> RemoteState:
    """Generate the models of the deployed schema, after pushing `sdl` if requested.

    Raises:
        BackendError: a call or a job failed, or a job did not finish in time.
        PluginError: the backend has a bug.
    """
    request = session.request
    if request.push and request.sdl is not None:
        deployed = _push_if_needed(session, request.sdl)
    else:
        deployed = _deployed_schema(session)
    if not request.allow_drift and has_drifted(deployed, request.sdl):
        return RemoteState(models=None, deployed=deployed, jobs=tuple(session.jobs))
    models = _existing_models(session) if request.sdl is None else None
    if models is None or models.status != "LATEST":
        models = _generate(session, deployed)
    session.is_resolved = True
    schema = request.sdl if deployed is None else deployed
    documents = replace(models.models, schema=schema, flags=request.target.flags)
    return RemoteState(
        models=replace(models, models=documents), deployed=deployed, jobs=tuple(session.jobs)
    )


def fetch_remote_state(session: TargetSession) -> RemoteState:
    """Return what the backend has for a target, without starting anything.

    Raises:
        BackendError: a call failed.
        PluginError: the backend has a bug.
    """
    deployed = _deployed_schema(session)
    return RemoteState(models=_existing_models(session), deployed=deployed)


def has_drifted(deployed: str | None, sdl: str | None) -> bool:
    """Whether both schemas are known and differ in more than comments and formatting."""
    if deployed is None or sdl is None or deployed == sdl:
        return False
    return schema_digest(deployed) != schema_digest(sdl)


def _deployed_schema(session: TargetSession) -> str | None:
    return session.fetch((str, type(None)), session.backend.deployed_schema)


def _existing_models(
    session: TargetSession, missing: type[BackendError] = NotFoundError
) -> RemoteModels | None:
    """Return the models of the backend; None after an error of the type `missing`."""
    try:
        return session.fetch(RemoteModels, session.backend.get_models)
    except TransientError:
        raise
    except missing:
        return None


def _push_if_needed(session: TargetSession, sdl: str) -> str | None:
    """Deploy `sdl` unless it is deployed already; return the schema that is deployed then.

    After a push of an earlier run that failed, or that is unknown now, the schema is pushed again
    whatever the backend says is deployed.
    """
    digest = _job_digest(session, "push", sdl)
    previous_id = session.context.pending.get(session.request.key, digest)
    previous = _previous_job(session, previous_id)
    if previous is not None and not previous.is_finished:
        _wait_for_job(session, previous)
        return _deployed_schema(session)
    if previous_id is None or (previous is not None and not previous.is_failed):
        deployed = _deployed_schema(session)
        if deployed is not None and not has_drifted(deployed, sdl):
            return deployed
    _run_job(session, digest, session.backend.push_schema, sdl)
    return _deployed_schema(session)


def _generate(session: TargetSession, deployed: str | None) -> RemoteModels:
    """Continue the job of an earlier run for the same schemas, or run one; return its models."""
    # Another deployed schema gives other models.
    digest = _job_digest(session, "generate", deployed)
    try:
        job = _resume_job(session, digest) or _run_job(session, digest, session.backend.start_job)
    except BackendError:
        # A job that failed is not continued; one that takes too long is.
        session.is_resolved = bool(session.jobs) and session.jobs[-1].job.is_failed
        raise

    def latest_models() -> RemoteModels:
        models = session.call(RemoteModels, session.backend.get_models)
        if models.status == "STALE":
            raise TransientError(
                f"{session.target.name}: {_job_name(job)} finished, but the backend's models are "
                "still STALE; another schema was probably deployed in the meantime",
                hint="run the same command again",
            )
        return models

    session.start_deadline()
    # The service may need a moment until it returns the models of the finished job.
    return session.with_retries(latest_models)


def _job_digest(session: TargetSession, operation: str, schema: str | None) -> str:
    target, schemas = session.target, (session.request.sdl, schema)
    return text_digest(
        session.context.settings.backend,
        target.app_id,
        target.environment,
        target.resource,
        operation,
        *(schema_digest(text) if text is not None else "" for text in schemas),
    )


def _previous_job(session: TargetSession, job_id: str | None) -> Job | None:
    """Return the job that an earlier run left; None if the backend does not know it."""
    if job_id is None:
        return None
    try:
        return session.fetch(Job, session.backend.get_job, job_id)
    except TransientError:
        # Unknown is not gone: a second job may be started only if the first one is of no use.
        raise
    except BackendError:
        return None


def _resume_job(session: TargetSession, digest: str) -> Job | None:
    """Continue a generation of an earlier run; None if there is no such job of any use."""
    previous = _previous_job(session, session.context.pending.get(session.request.key, digest))
    if previous is None or previous.is_failed:
        return None
    if previous.is_finished:
        models = _existing_models(session, BackendError)
        if models is None or models.status != "LATEST":
            return None
    return _wait_for_job(session, previous)


def _run_job(
    session: TargetSession, digest: str, start: Callable[..., Job], *arguments: str
) -> Job:
    """Start a job, record it for the next run, and wait until it succeeds."""
    job = session.fetch(Job, start, *arguments)
    if job.id is not None and not job.is_finished:
        session.context.pending.add(session.request.key, digest, job.id)
    return _wait_for_job(session, job)


def _wait_for_job(session: TargetSession, job: Job) -> Job:
    """Poll a job until it succeeds; return its last state."""
    target, job_id = session.target, job.id
    session.add_job(job)
    session.start_deadline()
    seconds = _FIRST_WAIT
    while not job.is_finished:
        if job_id is None:
            raise BackendError(
                f"{target.name}: the backend returned status {job.status!r} without a job id",
                hint="run the same command again in a minute",
            )
        if session.remaining <= 0:
            raise BackendError(
                f"{target.name}: {_job_name(job)} did not finish within "
                f"{session.context.settings.timeout:g} s; its last status is {job.status!r}",
                hint="run the same command again to continue waiting; '--timeout SECONDS' waits "
                "longer",
            )
        session.back_off(seconds)
        seconds = min(_MAX_WAIT, seconds * _GROWTH)
        job = session.with_retries(
            lambda: session.call(Job, session.backend.get_job, job_id),
            max_attempts=math.inf,
        )
        session.update_job(job)
    session.emit_event("finished", job.error)
    raise_for_status(target, job)
    return job


def _checked_job(subject: str, job: Job) -> Job:
    """Return a job whose texts may be shown.

    Ids and words that have another shape are a bug of the backend: they may be anything, a
    credential that the service repeated included.
    """
    words = (job.operation, job.status)
    if job.id is not None and not _matches(_JOB_ID, job.id):
        raise PluginError(f"{subject} returned a job with an invalid id")
    if not all(_matches(_WORD, word) for word in words):
        raise PluginError(f"{subject} returned a job with an invalid operation or status")
    if not job.error:
        return job
    return replace(job, error=escape(redact(str(job.error)))[:_MAX_ERROR_LENGTH])


def _matches(shape: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None


def raise_for_status(target: Target, job: Job) -> None:
    """Raise `BackendError` if the job failed, with the reason that the service gave."""
    if not job.is_failed:
        return
    reason = f": {job.error}" if job.error else " without a reason"
    hint = f"fix environment {target.environment!r} in the Amplify console, then retry"
    if job.error and "schema file not found" in job.error:
        hint = (
            "the service reads a single schema.graphql, and a schema/ directory was pushed: "
            "'amplify-modelgen generate --backend aws --push-schema' sends the merged text"
        )
    status = "failed" if job.status == "FAILED" else f"failed with status {job.status}"
    raise BackendError(f"{target.name}: {_job_name(job)} {status}{reason}", hint=hint)


def _job_name(job: Job) -> str:
    return f"job {job.id} ({job.operation})" if job.id else f"the job ({job.operation})"

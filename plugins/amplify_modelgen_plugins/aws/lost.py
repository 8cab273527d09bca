"""Looking for the job of a call whose answer got lost, so that no second one is started."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Condition
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen import BackendError, Job, ModelgenError

from .call import Call
from .moments import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .answers import Answer
    from .api import Api
    from .failures import LostAnswerError

# The API gives at most 25 jobs at once. Whoever has more than these pages has old ones in them.
_PAGE = 25
_PAGES = 40
# The job of a request that was cut off may take a moment to appear; seconds before each look.
_PAUSES = (0.0, 0.5, 1.5)
# A Date header has whole seconds, and its clock may be another machine's than the job's.
_SLACK = timedelta(seconds=2)

_Scope = tuple[str, str]


class Starts:
    """The jobs that this process started, so that none is taken for the one of a lost answer.

    The API does not tell a job's resource, and many targets may share an environment.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._under_way: dict[object, _Scope] = {}
        self._known: set[str] = set()

    @contextmanager
    def sending(self, call: Call) -> Iterator[None]:
        """Mark that a call is under way, until its job is known."""
        token = object()
        with self._changed:
            self._under_way[token] = _scope(call)
        try:
            yield
        finally:
            with self._changed:
                del self._under_way[token]
                self._changed.notify_all()

    def know(self, job_id: str | None) -> None:
        """Note that a job belongs to a call whose answer came."""
        if job_id is not None:
            with self._changed:
                self._known.add(job_id)

    def wait_for_others(self, call: Call, seconds: float) -> None:
        """Wait until the calls that are under way now for the same environment have ended."""
        with self._changed:
            now = {token for token, scope in self._under_way.items() if scope == _scope(call)}
            self._changed.wait_for(lambda: now.isdisjoint(self._under_way), seconds)

    def take(self, jobs: dict[str, Job]) -> list[Job]:
        """Return the jobs that belong to nobody; if it is one only, it is the caller's now."""
        with self._changed:
            free = [job for job_id, job in jobs.items() if job_id not in self._known]
            if len(free) == 1:
                self._known.update(job.id for job in free if job.id)
            return free


def _scope(call: Call) -> _Scope:
    return call.target.app_id, call.target.environment


class LostJobs(Struct, frozen=True, kw_only=True):
    """Finds the jobs of calls whose answers got lost.

    `patience` bounds the wait for calls that are under way, in seconds.
    """

    api: Api
    starts: Starts
    patience: float
    pause: Callable[[float], None] = time.sleep

    def find(self, call: Call, sent: float, lost: LostAnswerError) -> Job:
        """Return the one job that the call can have started; `sent` is of `time.monotonic`.

        Raises:
            BackendError: there is none, or more than one, or the jobs cannot be listed.
        """
        for seconds in _PAUSES:
            self.pause(seconds)
            try:
                jobs = self._begun_since(call, sent)
            except ModelgenError as error:
                raise _unfindable(call, lost, f"its job cannot be looked for: {error}") from lost
            self.starts.wait_for_others(call, self.patience)
            free = self.starts.take(jobs)
            if len(free) == 1:
                return free[0]
            if free:
                names = " and ".join(str(job.id) for job in free)
                raise _unfindable(call, lost, f"its job may be any of {names}") from lost
        raise _unfindable(call, lost, "no job of it is to be found") from lost

    def _begun_since(self, call: Call, sent: float) -> dict[str, Job]:
        jobs: dict[str, Job] = {}
        for answer in self._pages(call):
            since = _clock_of(answer) - timedelta(seconds=time.monotonic() - sent) - _SLACK
            for entry in answer.groups("Jobs"):
                if (job := _job_of(call, entry)) and job.id and _is_new(job, entry, since):
                    jobs[job.id] = job
        return jobs

    def _pages(self, call: Call) -> Iterator[Answer]:
        listing = Call(operation="ListBackendJobs", target=call.target)
        wanted: dict[str, object] = {"Operation": call.operation, "MaxResults": _PAGE}
        seen: set[str] = set()
        for _ in range(_PAGES):
            answer = self.api.send(listing, wanted)
            yield answer
            token = answer.text("NextToken")
            if not token or token in seen:
                return
            seen.add(token)
            wanted["NextToken"] = token


def _clock_of(answer: Answer) -> datetime:
    """Return the service's time, so that a wrong clock here does no harm."""
    headers = answer.group("ResponseMetadata").get("HTTPHeaders")
    date = headers.get("date") if isinstance(headers, dict) else None
    return moment(date) or datetime.now(UTC)


def _job_of(call: Call, entry: Mapping[str, object]) -> Job | None:
    """Return a listed job if it is of the call's operation and environment, and well formed."""
    job_id, status = entry.get("JobId"), entry.get("Status")
    operation, environment = entry.get("Operation"), entry.get("BackendEnvironmentName")
    error = entry.get("Error")
    if not (isinstance(job_id, str) and job_id and isinstance(status, str)):
        return None
    if operation != call.operation or environment not in (None, call.target.environment):
        return None
    return Job(
        id=job_id,
        operation=call.operation,
        status=status,
        error=error if isinstance(error, str) and error else None,
    )


def _is_new(job: Job, entry: Mapping[str, object], since: datetime) -> bool:
    created = entry.get("CreateTime")
    time_created = moment(created)
    # A job without a time that has ended may be of last year; one that runs is worth following.
    return time_created >= since if time_created else not job.ended


def _unfindable(call: Call, lost: LostAnswerError, why: str) -> BackendError:
    target = call.target
    return BackendError(
        f"{lost.message}; {why}",
        hint="see what runs with 'aws amplifybackend list-backend-jobs "
        f"--app-id {target.app_id} --backend-environment-name {target.environment}'; "
        "once nothing does, run the same command again",
    )

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from msgspec.structs import replace

from amplify_modelgen.errors import (
    BackendError,
    ModelgenError,
    NotFoundError,
    PluginError,
    TransientError,
)
from amplify_modelgen.jobs.run_target import (
    JobContext,
    RemoteState,
    RunStoppedError,
    TargetRequest,
    TargetSession,
    fetch_remote_state,
    generate_models,
    has_drifted,
    raise_for_status,
)
from amplify_modelgen.records import FeatureFlags, Job, JobRun, RemoteModels, Settings
from support.job_backends import (
    LATEST,
    MODELS,
    STALE,
    MemoryPendingJobs,
    ScriptedBackend,
    make_job,
    make_target,
)

if TYPE_CHECKING:
    from amplify_modelgen.records import JobEvent
    from amplify_modelgen.storage.checkout_state import PendingJobs

BLOG = make_target()
BUSY = TransientError("the service is busy")


class FakeStop(threading.Event):
    """An event whose `wait` advances a clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        self.now += timeout
        return self.is_set()


class PreviousJobs(MemoryPendingJobs):
    """Jobs of an earlier run: `push` for a push, `generate` for any generation."""

    def __init__(self, push: str | None, generate: str | None) -> None:
        super().__init__()
        self._previous = [push, generate] if push else [generate]
        self._digests: dict[str, str | None] = {}

    def get(self, path: str, digest: str) -> str | None:
        del path
        if digest not in self._digests:
            self._digests[digest] = self._previous.pop(0) if self._previous else None
        return self._digests[digest]


class Run:
    """A generation with a clock that advances while it waits."""

    def __init__(  # noqa: PLR0913 (each test needs some of them)
        self,
        backend: ScriptedBackend,
        *,
        push: bool = False,
        sdl: str | None = "type A",
        allow_drift: bool = False,
        timeout: float = 60.0,
        previous: str | None = None,
        previous_push: str | None = None,
        pending: MemoryPendingJobs | None = None,
    ) -> None:
        self.stop = FakeStop()
        self.events: list[JobEvent] = []
        self.pending = pending or PreviousJobs(previous_push, previous)
        self.context = JobContext(
            backend=backend,
            settings=Settings(root=Path(), backend="scripted", timeout=timeout),
            pending=cast("PendingJobs", self.pending),
            emit=lambda _, event: self.events.append(event),
            stop=self.stop,
            clock=lambda: self.stop.now,
        )
        request = TargetRequest(
            target=BLOG, sdl=sdl, key="models/blog.json", push=push, allow_drift=allow_drift
        )
        self.session = TargetSession(request, self.context)
        self.result: RemoteState | ModelgenError
        try:
            self.result = generate_models(self.session)
        except ModelgenError as error:
            self.result = error

    @property
    def waits(self) -> list[float]:
        return self.stop.waits

    @property
    def generated(self) -> RemoteState:
        assert isinstance(self.result, RemoteState), self.result
        return self.result

    @property
    def models(self) -> RemoteModels:
        assert self.generated.models is not None
        return self.generated.models

    @property
    def job(self) -> JobRun:
        return self.session.jobs[-1]

    @property
    def error(self) -> ModelgenError:
        assert isinstance(self.result, ModelgenError), self.result
        return self.result

    @property
    def added(self) -> list[str]:
        return [job_id for _, _, job_id in self.pending.history]


def test_a_job_that_is_completed_at_once_is_not_polled() -> None:
    backend = ScriptedBackend(start_job=[make_job(job_id=None)], deployed_schema=["type A"])
    run = Run(backend)
    models = replace(MODELS, models=replace(MODELS.models, schema="type A"))
    assert run.generated == RemoteState(
        models=models, deployed="type A", jobs=(JobRun(job=make_job(job_id=None)),)
    )
    assert backend.calls == [("deployed_schema",), ("start_job",), ("get_models",)]
    assert run.waits == []
    assert run.added == []
    assert [event.kind for event in run.events] == ["started", "finished"]


def test_a_job_is_polled_until_it_is_finished() -> None:
    backend = ScriptedBackend(
        start_job=[make_job("PENDING")],
        get_job=[make_job("PENDING"), make_job("IN_PROGRESS"), make_job()],
    )
    run = Run(backend)
    (job_run,) = run.generated.jobs
    assert job_run.job == make_job()
    assert job_run.polls == 3
    assert job_run.seconds == pytest.approx(sum(run.waits))
    assert backend.calls[-4:] == [("get_job", "job-1")] * 3 + [("get_models",)]


def test_events_report_every_state_of_a_job() -> None:
    run = Run(
        ScriptedBackend(
            start_job=[make_job("PENDING")], get_job=[make_job("UNHEARD_OF"), make_job()]
        )
    )
    states = [(event.kind, event.job and event.job.status, event.polls) for event in run.events]
    assert states == [
        ("started", "PENDING", 0),
        ("polled", "UNHEARD_OF", 1),
        ("polled", "COMPLETED", 2),
        ("finished", "COMPLETED", 2),
    ]
    assert [event.seconds for event in run.events] == sorted(event.seconds for event in run.events)


def test_polls_begin_soon_and_back_off_to_a_maximum() -> None:
    run = Run(
        ScriptedBackend(
            start_job=[make_job("PENDING")], get_job=[*[make_job("PENDING")] * 9, make_job()]
        )
    )
    expected = [0.5, 0.7, 0.98, 1.372, 1.9208, 2.68912, 3.764768, 5.0, 5.0, 5.0]
    assert run.waits == pytest.approx(expected, rel=0.1)


def test_thousands_of_polls_do_not_overflow() -> None:
    states = [*[make_job("PENDING")] * 3000, make_job()]
    run = Run(ScriptedBackend(start_job=[make_job("PENDING")], get_job=states), timeout=1_000_000)
    assert run.job.polls == 3001


def test_a_job_that_does_not_finish_ends_at_the_timeout() -> None:
    backend = ScriptedBackend(start_job=[make_job("PENDING")], get_job=[make_job("BUILDING")] * 99)
    run = Run(backend, timeout=30)
    assert isinstance(run.error, BackendError)
    assert run.error.message == (
        "blog@dev: job job-1 (GenerateBackendAPIModels) did not finish within 30 s; "
        "its last status is 'BUILDING'"
    )
    assert "--timeout" in (run.error.hint or "")
    assert run.job.job == make_job("BUILDING")
    assert run.job.seconds == pytest.approx(30)
    assert run.job.polls == backend.count("get_job")


def test_the_timeout_counts_from_the_start_of_a_job() -> None:
    backend = ScriptedBackend(
        start_job=[BUSY, BUSY, make_job("PENDING")], get_job=[make_job("PENDING"), make_job()]
    )
    run = Run(backend, timeout=2.5)
    assert run.generated.jobs[0].polls == 2


def test_a_job_is_polled_once_more_at_the_timeout() -> None:
    run = Run(
        ScriptedBackend(start_job=[make_job("PENDING")], get_job=[make_job("PENDING"), make_job()]),
        timeout=0.9,
    )
    assert run.generated.jobs[0].seconds == pytest.approx(0.9)


@pytest.mark.parametrize("failures", [1, 4])
@pytest.mark.parametrize("method", ["deployed_schema", "start_job", "get_job", "get_models"])
def test_a_transient_failure_is_retried(method: str, failures: int) -> None:
    script: dict[str, list[Any]] = {"start_job": [make_job("PENDING")]}
    script[method] = [BUSY] * failures + script.get(method, [])
    run = Run(ScriptedBackend(**script))
    assert run.models.models.introspection == MODELS.models.introspection
    retried = [event.error for event in run.events if event.kind == "retried"]
    assert retried == ["the service is busy"] * failures


@pytest.mark.parametrize("method", ["deployed_schema", "start_job", "get_job", "get_models"])
def test_retries_end_with_the_timeout(method: str) -> None:
    script: dict[str, list[Any]] = {"start_job": [make_job("PENDING")], method: [BUSY] * 9}
    run = Run(ScriptedBackend(**script), timeout=1.5)
    assert run.error is BUSY
    retried = [event.kind for event in run.events].count("retried")
    # The first poll is half a second after the start of its job.
    assert retried == 2 or (method == "get_job" and retried == 1)
    waits = run.waits if method == "get_job" else run.waits[-2:]
    assert sum(waits) == pytest.approx(1.5)


def test_retries_are_limited_and_wait_longer_each_time() -> None:
    backend = ScriptedBackend(start_job=[BUSY] * 9)
    run = Run(backend)
    assert run.error is BUSY
    assert backend.count("start_job") == 5
    assert run.waits == pytest.approx([1, 2, 4, 5], rel=0.1)


def test_a_poll_is_retried_as_long_as_the_job_may_take() -> None:
    backend = ScriptedBackend(start_job=[make_job("PENDING")], get_job=[*[BUSY] * 50, make_job()])
    run = Run(backend, timeout=600)
    assert run.generated.jobs[0].job == make_job()
    assert backend.count("start_job") == 1


def test_another_failure_is_not_retried() -> None:
    backend = ScriptedBackend(start_job=[BackendError("no such app")])
    run = Run(backend)
    assert run.error.message == "no such app"
    assert backend.count("start_job") == 1
    assert run.session.jobs == []


def test_a_failed_job_is_reported_with_the_reason_of_the_service() -> None:
    failed = make_job("FAILED", error="no luck")
    run = Run(ScriptedBackend(start_job=[make_job("PENDING")], get_job=[failed]))
    assert run.error.message == ("blog@dev: job job-1 (GenerateBackendAPIModels) failed: no luck")
    assert "'dev'" in (run.error.hint or "")
    assert (run.job.job, run.job.polls) == (failed, 1)
    assert run.events[-1].error == "no luck"


def test_a_failed_job_may_have_no_reason() -> None:
    run = Run(ScriptedBackend(start_job=[make_job("FAILED", job_id=None)]))
    assert run.error.message == (
        "blog@dev: the job (GenerateBackendAPIModels) failed without a reason"
    )


@pytest.mark.parametrize("status", ["COMPLETED", "IN_PROGRESS"])
def test_an_error_in_a_response_is_a_failure_with_any_status(status: str) -> None:
    backend = ScriptedBackend(start_job=[make_job(status, error="no luck")])
    assert Run(backend).error.message.endswith(f"failed with status {status}: no luck")
    assert backend.count("get_models") == 0


def test_the_reason_is_redacted_escaped_and_limited() -> None:
    reason = "role of account 111122223333\n\x1b[31m" + "x" * 5000
    run = Run(ScriptedBackend(start_job=[make_job("FAILED", error=reason)]))
    assert "account ***3333 \\x1b[31mxxx" in run.error.message
    assert len(run.error.message) < 600
    assert run.events[-1].error == run.job.job.error
    assert "\x1b" not in str(run.job.job.error)


def test_a_pushed_directory_is_explained() -> None:
    failed = make_job("FAILED", error="Transform GraphQL schema file not found")
    with pytest.raises(BackendError) as caught:
        raise_for_status(BLOG, failed)
    assert "--push-schema" in (caught.value.hint or "")


def test_a_running_job_without_an_id_cannot_be_polled() -> None:
    run = Run(ScriptedBackend(start_job=[make_job("PENDING", job_id=None)]))
    assert "returned status 'PENDING' without a job id" in run.error.message


@pytest.mark.parametrize("method", ["deployed_schema", "start_job", "get_job", "get_models"])
def test_an_exception_of_a_backend_names_it(method: str) -> None:
    script: dict[str, list[Any]] = {"start_job": [make_job("PENDING")]}
    run = Run(ScriptedBackend(**script | {method: [KeyError("JobId")]}))
    assert isinstance(run.error, PluginError)
    assert run.error.message == "blog@dev: the backend 'scripted' failed: KeyError: 'JobId'"
    assert isinstance(run.error.__cause__, KeyError)


@pytest.mark.parametrize("method", ["deployed_schema", "start_job", "get_job", "get_models"])
def test_a_value_of_another_type_is_a_bug_of_the_backend(method: str) -> None:
    script: dict[str, list[Any]] = {"start_job": [make_job("PENDING")]}
    run = Run(ScriptedBackend(**script | {method: [5]}))
    assert isinstance(run.error, PluginError)
    assert run.error.message == ("blog@dev: the backend 'scripted' returned an invalid value: int")


ANY: Any = None
INVALID = [
    (make_job("PENDING", ""), "id"),
    (make_job("PENDING", "a b"), "id"),
    (make_job("PENDING", "\ud800"), "id"),
    (make_job("PENDING", "j" * 1_000_000), "id"),
    (make_job("PENDING", cast("Any", 5)), "id"),
    (make_job(""), "operation or status"),
    (make_job("\x1b[31m"), "operation or status"),
    (make_job("S" * 65), "operation or status"),
    (make_job(ANY), "operation or status"),
    (replace(make_job(), operation="::error::\n"), "operation or status"),
]


@pytest.mark.parametrize(("job", "name"), INVALID, ids=range(len(INVALID)))
def test_a_job_whose_id_or_words_are_odd_is_a_bug_of_the_backend(job: Job, name: str) -> None:
    run = Run(ScriptedBackend(start_job=[job]))
    assert isinstance(run.error, PluginError)
    assert run.error.message == (
        f"blog@dev: the backend 'scripted' returned a job with an invalid {name}"
    )
    assert run.events == []


def test_a_schema_is_pushed_before_models_are_generated() -> None:
    backend = ScriptedBackend(
        deployed_schema=["type B", "type A"],
        push_schema=[make_job("PENDING", "push-1")],
        start_job=[make_job("PENDING")],
        get_job=[make_job(job_id="push-1")],
    )
    run = Run(backend, push=True)
    assert run.generated.deployed == "type A"
    assert [job_run.job.id for job_run in run.generated.jobs] == ["push-1", "job-1"]
    assert [call for call in backend.calls if call[0] != "get_models"] == [
        ("deployed_schema",),
        ("push_schema", "type A"),
        ("get_job", "push-1"),
        ("deployed_schema",),
        ("start_job",),
        ("get_job", "job-1"),
    ]


def test_a_schema_that_is_deployed_is_not_pushed() -> None:
    backend = ScriptedBackend(deployed_schema=["# the same\ntype  A,"])
    run = Run(backend, push=True)
    assert run.generated.deployed == "# the same\ntype  A,"
    assert backend.calls == [("deployed_schema",), ("start_job",), ("get_models",)]


@pytest.mark.parametrize("deployed", ["type A", "type B"])
def test_a_generation_that_fails_is_not_repeated(deployed: str) -> None:
    backend = ScriptedBackend(
        deployed_schema=[deployed, "type A"],
        start_job=[make_job("FAILED", error="out of luck")] * 9,
    )
    assert "out of luck" in Run(backend, push=True).error.message
    assert backend.count("push_schema") == (deployed == "type B")
    assert backend.count("start_job") == 1


def test_a_schema_is_pushed_to_a_backend_that_does_not_say_what_is_deployed() -> None:
    backend = ScriptedBackend(deployed_schema=[None])
    assert isinstance(Run(backend, push=True).result, RemoteState)
    assert backend.count("push_schema") == 1


def test_nothing_is_generated_after_a_push_that_failed() -> None:
    backend = ScriptedBackend(push_schema=[make_job("FAILED", "push-1", "bad schema")])
    run = Run(backend, push=True)
    assert "job push-1" in run.error.message
    assert backend.count("start_job") == 0


@pytest.mark.parametrize(("push", "sdl"), [(False, "type A"), (True, None)])
def test_nothing_is_pushed_unrequested_or_without_a_schema(push: bool, sdl: str | None) -> None:  # noqa: FBT001 (a row of the table)
    backend = ScriptedBackend()
    assert isinstance(Run(backend, push=push, sdl=sdl).result, RemoteState)
    assert backend.count("push_schema") == 0


def test_a_job_is_recorded_when_it_is_started() -> None:
    run = Run(ScriptedBackend(deployed_schema=["type A"], start_job=[make_job("PENDING")]))
    assert run.pending.history == [("add", "models/blog.json", "job-1")]
    assert run.session.is_resolved


def test_a_job_that_failed_is_not_left_for_the_next_run() -> None:
    run = Run(ScriptedBackend(start_job=[make_job("PENDING")], get_job=[make_job("FAILED")]))
    assert "failed" in run.error.message
    assert run.session.is_resolved


def test_a_job_that_took_too_long_is_left_for_the_next_run() -> None:
    run = Run(
        ScriptedBackend(start_job=[make_job("PENDING")], get_job=[make_job("PENDING")] * 99),
        timeout=3,
    )
    assert run.added == ["job-1"]
    assert not run.session.is_resolved


def test_a_job_whose_models_could_not_be_fetched_is_left_for_the_next_run() -> None:
    run = Run(
        ScriptedBackend(start_job=[make_job("PENDING")], get_models=[BackendError("no JSON")])
    )
    assert run.error.message == "no JSON"
    assert not run.session.is_resolved


def test_a_start_that_failed_leaves_what_an_earlier_run_recorded() -> None:
    run = Run(ScriptedBackend(start_job=[BackendError("no such app")]))
    assert not run.session.is_resolved


def test_a_push_is_recorded_until_the_generation_takes_its_place() -> None:
    backend = ScriptedBackend(
        push_schema=[make_job("PENDING", "push-1")], start_job=[make_job("PENDING")]
    )
    run = Run(backend, push=True)
    assert run.added == ["push-1", "job-1"]
    assert run.session.is_resolved


@pytest.mark.parametrize("end", [make_job("FAILED", "push-1"), make_job("PENDING", "push-1")])
def test_a_push_that_did_not_succeed_is_left_for_the_next_run(end: Job) -> None:
    backend = ScriptedBackend(push_schema=[make_job("PENDING", "push-1")], get_job=[end] * 99)
    run = Run(backend, push=True, timeout=3)
    assert run.added == ["push-1"]
    assert not run.session.is_resolved


def test_a_push_of_an_earlier_run_is_continued() -> None:
    backend = ScriptedBackend(
        get_job=[make_job("PENDING", "old-1"), make_job(job_id="old-1")],
        deployed_schema=["type A"],
    )
    run = Run(backend, push=True, previous_push="old-1")
    assert isinstance(run.result, RemoteState)
    assert [call[0] for call in backend.calls] == [
        "get_job", "get_job", "deployed_schema", "start_job", "get_models"
    ]  # fmt: skip


def test_a_continued_push_that_fails_fails_the_target() -> None:
    backend = ScriptedBackend(get_job=[make_job("PENDING", "old-1"), make_job("FAILED", "old-1")])
    run = Run(backend, push=True, previous_push="old-1")
    assert "job old-1" in run.error.message
    assert not run.session.is_resolved


@pytest.mark.parametrize("deployed", ["type A", "type B"])
def test_a_push_of_an_earlier_run_that_succeeded_is_repeated_only_if_needed(
    deployed: str,
) -> None:
    backend = ScriptedBackend(
        get_job=[make_job(job_id="old-1")], deployed_schema=[deployed, "type A"]
    )
    assert Run(backend, push=True, previous_push="old-1").generated.deployed == "type A"
    assert backend.count("push_schema") == (deployed == "type B")


@pytest.mark.parametrize("state", [make_job("FAILED", "old-1"), BackendError("not found")])
def test_a_push_of_an_earlier_run_that_failed_or_is_unknown_is_repeated(state: object) -> None:
    backend = ScriptedBackend(get_job=[state], deployed_schema=["type A"])
    assert isinstance(Run(backend, push=True, previous_push="old-1").result, RemoteState)
    assert [call[0] for call in backend.calls[:3]] == ["get_job", "push_schema", "deployed_schema"]


def test_nothing_is_pushed_while_the_state_of_an_earlier_push_is_unavailable() -> None:
    backend = ScriptedBackend(get_job=[BUSY] * 9)
    assert Run(backend, push=True, previous_push="old-1").error is BUSY
    assert backend.count("push_schema") == 0


@pytest.mark.parametrize("state", ["PENDING", "COMPLETED"])
def test_a_job_of_an_earlier_run_is_continued(state: str) -> None:
    backend = ScriptedBackend(
        get_job=[make_job(state, "old-1"), make_job(job_id="old-1")], get_models=[LATEST]
    )
    run = Run(backend, previous="old-1")
    assert run.generated.jobs[0].job == make_job(job_id="old-1")
    assert backend.count("start_job") == 0
    assert run.session.is_resolved


def test_a_continued_job_that_fails_is_not_left_for_the_next_run() -> None:
    backend = ScriptedBackend(get_job=[make_job("PENDING", "old-1"), make_job("FAILED", "old-1")])
    run = Run(backend, previous="old-1")
    assert "job old-1" in run.error.message
    assert run.session.is_resolved


DIGEST_CHANGES: list[dict[str, Any]] = [
    {"target": replace(BLOG, app_id="d2")},
    {"target": replace(BLOG, environment="prod")},
    {"target": replace(BLOG, resource="shop")},
    {"sdl": "type B"},
    {"deployed": "type B"},
    {"backend_name": "other"},
]


def recorded_digest(**changes: Any) -> str:
    backend = ScriptedBackend(
        deployed_schema=[changes.pop("deployed", "type A")], start_job=[make_job("PENDING")]
    )
    pending = MemoryPendingJobs()
    context = Run(ScriptedBackend()).context
    context = replace(
        context,
        backend=backend,
        settings=replace(context.settings, backend=changes.pop("backend_name", "scripted")),
        pending=cast("PendingJobs", pending),
    )
    request = TargetRequest(target=BLOG, sdl="type A", key="k", allow_drift=True)
    generate_models(TargetSession(replace(request, **changes), context))
    ((_, digest),) = pending.jobs
    return digest


@pytest.mark.parametrize("change", DIGEST_CHANGES, ids=lambda change: next(iter(change)))
def test_a_job_is_continued_only_for_what_it_was_started_for(change: dict[str, Any]) -> None:
    assert recorded_digest(**change) != recorded_digest() == recorded_digest()


def test_formatting_of_the_schema_does_not_matter_for_a_pending_job() -> None:
    assert recorded_digest(sdl="# comment\ntype  A") == recorded_digest()


@pytest.mark.parametrize("state", [make_job("FAILED", "old-1"), BackendError("not found")])
def test_a_job_of_an_earlier_run_that_failed_or_is_unknown_is_started_again(
    state: object,
) -> None:
    backend = ScriptedBackend(get_job=[state])
    assert Run(backend, previous="old-1").generated.jobs[0].job == make_job()
    assert backend.count("start_job") == 1


def test_nothing_is_started_while_the_state_of_an_earlier_job_is_unavailable() -> None:
    backend = ScriptedBackend(get_job=[BUSY] * 9)
    assert Run(backend, previous="old-1").error is BUSY
    assert backend.count("start_job") == 0


def test_nothing_is_started_while_the_models_of_an_earlier_job_are_unavailable() -> None:
    backend = ScriptedBackend(get_job=[make_job(job_id="old-1")], get_models=[BUSY] * 9)
    assert Run(backend, previous="old-1").error is BUSY
    assert backend.count("start_job") == 0


def test_no_job_is_started_if_another_schema_is_deployed() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"])
    assert Run(backend).result == RemoteState(models=None, deployed="type B")
    assert backend.count("start_job") == backend.count("get_models") == 0


def test_a_drift_after_a_push_has_the_job_of_the_push() -> None:
    backend = ScriptedBackend(deployed_schema=["type B", "type B"])
    result = Run(backend, push=True).generated
    assert result.models is None
    assert len(result.jobs) == 1


def test_comments_are_not_a_drift() -> None:
    backend = ScriptedBackend(deployed_schema=["# hello\ntype  A,"])
    assert Run(backend).models.models.schema == "# hello\ntype  A,"


@pytest.mark.parametrize(
    ("deployed", "sdl", "expected"),
    [
        ("type A", "type A", False),
        ("type A", "type B", True),
        ("type A", "# a\ntype A", False),
        (None, "type A", False),
        ("type A", None, False),
    ],
)
def test_has_drifted(deployed: str | None, sdl: str | None, expected: bool) -> None:  # noqa: FBT001 (a row of the table)
    assert has_drifted(deployed, sdl) is expected


def test_drift_may_be_allowed() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"])
    assert Run(backend, allow_drift=True).generated.deployed == "type B"


def test_the_latest_models_are_taken_if_only_the_backend_has_a_schema() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], get_models=[LATEST])
    assert Run(backend, sdl=None).generated.jobs == ()
    assert backend.count("start_job") == 0


@pytest.mark.parametrize("models", [STALE, MODELS])
def test_other_models_are_generated_if_only_the_backend_has_a_schema(models: RemoteModels) -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], get_models=[models])
    assert Run(backend, sdl=None).generated.jobs[0].job == make_job()


def test_models_that_do_not_exist_are_generated_if_only_the_backend_has_a_schema() -> None:
    backend = ScriptedBackend(get_models=[NotFoundError("no models")])
    run = Run(backend, sdl=None)
    assert run.generated.jobs[0].job == make_job()
    assert run.models.models.schema is None


@pytest.mark.parametrize("models", [STALE, MODELS, NotFoundError("no"), BackendError("no JSON")])
def test_a_finished_job_whose_models_are_not_the_latest_is_started_again(models: object) -> None:
    backend = ScriptedBackend(get_job=[make_job(job_id="old-1")], get_models=[models])
    assert Run(backend, previous="old-1").generated.jobs[0].job == make_job()
    assert backend.count("start_job") == 1


def test_models_that_are_stale_for_a_moment_are_fetched_again() -> None:
    backend = ScriptedBackend(start_job=[make_job()], get_models=[STALE, STALE, LATEST])
    run = Run(backend)
    assert run.models.status == "LATEST"
    assert [event.kind for event in run.events].count("retried") == 2
    assert backend.count("start_job") == 1


def test_models_that_stay_stale_after_a_finished_job_are_an_error() -> None:
    run = Run(ScriptedBackend(start_job=[make_job()], get_models=[STALE] * 9))
    assert run.error.message == (
        "blog@dev: job job-1 (GenerateBackendAPIModels) finished, but the backend's models are "
        "still STALE; another schema was probably deployed in the meantime"
    )
    assert (run.error.exit_code, run.error.hint) == (3, "run the same command again")
    assert run.job.job == make_job()


def test_models_are_fetched_once_if_only_the_backend_has_a_schema() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], get_models=[LATEST])
    assert isinstance(Run(backend, sdl=None).result, RemoteState)
    assert backend.calls == [("deployed_schema",), ("get_models",)]


def test_models_have_the_feature_flags_of_the_target() -> None:
    flags = FeatureFlags()
    assert Run(ScriptedBackend()).models.models.flags == flags


@pytest.mark.parametrize("models", [LATEST, NotFoundError("no models")])
def test_the_remote_state_is_fetched_without_starting_anything(models: object) -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], get_models=[models])
    state = fetch_remote_state(Run(ScriptedBackend()).session)
    assert state == RemoteState(models=MODELS, deployed=None)
    context = replace(Run(ScriptedBackend()).context, backend=backend)
    request = TargetRequest(target=BLOG, sdl="type A", key="k")
    state = fetch_remote_state(TargetSession(request, context))
    expected = LATEST if models is LATEST else None
    assert state == RemoteState(models=expected, deployed="type B")
    assert backend.calls == [("deployed_schema",), ("get_models",)]


def test_a_stopped_run_ends_at_the_next_wait() -> None:
    run = Run(ScriptedBackend())
    run.stop.set()
    backend = ScriptedBackend(start_job=[make_job("PENDING")])
    session = TargetSession(run.session.request, replace(run.context, backend=backend))
    with pytest.raises(RunStoppedError):
        generate_models(session)
    assert backend.count("get_job") == 0

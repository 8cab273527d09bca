from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.errors import (
    BackendError,
    MissingError,
    ModelgenError,
    PluginError,
    TransientError,
)
from amplify_modelgen.jobs.following import job_failure
from amplify_modelgen.jobs.life import generation
from amplify_modelgen.jobs.work import Context, Drift, Failure, Generated, Work
from core_values import LATEST, MODELS, STALE, FakeClock, ScriptedBackend, job, target

if TYPE_CHECKING:
    from amplify_modelgen.jobs.work import Errand
    from amplify_modelgen.records import Job, JobEvent, Models, Target

BLOG = target()
BUSY = TransientError("the service is busy")


def _subject(errand: Errand) -> str | None:
    operation, deployed = errand
    return operation if operation == "push" else deployed


class Run:
    """One generation, followed to its end by a clock that goes on while it waits."""

    def __init__(  # noqa: PLR0913 (each test turns one of them)
        self,
        backend: ScriptedBackend,
        *,
        push: bool = False,
        sdl: str | None = "type A",
        allow_drift: bool = False,
        timeout: float = 60.0,
        left: str | None = None,
        left_push: str | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.clock.now = 100.0
        self.waits: list[float] = []
        self.events: list[JobEvent] = []
        self.noted: list[tuple[str | None, str | None]] = []
        self.recalled: list[str | None] = []
        self.left = {"generate": left, "push": left_push}
        context = Context(
            backend_name="scripted",
            timeout=timeout,
            clock=self.clock,
            listen=self.events.append,
            note=lambda _, errand, job_id: self.noted.append((_subject(errand), job_id)),
            recall=self.recall,
        )
        self.result = self._follow(
            backend, Work(target=BLOG, sdl=sdl, push=push, allow_drift=allow_drift), context
        )

    def recall(self, _: Target, errand: Errand) -> str | None:
        self.recalled.append(_subject(errand))
        return self.left[errand[0]]

    def _follow(
        self, backend: ScriptedBackend, work: Work, context: Context
    ) -> Generated | Drift | Failure:
        steps = generation(work, backend, context)
        while True:
            try:
                wait = next(steps)
            except StopIteration as stop:
                result: Generated | Drift | Failure = stop.value
                return result
            self.waits.append(wait() if callable(wait) else wait)
            self.clock.now += self.waits[-1]

    @property
    def generated(self) -> Generated:
        assert isinstance(self.result, Generated), self.result
        return self.result

    @property
    def failure(self) -> Failure:
        assert isinstance(self.result, Failure), self.result
        return self.result

    @property
    def error(self) -> ModelgenError:
        return self.failure.error


def test_a_job_that_is_completed_at_once_is_not_asked_for() -> None:
    backend = ScriptedBackend(start=[job(job_id=None)], deployed_schema=["type A"])
    run = Run(backend)
    assert run.generated == Generated(
        job=job(job_id=None), models=MODELS, deployed="type A", seconds=0.0, polls=0
    )
    assert backend.calls == [("deployed_schema",), ("start",), ("models",)]
    assert run.waits == []
    assert [event.kind for event in run.events] == ["started", "finished"]


def test_a_job_is_followed_to_its_end() -> None:
    backend = ScriptedBackend(
        start=[job("PENDING")], job=[job("PENDING"), job("IN_PROGRESS"), job()]
    )
    run = Run(backend)
    assert run.generated.job == job()
    assert run.generated.polls == 3
    assert run.generated.seconds == pytest.approx(sum(run.waits))
    assert backend.calls[-4:] == [("job", "job-1")] * 3 + [("models",)]


def test_events_tell_how_a_job_comes_along() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING")], job=[job("UNHEARD_OF"), job()]))
    told = [(each.kind, each.job and each.job.status, each.polls) for each in run.events]
    assert told == [
        ("started", "PENDING", 0),
        ("polled", "UNHEARD_OF", 1),
        ("polled", "COMPLETED", 2),
        ("finished", "COMPLETED", 2),
    ]
    assert [event.seconds for event in run.events] == sorted(event.seconds for event in run.events)


def test_polls_begin_soon_and_back_off_to_a_bound() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING")], job=[*[job("PENDING")] * 9, job()]))
    expected = [0.5, 0.7, 0.98, 1.372, 1.9208, 2.68912, 3.764768, 5.0, 5.0, 5.0]
    assert run.waits == pytest.approx(expected, rel=0.1)


def test_a_job_that_never_ends_is_left_at_the_timeout() -> None:
    backend = ScriptedBackend(start=[job("PENDING")], job=[job("BUILDING")] * 99)
    run = Run(backend, timeout=30)
    assert isinstance(run.error, BackendError)
    assert run.error.message == (
        "blog@dev: job job-1 (GenerateBackendAPIModels) has not ended after 30 s; "
        "its last status is 'BUILDING'"
    )
    assert "--timeout" in (run.error.hint or "")
    assert run.failure.job == job("BUILDING")
    assert run.failure.seconds == pytest.approx(30)
    assert run.failure.polls == backend.called("job")


def test_the_timeout_counts_from_the_beginning_of_a_job() -> None:
    backend = ScriptedBackend(start=[BUSY, BUSY, job("PENDING")], job=[job("PENDING"), job()])
    assert Run(backend, timeout=2.5).generated.polls == 2


def test_a_job_is_asked_for_once_more_when_the_time_is_up() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING")], job=[job("PENDING"), job()]), timeout=0.9)
    assert run.generated.seconds == pytest.approx(0.9)


@pytest.mark.parametrize("failures", [1, 4])
@pytest.mark.parametrize("call", ["deployed_schema", "start", "job", "models"])
def test_a_failure_that_may_pass_is_tried_again(call: str, failures: int) -> None:
    script: dict[str, list[Any]] = {"start": [job("PENDING")]}
    script[call] = [BUSY] * failures + script.get(call, [])
    run = Run(ScriptedBackend(**script))
    assert run.generated.models == MODELS
    retried = [event.error for event in run.events if event.kind == "retried"]
    assert retried == ["the service is busy"] * failures


@pytest.mark.parametrize("call", ["deployed_schema", "start", "job", "models"])
def test_attempts_end_with_the_timeout(call: str) -> None:
    script: dict[str, list[Any]] = {"start": [job("PENDING")], call: [BUSY] * 9}
    run = Run(ScriptedBackend(**script), timeout=1.5)
    assert run.error is BUSY
    assert [event.kind for event in run.events].count("retried") == 2
    assert sum(run.waits[-2:]) == pytest.approx(1.5)


def test_attempts_are_bounded_and_wait_longer_each_time() -> None:
    backend = ScriptedBackend(start=[BUSY] * 9)
    run = Run(backend)
    assert run.error is BUSY
    assert backend.called("start") == 5
    assert run.waits == pytest.approx([1, 2, 4, 5], rel=0.1)


def test_a_failure_for_good_is_not_tried_again() -> None:
    backend = ScriptedBackend(start=[BackendError("no such app")])
    run = Run(backend)
    assert run.error.message == "no such app"
    assert backend.called("start") == 1
    assert run.failure.job is None


def test_a_failed_job_is_reported_with_the_services_words() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING")], job=[job("FAILED", error="no luck")]))
    assert run.error.message == (
        "blog@dev: job job-1 (GenerateBackendAPIModels) ended with FAILED: no luck"
    )
    assert "'dev'" in (run.error.hint or "")
    assert (run.failure.job, run.failure.polls) == (job("FAILED", error="no luck"), 1)
    assert run.events[-1].error == "no luck"


def test_a_failed_job_may_have_nothing_to_say() -> None:
    run = Run(ScriptedBackend(start=[job("FAILED", job_id=None)]))
    assert run.error.message == (
        "blog@dev: the job (GenerateBackendAPIModels) ended with FAILED and does not say why"
    )


@pytest.mark.parametrize("status", ["COMPLETED", "IN_PROGRESS"])
def test_an_error_in_an_answer_is_a_failure_whatever_the_status(status: str) -> None:
    backend = ScriptedBackend(start=[job(status, error="no luck")])
    assert Run(backend).error.message.endswith(f"ended with {status}: no luck")
    assert backend.called("models") == 0


def test_a_pushed_folder_is_explained() -> None:
    failed = job("FAILED", error="Transform GraphQL schema file not found")
    assert "--push-schema" in (job_failure(BLOG, failed).hint or "")


def test_a_running_job_without_a_name_cannot_be_followed() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING", job_id=None)]))
    assert "'PENDING' and names no job" in run.error.message


@pytest.mark.parametrize("call", ["deployed_schema", "start", "job", "models"])
def test_a_broken_backend_is_named(call: str) -> None:
    script: dict[str, list[Any]] = {"start": [job("PENDING")]}
    run = Run(ScriptedBackend(**script | {call: [KeyError("JobId")]}))
    assert isinstance(run.error, PluginError)
    assert run.error.message == "blog@dev: the backend 'scripted' broke: KeyError: 'JobId'"


def test_a_schema_is_pushed_before_anything_is_generated() -> None:
    backend = ScriptedBackend(
        deployed_schema=["type B", "type A"],
        push_schema=[job("PENDING", "push-1")],
        start=[job("PENDING")],
    )
    assert Run(backend, push=True).generated.deployed == "type A"
    assert [call for call in backend.calls if call[0] != "models"] == [
        ("deployed_schema",),
        ("push_schema", "type A"),
        ("job", "push-1"),
        ("deployed_schema",),
        ("start",),
        ("job", "job-1"),
    ]


def test_a_schema_that_the_backend_has_is_not_pushed() -> None:
    backend = ScriptedBackend(deployed_schema=["# the same\ntype  A,"])
    Run(backend, push=True)
    assert backend.calls == [("deployed_schema",), ("start",), ("models",)]


def test_a_schema_that_the_backend_has_and_fails_on_is_pushed_after_all() -> None:
    backend = ScriptedBackend(
        deployed_schema=["type A"] * 2, start=[job("FAILED", error="schema file not found"), job()]
    )
    assert Run(backend, push=True).generated.job == job()
    assert [call[0] for call in backend.calls] == [
        "deployed_schema", "start", "push_schema", "deployed_schema", "start", "models"
    ]  # fmt: skip


@pytest.mark.parametrize("deployed", ["type A", "type B"])
def test_a_generation_has_no_third_chance(deployed: str) -> None:
    backend = ScriptedBackend(
        deployed_schema=[deployed, "type A"], start=[job("FAILED", error="out of luck")] * 9
    )
    assert "out of luck" in Run(backend, push=True).error.message
    assert (backend.called("push_schema"), backend.called("start")) == (
        1,
        1 + (deployed == "type A"),
    )


def test_nothing_is_pushed_after_all_where_a_generation_takes_too_long() -> None:
    backend = ScriptedBackend(
        deployed_schema=["type A"], start=[job("PENDING")], job=[job("PENDING")] * 99
    )
    assert "has not ended" in Run(backend, push=True, timeout=3).error.message
    assert backend.called("push_schema") == 0


def test_a_schema_is_pushed_to_a_backend_that_does_not_tell_what_it_has() -> None:
    backend = ScriptedBackend(deployed_schema=[None])
    Run(backend, push=True)
    assert backend.called("push_schema") == 1


def test_nothing_is_generated_from_a_push_that_failed() -> None:
    backend = ScriptedBackend(push_schema=[job("FAILED", "push-1", "bad schema")])
    run = Run(backend, push=True)
    assert "job push-1" in run.error.message
    assert backend.called("start") == 0


@pytest.mark.parametrize(("push", "sdl"), [(False, "type A"), (True, None)])
def test_nothing_is_pushed_unasked_or_without_a_schema(push: bool, sdl: str | None) -> None:  # noqa: FBT001 (a row of the table)
    backend = ScriptedBackend()
    Run(backend, push=push, sdl=sdl)
    assert backend.called("push_schema") == 0


def test_a_backend_that_feeds_on_the_tree_is_not_asked_for_its_schema() -> None:
    backend = ScriptedBackend()
    backend.feeds_on_tree = True
    run = Run(backend, push=True)
    assert run.generated.deployed is None
    assert backend.calls == [("push_schema", "type A"), ("start",), ("models",)]
    assert "push" not in run.recalled


def test_a_job_that_must_be_waited_for_is_noted_until_its_end() -> None:
    run = Run(ScriptedBackend(deployed_schema=["type A"], start=[job("PENDING")]))
    assert run.noted == [("type A", "job-1"), ("type A", None)]


def test_a_job_that_failed_is_not_left_for_the_next_run() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING")], job=[job("FAILED")]))
    assert run.noted == [(None, "job-1"), (None, None)]


def test_a_job_that_took_too_long_is_left_for_the_next_run() -> None:
    run = Run(ScriptedBackend(start=[job("PENDING")], job=[job("PENDING")] * 99), timeout=3)
    assert run.noted == [(None, "job-1")]


def test_a_push_is_noted_until_its_good_end() -> None:
    run = Run(ScriptedBackend(push_schema=[job("PENDING", "push-1")]), push=True)
    assert run.noted == [("push", "push-1"), ("push", None), (None, None)]


@pytest.mark.parametrize("end", [job("FAILED", "push-1"), job("PENDING", "push-1")])
def test_a_push_without_a_good_end_is_left_for_the_next_run(end: Job) -> None:
    backend = ScriptedBackend(push_schema=[job("PENDING", "push-1")], job=[end] * 99)
    assert Run(backend, push=True, timeout=3).noted == [("push", "push-1")]


def test_a_push_that_was_left_running_is_gone_on_with() -> None:
    backend = ScriptedBackend(
        job=[job("PENDING", "left-1"), job(job_id="left-1")], deployed_schema=["type A"]
    )
    run = Run(backend, push=True, left_push="left-1")
    assert [call[0] for call in backend.calls] == [
        "job", "job", "deployed_schema", "start", "models"
    ]  # fmt: skip
    assert run.noted[:2] == [("push", "left-1"), ("push", None)]


def test_a_push_that_was_left_and_failed_while_it_is_followed_fails_the_target() -> None:
    backend = ScriptedBackend(job=[job("PENDING", "left-1"), job("FAILED", "left-1")])
    assert "job left-1" in Run(backend, push=True, left_push="left-1").error.message


@pytest.mark.parametrize("deployed", ["type A", "type B"])
def test_a_push_that_was_left_and_ended_well_is_repeated_only_if_needed(deployed: str) -> None:
    backend = ScriptedBackend(job=[job(job_id="left-1")], deployed_schema=[deployed, "type A"])
    assert Run(backend, push=True, left_push="left-1").generated.deployed == "type A"
    assert backend.called("push_schema") == (deployed == "type B")


@pytest.mark.parametrize("now", [job("FAILED", "left-1"), BackendError("not found")])
def test_a_push_that_was_left_and_is_lost_is_sent_again(now: object) -> None:
    backend = ScriptedBackend(job=[now], deployed_schema=["type A"])
    Run(backend, push=True, left_push="left-1")
    assert [call[0] for call in backend.calls[:3]] == ["job", "push_schema", "deployed_schema"]


def test_nothing_is_pushed_while_nobody_knows_of_the_push_that_was_left() -> None:
    backend = ScriptedBackend(job=[BUSY] * 9)
    assert Run(backend, push=True, left_push="left-1").error is BUSY
    assert backend.called("push_schema") == 0


@pytest.mark.parametrize("now", ["PENDING", "COMPLETED"])
def test_a_job_that_was_left_is_gone_on_with(now: str) -> None:
    backend = ScriptedBackend(job=[job(now, "left-1"), job(job_id="left-1")], models=[LATEST])
    run = Run(backend, left="left-1")
    assert run.generated.job == job(job_id="left-1")
    assert backend.called("start") == 0
    assert run.noted[-1] == (None, None)


def test_a_job_is_recalled_for_the_schema_that_is_deployed() -> None:
    assert Run(ScriptedBackend(deployed_schema=["type B"]), allow_drift=True).recalled == ["type B"]


@pytest.mark.parametrize("now", [job("FAILED", "left-1"), BackendError("not found")])
def test_a_job_that_was_left_and_is_lost_is_started_anew(now: object) -> None:
    backend = ScriptedBackend(job=[now])
    assert Run(backend, left="left-1").generated.job == job()
    assert backend.called("start") == 1


def test_nothing_is_started_while_nobody_knows_of_the_job_that_was_left() -> None:
    backend = ScriptedBackend(job=[BUSY] * 9)
    assert Run(backend, left="left-1").error is BUSY
    assert backend.called("start") == 0


def test_no_job_is_started_for_another_schema_than_the_working_trees() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"])
    result = Run(backend).result
    assert isinstance(result, Drift)
    assert result.deployed == "type B"
    assert backend.called("start") == backend.called("models") == 0


def test_comments_are_no_drift() -> None:
    backend = ScriptedBackend(deployed_schema=["# hello\ntype  A,"])
    assert Run(backend).generated.models == MODELS


def test_drift_may_be_allowed() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"])
    assert Run(backend, allow_drift=True).generated.deployed == "type B"


def test_the_latest_models_are_taken_where_only_the_backend_has_a_schema() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], models=[LATEST])
    assert Run(backend, sdl=None).generated.job is None
    assert backend.called("start") == 0


@pytest.mark.parametrize("models", [STALE, MODELS])
def test_other_models_are_made_anew_where_only_the_backend_has_a_schema(models: Models) -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], models=[models])
    assert Run(backend, sdl=None).generated.job == job()


def test_models_that_were_never_made_are_made_where_only_the_backend_has_a_schema() -> None:
    backend = ScriptedBackend(models=[MissingError("no models")])
    assert Run(backend, sdl=None).generated.job == job()


@pytest.mark.parametrize("models", [STALE, MODELS, MissingError("no"), BackendError("no JSON")])
def test_a_job_that_ended_and_whose_models_are_not_the_latest_is_started_anew(
    models: object,
) -> None:
    backend = ScriptedBackend(job=[job(job_id="left-1")], models=[models])
    assert Run(backend, left="left-1").generated.job == job()
    assert backend.called("start") == 1


def test_models_that_are_stale_for_a_moment_are_asked_for_again() -> None:
    backend = ScriptedBackend(start=[job()], models=[STALE, STALE, LATEST])
    run = Run(backend)
    assert run.generated.models.status == "LATEST"
    assert [event.kind for event in run.events].count("retried") == 2
    assert backend.called("start") == 1


def test_models_that_stay_stale_after_a_completed_job_are_no_success() -> None:
    run = Run(ScriptedBackend(start=[job()], models=[STALE] * 9))
    assert "job job-1 (GenerateBackendAPIModels) ended with COMPLETED" in run.error.message
    assert "another schema was probably deployed meanwhile" in run.error.message
    assert (run.error.exit_code, run.error.hint) == (3, "run the same command again")
    assert run.failure.job == job()


def test_models_are_asked_for_once_where_only_the_backend_has_a_schema() -> None:
    backend = ScriptedBackend(deployed_schema=["type B"], models=[LATEST])
    Run(backend, sdl=None)
    assert backend.calls == [("deployed_schema",), ("models",)]

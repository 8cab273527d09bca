from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from msgspec.structs import replace

from amplify_modelgen_plugins.serve import backend_jobs as jobs
from amplify_modelgen_plugins.serve.backend_jobs import OperationContext
from amplify_modelgen_plugins.serve.operations import execute
from amplify_modelgen_plugins.serve.protocol import BadRequestError, ResourceNotFoundError
from amplify_modelgen_plugins.serve.store import (
    JobBehavior,
    ResourceId,
    SchemaVersion,
    Store,
    StoredJob,
)
from support.serve_clients import BLOG, DEV, SDL, Clock

BLOG_ID = ResourceId(app_id="d2abc", environment="dev", resource="blog")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(clock: Clock) -> OperationContext:
    store = Store()
    store.deploy(BLOG_ID, SDL)
    return OperationContext(store=store, clock=clock, job_time=10.0)


def _with_behavior(context: OperationContext, behavior: JobBehavior) -> OperationContext:
    return replace(context, behavior=behavior)


def _start(context: OperationContext, operation: str, members: Any) -> StoredJob:
    response = execute(context, operation, members)
    job = context.store.job(response["AppId"], "dev", response["JobId"])
    assert job is not None
    return jobs.snapshot(job, context.clock())


def _generate(context: OperationContext) -> StoredJob:
    return _start(context, "GenerateBackendAPIModels", BLOG)


def _update(context: OperationContext, sdl: str) -> StoredJob:
    members = {**BLOG, "ResourceConfig": {"TransformSchema": sdl}}
    return _start(context, "UpdateBackendAPI", members)


def _models(context: OperationContext) -> dict[str, Any]:
    return execute(context, "GetBackendAPIModels", BLOG)


def _version(context: OperationContext) -> SchemaVersion | None:
    jobs.run_due_jobs(context)
    return context.store.require_resource(BLOG_ID).version


def _now(context: OperationContext, job: StoredJob) -> StoredJob:
    jobs.run_due_jobs(context)
    return jobs.get_job(context, "d2abc", "dev", job.id)


def test_job_is_queued_then_runs_then_completes(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    statuses = [job.status]
    for seconds in (2, 7, 1):
        clock.forward(seconds)
        statuses.append(_now(context, job).status)
    assert statuses == ["PENDING", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]


def test_job_without_duration_is_finished_at_its_start(context: OperationContext) -> None:
    job = _generate(replace(context, job_time=0.0))
    assert job.status == "COMPLETED"


def test_job_has_times_of_creation_and_end(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    made = clock.now
    clock.forward(60)
    ended = _now(context, job)
    assert (ended.created, ended.updated) == (made, made + 10)


def test_work_takes_effect_when_the_job_ends(context: OperationContext, clock: Clock) -> None:
    _update(context, "type Tag @model { id: ID! }")
    clock.forward(9)
    before = _version(context)
    clock.forward(1)
    after = _version(context)
    assert before is not None
    assert after is not None
    assert (before.sdl, after.sdl) == (SDL, "type Tag @model { id: ID! }")


def test_jobs_run_in_the_order_of_their_ends(context: OperationContext, clock: Clock) -> None:
    _update(context, "type A @model { id: ID! }")
    clock.forward(1)
    _update(context, "type B @model { id: ID! }")
    clock.forward(60)
    definition = _version(context)
    assert definition is not None
    assert definition.sdl == "type B @model { id: ID! }"


def test_job_uses_the_schema_of_its_start(context: OperationContext, clock: Clock) -> None:
    _generate(context)
    clock.forward(1)
    _update(context, "type Tag @model { id: ID! }")
    clock.forward(60)
    models = _models(context)
    assert "Post" in models["Models"]
    assert models["Status"] == "STALE"


def test_stalled_job_never_finishes(context: OperationContext, clock: Clock) -> None:
    job = _generate(_with_behavior(context, JobBehavior(stall=True)))
    clock.forward(1_000_000)
    assert _now(context, job).status == "IN_PROGRESS"


def test_failing_job_does_no_work(context: OperationContext, clock: Clock) -> None:
    behavior = JobBehavior(fail=True, error="out of luck")
    job = _update(_with_behavior(context, behavior), "type Tag @model { id: ID! }")
    clock.forward(60)
    definition = _version(context)
    assert definition is not None
    assert definition.sdl == SDL
    assert (_now(context, job).status, _now(context, job).error) == ("FAILED", "out of luck")


def test_progress_is_the_status_until_the_job_finishes(
    context: OperationContext, clock: Clock
) -> None:
    job = _generate(_with_behavior(context, JobBehavior(progress="WARMING_UP")))
    clock.forward(60)
    assert (job.status, _now(context, job).status) == ("WARMING_UP", "COMPLETED")


def test_invalid_schema_fails_the_job(context: OperationContext, clock: Clock) -> None:
    context.store.deploy(BLOG_ID, "type Post @model { author: Missing }")
    job = _generate(context)
    clock.forward(60)
    ended = _now(context, job)
    assert ended.status == "FAILED"
    assert ended.error is not None
    assert "Missing" in ended.error


def test_api_without_schema_fails_as_in_the_service(context: OperationContext) -> None:
    context.store.deploy(BLOG_ID, None)
    job = _generate(replace(context, job_time=0.0))
    assert (job.status, job.error) == ("FAILED", jobs.NO_SCHEMA)


def test_job_on_a_removed_resource_fails(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    context.store.remove_app("d2abc")
    clock.forward(60)
    assert _now(context, job).status == "FAILED"


def test_bug_fails_only_the_job(
    context: OperationContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        context.store.remove_app("d2abc")
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.JOB_HANDLERS, "GenerateBackendAPIModels", broken)
    job = _generate(replace(context, job_time=0.0))
    assert (job.status, job.error) == ("FAILED", "internal error: ZeroDivisionError: ")
    assert context.store.app("d2abc") is not None
    assert "ZeroDivisionError" in caplog.text


def test_unknown_job_is_not_found(context: OperationContext) -> None:
    with pytest.raises(ResourceNotFoundError, match="no job nine"):
        jobs.get_job(context, "d2abc", "dev", "nine")


def test_job_is_not_found_in_another_environment(context: OperationContext) -> None:
    job = _generate(context)
    with pytest.raises(ResourceNotFoundError):
        jobs.get_job(context, "d2abc", "prod", job.id)


def test_job_of_a_removed_backend_is_kept(context: OperationContext, clock: Clock) -> None:
    job = _start(context, "DeleteBackend", DEV)
    clock.forward(60)
    assert _now(context, job).status == "COMPLETED"


def test_job_of_all_environments_is_found_in_each(context: OperationContext) -> None:
    job = _start(context, "RemoveAllBackends", {"AppId": "d2abc"})
    assert jobs.get_job(context, "d2abc", "any", job.id).id == job.id


def test_jobs_are_listed_newest_first(context: OperationContext) -> None:
    made = [_generate(context).id for _ in range(3)]
    assert [job.id for job in jobs.list_jobs(context, "d2abc", "dev")] == made[::-1]


def test_jobs_are_listed_after_a_job(context: OperationContext) -> None:
    made = [_generate(context).id for _ in range(120)]
    rest = jobs.list_jobs(context, "d2abc", "dev", after=made[100])
    assert [job.id for job in rest] == made[99::-1]


def test_listing_is_lazy(context: OperationContext) -> None:
    made = [_generate(context).id for _ in range(3)]
    assert [job.id for job in islice(jobs.list_jobs(context, "d2abc", "dev"), 1)] == [made[-1]]


def test_environment_without_jobs_has_an_empty_list(context: OperationContext) -> None:
    assert list(jobs.list_jobs(context, "d2abc", "dev")) == []


def test_jobs_of_an_unknown_environment_are_not_found(context: OperationContext) -> None:
    with pytest.raises(ResourceNotFoundError, match="no backend environment prod"):
        jobs.list_jobs(context, "d2abc", "prod")


def test_page_after_an_unknown_job_is_rejected(context: OperationContext) -> None:
    with pytest.raises(BadRequestError, match="NextToken"):
        jobs.list_jobs(context, "d2abc", "dev", after="nine")


def test_stalled_job_can_be_completed_by_request(context: OperationContext) -> None:
    job = _generate(_with_behavior(context, JobBehavior(stall=True)))
    updated = jobs.update_job(context, "d2abc", "dev", job.id, "COMPLETED")
    assert updated.status == "COMPLETED"
    assert _models(context)["Status"] == "LATEST"


def test_failing_job_can_be_completed_by_request(context: OperationContext) -> None:
    behavior = JobBehavior(stall=True, fail=True)
    job = _generate(_with_behavior(context, behavior))
    assert jobs.update_job(context, "d2abc", "dev", job.id, "COMPLETED").status == "COMPLETED"


def test_job_can_be_failed_by_request(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    jobs.update_job(context, "d2abc", "dev", job.id, "FAILED")
    clock.forward(60)
    assert _now(context, job).status == "FAILED"
    with pytest.raises(ResourceNotFoundError, match="no models"):
        _models(context)


def test_running_job_can_have_any_status(context: OperationContext) -> None:
    job = _generate(context)
    assert jobs.update_job(context, "d2abc", "dev", job.id, "PAUSED").status == "PAUSED"


def test_finished_job_keeps_its_status(context: OperationContext) -> None:
    job = _generate(replace(context, job_time=0.0))
    with pytest.raises(BadRequestError, match="has already finished as COMPLETED"):
        jobs.update_job(context, "d2abc", "dev", job.id, "FAILED")


@pytest.mark.parametrize("status", [None, "COMPLETED"])
def test_update_without_change_is_accepted(context: OperationContext, status: str | None) -> None:
    job = _generate(replace(context, job_time=0.0))
    assert jobs.update_job(context, "d2abc", "dev", job.id, status).status == "COMPLETED"


def test_oldest_jobs_are_dropped(
    context: OperationContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amplify_modelgen_plugins.serve.store.MAX_JOBS", 2)
    at_once = replace(context, job_time=0.0)
    made = [_generate(at_once).id for _ in range(5)]
    assert [job.id for job in jobs.list_jobs(context, "d2abc", "dev")] == made[:2:-1]

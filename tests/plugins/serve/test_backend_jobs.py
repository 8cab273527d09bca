from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen_plugins.serve import operations
from amplify_modelgen_plugins.serve.operations import OperationContext, execute
from amplify_modelgen_plugins.serve.store import (
    BadRequestError,
    ResourceId,
    ResourceNotFoundError,
    SchemaVersion,
    Store,
)
from support.serve_clients import BLOG, DEV, SDL, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOG_ID = ResourceId(app_id="d2abc", environment="dev", resource="blog")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(clock: Clock) -> OperationContext:
    store = Store()
    store.deploy(BLOG_ID, SDL)
    return OperationContext(store=store, clock=clock, job_time=10.0)


def _with_faults(context: OperationContext, **faults: str) -> OperationContext:
    return replace(context, faults=faults)


def _generate(context: OperationContext) -> dict[str, Any]:
    return execute(context, "GenerateBackendAPIModels", BLOG)


def _update(context: OperationContext, sdl: str) -> dict[str, Any]:
    members = {**BLOG, "ResourceConfig": {"TransformSchema": sdl}}
    return execute(context, "UpdateBackendAPI", members)


def _models(context: OperationContext) -> dict[str, Any]:
    return execute(context, "GetBackendAPIModels", BLOG)


def _version(context: OperationContext) -> SchemaVersion | None:
    execute(context, "GetBackend", DEV)
    return context.store.require_resource(BLOG_ID).version


def _now(context: OperationContext, job: dict[str, Any]) -> dict[str, Any]:
    return execute(context, "GetBackendJob", {**DEV, "JobId": job["JobId"]})


def _list(context: OperationContext, **members: Any) -> list[str]:
    jobs = execute(context, "ListBackendJobs", {**DEV, **members})["Jobs"]
    return [job["JobId"] for job in jobs]


def _set_status(
    context: OperationContext, job: dict[str, Any], status: str | None
) -> dict[str, Any]:
    return execute(context, "UpdateBackendJob", {**DEV, "JobId": job["JobId"], "Status": status})


def test_job_is_queued_then_runs_then_completes(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    statuses = [job["Status"]]
    for seconds in (2, 7, 1):
        clock.forward(seconds)
        statuses.append(_now(context, job)["Status"])
    assert statuses == ["PENDING", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]


def test_job_without_duration_is_finished_at_its_start(context: OperationContext) -> None:
    job = _generate(replace(context, job_time=0.0))
    assert job["Status"] == "COMPLETED"


def test_job_has_times_of_creation_and_end(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    clock.forward(60)
    ended = _now(context, job)
    assert ended["CreateTime"] == "2023-11-14T22:13:20.000Z"
    assert ended["UpdateTime"] == "2023-11-14T22:13:30.000Z"


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
    job = _generate(_with_faults(context, stall=""))
    clock.forward(1_000_000)
    assert _now(context, job)["Status"] == "IN_PROGRESS"


def test_failing_job_does_no_work(context: OperationContext, clock: Clock) -> None:
    job = _update(_with_faults(context, fail="out of luck"), "type Tag @model { id: ID! }")
    clock.forward(60)
    definition = _version(context)
    assert definition is not None
    assert definition.sdl == SDL
    assert (_now(context, job)["Status"], _now(context, job)["Error"]) == ("FAILED", "out of luck")


def test_progress_is_the_status_until_the_job_finishes(
    context: OperationContext, clock: Clock
) -> None:
    job = _generate(_with_faults(context, progress="WARMING_UP"))
    clock.forward(60)
    assert (job["Status"], _now(context, job)["Status"]) == ("WARMING_UP", "COMPLETED")


def test_invalid_schema_fails_the_job(context: OperationContext, clock: Clock) -> None:
    context.store.deploy(BLOG_ID, "type Post @model { author: Missing }")
    job = _generate(context)
    clock.forward(60)
    ended = _now(context, job)
    assert ended["Status"] == "FAILED"
    assert "Missing" in ended["Error"]


def test_api_without_schema_fails_as_in_the_service(context: OperationContext) -> None:
    context.store.deploy(BLOG_ID, None)
    job = _generate(replace(context, job_time=0.0))
    assert (job["Status"], job["Error"]) == ("FAILED", operations.NO_SCHEMA)


def test_job_on_a_removed_resource_fails(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    context.store.apps.clear()
    clock.forward(60)
    assert _now(context, job)["Status"] == "FAILED"


def test_bug_fails_only_the_job(
    context: OperationContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Iterator[None]:
        yield
        context.store.apps.clear()
        raise ZeroDivisionError

    monkeypatch.setitem(operations.JOB_OPERATIONS, "GenerateBackendAPIModels", broken)
    job = _generate(replace(context, job_time=0.0))
    assert (job["Status"], job["Error"]) == ("FAILED", "internal error: ZeroDivisionError: ")
    assert context.store.apps == {"d2abc": "d2abc"}
    assert "ZeroDivisionError" in caplog.text


def test_unknown_job_is_not_found(context: OperationContext) -> None:
    with pytest.raises(ResourceNotFoundError, match="no job nine"):
        _now(context, {"JobId": "nine"})


def test_job_is_not_found_in_another_environment(context: OperationContext) -> None:
    job = _generate(context)
    with pytest.raises(ResourceNotFoundError):
        execute(
            context,
            "GetBackendJob",
            {**DEV, "BackendEnvironmentName": "prod", "JobId": job["JobId"]},
        )


def test_job_of_a_removed_backend_is_kept(context: OperationContext, clock: Clock) -> None:
    job = execute(context, "DeleteBackend", DEV)
    clock.forward(60)
    assert _now(context, job)["Status"] == "COMPLETED"


def test_job_of_all_environments_is_found_in_each(context: OperationContext) -> None:
    job = execute(context, "RemoveAllBackends", {"AppId": "d2abc"})
    assert _now(context, job)["BackendEnvironmentName"] == "dev"


def test_jobs_are_listed_newest_first(context: OperationContext) -> None:
    made = [_generate(context)["JobId"] for _ in range(3)]
    assert _list(context) == made[::-1]


def test_jobs_are_listed_after_a_job(context: OperationContext) -> None:
    made = [_generate(context)["JobId"] for _ in range(120)]
    assert _list(context, NextToken=made[100], MaxResults=200) == made[99::-1]


def test_environment_without_jobs_has_an_empty_list(context: OperationContext) -> None:
    assert _list(context) == []


def test_jobs_of_an_unknown_environment_are_not_found(context: OperationContext) -> None:
    with pytest.raises(ResourceNotFoundError, match="no backend environment prod"):
        _list(context, BackendEnvironmentName="prod")


def test_page_after_an_unknown_job_is_rejected(context: OperationContext) -> None:
    with pytest.raises(BadRequestError, match="NextToken"):
        _list(context, NextToken="nine")


def test_stalled_job_can_be_completed_by_request(context: OperationContext) -> None:
    job = _generate(_with_faults(context, stall=""))
    updated = _set_status(context, job, "COMPLETED")
    assert updated["Status"] == "COMPLETED"
    assert _models(context)["Status"] == "LATEST"


def test_failing_job_can_be_completed_by_request(context: OperationContext) -> None:
    job = _generate(_with_faults(context, stall="", fail=""))
    assert _set_status(context, job, "COMPLETED")["Status"] == "COMPLETED"


def test_job_can_be_failed_by_request(context: OperationContext, clock: Clock) -> None:
    job = _generate(context)
    _set_status(context, job, "FAILED")
    clock.forward(60)
    assert _now(context, job)["Status"] == "FAILED"
    with pytest.raises(ResourceNotFoundError, match="no models"):
        _models(context)


def test_running_job_can_have_any_status(context: OperationContext) -> None:
    job = _generate(context)
    assert _set_status(context, job, "PAUSED")["Status"] == "PAUSED"


def test_finished_job_keeps_its_status(context: OperationContext) -> None:
    job = _generate(replace(context, job_time=0.0))
    with pytest.raises(BadRequestError, match="has already finished as COMPLETED"):
        _set_status(context, job, "FAILED")


@pytest.mark.parametrize("status", [None, "COMPLETED"])
def test_update_without_change_is_accepted(context: OperationContext, status: str | None) -> None:
    job = _generate(replace(context, job_time=0.0))
    assert _set_status(context, job, status)["Status"] == "COMPLETED"


def test_oldest_jobs_are_dropped(
    context: OperationContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amplify_modelgen_plugins.serve.store.MAX_JOBS", 2)
    at_once = replace(context, job_time=0.0)
    made = [_generate(at_once)["JobId"] for _ in range(5)]
    assert _list(context) == made[:2:-1]

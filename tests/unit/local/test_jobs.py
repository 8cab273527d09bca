from __future__ import annotations

from itertools import islice

import pytest
from msgspec.structs import replace

from amplify_modelgen_plugins.local import apis, backends, jobs, work
from amplify_modelgen_plugins.local.context import Context
from amplify_modelgen_plugins.local.errors import BadRequestError, NotFoundError
from amplify_modelgen_plugins.local.records import JobPlan, JobView, Place
from amplify_modelgen_plugins.local.seed import deploy
from amplify_modelgen_plugins.local.store import Store
from serve_clients import SDL, Clock

BLOG = Place(app_id="d2abc", environment="dev", resource="blog")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(clock: Clock) -> Context:
    store = Store()
    deploy(store, BLOG, SDL)
    return Context(store=store, clock=clock, job_time=10.0)


def _planned(context: Context, plan: JobPlan) -> Context:
    return replace(context, plan=plan)


def _now(context: Context, job: JobView) -> JobView:
    return jobs.get_job(context, "d2abc", "dev", job.id)


def test_a_job_waits_then_runs_then_completes(context: Context, clock: Clock) -> None:
    job = apis.generate_models(context, BLOG)
    statuses = [job.status]
    for seconds in (2, 7, 1):
        clock.forward(seconds)
        statuses.append(_now(context, job).status)
    assert statuses == ["PENDING", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]


def test_a_job_without_time_has_ended_when_it_is_started(context: Context) -> None:
    job = apis.generate_models(replace(context, job_time=0.0), BLOG)
    assert job.status == "COMPLETED"


def test_a_job_tells_when_it_was_made_and_ended(context: Context, clock: Clock) -> None:
    job = apis.generate_models(context, BLOG)
    made = clock.now
    clock.forward(60)
    ended = _now(context, job)
    assert (ended.created, ended.updated) == (made, made + 10)


def test_the_work_shows_only_when_the_job_ends(context: Context, clock: Clock) -> None:
    apis.update_api(context, BLOG, "type Tag @model { id: ID! }", {})
    clock.forward(9)
    before = apis.get_api(context, BLOG).definition
    clock.forward(1)
    after = apis.get_api(context, BLOG).definition
    assert before is not None
    assert after is not None
    assert (before.sdl, after.sdl) == (SDL, "type Tag @model { id: ID! }")


def test_jobs_end_in_the_order_of_their_ends(context: Context, clock: Clock) -> None:
    apis.update_api(context, BLOG, "type A @model { id: ID! }", {})
    clock.forward(1)
    apis.update_api(context, BLOG, "type B @model { id: ID! }", {})
    clock.forward(60)
    definition = apis.get_api(context, BLOG).definition
    assert definition is not None
    assert definition.sdl == "type B @model { id: ID! }"


def test_a_job_uses_the_schema_of_its_start(context: Context, clock: Clock) -> None:
    apis.generate_models(context, BLOG)
    clock.forward(1)
    apis.update_api(context, BLOG, "type Tag @model { id: ID! }", {})
    clock.forward(60)
    models = apis.get_models(context, BLOG)
    assert "Post" in models.datastore
    assert models.stale


def test_a_stalled_job_never_ends(context: Context, clock: Clock) -> None:
    job = apis.generate_models(_planned(context, JobPlan(stall=True)), BLOG)
    clock.forward(1_000_000)
    assert _now(context, job).status == "IN_PROGRESS"


def test_a_job_that_is_to_fail_fails_without_its_work(context: Context, clock: Clock) -> None:
    plan = JobPlan(fail=True, error="out of luck")
    job = apis.update_api(_planned(context, plan), BLOG, "type Tag @model { id: ID! }", {})
    clock.forward(60)
    definition = apis.get_api(context, BLOG).definition
    assert definition is not None
    assert definition.sdl == SDL
    assert (_now(context, job).status, _now(context, job).error) == ("FAILED", "out of luck")


def test_a_progress_text_shows_until_the_job_ends(context: Context, clock: Clock) -> None:
    job = apis.generate_models(_planned(context, JobPlan(progress="WARMING_UP")), BLOG)
    clock.forward(60)
    assert (job.status, _now(context, job).status) == ("WARMING_UP", "COMPLETED")


def test_a_schema_that_the_engine_refuses_fails_the_job(context: Context, clock: Clock) -> None:
    deploy(context.store, BLOG, "type Post @model { author: Nobody }")
    job = apis.generate_models(context, BLOG)
    clock.forward(60)
    ended = _now(context, job)
    assert ended.status == "FAILED"
    assert ended.error is not None
    assert "Nobody" in ended.error


def test_an_api_without_a_schema_fails_as_the_service_does(context: Context) -> None:
    deploy(context.store, BLOG, None)
    job = apis.generate_models(replace(context, job_time=0.0), BLOG)
    assert (job.status, job.error) == ("FAILED", work.NO_SCHEMA)


def test_work_whose_place_is_gone_fails(context: Context, clock: Clock) -> None:
    job = apis.generate_models(context, BLOG)
    context.store.remove_app("d2abc")
    clock.forward(60)
    assert _now(context, job).status == "FAILED"


def test_a_fault_of_ours_ends_the_job_and_nothing_else(
    context: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        context.store.remove_app("d2abc")
        raise ZeroDivisionError

    monkeypatch.setitem(work._WORK, "GenerateBackendAPIModels", broken)
    job = apis.generate_models(replace(context, job_time=0.0), BLOG)
    assert (job.status, job.error) == ("FAILED", "internal error: ZeroDivisionError: ")
    assert context.store.app("d2abc") is not None
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_nobody_started_is_not_found(context: Context) -> None:
    with pytest.raises(NotFoundError, match="no job nine"):
        jobs.get_job(context, "d2abc", "dev", "nine")


def test_a_job_is_not_found_in_another_environment(context: Context) -> None:
    job = apis.generate_models(context, BLOG)
    with pytest.raises(NotFoundError):
        jobs.get_job(context, "d2abc", "prod", job.id)


def test_the_job_of_a_removed_backend_stays_known(context: Context, clock: Clock) -> None:
    job = backends.delete_backend(context, "d2abc", "dev")
    clock.forward(60)
    assert _now(context, job).status == "COMPLETED"


def test_a_job_of_all_environments_is_found_in_each(context: Context) -> None:
    job = backends.remove_all_backends(context, "d2abc", clean_app=False)
    assert jobs.get_job(context, "d2abc", "any", job.id).id == job.id


def test_jobs_are_listed_newest_first(context: Context) -> None:
    made = [apis.generate_models(context, BLOG).id for _ in range(3)]
    assert [job.id for job in jobs.list_jobs(context, "d2abc", "dev")] == made[::-1]


def test_jobs_are_listed_from_one_on(context: Context) -> None:
    made = [apis.generate_models(context, BLOG).id for _ in range(120)]
    rest = jobs.list_jobs(context, "d2abc", "dev", after=made[100])
    assert [job.id for job in rest] == made[99::-1]


def test_listing_reads_no_more_than_is_asked_for(context: Context) -> None:
    made = [apis.generate_models(context, BLOG).id for _ in range(3)]
    assert [job.id for job in islice(jobs.list_jobs(context, "d2abc", "dev"), 1)] == [made[-1]]


def test_an_environment_without_jobs_has_an_empty_list(context: Context) -> None:
    assert list(jobs.list_jobs(context, "d2abc", "dev")) == []


def test_jobs_of_an_unknown_environment_are_not_found(context: Context) -> None:
    with pytest.raises(NotFoundError, match="no backend environment prod"):
        jobs.list_jobs(context, "d2abc", "prod")


def test_a_page_after_an_unknown_job_is_refused(context: Context) -> None:
    with pytest.raises(BadRequestError, match="NextToken"):
        jobs.list_jobs(context, "d2abc", "dev", after="nine")


def test_a_stalled_job_can_be_completed_by_hand(context: Context) -> None:
    job = apis.generate_models(_planned(context, JobPlan(stall=True)), BLOG)
    updated = jobs.update_job(context, "d2abc", "dev", job.id, "COMPLETED")
    assert updated.status == "COMPLETED"
    assert not apis.get_models(context, BLOG).stale


def test_a_job_that_was_to_fail_can_be_completed_by_hand(context: Context) -> None:
    plan = JobPlan(stall=True, fail=True)
    job = apis.generate_models(_planned(context, plan), BLOG)
    assert jobs.update_job(context, "d2abc", "dev", job.id, "COMPLETED").status == "COMPLETED"


def test_a_job_can_be_failed_by_hand(context: Context, clock: Clock) -> None:
    job = apis.generate_models(context, BLOG)
    jobs.update_job(context, "d2abc", "dev", job.id, "FAILED")
    clock.forward(60)
    assert _now(context, job).status == "FAILED"
    with pytest.raises(NotFoundError, match="no models"):
        apis.get_models(context, BLOG)


def test_a_job_can_be_given_any_status(context: Context) -> None:
    job = apis.generate_models(context, BLOG)
    assert jobs.update_job(context, "d2abc", "dev", job.id, "PAUSED").status == "PAUSED"


def test_a_job_that_has_ended_keeps_its_status(context: Context) -> None:
    job = apis.generate_models(replace(context, job_time=0.0), BLOG)
    with pytest.raises(BadRequestError, match="has ended as COMPLETED"):
        jobs.update_job(context, "d2abc", "dev", job.id, "FAILED")


@pytest.mark.parametrize("status", [None, "COMPLETED"])
def test_an_update_that_changes_nothing_is_no_error(context: Context, status: str | None) -> None:
    job = apis.generate_models(replace(context, job_time=0.0), BLOG)
    assert jobs.update_job(context, "d2abc", "dev", job.id, status).status == "COMPLETED"


def test_the_oldest_jobs_are_forgotten(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amplify_modelgen_plugins.local.jobs_table.KEPT_JOBS", 2)
    at_once = replace(context, job_time=0.0)
    made = [apis.generate_models(at_once, BLOG).id for _ in range(5)]
    assert [job.id for job in jobs.list_jobs(context, "d2abc", "dev")] == made[:2:-1]

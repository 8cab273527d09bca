"""A start whose answer got lost is looked for, never sent again."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen import BackendError, Job, TransientError
from amplify_modelgen_plugins.aws import lost
from amplify_modelgen_plugins.aws.lost import Starts
from unit.aws.scripted import HANG, Asked, Scripted, answer, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplify_modelgen import Target
    from amplify_modelgen_plugins.aws import AwsBackend
    from amplify_modelgen_plugins.aws.call import Call
    from unit.aws.conftest import MakeBackend

GENERATE = "GenerateBackendAPIModels"


def listed(job_id: str = "j1", seconds: float | None = 0, **members: Any) -> dict[str, Any]:
    """Return a job of a list, made so many seconds from now; None leaves the time out."""
    created = datetime.now(UTC) + timedelta(seconds=seconds or 0)
    time = {} if seconds is None else {"createTime": created.isoformat()}
    job = {"appId": "d1", "backendEnvironmentName": "dev", "jobId": job_id}
    return {**job, "operation": GENERATE, "status": "PENDING", **time, **members}


def page(*jobs: Any, **members: Any) -> bytes:
    return answer({"jobs": list(jobs), **members})


LOST = [
    pytest.param(None, id="closed"),
    pytest.param(HANG, id="read timeout"),
    pytest.param(refusal(504, "GatewayTimeoutException"), id="504"),
    pytest.param(answer("", 502), id="502"),
    pytest.param(answer("<html>"), id="html"),
    pytest.param(answer({"status": "PENDING"}), id="no id"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", id="cut"),
]


@pytest.mark.parametrize("reply", LOST)
def test_the_job_is_adopted(
    reply: bytes | None, make: MakeBackend, server: Scripted, target: Target
) -> None:
    server.script = {GENERATE: [reply], "ListBackendJobs": [page(listed())]}
    assert make(server.url, read=0.3).start(target) == Job(
        id="j1", operation=GENERATE, status="PENDING"
    )
    assert server.count(GENERATE) == 1
    assert server.asked[-1].body == {"operation": GENERATE, "maxResults": 25}


def test_the_job_of_a_push_is_adopted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    job = listed(operation="UpdateBackendAPI", status="FAILED", error="no luck")
    server.script = {"UpdateBackendAPI": [None], "ListBackendJobs": [page(job)]}
    assert backend.push_schema(target, "type A") == Job(
        id="j1", operation="UpdateBackendAPI", status="FAILED", error="no luck"
    )
    assert server.count("UpdateBackendAPI") == 1


NOT_OURS = [
    pytest.param(listed(seconds=-60), id="older than the call"),
    pytest.param(listed(operation="UpdateBackendAPI"), id="another operation"),
    pytest.param(listed(backendEnvironmentName="prod"), id="another environment"),
    pytest.param(listed(seconds=None, status="COMPLETED"), id="ended, nobody knows when"),
    pytest.param(listed(seconds=None, createTime="soon", status="FAILED"), id="odd time"),
    pytest.param(listed(jobId=5), id="id is a number"),
    pytest.param(listed(jobId=""), id="id is empty"),
    pytest.param(listed(status=None), id="no status"),
    pytest.param(None, id="null"),
]


@pytest.mark.parametrize("job", NOT_OURS)
def test_another_job_is_not_adopted(
    job: Any, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script = {GENERATE: [None], "ListBackendJobs": [page(job)]}
    with pytest.raises(BackendError, match="no job of it is to be found") as caught:
        backend.start(target)
    assert not isinstance(caught.value, TransientError)
    assert caught.value.hint
    assert "list-backend-jobs --app-id d1 --backend-environment-name dev" in caught.value.hint
    assert server.count(GENERATE) == 1


def test_a_running_job_without_a_time_is_adopted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script = {GENERATE: [None], "ListBackendJobs": [page(listed(seconds=None))]}
    assert backend.start(target).id == "j1"


def test_a_job_that_takes_its_time_to_appear_is_adopted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script = {GENERATE: [None], "ListBackendJobs": [page(), page(listed())]}
    assert backend.start(target).id == "j1"


def test_the_clock_of_the_service_counts(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    job = listed(createTime="2001-01-01T00:00:00Z")
    jobs = answer({"jobs": [job]}, Date="Mon, 01 Jan 2001 00:00:01 GMT")
    server.script = {GENERATE: [None], "ListBackendJobs": [jobs]}
    assert backend.start(target).id == "j1"


def test_of_two_new_jobs_neither_is_adopted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    jobs = page(listed("j1"), listed("j2"))
    server.script = {GENERATE: [None], "ListBackendJobs": [jobs]}
    with pytest.raises(BackendError, match="may be any of j1 and j2"):
        backend.start(target)


def test_the_job_of_another_target_is_not_adopted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    started = answer({"jobId": "j1", "status": "PENDING"})
    server.script = {GENERATE: [started, None], "ListBackendJobs": [page(listed())]}
    backend.start(replace(target, resource="shop"))
    with pytest.raises(BackendError, match="no job of it"):
        backend.start(target)


def test_a_job_that_is_being_followed_is_not_adopted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    followed = answer({"jobId": "j1", "status": "PENDING"})
    server.script = {
        "GetBackendJob": [followed],
        GENERATE: [None],
        "ListBackendJobs": [page(listed())],
    }
    backend.job(target, "j1")
    with pytest.raises(BackendError, match="no job of it"):
        backend.start(target)


def test_a_call_that_is_under_way_claims_its_job_first(
    backend: AwsBackend, server: Scripted, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list shows the job of a second target before that target's answer has come."""
    other_asked, list_read = threading.Event(), threading.Event()
    wait_for_others = Starts.wait_for_others

    def waiting(self: Starts, call: Call, seconds: float) -> None:
        list_read.set()
        wait_for_others(self, call, seconds)

    def generate(asked: Asked) -> bytes | None:
        if asked.body["resourceName"] == "blog":
            assert other_asked.wait(5)
            return None
        other_asked.set()
        assert list_read.wait(3)
        return answer({"jobId": "j2", "status": "PENDING"})

    monkeypatch.setattr(Starts, "wait_for_others", waiting)
    jobs = page(listed("j1"), listed("j2"))
    server.script = {GENERATE: [generate], "ListBackendJobs": [jobs]}
    found = in_threads(
        lambda: backend.start(target).id,
        lambda: backend.start(replace(target, resource="shop")).id,
    )
    assert found == ["j1", "j2"]


def in_threads(*calls: Callable[[], str | None]) -> list[str | None]:
    results: list[str | None] = [None] * len(calls)

    def run(index: int) -> None:
        results[index] = calls[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_all_pages_are_read(backend: AwsBackend, server: Scripted, target: Target) -> None:
    pages = [page(nextToken="two"), page(listed())]
    server.script = {GENERATE: [None], "ListBackendJobs": pages}
    assert backend.start(target).id == "j1"
    assert server.asked[-1].body == {
        "operation": GENERATE,
        "maxResults": 25,
        "nextToken": "two",
    }


def test_pages_that_lead_in_a_circle_end(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script = {GENERATE: [None], "ListBackendJobs": [page(nextToken="again")]}
    with pytest.raises(BackendError, match="no job of it"):
        backend.start(target)
    assert server.count("ListBackendJobs") == 2 * 3


def test_pages_without_an_end_are_read_up_to_a_bound(
    backend: AwsBackend, server: Scripted, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost, "_PAGES", 4)

    def endless(_: Asked) -> bytes:
        return page(nextToken=str(len(server.asked)))

    server.script = {GENERATE: [None], "ListBackendJobs": [endless]}
    with pytest.raises(BackendError, match="no job of it"):
        backend.start(target)
    assert server.count("ListBackendJobs") == 4 * 3


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (refusal(403, "AccessDeniedException"), "access to ListBackendJobs of .* is denied"),
        (answer({}), "answer to ListBackendJobs of .* cannot be read"),
        (answer({"jobs": [], "nextToken": 5}), "answer to ListBackendJobs of .* cannot be read"),
        (None, "closed the connection without an answer to ListBackendJobs"),
    ],
)
def test_jobs_that_cannot_be_listed(
    reply: bytes | None, says: str, backend: AwsBackend, server: Scripted, target: Target
) -> None:
    server.script = {GENERATE: [None], "ListBackendJobs": [reply]}
    with pytest.raises(BackendError, match=says) as caught:
        backend.start(target)
    assert "us-east-1); its job cannot be looked for: " in caught.value.message
    assert not isinstance(caught.value, TransientError)
    assert server.count(GENERATE) == 1

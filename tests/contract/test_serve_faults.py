"""Each kind of fault, as botocore's own client sees it."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from amplify_modelgen_plugins.local import RunningServer, running_server
from serve_clients import BLOG, DEV, SDL, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def _blog(*faults: str, **options: Any) -> Iterator[RunningServer]:
    with running_server(faults=faults, **options) as server:
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
        yield server


def _generate(server: RunningServer, **config: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client_of(server.url, **config).generate_backend_api_models(**BLOG)
    return answer


def _http(server: RunningServer) -> HTTPConnection:
    return HTTPConnection(urlsplit(server.url).netloc, timeout=10)


def _jobs(server: RunningServer) -> int:
    return len(list(server.store.jobs.before("d2abc", "dev", None)))


@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ("throttle", 429, "TooManyRequestsException"),
        ("timeout", 504, "GatewayTimeoutException"),
        ("denied", 403, "AccessDeniedException"),
        ("expired", 403, "ExpiredTokenException"),
        ("missing", 404, "NotFoundException"),
        ("invalid", 400, "BadRequestException"),
        ("status=500", 500, "500"),
        ("status=429", 429, "429"),
    ],
)
def test_a_refusal_does_no_work(rule: str, status: int, code: str) -> None:
    with _blog(rule) as server:
        with pytest.raises(ClientError) as caught:
            _generate(server)
        response = caught.value.response
        assert _jobs(server) == 0
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]) == (
        status,
        code,
    )


@pytest.mark.parametrize("rule", ["throttle=2", "timeout=2", "status=500,times=2", "drop=2"])
def test_the_client_tries_again(rule: str) -> None:
    with _blog(rule) as server:
        assert _generate(server, attempts=3)["Status"] == "COMPLETED"
        assert len(server.requests) == 3
        assert _jobs(server) == 1


def test_drop_does_no_work() -> None:
    with _blog("drop") as server:
        with pytest.raises(ConnectionClosedError):
            _generate(server)
        assert _jobs(server) == 0


@pytest.mark.parametrize("rule", ["close", "cut"])
def test_a_lost_answer_leaves_its_work(rule: str) -> None:
    with _blog(rule) as server:
        with pytest.raises(ConnectionClosedError):
            _generate(server)
        assert _jobs(server) == 1


def test_late_answers_a_timeout_though_the_work_is_done() -> None:
    with _blog("late") as server:
        with pytest.raises(ClientError, match="GatewayTimeoutException"):
            _generate(server)
        assert _jobs(server) == 1


def test_hang_outlasts_the_patience_of_the_client() -> None:
    with _blog("hang=30") as server:
        with pytest.raises(ReadTimeoutError):
            _generate(server, read_timeout=0.2)
        assert _jobs(server) == 1


def test_a_hanging_server_stops_at_once() -> None:
    with _blog("hang=30") as server:
        with pytest.raises(ReadTimeoutError):
            _generate(server, read_timeout=0.2)
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_latency_makes_the_client_wait() -> None:
    with _blog("latency=0.2") as server:
        started = time.monotonic()
        _generate(server)
    assert time.monotonic() - started >= 0.2


def test_a_slow_answer_arrives_whole() -> None:
    with _blog("slow=0.2") as server:
        started = time.monotonic()
        assert _generate(server)["Status"] == "COMPLETED"
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("rule", ["html", "empty", "half", "short", "answer=oops"])
def test_what_is_no_answer_is_an_empty_one_to_botocore(rule: str) -> None:
    with _blog(rule) as server:
        answer = _generate(server)
        assert _jobs(server) == 1
    assert answer.keys() == {"ResponseMetadata"}


def test_a_page_of_html_says_that_it_is_one() -> None:
    with _blog("html") as server:
        headers = _generate(server)["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-type"].startswith("text/html")


def test_a_refusal_is_spoilt_as_well() -> None:
    with running_server(faults=["html"]) as server:
        assert _generate(server).keys() == {"ResponseMetadata"}


def test_an_answer_can_be_any_text() -> None:
    with _blog('answer={"status": "ODD", "jobId": "j1"}') as server:
        answer = _generate(server)
    assert (answer["Status"], answer["JobId"]) == ("ODD", "j1")


def test_an_answer_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(b'{"status": "\xff"}')
    with _blog(f"answer=@{path}") as server, closing(_http(server)) as connection:
        connection.request("POST", "/backend/d2abc/details", b"{}")
        assert connection.getresponse().read() == b'{"status": "\xff"}'


def test_an_answer_can_carry_an_error() -> None:
    with _blog("error=out of luck") as server:
        answer = _generate(server)
    assert (answer["Error"], answer["Status"]) == ("out of luck", "COMPLETED")


def test_an_answer_can_lack_a_member() -> None:
    with _blog("GetBackendAPIModels:without=ModelIntrospectionSchema") as server:
        _generate(server)
        models = client_of(server.url).get_backend_api_models(**BLOG)
    assert models.keys() == {"ResponseMetadata", "Models", "Status"}


def test_models_can_look_stale() -> None:
    with _blog("stale") as server:
        _generate(server)
        assert client_of(server.url).get_backend_api_models(**BLOG)["Status"] == "STALE"


@pytest.mark.parametrize(("rule", "error"), [("fail", None), ("fail=out of luck", "out of luck")])
def test_a_job_can_fail(rule: str, error: str | None) -> None:
    with _blog(rule) as server:
        started = _generate(server)
        job = client_of(server.url).get_backend_job(**DEV, JobId=started["JobId"])
    assert (job["Status"], job.get("Error")) == ("FAILED", error)


def test_a_job_can_go_on_for_ever() -> None:
    with _blog("stall") as server:
        started = _generate(server)
        job = client_of(server.url).get_backend_job(**DEV, JobId=started["JobId"])
    assert job["Status"] in ("PENDING", "IN_PROGRESS")


def test_work_can_be_done_without_a_job() -> None:
    with _blog("nojob", job_time=60) as server:
        answer = _generate(server)
        assert client_of(server.url).get_backend_api_models(**BLOG)["Status"] == "LATEST"
    assert (answer["Status"], "JobId" in answer) == ("COMPLETED", False)


def test_a_job_can_show_a_status_of_its_own() -> None:
    with _blog("progress=WARMING_UP", job_time=60) as server:
        assert _generate(server)["Status"] == "WARMING_UP"


def test_a_rule_can_be_for_the_jobs_of_one_api() -> None:
    with _blog("GetBackendJob:expired,for=blog") as server:
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="shop")
        client = client_of(server.url)
        blog = client.generate_backend_api_models(**BLOG)
        shop = client.generate_backend_api_models(**{**BLOG, "ResourceName": "shop"})
        with pytest.raises(ClientError, match="ExpiredTokenException"):
            client.get_backend_job(**DEV, JobId=blog["JobId"])
        assert client.get_backend_job(**DEV, JobId=shop["JobId"])["Status"] == "COMPLETED"


def test_a_rule_for_an_api_passes_over_a_job_of_none() -> None:
    with _blog("GetBackendJob:expired,for=blog") as server:
        client = client_of(server.url)
        job = client.clone_backend(**DEV, TargetEnvironmentName="prod")
        assert client.get_backend_job(**DEV, JobId=job["JobId"])["Status"] == "COMPLETED"
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_backend_job(**DEV, JobId="nine")


def test_the_faults_of_a_request_are_told_of() -> None:
    with _blog("latency=0.01", "half") as server:
        _generate(server)
        assert server.requests[0].fault == "latency+half"


def test_the_connection_outlives_what_does_not_concern_it() -> None:
    with _blog("throttle=1", "html,times=1") as server, closing(_http(server)) as connection:
        for status in (429, 200, 200):
            connection.request("POST", "/backend/d2abc/details", b"{}")
            response = connection.getresponse()
            response.read()
            assert response.status == status

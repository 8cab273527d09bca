"""Each kind of fault, as the client of botocore sees it."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from amplify_modelgen_plugins.serve import RunningServer, running_server
from support.serve_clients import BLOG, DEV, SDL, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def _blog(*faults: str, **options: Any) -> Iterator[RunningServer]:
    with running_server(faults=faults, **options) as server:
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="blog")
        yield server


def _generate(server: RunningServer, **config: Any) -> dict[str, Any]:
    response: dict[str, Any] = client_of(server.url, **config).generate_backend_api_models(**BLOG)
    return response


def _http(server: RunningServer) -> HTTPConnection:
    return HTTPConnection(urlsplit(server.url).netloc, timeout=10)


def _jobs(server: RunningServer) -> int:
    return len(server.store.jobs)


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
def test_rejection_does_no_work(rule: str, status: int, code: str) -> None:
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
def test_client_retries(rule: str) -> None:
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
def test_lost_response_keeps_its_work(rule: str) -> None:
    with _blog(rule) as server:
        with pytest.raises(ConnectionClosedError):
            _generate(server)
        assert _jobs(server) == 1


def test_late_sends_a_timeout_after_the_work() -> None:
    with _blog("late") as server:
        with pytest.raises(ClientError, match="GatewayTimeoutException"):
            _generate(server)
        assert _jobs(server) == 1


def test_hang_exceeds_the_read_timeout_of_the_client() -> None:
    with _blog("hang=30") as server:
        with pytest.raises(ReadTimeoutError):
            _generate(server, read_timeout=0.2)
        assert _jobs(server) == 1


def test_hanging_server_stops_immediately() -> None:
    with _blog("hang=30") as server:
        with pytest.raises(ReadTimeoutError):
            _generate(server, read_timeout=0.2)
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_latency_delays_the_response() -> None:
    with _blog("latency=0.2") as server:
        started = time.monotonic()
        _generate(server)
    assert time.monotonic() - started >= 0.2


def test_content_type_can_be_replaced() -> None:
    with _blog("type=text/plain; charset=latin-1") as server:
        headers = _generate(server)["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-type"] == "text/plain; charset=latin-1"


def test_redirect_is_sent_as_it_is() -> None:
    with _blog("status=301") as server, closing(_http(server)) as connection:
        connection.request("POST", "/backend/d2abc/details", b"{}")
        response = connection.getresponse()
        assert (response.status, response.read()) == (301, b"")


def test_slow_response_is_complete() -> None:
    with _blog("slow=0.2") as server:
        started = time.monotonic()
        assert _generate(server)["Status"] == "COMPLETED"
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("rule", ["html", "empty", "half", "short", "answer=oops"])
def test_invalid_response_is_empty_to_botocore(rule: str) -> None:
    with _blog(rule) as server:
        response = _generate(server)
        assert _jobs(server) == 1
    assert response.keys() == {"ResponseMetadata"}


def test_html_has_its_content_type() -> None:
    with _blog("html") as server:
        headers = _generate(server)["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-type"].startswith("text/html")


def test_faults_apply_to_errors() -> None:
    with running_server(faults=["html"]) as server:
        assert _generate(server).keys() == {"ResponseMetadata"}


def test_response_can_be_any_text() -> None:
    with _blog('answer={"status": "ODD", "jobId": "j1"}') as server:
        response = _generate(server)
    assert (response["Status"], response["JobId"]) == ("ODD", "j1")


def test_response_can_be_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(b'{"status": "\xff"}')
    with _blog(f"answer=@{path}") as server, closing(_http(server)) as connection:
        connection.request("POST", "/backend/d2abc/details", b"{}")
        assert connection.getresponse().read() == b'{"status": "\xff"}'


def test_a_response_that_is_not_utf_8_is_not_part_of_the_job(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(b'{"status": "\xff"}')
    database = str(tmp_path / "database.json")
    rule = f"GenerateBackendAPIModels:answer=@{path}"
    with _blog(rule, database=database) as server, closing(_http(server)) as connection:
        url = "/backend/d2abc/api/dev/generateModels"
        connection.request("POST", url, b'{"resourceName": "blog"}')
        assert connection.getresponse().read() == b'{"status": "\xff"}'
        assert [job.faults for job in server.store.jobs.values()] == [{}]


def test_response_can_have_an_error() -> None:
    with _blog("error=out of luck") as server:
        response = _generate(server)
    assert (response["Error"], response["Status"]) == ("out of luck", "COMPLETED")


def test_response_can_lack_a_member() -> None:
    with _blog("GetBackendAPIModels:without=ModelIntrospectionSchema") as server:
        _generate(server)
        models = client_of(server.url).get_backend_api_models(**BLOG)
    assert models.keys() == {"ResponseMetadata", "Models", "Status"}


def test_models_can_be_stale() -> None:
    with _blog("stale") as server:
        _generate(server)
        assert client_of(server.url).get_backend_api_models(**BLOG)["Status"] == "STALE"


@pytest.mark.parametrize(("rule", "error"), [("fail", None), ("fail=out of luck", "out of luck")])
def test_job_can_fail(rule: str, error: str | None) -> None:
    with _blog(rule) as server:
        started = _generate(server)
        job = client_of(server.url).get_backend_job(**DEV, JobId=started["JobId"])
    assert (job["Status"], job.get("Error")) == ("FAILED", error)


def test_job_can_run_for_ever() -> None:
    with _blog("stall") as server:
        started = _generate(server)
        job = client_of(server.url).get_backend_job(**DEV, JobId=started["JobId"])
    assert job["Status"] in ("PENDING", "IN_PROGRESS")


def test_work_can_be_done_without_a_job() -> None:
    with _blog("nojob", job_time=60) as server:
        response = _generate(server)
        assert client_of(server.url).get_backend_api_models(**BLOG)["Status"] == "LATEST"
    assert (response["Status"], "JobId" in response) == ("COMPLETED", False)


def test_job_can_have_any_status() -> None:
    with _blog("progress=WARMING_UP", job_time=60) as server:
        assert _generate(server)["Status"] == "WARMING_UP"


def test_rule_can_apply_to_the_jobs_of_one_api() -> None:
    with _blog("GetBackendJob:expired,for=blog") as server:
        server.deploy(SDL, app_id="d2abc", environment="dev", resource="shop")
        client = client_of(server.url)
        blog = client.generate_backend_api_models(**BLOG)
        shop = client.generate_backend_api_models(**{**BLOG, "ResourceName": "shop"})
        with pytest.raises(ClientError, match="ExpiredTokenException"):
            client.get_backend_job(**DEV, JobId=blog["JobId"])
        assert client.get_backend_job(**DEV, JobId=shop["JobId"])["Status"] == "COMPLETED"


def test_rule_for_an_api_skips_jobs_without_one() -> None:
    with _blog("GetBackendJob:expired,for=blog") as server:
        client = client_of(server.url)
        job = client.clone_backend(**DEV, TargetEnvironmentName="prod")
        assert client.get_backend_job(**DEV, JobId=job["JobId"])["Status"] == "COMPLETED"
        with pytest.raises(client.exceptions.NotFoundException):
            client.get_backend_job(**DEV, JobId="nine")


def test_faults_of_a_request_are_recorded() -> None:
    with _blog("latency=0.01", "half") as server:
        _generate(server)
        assert server.requests[0].fault == "latency+half"


def test_connection_survives_faults_of_the_response() -> None:
    with _blog("throttle=1", "html,times=1") as server, closing(_http(server)) as connection:
        for status in (429, 200, 200):
            connection.request("POST", "/backend/d2abc/details", b"{}")
            response = connection.getresponse()
            response.read()
            assert response.status == status

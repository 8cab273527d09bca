from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen_plugins.aws.backend import AwsBackend
from amplify_modelgen_plugins.aws.client import Clients
from amplify_modelgen_plugins.aws.service_errors import ApiCall, host_of
from support.scripted_server import ScriptedServer, response, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen.plugin import Target

Patch = pytest.MonkeyPatch


@pytest.fixture
def clients() -> Iterator[Clients]:
    clients = Clients(21.0)
    yield clients
    clients.close()


def call(target: Target, operation: str = "GetBackendJob") -> ApiCall:
    return ApiCall(operation=operation, target=target)


PROFILES = """
[profile team]
region = eu-west-3
endpoint_url = http://localhost:5
aws_access_key_id = AKIAFAKEFAKEFAKE1234
aws_secret_access_key = canary-secret-of-a-profile
"""


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: Patch) -> None:
    (tmp_path / "config").write_text(PROFILES)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


REGIONS = [
    # Each row has one more setting than the next, which wins.
    ("AMPLIFY_BACKEND_REGION", "ap-south-1"),
    ("target", "us-east-2"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_DEFAULT_REGION", "eu-west-2"),
    ("profile", "eu-west-3"),
]


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize("first", range(len(REGIONS)), ids=[name for name, _ in REGIONS])
def test_the_order_of_regions(
    first: int, clients: Clients, target: Target, monkeypatch: Patch
) -> None:
    given = dict(REGIONS[first:])
    for name in given.keys() - {"target", "profile"}:
        monkeypatch.setenv(name, given[name])
    asked = replace(target, region=given.get("target"), profile="team")
    assert clients.get(call(asked)).meta.region_name == REGIONS[first][1]


ENDPOINTS = [
    ("AWS_ENDPOINT_URL_AMPLIFYBACKEND", "http://localhost:1"),
    ("AMPLIFY_BACKEND_ENDPOINT", "http://localhost:2"),
    ("AWS_ENDPOINT_URL", "http://localhost:3"),
    ("profile", "http://localhost:5"),
]


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize("first", range(len(ENDPOINTS)), ids=[name for name, _ in ENDPOINTS])
def test_the_order_of_endpoints(
    first: int, clients: Clients, target: Target, monkeypatch: Patch
) -> None:
    given = dict(ENDPOINTS[first:])
    for name in given.keys() - {"profile"}:
        monkeypatch.setenv(name, given[name])
    asked = replace(target, profile="team")
    assert clients.get(call(asked)).meta.endpoint_url == ENDPOINTS[first][1]


def test_the_endpoint_of_amplify_cli_needs_no_scheme(
    clients: Clients, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("AMPLIFY_BACKEND_ENDPOINT", "beta.example.com")
    assert clients.get(call(target)).meta.endpoint_url == "https://beta.example.com"


def test_without_a_setting_the_endpoint_is_that_of_aws(clients: Clients, target: Target) -> None:
    url = clients.get(call(target)).meta.endpoint_url
    assert url == "https://amplifybackend.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("operation", "attempts"),
    [("GetBackendJob", 3), ("GenerateBackendAPIModels", 1), ("UpdateBackendAPI", 1)],
)
def test_the_limits_are_explicit(
    operation: str,
    attempts: int,
    clients: Clients,
    target: Target,
) -> None:
    config: Any = clients.get(call(target, operation)).meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": attempts}
    assert (config.connect_timeout, config.read_timeout) == (7.0, 7.0)
    assert config.max_pool_connections == 200
    assert "amplify-modelgen/" in config.user_agent_extra


def test_many_threads_share_two_clients(
    clients: Clients, target: Target, monkeypatch: Patch
) -> None:
    made = []
    real = Clients._create

    def counted(self: Clients, *key: Any) -> Any:
        made.append(key)
        return real(self, *key)

    monkeypatch.setattr(Clients, "_create", counted)
    with ThreadPoolExecutor(64) as pool:
        operations = ["GetBackendJob", "UpdateBackendAPI"] * 128
        got = list(pool.map(lambda name: clients.get(call(target, name)), operations))
    assert len({id(client) for client in got}) == len(made) == 2


def test_regions_and_profiles_have_separate_clients(clients: Clients, target: Target) -> None:
    one = clients.get(call(target))
    assert clients.get(call(replace(target, resource="shop"))) is one
    assert clients.get(call(replace(target, region="eu-west-1"))) is not one


def test_64_threads_send_at_once(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [response({"status": "COMPLETED"})]
    with ThreadPoolExecutor(64) as pool:
        jobs = list(pool.map(lambda n: backend.get_job(target, f"j{n}"), range(128)))
    assert [job.id for job in jobs] == [f"j{n}" for n in range(128)]


@pytest.mark.parametrize(
    ("url", "proxies"),
    [
        ("http://127.0.0.1:80", {}),
        ("http://127.8.9.1", {}),
        ("http://[::1]:80", {}),
        ("http://localhost", {}),
        ("http://me:pass@a.localhost:1/x", {}),
        ("http://10.0.0.1", None),
        ("http://localhost.example.com", None),
        ("http://127.0.0.1.example.com", None),
    ],
)
def test_no_proxy_is_used_for_this_machine(
    clients: Clients, target: Target, monkeypatch: Patch, url: str, proxies: object
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_AMPLIFYBACKEND", url)
    config: Any = clients.get(call(target)).meta.config
    assert config.proxies == proxies


def test_host_of_leaves_the_password_out() -> None:
    assert host_of("http://me:p@ss@[::1]:80/x") == "[::1]:80"


@pytest.mark.parametrize(
    ("timeout", "connect", "read"), [(600.0, 10.0, 40.0), (9.0, 3.0, 3.0), (0.1, 1.0, 1.0)]
)
def test_three_attempts_fit_into_the_timeout(
    timeout: float, connect: float, read: float, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setattr("amplify_modelgen_plugins.aws.client._MIN_TIMEOUT", 1.0)
    config: Any = Clients(timeout).get(call(target)).meta.config
    assert (config.connect_timeout, config.read_timeout) == (connect, read)


def test_a_closed_backend_opens_its_connections_again(target: Target, monkeypatch: Patch) -> None:
    with scripted_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        server.script["GetBackendJob"] = [response({"status": "COMPLETED"})]
        backend = AwsBackend()
        for _ in range(2):
            assert backend.get_job(target, "j1").status == "COMPLETED"
            backend.close()

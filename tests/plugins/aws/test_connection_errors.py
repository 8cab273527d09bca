"""Failures before a response: credentials, settings, the network."""

from __future__ import annotations

import os
import socket
import ssl
import sys
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen.plugin import BackendError, ConfigError, ModelgenError, TransientError
from support.scripted_server import HANG, ScriptedServer, response, scripted_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen.plugin import Target
    from amplify_modelgen_plugins.aws.backend import AwsBackend
    from support.scripted_server import MakeBackend

Patch = pytest.MonkeyPatch


def failure(backend: AwsBackend, target: Target) -> ModelgenError:
    with pytest.raises(ModelgenError) as caught:
        backend.get_job(target, "j1")
    assert caught.value.hint
    assert "GetBackendJob for job j1 of blog@dev (app d1" in caught.value.message
    return caught.value


@pytest.fixture
def config(tmp_path: Path, monkeypatch: Patch) -> Path:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path / "config"


@pytest.fixture
def no_keys(monkeypatch: Patch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which no process listens, now or later."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.mark.usefixtures("no_keys")
def test_no_credentials(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, target)
    assert "Unable to locate credentials" in error.message
    assert error.hint
    assert "aws configure" in error.hint
    assert (type(error), error.exit_code) == (BackendError, 3)


def test_half_of_the_credentials(backend: AwsBackend, target: Target, monkeypatch: Patch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = failure(backend, target)
    assert "missing: AWS_SECRET_ACCESS_KEY" in error.message
    assert error.hint
    assert "AWS_PROFILE" in error.hint


def test_an_unknown_profile(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, replace(target, profile="missing"))
    assert "profile (missing) could not be found" in error.message
    assert error.hint
    assert "aws configure list-profiles" in error.hint
    assert isinstance(error, ConfigError)


def test_a_configuration_file_that_cannot_be_parsed(
    backend: AwsBackend, target: Target, config: Path
) -> None:
    config.write_text("[profile\nnonsense")
    error = failure(backend, target)
    assert f"Unable to parse config file: {config}" in error.message
    assert isinstance(error, ConfigError)


@pytest.mark.usefixtures("no_keys")
def test_a_credential_process_that_fails(backend: AwsBackend, target: Target, config: Path) -> None:
    config.write_text(f"[default]\ncredential_process = {sys.executable} -c raise(SystemExit(7))\n")
    assert "credential_process of the profile failed" in failure(backend, target).message


SSO = """
[profile legacy]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Dev
[profile session]
sso_session = team
sso_account_id = 111122223333
sso_role_name = Dev
[sso-session team]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
"""


@pytest.mark.usefixtures("no_keys")
@pytest.mark.parametrize("profile", ["legacy", "session"])
def test_sso_without_a_login(
    profile: str, backend: AwsBackend, target: Target, config: Path
) -> None:
    config.write_text(SSO)
    error = failure(backend, replace(target, profile=profile))
    assert "SSO" in error.message or "sso" in error.message
    assert f"'aws sso login --profile {profile}'" in (error.hint or "")


@pytest.mark.usefixtures("no_keys")
def test_a_role_that_may_not_be_assumed(
    backend: AwsBackend, server: ScriptedServer, target: Target, config: Path, monkeypatch: Patch
) -> None:
    use_a_role(config, monkeypatch, server.url)
    denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
    server.script["POST /"] = [response(denied, 403)]
    error = failure(backend, replace(target, profile="role"))
    assert error.hint
    assert "sts:AssumeRole" in error.hint


def use_a_role(config: Path, monkeypatch: Patch, sts: str) -> None:
    config.write_text(
        "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\n"
        "[profile base]\naws_access_key_id = AKIAFAKE\naws_secret_access_key = fake\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)


@pytest.mark.usefixtures("no_keys")
@pytest.mark.parametrize("reply", [None, response("<Error/>", 504)])
def test_a_start_may_be_repeated_if_the_request_for_credentials_failed(
    reply: bytes | None, make: MakeBackend, target: Target, config: Path, monkeypatch: Patch
) -> None:
    with scripted_server() as sts, scripted_server() as server:
        use_a_role(config, monkeypatch, sts.url)
        sts.script["POST /"] = [reply]
        with pytest.raises(TransientError):
            make(server.url).start_job(replace(target, profile="role"))
        assert server.requests == []


def test_no_region(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, replace(target, region=None))
    assert "You must specify a region" in error.message
    assert error.hint
    assert "AWS_REGION" in error.hint
    assert error.exit_code == 3


def test_an_invalid_region(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, replace(target, region="us east 1"))
    assert "'us east 1'" in error.message
    assert isinstance(error, ConfigError)


def test_a_host_that_does_not_exist(make: MakeBackend, target: Target) -> None:
    error = failure(make(), replace(target, region="xx-nowhere-9"))
    assert (
        'Could not connect to the endpoint URL: "amplifybackend.xx-nowhere-9.amazonaws.com'
        in error.message
    )
    assert error.hint
    assert "check the region" in error.hint
    assert type(error) is BackendError


def test_a_name_server_that_does_not_answer(
    make: MakeBackend, target: Target, monkeypatch: Patch
) -> None:
    def silent(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    error = failure(make(), target)
    assert "Could not connect to the endpoint URL" in error.message
    assert isinstance(error, TransientError)


def test_a_refused_connection(make: MakeBackend, target: Target, closed_port: int) -> None:
    error = failure(make(f"http://127.0.0.1:{closed_port}"), target)
    assert f'Could not connect to the endpoint URL: "127.0.0.1:{closed_port}"' in error.message
    assert isinstance(error, TransientError)


def test_a_start_that_was_refused_a_connection_may_be_sent_again(
    make: MakeBackend, target: Target, closed_port: int
) -> None:
    with pytest.raises(TransientError, match="Could not connect to the endpoint URL"):
        make(f"http://127.0.0.1:{closed_port}").start_job(target)


def test_tls_to_a_port_without_it(
    make: MakeBackend, server: ScriptedServer, target: Target
) -> None:
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "SSL validation failed for 127.0.0.1:" in error.message
    assert error.hint
    assert "begins with http://" in error.hint
    assert type(error) is BackendError


def test_a_certificate_that_is_not_trusted(
    make: MakeBackend, server: ScriptedServer, target: Target, monkeypatch: Patch
) -> None:
    def distrust(*_: Any, **__: Any) -> None:
        raise ssl.SSLCertVerificationError(1, "self-signed certificate")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", distrust)
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "self-signed certificate" in error.message
    assert error.hint
    assert "AWS_CA_BUNDLE" in error.hint


def test_a_read_timeout(make: MakeBackend, server: ScriptedServer, target: Target) -> None:
    server.script["GetBackendJob"] = [HANG]
    error = failure(make(server.url, read=0.2), target)
    assert "Read timeout on endpoint URL" in error.message
    assert isinstance(error, TransientError)
    assert server.count("GetBackendJob") == 3


def test_a_connect_timeout(make: MakeBackend, target: Target, monkeypatch: Patch) -> None:
    def slow(*_: Any, **__: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", slow)
    error = failure(make("http://127.0.0.1:1"), target)
    assert 'Connect timeout on endpoint URL: "127.0.0.1:1"' in error.message
    assert isinstance(error, TransientError)


def test_a_closed_connection(backend: AwsBackend, server: ScriptedServer, target: Target) -> None:
    server.script["GetBackendJob"] = [None]
    error = failure(backend, target)
    assert "Connection was closed before we received a valid response" in error.message
    assert isinstance(error, TransientError)


def test_half_of_a_status_line(backend: AwsBackend, server: ScriptedServer, target: Target) -> None:
    server.script["GetBackendJob"] = [b"HTTP/1.1 2"]
    assert isinstance(failure(backend, target), BackendError)


def test_a_response_that_is_not_http(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendJob"] = [b"SSH-2.0-OpenSSH_9.6\r\n"]
    assert isinstance(failure(backend, target), TransientError)


@pytest.mark.usefixtures("no_proxy_for_loopback")
def test_a_proxy_that_is_down(
    make: MakeBackend, target: Target, monkeypatch: Patch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:pass@127.0.0.1:{closed_port}")
    error = failure(make(), target)
    assert f'Failed to connect to proxy URL: "127.0.0.1:{closed_port}"' in error.message
    assert error.hint
    assert "HTTPS_PROXY" in error.hint
    assert "pass" not in error.message + error.hint


@pytest.mark.usefixtures("no_proxy_for_loopback")
def test_the_proxy_is_not_used_for_this_machine(
    backend: AwsBackend,
    server: ScriptedServer,
    target: Target,
    monkeypatch: Patch,
    closed_port: int,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    server.script["GetBackendJob"] = [response({"status": "COMPLETED"})]
    assert backend.get_job(target, "j1").status == "COMPLETED"


@pytest.fixture
def no_proxy_for_loopback(monkeypatch: Patch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


SETTINGS = [
    ("AWS_ENDPOINT_URL_AMPLIFYBACKEND=localhost:8080", "Invalid endpoint: localhost:8080"),
    ("AWS_ENDPOINT_URL_AMPLIFYBACKEND=http://[::1", "Invalid IPv6 URL"),
    ("AWS_ENDPOINT_URL_AMPLIFYBACKEND=http://h:99999", "the port of the endpoint is not a number"),
    ("AMPLIFY_BACKEND_ENDPOINT=h:port", "the port of the endpoint is not a number"),
    ("AWS_DEFAULTS_MODE=bogus", "invalid defaults mode: bogus"),
    ("AWS_METADATA_SERVICE_TIMEOUT=zz", "zz"),
    ("AWS_STS_REGIONAL_ENDPOINTS=bogus", "bogus"),
]


@pytest.mark.parametrize(("setting", "says"), SETTINGS)
def test_an_invalid_setting(
    setting: str, says: str, make: MakeBackend, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv(*setting.split("="))
    error = failure(make(), target)
    assert says in error.message
    assert isinstance(error, ConfigError)


@pytest.mark.parametrize("setting", ["AWS_RETRY_MODE=bogus", "AWS_MAX_ATTEMPTS=zz"])
def test_settings_of_retries_are_ignored(
    setting: str, backend: AwsBackend, server: ScriptedServer, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv(*setting.split("="))
    server.script["GetBackendJob"] = [response({"status": "COMPLETED"})]
    assert backend.get_job(target, "j1").status == "COMPLETED"


def test_a_missing_certificate_file(
    make: MakeBackend, server: ScriptedServer, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "/nowhere/ca.pem" in error.message
    assert error.hint
    assert "AWS_..." in error.hint


@pytest.mark.usefixtures("no_keys")
def test_a_missing_credential_program(backend: AwsBackend, target: Target, config: Path) -> None:
    config.write_text("[default]\ncredential_process = /nowhere/program\n")
    assert "/nowhere/program" in failure(backend, target).message


def test_a_boto3_that_is_too_old(backend: AwsBackend, target: Target, monkeypatch: Patch) -> None:
    from botocore.exceptions import UnknownServiceError

    def unknown(*_: Any, **__: Any) -> None:
        raise UnknownServiceError(service_name="amplifybackend", known_service_names="s3")

    monkeypatch.setattr("boto3.session.Session.client", unknown)
    assert "Unknown service: 'amplifybackend'" in failure(backend, target).message


@pytest.mark.parametrize("error", [ZeroDivisionError("oops"), AttributeError("oops")])
def test_a_bug_is_not_converted(
    error: Exception, backend: AwsBackend, target: Target, monkeypatch: Patch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("boto3.session.Session.client", fail)
    with pytest.raises(type(error), match="oops"):
        backend.get_job(target, "j1")


def test_a_bug_in_a_call_is_not_converted(
    backend: AwsBackend, server: ScriptedServer, target: Target, monkeypatch: Patch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError("oops")

    server.script["GetBackendJob"] = [response({"status": "COMPLETED"})]
    monkeypatch.setattr("amplify_modelgen_plugins.aws.backend._job", fail)
    with pytest.raises(ValueError, match="oops"):
        backend.get_job(target, "j1")


@pytest.mark.parametrize(
    ("setting", "host"),
    [
        ("AWS_USE_FIPS_ENDPOINT", "amplifybackend-fips.us-east-1.amazonaws.com"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "amplifybackend.us-east-1.api.aws"),
    ],
)
def test_a_fips_or_dual_stack_endpoint_that_does_not_exist_names_the_setting(
    setting: str, host: str, make: MakeBackend, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv(setting, "true")
    error = failure(make(), target)
    assert host in error.message
    assert setting in (error.hint or "")


@pytest.mark.usefixtures("no_keys")
def test_missing_credentials_are_looked_for_once(
    make: MakeBackend, target: Target, monkeypatch: Patch
) -> None:
    lookups: list[int] = []

    def none(_: object) -> None:
        lookups.append(1)

    monkeypatch.setattr("botocore.session.Session.get_credentials", none)
    backend = make()
    for _ in range(3):
        assert "Unable to locate credentials" in failure(backend, target).message
    assert len(lookups) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFO")
def test_a_certificate_bundle_that_is_a_pipe_does_not_block(
    make: MakeBackend, server: ScriptedServer, target: Target, monkeypatch: Patch, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "ca.pem")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "ca.pem" in error.message
    assert "AWS_" in (error.hint or "")

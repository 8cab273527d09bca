"""Every fault on the way to AWS that FACTS lists: credentials, settings, the network."""

from __future__ import annotations

import socket
import ssl
import sys
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from amplify_modelgen import BackendError, ConfigError, ModelgenError, TransientError
from unit.aws.scripted import HANG, Scripted, answer, scripted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from amplify_modelgen import Target
    from amplify_modelgen_plugins.aws import AwsBackend
    from unit.aws.conftest import MakeBackend

Patch = pytest.MonkeyPatch


def failure(backend: AwsBackend, target: Target) -> ModelgenError:
    with pytest.raises(ModelgenError) as caught:
        backend.job(target, "j1")
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
    """A port that nobody listens on, and that nobody else gets meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.mark.usefixtures("no_keys")
def test_no_credentials(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, target)
    assert "there are no AWS credentials" in error.message
    assert error.hint
    assert "aws configure" in error.hint
    assert (type(error), error.exit_code) == (BackendError, 3)


def test_half_of_the_credentials(backend: AwsBackend, target: Target, monkeypatch: Patch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = failure(backend, target)
    assert "are incomplete" in error.message
    assert error.hint
    assert "AWS_SECRET_ACCESS_KEY both" in error.hint


def test_an_unknown_profile(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, replace(target, profile="nobody"))
    assert "profile (nobody) could not be found" in error.message
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
    assert "cannot be had from where they are kept" in failure(backend, target).message


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
    assert "SSO session" in error.message
    assert error.hint == f"log in: 'aws sso login --profile {profile}'"


@pytest.mark.usefixtures("no_keys")
def test_a_role_that_may_not_be_assumed(
    backend: AwsBackend, server: Scripted, target: Target, config: Path, monkeypatch: Patch
) -> None:
    use_a_role(config, monkeypatch, server.url)
    denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
    server.script["POST /"] = [answer(denied, 403)]
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
@pytest.mark.parametrize("reply", [None, answer("<Error/>", 504)])
def test_a_start_is_not_lost_where_only_the_credentials_were(
    reply: bytes | None, make: MakeBackend, target: Target, config: Path, monkeypatch: Patch
) -> None:
    with scripted() as sts, scripted() as server:
        use_a_role(config, monkeypatch, sts.url)
        sts.script["POST /"] = [reply]
        with pytest.raises(TransientError):
            make(server.url).start(replace(target, profile="role"))
        assert server.asked == []


def test_no_region(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, replace(target, region=None))
    assert "there is no AWS region" in error.message
    assert error.hint
    assert "AWS_REGION" in error.hint
    assert error.exit_code == 3


def test_a_region_that_is_none(backend: AwsBackend, target: Target) -> None:
    error = failure(backend, replace(target, region="us east 1"))
    assert "'us east 1'" in error.message
    assert isinstance(error, ConfigError)


def test_a_host_that_does_not_exist(make: MakeBackend, target: Target) -> None:
    error = failure(make(), replace(target, region="xx-nowhere-9"))
    assert "host amplifybackend.xx-nowhere-9.amazonaws.com cannot be found" in error.message
    assert error.hint
    assert "'xx-nowhere-9'" in error.hint
    assert type(error) is BackendError


def test_a_name_service_that_is_silent(
    make: MakeBackend, target: Target, monkeypatch: Patch
) -> None:
    def silent(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    error = failure(make(), target)
    assert "the name service did not answer" in error.message
    assert isinstance(error, TransientError)


def test_a_refused_connection(make: MakeBackend, target: Target, closed_port: int) -> None:
    error = failure(make(f"http://127.0.0.1:{closed_port}"), target)
    assert f"127.0.0.1:{closed_port} cannot be reached" in error.message
    assert isinstance(error, TransientError)


def test_a_start_that_was_refused_a_connection_may_be_sent_again(
    make: MakeBackend, target: Target, closed_port: int
) -> None:
    with pytest.raises(TransientError, match="cannot be reached"):
        make(f"http://127.0.0.1:{closed_port}").start(target)


def test_tls_to_a_port_without_it(make: MakeBackend, server: Scripted, target: Target) -> None:
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "no TLS connection to 127.0.0.1:" in error.message
    assert error.hint
    assert "begins with http://" in error.hint
    assert type(error) is BackendError


def test_a_certificate_that_nobody_trusts(
    make: MakeBackend, server: Scripted, target: Target, monkeypatch: Patch
) -> None:
    def distrust(*_: Any, **__: Any) -> None:
        raise ssl.SSLCertVerificationError(1, "self-signed certificate")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", distrust)
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "certificate of 127.0.0.1:" in error.message
    assert error.hint
    assert "AWS_CA_BUNDLE" in error.hint


def test_a_read_timeout(make: MakeBackend, server: Scripted, target: Target) -> None:
    server.script["GetBackendJob"] = [HANG]
    error = failure(make(server.url, read=0.2), target)
    assert error.message.endswith(" within 0.2 s")
    assert isinstance(error, TransientError)
    assert server.count("GetBackendJob") == 3


def test_a_connect_timeout(make: MakeBackend, target: Target, monkeypatch: Patch) -> None:
    def slow(*_: Any, **__: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", slow)
    error = failure(make("http://127.0.0.1:1"), target)
    assert "let nobody connect" in error.message
    assert "within 2 s" in error.message
    assert isinstance(error, TransientError)


def test_a_closed_connection(backend: AwsBackend, server: Scripted, target: Target) -> None:
    server.script["GetBackendJob"] = [None]
    error = failure(backend, target)
    assert "closed the connection without an answer" in error.message
    assert isinstance(error, TransientError)


def test_half_of_a_status_line(backend: AwsBackend, server: Scripted, target: Target) -> None:
    server.script["GetBackendJob"] = [b"HTTP/1.1 2"]
    assert isinstance(failure(backend, target), BackendError)


def test_what_is_no_http_at_all(backend: AwsBackend, server: Scripted, target: Target) -> None:
    server.script["GetBackendJob"] = [b"SSH-2.0-OpenSSH_9.6\r\n"]
    assert isinstance(failure(backend, target), TransientError)


@pytest.mark.usefixtures("no_proxy_for_loopback")
def test_a_proxy_that_is_down(
    make: MakeBackend, target: Target, monkeypatch: Patch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:pass@127.0.0.1:{closed_port}")
    error = failure(make(), target)
    assert "proxy between here and amplifybackend.us-east-1.amazonaws.com" in error.message
    assert error.hint
    assert "HTTPS_PROXY" in error.hint
    assert "pass" not in error.message + error.hint


@pytest.mark.usefixtures("no_proxy_for_loopback")
def test_this_machine_is_asked_without_the_proxy(
    backend: AwsBackend, server: Scripted, target: Target, monkeypatch: Patch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    server.script["GetBackendJob"] = [answer({"status": "COMPLETED"})]
    assert backend.job(target, "j1").status == "COMPLETED"


@pytest.fixture
def no_proxy_for_loopback(monkeypatch: Patch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


SETTINGS = [
    ("AWS_ENDPOINT_URL_AMPLIFYBACKEND=localhost:8080", "Invalid endpoint: localhost:8080"),
    ("AWS_ENDPOINT_URL_AMPLIFYBACKEND=http://[::1", "Invalid IPv6 URL"),
    ("AWS_DEFAULTS_MODE=bogus", "invalid defaults mode: bogus"),
    ("AWS_METADATA_SERVICE_TIMEOUT=zz", "zz"),
    ("AWS_STS_REGIONAL_ENDPOINTS=bogus", "bogus"),
]


@pytest.mark.parametrize(("setting", "says"), SETTINGS)
def test_a_setting_that_cannot_be_used(
    setting: str, says: str, make: MakeBackend, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv(*setting.split("="))
    error = failure(make(), target)
    assert "was not sent, because an AWS setting cannot be used" in error.message
    assert says in error.message
    assert isinstance(error, ConfigError)


@pytest.mark.parametrize("setting", ["AWS_RETRY_MODE=bogus", "AWS_MAX_ATTEMPTS=zz"])
def test_settings_of_retries_are_not_looked_at(
    setting: str, backend: AwsBackend, server: Scripted, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv(*setting.split("="))
    server.script["GetBackendJob"] = [answer({"status": "COMPLETED"})]
    assert backend.job(target, "j1").status == "COMPLETED"


def test_a_certificate_file_that_is_not_there(
    make: MakeBackend, server: Scripted, target: Target, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
    error = failure(make(server.url.replace("http:", "https:")), target)
    assert "a file of the AWS settings is not there" in error.message
    assert error.hint
    assert "AWS_CA_BUNDLE" in error.hint


@pytest.mark.usefixtures("no_keys")
def test_a_credential_program_that_is_not_there(
    backend: AwsBackend, target: Target, config: Path
) -> None:
    config.write_text("[default]\ncredential_process = /nowhere/program\n")
    assert "not there: [Errno 2]" in failure(backend, target).message


def test_a_boto3_that_is_not_there(backend: AwsBackend, target: Target, monkeypatch: Patch) -> None:
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    error = failure(backend, target)
    assert "boto3, which speaks to AWS, cannot be imported" in error.message
    assert error.hint
    assert "additional_dependencies" in error.hint


def test_a_boto3_that_is_too_old(backend: AwsBackend, target: Target, monkeypatch: Patch) -> None:
    from botocore.exceptions import UnknownServiceError

    def unknown(*_: Any, **__: Any) -> None:
        raise UnknownServiceError(service_name="amplifybackend", known_service_names="s3")

    monkeypatch.setattr("boto3.session.Session.client", unknown)
    assert "this boto3 does not know GetBackendJob" in failure(backend, target).message


def test_what_nobody_thought_of(backend: AwsBackend, target: Target, monkeypatch: Patch) -> None:
    def odd(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("boto3.session.Session.client", odd)
    assert "failed: ZeroDivisionError" in failure(backend, target).message

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen import ModelgenError
from amplify_modelgen_plugins.aws.redaction import quoted, redact
from conftest import FAKE_SECRET
from unit.aws.scripted import Scripted, answer, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from amplify_modelgen import Target
    from amplify_modelgen_plugins.aws import AwsBackend
    from unit.aws.conftest import MakeBackend

TOKEN = "IQoJb3JpZ2luX2VjCANARY//////////wEaCXVzLWVhc3QtMSJGMEQ="


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://me:pa@ss@host:80/x", "at http://host:80/x"),
        ("Invalid endpoint: usr:PASSW0RD@127", "Invalid endpoint: 127"),
        ("at ('usr:pa@s/s'w@host:80/x')", "at ('host:80/x')"),
        ("URL=http://me:pa/ss@host", "host"),
        ("is :PASSW0RD@host", "is host"),
        ("(arn:aws:sts::1:assumed-role/a/b@c.d)", "(arn:aws:sts::1:assumed-role/a/b@c.d)"),
        ("key AKIAIOSFODNN7EXAMPLE is bad", "key ***MPLE is bad"),
        ("arn:aws:iam::111122223333:user/bob", "arn:aws:iam::***3333:user/bob"),
        ("at 1700000000000 ms, 1700000000 s", "at 1700000000000 ms, 1700000000 s"),
        (f"X-Amz-Security-Token:{TOKEN} next", "X-Amz-Security-Token:*** next"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, y", "Authorization: *** y"),
        ("Signature=abc123", "Signature=***"),
        (f"has {FAKE_SECRET} in it", "has *** in it"),
        ("an app d2abcdefghij stays", "an app d2abcdefghij stays"),
    ],
)
def test_redact(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_a_short_variable_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert redact("max") == "max"


def test_quoted_is_one_short_line() -> None:
    line = quoted("a\n\tb\x1b[31m" + "c" * 1000)
    assert line.startswith(r"a b\x1b[31mccc")
    assert line.endswith("ccc...")
    assert len(line) == 503


def told(error: ModelgenError) -> str:
    return f"{error.message} {error.hint}"


def test_a_refused_signature_does_not_show_the_token(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    words = f"The Canonical String should have been 'POST\nx-amz-security-token:{TOKEN}\n'"
    server.script["GetBackendAPI"] = [refusal(403, "InvalidSignatureException", words)]
    with pytest.raises(ModelgenError) as caught:
        backend.deployed_schema(target)
    assert "CANARY" not in told(caught.value)


def test_an_endpoint_does_not_show_its_password(
    make: MakeBackend, server: Scripted, target: Target
) -> None:
    server.script["GetBackendAPI"] = [answer("", 500)]
    with pytest.raises(ModelgenError) as caught:
        make(server.url.replace("//", "//me:canary@")).deployed_schema(target)
    assert "canary" not in told(caught.value)


def test_an_endpoint_without_a_scheme_does_not_show_its_password(
    make: MakeBackend, target: Target
) -> None:
    with pytest.raises(ModelgenError, match="an AWS setting cannot be used") as caught:
        make("usr:canary@127").deployed_schema(target)
    assert "canary" not in told(caught.value)
    assert "usr" not in told(caught.value)


def test_a_broken_file_of_keys_does_not_show_a_line_of_it(
    backend: AwsBackend, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "credentials"
    keys.write_text("aws_secret_access_key = canary\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(ModelgenError) as caught:
        backend.deployed_schema(target)
    assert "canary" not in told(caught.value)
    assert str(keys) in told(caught.value)


def test_the_error_of_a_job_is_redacted(
    backend: AwsBackend, server: Scripted, target: Target
) -> None:
    failed = {"jobId": "j1", "status": "FAILED", "error": "role of account 111122223333"}
    server.script["GetBackendJob"] = [answer(failed)]
    assert backend.job(target, "j1").error == "role of account ***3333"

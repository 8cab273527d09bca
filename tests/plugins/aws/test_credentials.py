"""Credentials are not part of any message, in whatever form they are repeated."""

from __future__ import annotations

import base64
import html
import json
import shlex
import sys
import urllib.parse
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from amplify_modelgen.plugin import BackendError, ModelgenError, redact
from amplify_modelgen.text import HIDDEN
from amplify_modelgen_plugins.aws.service_errors import (
    add_credential,
    add_url_password,
    contains_credential,
    host_of,
    quote,
)
from conftest import FAKE_SECRET
from support.scripted_server import MakeBackend, ScriptedServer, error_response, response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from amplify_modelgen.plugin import Target
    from amplify_modelgen_plugins.aws.backend import AwsBackend

TOKEN = "IQoJb3JpZ2luX2VjCANARY//////////wEaCXVzLWVhc3QtMSJGMEQ="
ODD_TOKEN = 'to<ken&/"CANARY"+=\\with\'everything\n'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://me:pa@ss@host:80/x", "at http://host:80/x"),
        ("Invalid endpoint: usr:PASSW0RD@127", "Invalid endpoint: 127"),
        ("at ('usr:pa@s/s'w@host:80/x')", "at ('host:80/x')"),
        ("URL=http://me:pa/ss@host", "host"),
        ("is :PASSW0RD@host", "is host"),
        ("at http://me:pa#ss@host/x", "at http://host/x"),
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
    assert quote(text) == shown


def test_a_short_variable_is_not_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert redact("max") == "max"


def test_quoted_text_is_one_short_line() -> None:
    line = quote("a\n\tb\x1b[31m" + "c" * 1000)
    assert line.startswith(r"a b\x1b[31mccc")
    assert line.endswith("ccc...")
    assert len(line) == 503


def test_a_password_with_a_tab_is_not_quoted() -> None:
    assert "pa" not in quote("Invalid endpoint: http://me:pa\tss@host").replace("endpoint", "")


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "stripped": str.strip,
    "repr": repr,
    "bytes": lambda text: repr(text.encode()),
    "json": json.dumps,
    "html": html.escape,
    "url": urllib.parse.quote,
    "url component": lambda text: urllib.parse.quote(text, safe=""),
    "form": urllib.parse.quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of more": lambda text: base64.b64encode(f"x:{text}:y".encode()).decode(),
    "lines": lambda text: "\n  ".join(text[at : at + 7] for at in range(0, len(text), 7)),
    "lines of base64": lambda text: base64.encodebytes((text * 3).encode()).decode(),
}


@pytest.mark.parametrize("secret", [TOKEN, ODD_TOKEN], ids=["token", "odd token"])
@pytest.mark.parametrize("form", FORMS)
def test_a_credential_is_redacted_in_every_form(form: str, secret: str) -> None:
    add_credential(secret)
    printed = FORMS[form](secret)
    shown = quote(f"the header {printed} is invalid")
    assert "CANARY" not in shown
    assert printed.strip() not in shown
    core = base64.b64encode(secret.encode()).decode()[8:20]
    assert core not in shown


def each(template: str) -> Callable[[str], str]:
    """Return a function that writes each character but letters and digits in this way."""
    return lambda text: "".join(
        letter if letter.isalnum() else template.format(ord(letter)) for letter in text
    )


LONG = "FwoGZXIvYXdzEBYaDG/CANARY+LONGER==zZ9Q8w7e6r5t4"
ENCODINGS: dict[str, Callable[[str], str]] = {
    "url in lower case": each("%{:02x}"),
    "url twice": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
    "url of json": lambda text: urllib.parse.quote(json.dumps({"token": text})),
    "every byte of a url": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "html numbers": each("&#{};"),
    "html hexadecimal": each("&#x{:x};"),
    "json with slashes": lambda text: json.dumps(text).replace("/", r"\/"),
    "json of .NET": each(r"\u{:04X}"),
    "json twice": lambda text: json.dumps(json.dumps(text)),
    "string": lambda text: "".join(rf"\x{byte:02x}" for byte in text.encode()),
    "octal": each(r"\{:03o}"),
    "hexadecimal in upper case": lambda text: text.encode().hex(" ").upper(),
    "UTF-16": lambda text: repr(text.encode("utf-16-le")),
    "full width": lambda text: "".join(chr(ord(letter) + 0xFEE0) for letter in text),
    "two strings": lambda text: f"'{text[:20]}' + '{text[20:]}'",
    "two lines of a string": lambda text: rf"{text[:15]}\n{text[15:]}",
    "two lines": lambda text: f"{text[:12]}`\n    {text[12:]}",
    "quoted-printable": lambda text: f"{text[:30]}=\n{text[30:].replace('=', '=3D')}",
    "zero-width space": lambda text: f"{text[:15]}\u200b{text[15:]}",
    "color": lambda text: f"{text[:15]}\x1b[1m{text[15:]}",
    "upper case": str.upper,
    "beginning": lambda text: text[:26],
    "end": lambda text: text[-26:],
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_credential_is_hidden_in_every_other_encoding(encoding: str) -> None:
    add_credential(LONG)
    printed = f"the header {ENCODINGS[encoding](LONG)} is invalid"
    traceback = redact(f"Traceback:\n  line 1\nValueError: {printed}\nnote: none")
    assert traceback.startswith("Traceback:\n  line 1\n")
    assert traceback.endswith("\nnote: none")
    core = "".join(filter(str.isalnum, LONG))
    for shown in (quote(printed), traceback):
        assert HIDDEN in shown or "***" in shown
        letters = "".join(filter(str.isalnum, shown))
        assert not any(core[at : at + 20] in letters for at in range(len(core) - 19))


@pytest.mark.parametrize("url", ["http://me:%s@h/x", "me:%s@127", "https://me:%s@h:80/#x"])
@pytest.mark.parametrize("password", ["slash/slash/ok", "hash#hash##", "tab\ttab\ttab", "a@b@c@d@"])
def test_the_password_of_a_url_is_redacted(url: str, password: str) -> None:
    add_url_password(url % password)
    for text in (url % password, repr(url % password), f"{password!r}", f"x {password} y"):
        assert password not in quote(text)
        assert repr(password)[1:-1] not in quote(text)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://me:p@ss@[::1]:80/x", "[::1]:80"),
        ("http://me:p/s#s?s@h:1/x?y#z", "h:1"),
        ("https://me:p\tss@h/x", "h"),
        ("me:pass@127", "127"),
        ("https://h", "h"),
        ("https://h?x", "h"),
    ],
)
def test_the_host_of_a_url_is_without_the_password(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_short_value_is_not_a_credential() -> None:
    add_credential("short")
    assert not contains_credential("short")


def text_of(error: ModelgenError) -> str:
    return f"{error.message} {error.hint}"


def test_a_rejected_signature_does_not_show_the_token(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    words = f"The Canonical String should have been 'POST\nx-amz-security-token:{TOKEN}\n'"
    server.script["GetBackendAPI"] = [error_response(403, "InvalidSignatureException", words)]
    with pytest.raises(ModelgenError) as caught:
        backend.deployed_schema(target)
    assert "CANARY" not in text_of(caught.value)


def test_an_endpoint_does_not_show_its_password(
    make: MakeBackend, server: ScriptedServer, target: Target
) -> None:
    server.script["GetBackendAPI"] = [response("", 500)]
    with pytest.raises(ModelgenError) as caught:
        make(server.url.replace("//", "//me:canary@")).deployed_schema(target)
    assert "canary" not in text_of(caught.value)


def test_an_endpoint_without_a_scheme_does_not_show_its_password(
    make: MakeBackend, target: Target
) -> None:
    with pytest.raises(ModelgenError, match="Invalid endpoint") as caught:
        make("usr:canary@127").deployed_schema(target)
    assert "canary" not in text_of(caught.value)
    assert "usr" not in text_of(caught.value)


def test_a_broken_file_of_keys_does_not_show_a_line_of_it(
    backend: AwsBackend, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "credentials"
    keys.write_text("aws_secret_access_key = canary\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(ModelgenError) as caught:
        backend.deployed_schema(target)
    assert "canary" not in text_of(caught.value)
    assert str(keys) in text_of(caught.value)


def test_the_error_of_a_job_is_redacted(
    backend: AwsBackend, server: ScriptedServer, target: Target
) -> None:
    failed = {"jobId": "j1", "status": "FAILED", "error": "role of account 111122223333"}
    server.script["GetBackendJob"] = [response(failed)]
    assert backend.get_job(target, "j1").error == "role of account ***3333"


@pytest.mark.parametrize("name", ["AWS_SESSION_TOKEN", "AWS_SECRET_ACCESS_KEY"])
@pytest.mark.parametrize("end", ["\n", "\r\n", " ", "é"])
def test_a_credential_that_http_does_not_allow_is_named_and_not_shown(  # noqa: PLR0913, PLR0917
    name: str,
    end: str,
    backend: AwsBackend,
    server: ScriptedServer,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, f"{TOKEN}{end}")
    with pytest.raises(
        BackendError,
        match=r"the se.* that HTTP does not allow",
    ) as caught:
        backend.deployed_schema(target)
    assert "CANARY" not in text_of(caught.value)
    assert caught.value.hint
    assert server.requests == []


def test_a_token_of_a_process_with_a_newline_is_not_shown(
    backend: AwsBackend, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {
        "Version": 1,
        "AccessKeyId": "AKIACANARY",
        "SecretAccessKey": "s" * 40,
        "SessionToken": f"{TOKEN}\n",
    }
    script = f"print({json.dumps(keys)!r})"
    program = shlex.join([sys.executable, "-c", script])
    (tmp_path / "config").write_text(f"[profile team]\ncredential_process = {program}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(BackendError, match="session token") as caught:
        backend.deployed_schema(replace(target, profile="team"))
    assert "CANARY" not in text_of(caught.value)


def test_a_renewed_token_that_is_invalid_is_not_shown(
    backend: AwsBackend, server: ScriptedServer, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script["GetBackendAPI"] = [response({"appId": "d1"})]
    backend.deployed_schema(target)
    from botocore.credentials import Credentials, ReadOnlyCredentials

    frozen = ReadOnlyCredentials("AKIAFAKEFAKEFAKE1234", FAKE_SECRET, "RENEWED-CANARY-TOKEN\n")
    monkeypatch.setattr(Credentials, "get_frozen_credentials", lambda _: frozen)
    with pytest.raises(BackendError) as caught:
        backend.deployed_schema(target)
    assert "CANARY" not in text_of(caught.value)


@pytest.mark.parametrize("member", ["jobId", "status", "operation", "error"])
def test_a_credential_that_the_service_repeats_is_not_shown(
    member: str,
    backend: AwsBackend,
    server: ScriptedServer,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = "CANARY-shaped-like-an-id"
    monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    job = {"jobId": "j1", "status": "PENDING", member: token}
    server.script["GenerateBackendAPIModels"] = [response(job)]
    try:
        shown = repr(backend.start_job(target))
    except BackendError as error:
        shown = text_of(error)
    assert "CANARY" not in shown


@pytest.mark.parametrize("password", ["can/ary/canary", "can#ary#canary", "can\tary\tcanary"])
@pytest.mark.parametrize(
    "variable",
    ["AWS_ENDPOINT_URL_AMPLIFYBACKEND", "AMPLIFY_BACKEND_ENDPOINT", "AWS_ENDPOINT_URL"],
)
def test_an_odd_password_of_an_endpoint_is_not_shown(
    variable: str,
    password: str,
    make: MakeBackend,
    target: Target,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, f"http://me:{password}@127.0.0.1:1/x")
    with pytest.raises(ModelgenError) as caught:
        make().deployed_schema(target)
    assert "ary" not in text_of(caught.value)
    assert password not in text_of(caught.value)


@pytest.mark.parametrize("url", ["http://me:can/ary/canary@127.0.0.1:1", "me:can/ary/canary@127"])
def test_an_odd_password_of_an_endpoint_in_a_profile_is_not_shown(
    url: str, make: MakeBackend, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text(
        f"[default]\nservices = local\n[services local]\namplifybackend =\n  endpoint_url = {url}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(ModelgenError) as caught:
        make().deployed_schema(target)
    assert "canary" not in text_of(caught.value)
    assert contains_credential("can/ary/canary")

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import amplify_modelgen
from amplify_modelgen.host import detect_host, pushed_revision, rerun_command

PRE_COMMIT = {"PRE_COMMIT": "1"}
PREK = {"PRE_COMMIT": "1", "PREK_HOOK_STAGE": "pre-commit"}
TOX = {"TOX_ENV_NAME": "amplify-modelgen-check"}


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, "shell"),
        ({"PRE_COMMIT": "", "TOX_ENV_NAME": ""}, "shell"),
        (TOX, "tox"),
        (PRE_COMMIT, "pre-commit"),
        (PREK, "prek"),
        (TOX | PRE_COMMIT, "pre-commit"),
    ],
)
def test_the_innermost_host_is_detected(environ: dict[str, str], host: str) -> None:
    assert detect_host(environ) == host


@pytest.mark.parametrize(
    ("backend", "environ", "command"),
    [
        (None, {}, "amplify-modelgen generate"),
        ("local", {}, "amplify-modelgen generate --backend local"),
        ("aws", {}, "amplify-modelgen generate --backend aws"),
        ("aws", TOX, "tox run -e amplify-modelgen"),
        (
            "aws",
            {"TOX_ENV_NAME": "lint", "TOX_ENV_DIR": "/work/.tox/lint"},
            "tox exec -e lint -- amplify-modelgen generate --backend aws",
        ),
        (None, PRE_COMMIT, "pre-commit run amplify-modelgen --all-files"),
        (None, PREK, "prek run amplify-modelgen --all-files"),
        ("local", PREK, "prek run amplify-modelgen --all-files"),
        (
            "aws",
            PRE_COMMIT,
            "pre-commit run amplify-modelgen-aws --hook-stage manual --all-files",
        ),
    ],
)
def test_the_command_to_regenerate_suits_the_host(
    backend: str | None, environ: dict[str, str], command: str
) -> None:
    assert rerun_command(backend, environ) == command


def test_the_command_is_the_module_if_this_process_is(monkeypatch: pytest.MonkeyPatch) -> None:
    module = Path(amplify_modelgen.__file__).parent / "__main__.py"
    monkeypatch.setattr(sys, "argv", [str(module), "check"])
    assert rerun_command("aws", {}) == "python -m amplify_modelgen generate --backend aws"


def test_the_command_has_the_options_of_this_one() -> None:
    options = ("--root", "a b", "--environment", "dev")
    command = "amplify-modelgen generate --root 'a b' --environment dev"
    assert rerun_command(None, {}, options) == command
    assert rerun_command(None, TOX, options) == "tox run -e amplify-modelgen"


@pytest.mark.parametrize(
    ("environ", "revision"),
    [
        ({}, None),
        ({"PRE_COMMIT_TO_REF": "HEAD"}, None),
        ({"PRE_COMMIT_REMOTE_NAME": "origin", "PRE_COMMIT_TO_REF": "abc"}, "abc"),
        (
            {"PRE_COMMIT_REMOTE_NAME": "o", "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/x"},
            "refs/heads/x",
        ),
        ({"PRE_COMMIT_REMOTE_NAME": "o"}, None),
    ],
)
def test_only_a_push_has_a_pushed_revision(environ: dict[str, str], revision: str | None) -> None:
    assert pushed_revision(environ) == revision

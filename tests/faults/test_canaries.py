"""Credentials of profiles appear in no output and no file, `--verbose` included."""

from __future__ import annotations

import json
import logging
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import amplify_modelgen
import amplify_modelgen_plugins
from amplify_modelgen_plugins.serve import running_server
from support.child_processes import command, run_in_child
from support.fault_projects import SCHEMA, make_project
from support.fault_runs import CANARIES, KEY, PASSWORD, SECRET, TOKEN, USER, with_short_waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.child_processes import Finished
    from support.fault_projects import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

REPORTS = ("json", "junit", "sarif", "github")
KEYS = f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
HALF = json.dumps({"Version": 1, "SessionToken": TOKEN})
ANSWER = {"Version": 1, "AccessKeyId": KEY, "SecretAccessKey": SECRET, "SessionToken": TOKEN}

VERBOSITY = pytest.mark.parametrize(
    "options", [(), ("--quiet",), ("--verbose",)], ids=["plain", "quiet", "verbose"]
)


def _printing(text: str, *, stream: str = "stdout", code: int = 0) -> str:
    """Return a `credential_process` that prints a text."""
    script = f"import sys; print({text!r}, file=sys.{stream}); sys.exit({code})"
    return f"credential_process = {shlex.join([sys.executable, '-c', script])}\n"


# The profile in the two files of AWS: credentials and configuration.
SOURCES = {
    "credentials file": (f"[team]\n{KEYS}", ""),
    "configuration file": ("", f"[profile team]\n{KEYS}"),
    "process": ("", f"[profile team]\n{_printing(json.dumps(ANSWER))}"),
}
# Faults of the service, which may repeat what it received.
FAULTS = {
    "nothing": "latency=0",
    "expired": "expired",
    "job failed": f"fail=no luck with {TOKEN} of {KEY}",
    "token repeated": f"GenerateBackendAPIModels:error=who is {TOKEN}?",
    "HTML of a proxy": "GetBackendAPIModels:html",
}
BROKEN = {
    "process that fails": ("", f"[profile team]\n{_printing(SECRET, stream='stderr', code=1)}"),
    "process without JSON": ("", f"[profile team]\n{_printing(f'{SECRET} {TOKEN}')}"),
    "process without a key": ("", f"[profile team]\n{_printing(HALF)}"),
    "half a file": (f"[team]\n{KEYS}{SECRET}\n", ""),
    "no section": (KEYS, ""),
}


def generate(
    memory: Path, files: tuple[str, str], fault: str, options: tuple[str, ...]
) -> Finished:
    """Generate with the two files of AWS; check that no canary appears anywhere."""
    project = make_project(memory / "work")
    project.configure("blog", backend="aws")
    reports = [f"--report={each}={memory / each}" for each in REPORTS]
    with running_server(faults=[fault]) as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = command("generate", *options, "--report=terminal", *reports, "--timeout=6")
        work = _with_profile(with_short_waits(work), memory, files, server.url)
        ended = run_in_child(work, memory / "logs", project.root)
    outputs = [ended.stdout, ended.stderr, *_written(project, memory)]
    assert not [canary for canary in CANARIES for text in outputs if canary in text]
    assert "Traceback" not in ended.stderr
    return ended


def _with_profile(
    work: Callable[[], int], memory: Path, files: tuple[str, str], url: str
) -> Callable[[], int]:
    credentials, configuration = memory / "credentials", memory / "config"
    credentials.write_text(files[0])
    configuration.write_text(files[1])

    def run() -> int:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del os.environ[name]
        os.environ |= {
            "AWS_PROFILE": "team",
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_CONFIG_FILE": str(configuration),
            "AWS_ENDPOINT_URL_AMPLIFYBACKEND": url.replace("//", f"//{USER}:{PASSWORD}@"),
        }
        return work()

    return run


def _written(project: Project, memory: Path) -> list[str]:
    state = [path for path in (project.checkout / ".git").rglob("*") if path.is_file()]
    files = [*state, *(memory / each for each in REPORTS if (memory / each).exists())]
    return [*(path.read_text() for path in files), *map(bytes.decode, project.files().values())]


@VERBOSITY
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("files", SOURCES.values(), ids=SOURCES)
def test_a_profile_is_used_and_not_shown(
    memory: Path, files: tuple[str, str], fault: str, options: tuple[str, ...]
) -> None:
    good = fault == FAULTS["nothing"]
    assert generate(memory, files, fault, options).code == (1 if good else 3)


@VERBOSITY
@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_a_broken_profile_is_not_shown(
    memory: Path, files: tuple[str, str], options: tuple[str, ...]
) -> None:
    assert generate(memory, files, FAULTS["nothing"], options).code in (2, 3)


def test_verbose_does_not_enable_the_log_of_libraries(memory: Path) -> None:
    """The log of botocore at DEBUG shows requests with their tokens."""
    project = make_project(memory / "work")
    project.configure("blog", backend="aws")

    def levels() -> int:
        command("generate", "--verbose", "--timeout=1")()
        names = ("", "boto3", "botocore", "urllib3", "botocore.auth", "botocore.endpoint")
        loggers = [logging.getLogger(name) for name in names]
        quiet = all(each.getEffectiveLevel() >= logging.WARNING for each in loggers)
        handlers = [handler for each in loggers[1:] for handler in each.handlers]
        return 0 if quiet and all(type(each) is logging.NullHandler for each in handlers) else 1

    work = _with_profile(levels, memory, SOURCES["credentials file"], "http://127.0.0.1:1")
    ended = run_in_child(with_short_waits(work), memory / "logs", project.root)
    assert ended.code == 0, ended


def test_no_module_enables_the_log_of_a_library() -> None:
    sources = [
        file.read_text(encoding="utf-8")
        for package in (amplify_modelgen, amplify_modelgen_plugins)
        for file in Path(package.__path__[0]).rglob("*.py")
    ]
    assert len(sources) > 80
    words = ("set_stream_logger", "set_debug_logger", "set_file_logger", "basicConfig")
    assert not [word for word in words for source in sources if word in source]

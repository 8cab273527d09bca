"""Credentials of profiles are in nothing that a run says or keeps, however much it says."""

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
from amplify_modelgen_plugins.local import running_server
from faults.children import command, run_in_child
from faults.matrix import CANARIES, KEY, PASSWORD, SECRET, TOKEN, USER, impatient
from faults.projects import SCHEMA, make_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from faults.children import Ended
    from faults.projects import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

REPORTS = ("json", "junit", "sarif", "github")
KEYS = f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
HALF = json.dumps({"Version": 1, "SessionToken": TOKEN})
ANSWER = {"Version": 1, "AccessKeyId": KEY, "SecretAccessKey": SECRET, "SessionToken": TOKEN}

LOUDNESS = pytest.mark.parametrize(
    "words", [(), ("--quiet",), ("--verbose",)], ids=["plain", "quiet", "verbose"]
)


def _printing(text: str, *, stream: str = "stdout", code: int = 0) -> str:
    """Return what makes `credential_process` print a text."""
    script = f"import sys; print({text!r}, file=sys.{stream}); sys.exit({code})"
    return f"credential_process = {shlex.join([sys.executable, '-c', script])}\n"


# What each of AWS's two files says of the profile: the credentials and the configuration.
SOURCES = {
    "credentials file": (f"[team]\n{KEYS}", ""),
    "configuration file": ("", f"[profile team]\n{KEYS}"),
    "process": ("", f"[profile team]\n{_printing(json.dumps(ANSWER))}"),
}
# What the service does: whatever it repeats is what it was sent.
FAULTS = {
    "nothing": "latency=0",
    "expired": "expired",
    "job failed": f"fail=no luck with {TOKEN} of {KEY}",
    "token repeated": f"GenerateBackendAPIModels:error=who is {TOKEN}?",
    "HTML of a proxy": "GetBackendAPIModels:html",
}
BROKEN = {
    "process that fails": ("", f"[profile team]\n{_printing(SECRET, stream='stderr', code=1)}"),
    "process without sense": ("", f"[profile team]\n{_printing(f'{SECRET} {TOKEN}')}"),
    "process without a key": (
        "",
        f"[profile team]\n{_printing(HALF)}",
    ),
    "half a file": (f"[team]\n{KEYS}{SECRET}\n", ""),
    "no section": (KEYS, ""),
}


def generate(memory: Path, files: tuple[str, str], fault: str, words: tuple[str, ...]) -> Ended:
    """Generate with AWS's two files; check that no canary is anywhere afterwards."""
    project = make_project(memory / "work")
    project.configure("blog", backend="aws")
    reports = [f"--report={each}={memory / each}" for each in REPORTS]
    with running_server(faults=[fault]) as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = command("generate", *words, "--report=terminal", *reports, "--timeout=3")
        work = _with_profile(impatient(work), memory, files, server.url)
        ended = run_in_child(work, memory / "logs", project.root)
    said = [ended.stdout, ended.stderr, *_kept(project, memory)]
    assert not [canary for canary in CANARIES for text in said if canary in text]
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


def _kept(project: Project, memory: Path) -> list[str]:
    state = [path for path in (project.checkout / ".git").rglob("*") if path.is_file()]
    files = [*state, *(memory / each for each in REPORTS if (memory / each).exists())]
    return [*(path.read_text() for path in files), *map(bytes.decode, project.files().values())]


@LOUDNESS
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("files", SOURCES.values(), ids=SOURCES)
def test_a_profile_is_used_and_not_shown(
    memory: Path, files: tuple[str, str], fault: str, words: tuple[str, ...]
) -> None:
    good = fault == FAULTS["nothing"]
    assert generate(memory, files, fault, words).code == (1 if good else 3)


@LOUDNESS
@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_a_broken_profile_is_not_shown(
    memory: Path, files: tuple[str, str], words: tuple[str, ...]
) -> None:
    assert generate(memory, files, FAULTS["nothing"], words).code in (2, 3)


def test_the_loudest_run_has_the_libraries_say_nothing(memory: Path) -> None:
    """botocore's own log at DEBUG shows requests with their tokens."""
    project = make_project(memory / "work")
    project.configure("blog", backend="aws")

    def levels() -> int:
        command("generate", "--verbose", "--timeout=1")()
        names = ("", "boto3", "botocore", "urllib3", "botocore.auth", "botocore.endpoint")
        loggers = [logging.getLogger(name) for name in names]
        quiet = all(each.getEffectiveLevel() >= logging.WARNING for each in loggers)
        heard = [handler for each in loggers[1:] for handler in each.handlers]
        return 0 if quiet and all(type(each) is logging.NullHandler for each in heard) else 1

    work = _with_profile(levels, memory, SOURCES["credentials file"], "http://127.0.0.1:1")
    ended = run_in_child(impatient(work), memory / "logs", project.root)
    assert ended.code == 0, ended


def test_no_source_of_ours_turns_a_librarys_log_on() -> None:
    sources = [
        file.read_text(encoding="utf-8")
        for package in (amplify_modelgen, amplify_modelgen_plugins)
        for file in Path(package.__path__[0]).rglob("*.py")
    ]
    assert len(sources) > 100
    words = ("set_stream_logger", "set_debug_logger", "set_file_logger", "basicConfig")
    assert not [word for word in words for source in sources if word in source]

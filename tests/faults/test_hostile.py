"""Trees and backends of somebody who means harm."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from amplify_modelgen_plugins.local import running_server
from faults.children import Ended, command, run_in_child
from faults.matrix import impatient, with_canaries
from faults.projects import SCHEMA, Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
COMMAND = "\n::set-output name=x::owned\n##[error]owned\n::error::owned"
MARKUP = "]]><script>alert(1)</script><!-- </details> | a | `b` [c](http://d)"


@pytest.fixture
def project(memory: Path) -> Project:
    made = make_project(memory / "work")
    made.configure("blog")
    return made


def run(project: Project, work: Callable[[], int]) -> Ended:
    return run_in_child(work, project.checkout.parent / "logs", project.root)


OUTSIDE = ("../up.json", "/tmp/up.json", "~/up.json", "a/../../up.json", "C:/up.json")


@pytest.mark.parametrize("path", [*OUTSIDE, ".git/hooks/a.json", "models\\\\..\\\\up.json"])
def test_an_output_outside_the_root_is_refused(project: Project, path: str) -> None:
    file = project.root / "amplify-modelgen.toml"
    file.write_text(file.read_text().replace("models/blog/introspection.json", path))
    before = project.files()
    ended = run(project, GENERATE)
    assert (ended.code, project.files()) == (2, before)
    assert "amplify-modelgen.toml" in ended.stderr


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "", "a\\u001b[2J", "a\\nb"])
@pytest.mark.parametrize("key", ["app-id", "environment", "resource"])
def test_a_name_that_is_a_path_or_steers_is_refused(project: Project, key: str, name: str) -> None:
    file = project.root / "amplify-modelgen.toml"
    lines = file.read_text().split("\n")
    changed = [f'{key} = "{name}"' if line.startswith(key) else line for line in lines]
    file.write_text("\n".join(changed))
    ended = run(project, GENERATE)
    assert ended.code == 2
    assert "\x1b" not in ended.stderr


@pytest.mark.parametrize("name", ["models", "blog.graphql"])
def test_a_link_out_of_the_root_is_refused(project: Project, name: str) -> None:
    outside = project.checkout.parent / "outside"
    if name == "models":
        outside.mkdir()
    else:
        (project.root / name).rename(outside)
    (project.root / name).symlink_to(outside)
    ended = run(project, GENERATE)
    assert ended.code == 2
    assert outside.is_file() or not list(outside.iterdir())


def _with_folder(project: Project) -> Path:
    folder = project.root / "schemas"
    folder.mkdir()
    (folder / "blog.graphql").write_text(SCHEMA)
    file = project.root / "amplify-modelgen.toml"
    file.write_text(file.read_text().replace('"blog.graphql"', '"schemas"'))
    return folder


def test_a_loop_of_links_is_refused(project: Project) -> None:
    folder = _with_folder(project)
    (folder / "again").symlink_to(folder)
    ended = run(project, GENERATE)
    assert ended.code == 2
    assert "is a symbolic link to a folder that it is in" in ended.stdout


def test_ten_thousand_schema_files_are_merged(project: Project) -> None:
    folder = _with_folder(project)
    for number in range(10_000):
        (folder / f"{number}.graphql").write_text(f"type T{number} {{ a: String }}\n")
    began = time.monotonic()
    assert run(project, GENERATE).code == 1
    assert time.monotonic() - began < 60


def test_a_schema_of_100_mb_is_refused_by_a_stated_limit(project: Project) -> None:
    with (project.root / "blog.graphql").open("r+b") as file:
        file.truncate(100_000_000)
    ended = run(project, GENERATE)
    assert ended.code == 2
    assert "blog.graphql is larger than 20,000,000 bytes" in ended.stdout


DEEP = 100_000


@pytest.mark.parametrize(
    "schema",
    [
        f"type A @model {{ id: ID! a: {'[' * DEEP}String{']' * DEEP} }}",
        f"type A @model {{ id: ID! a: String @auth(rules: {'[' * DEEP}{']' * DEEP}) }}",
        f"type A @model {{ id: ID! a: String {'@a ' * 1_000_000} }}",
        f"type A @model {'@auth(rules: []) ' * 100_000} {{ id: ID! }}",
        '"""' + "\\" * 1_000_000,
        "{" * 1_000_000,
    ],
    ids=["lists", "arguments", "1,000,000 directives", "100,000 rules", "a string", "brackets"],
)
def test_a_schema_without_measure_ends_in_time(project: Project, schema: str) -> None:
    (project.root / "blog.graphql").write_text(schema)
    began = time.monotonic()
    ended = run(project, GENERATE)
    assert ended.code in (1, 2, 3), ended.stderr[:500]
    assert "Traceback" not in ended.stderr
    assert "internal error" not in ended.stderr
    assert len(ended.stdout + ended.stderr) < 100_000
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("text", [ESCAPES, COMMAND, MARKUP], ids=["escapes", "commands", "markup"])
def test_what_a_job_says_steers_nothing(project: Project, text: str) -> None:
    file = project.root / "amplify-modelgen.toml"
    file.write_text(file.read_text().replace('"local"', '"aws"'))
    reports = project.checkout.parent / "reports"
    words = ["--report=terminal", *(f"--report={each}={reports / each}" for each in REPORTS)]
    with running_server(faults=[f"fail={text}"]) as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = command("generate", "--no-progress", "--verbose", *words)
        ended = run(project, impatient(with_canaries(work, server.url)))
    assert ended.code == 3
    check_tame(ended.stdout)
    check_tame(ended.stderr)
    check_github((reports / "github").read_text())
    assert json.loads((reports / "json").read_bytes())["exit_code"] == 3
    assert json.loads((reports / "sarif").read_bytes())["version"]
    ET.parse(reports / "junit")


REPORTS = ("json", "junit", "sarif", "github")


def check_tame(text: str) -> None:
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert not [line for line in text.split("\n") if line.lstrip().startswith(("::", "##["))]


def check_github(text: str) -> None:
    """Check that each line is an annotation of ours, or text that is none."""
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    starts = ("::error ", "::warning ", "::notice ", "::error::", "::warning::", "::notice::")
    for line in text.split("\n"):
        assert not line.lstrip().startswith("##[")
        assert not line.lstrip().startswith("::") or line.startswith(starts)
        assert not line.startswith(("::set-output", "::error::owned"))


@pytest.mark.parametrize("text", [ESCAPES, COMMAND], ids=["escapes", "commands"])
def test_what_a_schema_says_steers_nothing(project: Project, text: str) -> None:
    (project.root / "blog.graphql").write_text(f"type A @model {{ id: ID! a: B }} # {text}\n{text}")
    for verb in ("validate", "check", "generate"):
        ended = run(project, command(verb))
        assert ended.code in (1, 2)
        check_tame(ended.stdout + ended.stderr)

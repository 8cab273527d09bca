"""Hostile projects, schemas and services."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from amplify_modelgen_plugins.serve import running_server
from support.child_processes import Finished, command, run_in_child
from support.fault_projects import SCHEMA, Project, make_project
from support.fault_runs import with_canaries, with_short_waits
from support.repositories import commit, git, make_hostile_directory, make_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")

GENERATE = command("generate", "--no-progress")
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
COMMAND = "\n::set-output name=x::owned\n##[error]owned\n::error::owned ##vso[x]y ##[z]"
MARKUP = "]]><script>alert(1)</script><!-- </details> | a | `b` [c](http://d)"


@pytest.fixture
def project(memory: Path) -> Project:
    made = make_project(memory / "work")
    made.configure("blog")
    return made


def run(project: Project, work: Callable[[], int]) -> Finished:
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
def test_a_name_that_is_a_path_or_has_control_characters_is_refused(
    project: Project, key: str, name: str
) -> None:
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


def _use_directory(project: Project) -> Path:
    directory = project.root / "schemas"
    directory.mkdir()
    (directory / "blog.graphql").write_text(SCHEMA)
    file = project.root / "amplify-modelgen.toml"
    file.write_text(file.read_text().replace('"blog.graphql"', '"schemas"'))
    return directory


def test_a_loop_of_links_is_refused(project: Project) -> None:
    directory = _use_directory(project)
    (directory / "again.graphql").symlink_to(directory)
    ended = run(project, GENERATE)
    assert ended.code == 2
    assert "schemas/again.graphql is a symbolic link" in ended.stdout


def test_a_directory_that_links_to_itself_is_not_entered(project: Project) -> None:
    directory = _use_directory(project)
    (directory / "again").symlink_to(directory)
    assert run(project, GENERATE).code == 1
    assert run(project, command("check")).code == 0


def test_ten_thousand_schema_files_are_merged(project: Project) -> None:
    directory = _use_directory(project)
    for number in range(10_000):
        (directory / f"{number}.graphql").write_text(f"type T{number} {{ a: String }}\n")
    began = time.monotonic()
    assert run(project, GENERATE).code == 1
    assert time.monotonic() - began < 60


def test_a_schema_of_100_mb_is_refused(project: Project) -> None:
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
def test_an_extreme_schema_ends_in_time(project: Project, schema: str) -> None:
    (project.root / "blog.graphql").write_text(schema)
    began = time.monotonic()
    ended = run(project, GENERATE)
    assert ended.code in (1, 2, 3), ended.stderr[:500]
    assert "Traceback" not in ended.stderr
    assert "internal error" not in ended.stderr
    assert len(ended.stdout + ended.stderr) < 100_000
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("text", [ESCAPES, COMMAND, MARKUP], ids=["escapes", "commands", "markup"])
def test_the_error_of_a_job_is_escaped(project: Project, text: str) -> None:
    file = project.root / "amplify-modelgen.toml"
    file.write_text(file.read_text().replace('"local"', '"aws"'))
    reports = project.checkout.parent / "reports"
    words = ["--report=terminal", *(f"--report={each}={reports / each}" for each in REPORTS)]
    with running_server(faults=[f"fail={text}"]) as server:
        server.deploy(SCHEMA, app_id="d1", environment="dev", resource="blog")
        work = command("generate", "--no-progress", "--verbose", *words)
        ended = run(project, with_short_waits(with_canaries(work, server.url)))
    assert ended.code == 3
    check_escaped(ended.stdout)
    check_escaped(ended.stderr)
    check_github((reports / "github").read_text())
    assert json.loads((reports / "json").read_bytes())["exit_code"] == 3
    assert "##" not in (reports / "json").read_text() + (reports / "sarif").read_text()
    assert json.loads((reports / "sarif").read_bytes())["version"]
    ET.parse(reports / "junit")
    for name in ("html", "markdown"):
        written = (reports / name).read_text()
        assert not set(written) & set("\x1b\x07\x9b\u202e")
        assert name == "markdown" or "<script>alert" not in written


REPORTS = ("json", "junit", "sarif", "github", "html", "markdown")


def check_escaped(text: str) -> None:
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]
    assert "##[" not in text
    assert "##vso[" not in text


def check_github(text: str) -> None:
    """Check that each line is an annotation of the reporter, or plain text."""
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    starts = ("::error ", "::warning ", "::notice ", "::error::", "::warning::", "::notice::")
    for line in text.split("\n"):
        assert "##[" not in line
        assert "##vso[" not in line
        assert not line.lstrip().startswith("::") or line.startswith(starts)
        assert not line.startswith(("::set-output", "::error::owned"))


@pytest.mark.parametrize("text", [ESCAPES, COMMAND], ids=["escapes", "commands"])
def test_text_of_a_schema_is_escaped(project: Project, text: str) -> None:
    (project.root / "blog.graphql").write_text(f"type A @model {{ id: ID! a: B }} # {text}\n{text}")
    for name in ("validate", "check", "generate"):
        ended = run(project, command(name))
        assert ended.code in (1, 2)
        check_escaped(ended.stdout + ended.stderr)


def test_a_link_into_the_hooks_of_git_is_not_followed(project: Project) -> None:
    hooks = project.checkout / ".git" / "hooks"
    hooks.mkdir()
    (project.root / "models").mkdir()
    for link in ("models/blog", "amplify-modelgen.lock", "models/schema"):
        (project.root / link).symlink_to(hooks)
    ended = run(project, GENERATE)
    assert ended.code == 2
    assert "is a symbolic link" in ended.stdout + ended.stderr
    assert not list(hooks.iterdir())


def test_an_executable_output_loses_its_execute_bits(project: Project) -> None:
    assert run(project, GENERATE).code == 1
    output = project.root / "models/blog/introspection.json"
    output.chmod(0o755)
    project.change("blog")
    assert run(project, GENERATE).code == 1
    assert output.stat().st_mode & 0o777 == 0o644


def test_a_bare_repository_in_a_subdirectory_runs_no_program(memory: Path) -> None:
    marker, project = memory / "marker", make_project(memory / "work", git=False)
    commit(project.root, {"README.md": "hostile"})
    make_hostile_directory(project.root / "sub", marker)
    nested = Project(root=project.root / "sub", checkout=project.checkout)
    nested.configure("blog")
    for arguments in (["generate"], ["check"], ["validate"], ["targets"], ["diff", "main:", "."]):
        ended = run(nested, command(*arguments))
        assert ended.code in (0, 1, 2, 3), ended
        assert "Traceback" not in ended.stderr
    assert not marker.exists()


def test_the_programs_of_a_repository_are_not_run(memory: Path) -> None:
    marker, project = memory / "marker", make_project(memory / "work", git=False)
    commit(project.root, {"README.md": "hostile"})
    program = make_program(memory / "program", f"touch '{marker}'")
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "diff.external"):
        git(project.root, "config", key, str(program))
    for hook in ("post-index-change", "pre-commit", "reference-transaction"):
        make_program(project.root / ".git/hooks" / hook, f"touch '{marker}'")
    project.configure("blog")
    for arguments in (["generate"], ["check"], ["validate"], ["targets"]):
        assert run(project, command(*arguments)).code in (0, 1)
    assert not marker.exists()


PAYLOADS = {
    "shell": "$(touch MARKER) `touch MARKER`; touch MARKER",
    "python": "\\\"\\\"\\\"\\n__import__('os').system('touch MARKER')\\n",
    "javascript": "*/ require('fs').writeFileSync('MARKER', '') /* ${process.exit(7)}",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_code_in_a_schema_is_not_run(memory: Path, payload: str) -> None:
    project, marker = make_project(memory / "work"), memory / "marker"
    project.configure("blog")
    file = project.root / "amplify-modelgen.toml"
    outputs = ("python", "javascript", "typescript", "mermaid")
    listed = ", ".join(f'{{ emitter = "{each}", path = "out/{each}" }}' for each in outputs)
    text = "\n".join(
        f"outputs = [{listed}]" if line.startswith("outputs") else line
        for line in file.read_text().split("\n")
    )
    file.write_text(text)
    text = payload.replace("MARKER", str(marker))
    quoted = json.dumps(text)
    (project.root / "blog.graphql").write_text(
        f"{quoted}\ntype Post @model @auth(rules: [{{ allow: owner, ownerField: {quoted} }}]) {{\n"
        f"  id: ID!\n  {quoted}\n  title: String @default(value: {quoted})\n}}\n"
    )
    ended = run(project, GENERATE)
    assert ended.code in (1, 2, 3), ended
    assert "Traceback" not in ended.stderr
    for module in (project.root / "out").rglob("*.py"):
        subprocess.run([sys.executable, "-I", str(module)], check=True, cwd=memory)
    assert not marker.exists()

"""One run reads each file once, parses the configuration once, and builds one backend."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.entry_points import add_plugin

EXAMPLE = Path(__file__).parents[2] / "examples" / "blog"
MAX_FRAMES = 10

CONFIGURATION = """\
[[target]]
app-id = "d2abcdefghij"
environment = "dev"
resource = "blog"
schema = "amplify/backend/api/blog/schema.graphql"
outputs = [
    { emitter = "introspection", path = "src/models" },
    { emitter = "javascript", path = "src/models" },
]
"""

BACKEND = """
import sys

from amplify_modelgen.modelgen import generate_models, needed_documents
from amplify_modelgen.plugin import hookimpl

counts = {"backends": 0, "generated": 0, "frames": 0}


class CountingBackend:
    def generate(self, target, sdl, needs):
        counts["generated"] += 1
        frame, counts["frames"] = sys._getframe(1), 0
        while frame is not None:
            path = frame.f_code.co_filename.replace("\\\\", "/")
            counts["frames"] += "/amplify_modelgen/" in path
            frame = frame.f_back
        return generate_models(sdl, target.flags, needed_documents(needs))


@hookimpl
def modelgen_backend(name):
    if name == "counting":
        counts["backends"] += 1
        return CountingBackend()
"""

PROGRAM = """
import json, os, sys

import tomli

opened, parsed = [], []
loads = tomli.loads


def count_loads(text, **options):
    parsed.append(text)
    return loads(text, **options)


def record(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path, flags = os.fsdecode(arguments[0]), arguments[2]
        if not flags & (os.O_WRONLY | os.O_RDWR):
            opened.append(os.path.basename(path))


tomli.loads = count_loads
sys.addaudithook(record)
sys.argv[0] = "amplify-modelgen"
from amplify_modelgen.__main__ import main

code = main()
import counting_plugin

result = {"code": code, "opened": opened, "parsed": len(parsed), **counting_plugin.counts}
with open(os.environ["RESULT"], "w") as file:
    json.dump(result, file)
"""


def make_project(directory: Path) -> Path:
    """Return the example with a configuration and a schema that differs from its models."""
    root = directory / "project"
    shutil.copytree(EXAMPLE, root)
    (root / ".git").mkdir()
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION, encoding="utf-8")
    with (root / "amplify/backend/api/blog/schema.graphql").open("a", encoding="utf-8") as file:
        file.write("\ntype Shop @model {\n  name: String\n}\n")
    add_plugin(directory / "site", "counting", BACKEND)
    return root


def run_counted(project: Path, *argv: str) -> dict[str, Any]:
    """Run a command in a child process; return what it counted.

    `reads` maps the name of each file that the project had to how often it was opened.
    """
    names = [path.name for path in project.rglob("*") if path.is_file()]
    # The audit event of `open` has the name only, not the directory that it is relative to.
    assert len(names) == len(set(names))
    result = project.parent / "result.json"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv, "--backend", "counting"],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(project.parent / "site"),
            "RESULT": str(result),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    counts["reads"] = Counter(name for name in counts["opened"] if name in names)
    return counts


@pytest.fixture(scope="module", params=["check", "generate"])
def counts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What a run of `check` or `generate` counts in a project that is not up to date."""
    return run_counted(make_project(tmp_path_factory.mktemp("one-pass")), request.param)


def test_each_file_is_opened_once(counts: dict[str, Any]) -> None:
    assert counts["code"] == 1
    assert set(counts["reads"].values()) == {1}
    read = {"amplify-modelgen.toml", "schema.graphql", "model-introspection.json", "cli.json"}
    assert read <= set(counts["reads"])


def test_configuration_is_parsed_once(counts: dict[str, Any]) -> None:
    assert counts["parsed"] == 1


def test_one_backend_is_built_and_called_once(counts: dict[str, Any]) -> None:
    assert (counts["backends"], counts["generated"]) == (1, 1)


def test_the_backend_is_few_calls_away_from_the_command(counts: dict[str, Any]) -> None:
    assert 0 < counts["frames"] <= MAX_FRAMES


def test_a_second_run_opens_each_file_once(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert run_counted(project, "generate")["code"] == 1
    counts = run_counted(project, "generate")
    assert counts["code"] == 0
    assert set(counts["reads"].values()) == {1}
    assert counts["generated"] == 1

"""docs/report.md describes the JSON of real runs."""

from __future__ import annotations

import io
import json
import shutil
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest

from amplify_modelgen import records
from amplify_modelgen.cli.main import main
from amplify_modelgen_plugins.reporters.json import VERSION
from support.pages import ROOT, coded, read, tables
from support.report_golden import rendered

if TYPE_CHECKING:
    from pathlib import Path

OF_THE_RUN, OF_A_TARGET = (
    {name: cells[1] for cells in table for name in coded(cells[0])}
    for table in tables(read("report.md"))
)
SCHEMA = "amplify/backend/api/blog/schema.graphql"


def reported(*arguments: str) -> Any:
    stream = io.StringIO()
    with redirect_stdout(stream):
        main([*arguments, "--report", "json"])
    return json.loads(stream.getvalue())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "blog"
    shutil.copytree(ROOT / "examples" / "blog", directory)
    (directory / ".git").mkdir()
    (directory / "amplify-modelgen.lock").unlink(missing_ok=True)
    monkeypatch.chdir(directory)
    return directory


@pytest.fixture
def generated(project: Path) -> Any:
    with (project / SCHEMA).open("a", encoding="utf-8") as file:
        file.write("type Shop @model { name: String }\n")
    return reported("generate", "--backend", "local", "--no-progress")


@pytest.fixture
def invalid(project: Path) -> Any:
    (project / SCHEMA).write_text("type Shop @model { name: Nothing }\n", encoding="utf-8")
    return reported("validate")


def inner(cell: str) -> set[str]:
    (shape,) = [text for text in coded(cell) if text.startswith("{")]
    return set(shape.strip("{}").split(", "))


def choices(cell: str) -> set[str]:
    return {text for text in coded(cell) if not text.startswith("{")}


def test_every_key_of_the_run(generated: Any) -> None:
    assert set(OF_THE_RUN) == set(generated)
    assert OF_THE_RUN["version"] == str(VERSION) == str(generated["version"])
    run = json.loads(rendered("generated.json"))
    assert set(run["files"][0]) == inner(OF_THE_RUN["files"])


def test_every_key_of_a_target(generated: Any) -> None:
    (target,) = generated["targets"]
    assert set(OF_A_TARGET) == set(target)
    run = json.loads(rendered("generated.json"))
    for job in run["targets"][0]["jobs"]:
        assert set(job) == inner(OF_A_TARGET["jobs"])
    assert target["jobs"] == []
    for name in ("changes", "files"):
        assert set(target[name][0]) == inner(OF_A_TARGET[name])


def test_every_key_of_a_diagnostic(invalid: Any) -> None:
    (target,) = invalid["targets"]
    assert set(target["diagnostics"][0]) == inner(OF_A_TARGET["diagnostics"])


def test_every_command_that_reports(generated: Any, invalid: Any) -> None:
    commands = {run["command"] for run in (generated, invalid, reported("check"))}
    assert {*commands, "diff"} == choices(OF_THE_RUN["command"])


def literals(kind: type, field: str) -> set[str]:
    names = vars(records) | vars(sys.modules[kind.__module__])
    return set(get_args(get_type_hints(kind, names)[field]))


def test_every_value_that_has_a_name() -> None:
    assert choices(OF_A_TARGET["outcome"]) == literals(records.Outcome, "status")
    change = records.ModelChange
    assert choices(OF_A_TARGET["changes"]) == literals(change, "level") | literals(change, "action")
    assert choices(OF_A_TARGET["files"]) == literals(records.FileChange, "action")
    assert literals(records.Diagnostic, "severity") <= choices(OF_A_TARGET["diagnostics"])

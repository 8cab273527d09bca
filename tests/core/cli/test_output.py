from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from amplify_modelgen.cli.output import (
    print_comparisons,
    print_error,
    print_plugins,
    print_result,
    print_status,
    print_targets,
)
from amplify_modelgen.plugin_manager import PluginInfo
from amplify_modelgen.records import ModelChange, Output, Provenance, Settings
from support.core_values import target

if TYPE_CHECKING:
    import pytest

BACKEND = Provenance(key="backend", value="aws", origin="default")
SETTINGS = Settings(root=Path("root"), provenance=(BACKEND,))
BLOG = target(
    "blög@dev",
    provenance=(Provenance(key="app-id", value="d1", origin="a.json"),
             Provenance(key="region", value="eu\n", origin="b.json")),
    outputs=(Output(emitter="python", path="m.py", options=(("style", "x"),)),),
)  # fmt: skip
PLUGINS = (
    PluginInfo(name="aws", distribution="ours", version="1", hooks=("modelgen_backend",)),
    PluginInfo(name="longer", distribution="theirs\x1b", version="12", hooks=("a", "b")),
)


def test_targets_are_printed_with_the_origin_of_each_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_targets(SETTINGS, [BLOG, target("bare@dev")], as_json=False)
    assert capsys.readouterr().out == (
        "root: root\n"
        "  backend  aws  default\n"
        "\n"
        "blög@dev\n"
        "  app-id  d1   a.json\n"
        "  region  eu   b.json\n"
        "\n"
        "bare@dev\n"
    )


def test_targets_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_targets(SETTINGS, [BLOG], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "version": 1,
        "root": "root",
        "settings": [{"key": "backend", "value": "aws", "origin": "default"}],
        "targets": [
            {
                "id": "blög@dev",
                "app": "d1",
                "environment": "dev",
                "resource": "blög",
                "region": "eu-west-1",
                "schema": "blög.graphql",
                "outputs": [{"emitter": "python", "path": "m.py", "options": {"style": "x"}}],
                "sources": [
                    {"key": "app-id", "value": "d1", "origin": "a.json"},
                    {"key": "region", "value": "eu\n", "origin": "b.json"},
                ],
            }
        ],
    }


def test_plugins_are_printed_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_plugins(PLUGINS, as_json=False)
    assert capsys.readouterr().out == (
        "aws     ours 1         modelgen_backend\nlonger  theirs\\x1b 12  a, b\n"
    )


def test_plugins_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_plugins(PLUGINS[:1], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "version": 1,
        "plugins": [
            {"name": "aws", "distribution": "ours", "version": "1", "hooks": ["modelgen_backend"]}
        ],
    }


def test_results_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_result("one\ntwo")
    assert capsys.readouterr() == ("one\ntwo\n", "")


def test_status_lines_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    print_status("one\n\x1btwo")
    assert capsys.readouterr() == ("", "one \\x1btwo\n")


def test_an_error_has_an_indented_hint(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("no such key", "remove it")
    print_error("no\nhint")
    assert capsys.readouterr().err == (
        "amplify-modelgen: no such key\n  remove it\namplify-modelgen: no hint\n"
    )


def test_a_stderr_that_cannot_be_written_to_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_: str) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", SimpleNamespace(write=write))
    print_status("text")


def comparison(name: str) -> Any:
    change = ModelChange(
        level="safe", action="added", subject="Post", message="model added", reason="new"
    )
    return SimpleNamespace(name=name, changes=(change,))


def test_comparisons_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparisons([comparison("blog"), comparison("")], ["a note"], as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "1 change" in line] == [
        "blog: 1 change: 1 safe",
        "1 change: 1 safe",
    ]
    assert lines[-1] == "a note"


def test_comparisons_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparisons([comparison("blog")], (), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert document["resources"][0]["resource"] == "blog"
    assert document["resources"][0]["changes"][0]["subject"] == "Post"

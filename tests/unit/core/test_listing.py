from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_modelgen.cli.listing import print_plugins, print_targets
from amplify_modelgen.plugins import PluginInfo
from amplify_modelgen.records import Output, Settings, Source
from core_values import target

if TYPE_CHECKING:
    import pytest

BACKEND = Source(key="backend", value="aws", origin="default")
SETTINGS = Settings(root=Path("root"), sources=(BACKEND,))
BLOG = target(
    "blög@dev",
    sources=(Source(key="app-id", value="d1", origin="a.json"),
             Source(key="region", value="eu\n", origin="b.json")),
    outputs=(Output(emitter="python", path="m.py", options=(("style", "x"),)),),
)  # fmt: skip
PLUGINS = (
    PluginInfo(name="aws", distribution="ours", version="1", hooks=("modelgen_backend",)),
    PluginInfo(name="longer", distribution="theirs\x1b", version="12", hooks=("a", "b")),
)


def test_people_see_where_each_value_came_from(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_machines_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_plugins_stand_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_plugins(PLUGINS, as_json=False)
    assert capsys.readouterr().out == (
        "aws     ours 1         modelgen_backend\nlonger  theirs\\x1b 12  a, b\n"
    )


def test_plugins_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_plugins(PLUGINS[:1], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "version": 1,
        "plugins": [
            {"name": "aws", "distribution": "ours", "version": "1", "hooks": ["modelgen_backend"]}
        ],
    }

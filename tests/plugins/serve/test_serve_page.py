"""docs/serve.md: its sample test is run, its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplify_modelgen_plugins.serve.command import add_arguments
from amplify_modelgen_plugins.serve.operations import OPERATIONS

if TYPE_CHECKING:
    import pytest

DOCS = (Path(__file__).parents[3] / "docs" / "serve.md").read_text("utf-8")


def test_sample_test_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)
    names["test_models_survive_throttling"]()


def test_every_operation_is_listed() -> None:
    section = DOCS.partition("## Operations")[2].partition("##")[0]
    assert set(re.findall(r"\w+", section)) >= OPERATIONS


def test_every_option_is_listed() -> None:
    from argparse import ArgumentParser

    parser = ArgumentParser(add_help=False)
    add_arguments(parser)
    options = {option for action in parser._actions for option in action.option_strings}
    assert options | {"--root", "--verbose"} == set(
        re.findall(r"^\| `(--[\w-]+)", DOCS, re.MULTILINE)
    )

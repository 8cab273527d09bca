"""The page's samples of Python, diagrams and documents are what the emitters write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins import emit_datastore, emit_introspection, emit_mermaid, emit_python
from amplify_modelgen_plugins.python_models.names import CONVERTERS
from amplify_modelgen_plugins.python_models.styles import STYLES
from amplify_modelgen_plugins.python_models.types import SCALARS
from emitted import module_of

PAGE = (Path(__file__).parents[3] / "docs/emitters.md").read_text(encoding="utf-8")
EMITTERS = {
    module.modelgen_emitters()[0].name: module.modelgen_emitters()[0]
    for module in (emit_python, emit_mermaid, emit_introspection, emit_datastore)
}


def section(name: str) -> str:
    return PAGE.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]


def samples(text: str) -> list[tuple[str, str]]:
    """Each sample with the word behind its language: a file, or nothing."""
    return re.findall(r"^```\w+ ?(\S*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def schema() -> str:
    return next(text for _, text in samples(PAGE) if text.startswith("type "))


@pytest.mark.parametrize("name", EMITTERS)
def test_samples_are_real(name: str) -> None:
    (artifact,) = EMITTERS[name].emit(generate_models(schema()), {})
    shown = [sample for file, sample in samples(section(name)) if file == artifact.path]
    assert len(shown) == 1
    assert shown[0] in artifact.content.decode()


@pytest.mark.parametrize("name", EMITTERS)
def test_options_are_all_told(name: str) -> None:
    options = re.findall(r"^\| `([a-z-]+)` \| `\"", section(name), re.MULTILINE)
    assert options == list(EMITTERS[name].options or ())
    assert options or "It has no options." in " ".join(section(name).split())


def test_styles_are_all_told() -> None:
    row = next(line for line in section("python").splitlines() if line.startswith("| `style`"))
    assert re.findall(r'`"(\w+)"`', row) == ["dataclass", *STYLES]


def test_the_usage_works(tmp_path: Path) -> None:
    (usage,) = [sample for file, sample in samples(section("python")) if file == "usage"]
    names: dict[str, Any] = {"models": module_of(schema(), tmp_path)}
    exec(usage, names)
    assert names["post"].title == "Hello"


def test_helpers_and_scalars_are_all_told() -> None:
    told = section("python")
    assert set(re.findall(r"^\| `(\w+)\(", told, re.MULTILINE)) == CONVERTERS
    assert [scalar for scalar in SCALARS if f"`{scalar}`" not in told] == []

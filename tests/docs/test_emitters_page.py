"""The samples of Python, diagrams and documents on the page are the output of the emitters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters import json_documents, mermaid, python, typescript
from amplify_modelgen_plugins.emitters.python import STYLES
from amplify_modelgen_plugins.emitters.python.python_names import CONVERTERS, SCALARS
from amplify_modelgen_plugins.emitters.schema_model import HEADER
from support.emitted import module_of

PAGE = (Path(__file__).parents[2] / "docs/emitters.md").read_text(encoding="utf-8")
EMITTERS = {
    emitter.name: emitter
    for module in (python, mermaid, json_documents, typescript)
    for emitter in module.modelgen_emitters()
    if emitter.name != "typescript"  # It has two files, as `javascript`.
}


def section(name: str) -> str:
    return PAGE.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]


def samples(text: str) -> list[tuple[str, str]]:
    """Return the file name after the language, or nothing, and the text of each sample."""
    return re.findall(r"^```\w+ ?(\S*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def schema() -> str:
    return next(text for _, text in samples(PAGE) if text.startswith("type "))


@pytest.mark.parametrize("name", EMITTERS)
def test_samples_are_output_of_the_emitter(name: str) -> None:
    (artifact,) = EMITTERS[name].emit(generate_models(schema()), {})
    shown = [sample for file, sample in samples(section(name)) if file == artifact.path]
    assert len(shown) == 1
    assert shown[0] in artifact.content.decode()


@pytest.mark.parametrize("name", EMITTERS)
def test_all_options_are_documented(name: str) -> None:
    options = re.findall(r"^\| `([a-z-]+)` \| `\"", section(name), re.MULTILINE)
    assert options == list(EMITTERS[name].options or ())
    assert options or "It has no options." in " ".join(section(name).split())


def test_all_styles_are_documented() -> None:
    row = next(line for line in section("python").splitlines() if line.startswith("| `style`"))
    assert re.findall(r'`"(\w+)"`', row) == ["dataclass", *STYLES]


def test_the_usage_works(tmp_path: Path) -> None:
    (usage,) = [sample for file, sample in samples(section("python")) if file == "usage"]
    names: dict[str, Any] = {"models": module_of(schema(), tmp_path)}
    exec(usage, names)
    assert names["post"].title == "Hello"


def test_all_helpers_and_scalars_are_documented() -> None:
    text = section("python")
    assert set(re.findall(r"^\| `(\w+)\(", text, re.MULTILINE)) == CONVERTERS
    assert [scalar for scalar in SCALARS if f"`{scalar}`" not in text] == []


def test_the_header_is_documented() -> None:
    assert f"```text\n{HEADER}\n```" in PAGE


def test_the_recognized_files_of_every_emitter_are_documented() -> None:
    text = PAGE.partition("\n## Which files are replaced\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} == {
        "dart",
        "java",
        "javascript",
        "swift",
        "typescript",
        *EMITTERS,
    }

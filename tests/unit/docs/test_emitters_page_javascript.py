"""The samples of the page are what the emitters write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins import emit_javascript, emit_typescript

PAGE = (Path(__file__).parents[3] / "docs/emitters.md").read_text(encoding="utf-8")
SECTIONS = {
    "javascript": (emit_javascript.modelgen_emitters()[0], {"index.js", "index.d.ts"}),
    "typescript": (emit_typescript.modelgen_emitters()[0], {"index.ts"}),
}


def section(name: str) -> str:
    return PAGE.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]


def schema() -> str:
    found = re.search(r"^```graphql\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize("name", SECTIONS)
def test_samples_are_real(name: str) -> None:
    emitter, shown = SECTIONS[name]
    made = {one.path: one.content.decode() for one in emitter.emit(generate_models(schema()), {})}
    samples = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", section(name), re.DOTALL | re.MULTILINE)
    assert {file for file, _ in samples} == shown
    for file, sample in samples:
        assert sample in made[file]


@pytest.mark.parametrize("name", SECTIONS)
def test_options_are_all_told(name: str) -> None:
    options = re.findall(r"^\| `([a-z-]+)` \|", section(name), re.MULTILINE)
    assert options == list(SECTIONS[name][0].options or ())
    assert options or "It has no options." in section(name)

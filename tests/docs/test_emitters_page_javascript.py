"""The samples of JavaScript and TypeScript on the page are the output of the emitters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters import javascript, typescript

PAGE = (Path(__file__).parents[2] / "docs/emitters.md").read_text(encoding="utf-8")
SECTIONS = {
    "javascript": (javascript.modelgen_emitters()[0], {"index.js", "index.d.ts"}),
    "typescript": (typescript.modelgen_emitters()[0], {"index.ts"}),
}


def section(name: str) -> str:
    return PAGE.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]


def schema() -> str:
    match = re.search(r"^```graphql\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert match
    return match[1]


@pytest.mark.parametrize("name", SECTIONS)
def test_samples_are_output_of_the_emitter(name: str) -> None:
    emitter, shown = SECTIONS[name]
    artifacts = emitter.emit(generate_models(schema()), {})
    texts = {artifact.path: artifact.content.decode() for artifact in artifacts}
    samples = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", section(name), re.DOTALL | re.MULTILINE)
    assert {file for file, _ in samples} == shown
    for file, sample in samples:
        assert sample in texts[file]


@pytest.mark.parametrize("name", SECTIONS)
def test_all_options_are_documented(name: str) -> None:
    options = re.findall(r"^\| `([a-z-]+)` \|", section(name), re.MULTILINE)
    assert options == list(SECTIONS[name][0].options or ())
    assert options or "It has no options." in section(name)

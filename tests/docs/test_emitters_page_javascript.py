"""The samples of JavaScript and TypeScript on the page are the output of the emitters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen.plugin import ModelgenError
from amplify_modelgen_plugins.emitters import javascript, typescript
from support.javascript_deviations import DEVIATIONS, Deviation

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
        assert sample.rstrip("\n") in texts[file]


@pytest.mark.parametrize("name", SECTIONS)
def test_all_options_are_documented(name: str) -> None:
    options = re.findall(r"^\| `([a-z-]+)` \|", section(name), re.MULTILINE)
    assert options == list(SECTIONS[name][0].options or ())
    assert options or "It has no options." in section(name)


def test_all_deviations_from_amplify_are_documented() -> None:
    rows = [line for line in section("javascript").splitlines() if line.startswith("| `")]
    assert rows == [deviation.row for deviation in DEVIATIONS]


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.example)
def test_deviations_are_repaired_or_refused(deviation: Deviation) -> None:
    models = generate_models(deviation.example)
    if deviation.refused is None:
        assert len(javascript.emit(models, {})) == 4
    else:
        with pytest.raises(ModelgenError, match=re.escape(deviation.refused)):
            javascript.emit(models, {})

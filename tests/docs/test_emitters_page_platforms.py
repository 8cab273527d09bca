"""The samples of Java and Dart are output of the emitters, and the table of faults is current."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import Models
from amplify_modelgen_plugins.emitters import dart, java, swift

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tools/platform_faults.py"
PAGE = (ROOT / "docs/emitters.md").read_text(encoding="utf-8")


def samples(language: str) -> list[tuple[str, str]]:
    pattern = rf"^```{language} ?(\S*)\n(.*?)^```$"
    return re.findall(pattern, PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("name", "module"), [("swift", swift), ("java", java), ("dart", dart)])
def test_samples_are_output_of_the_emitter(name: str, module: ModuleType) -> None:
    schema = next(text for _, text in samples("graphql") if text.startswith("type "))
    artifacts = module.emit(Models(schema=schema), {})
    files = {artifact.path: artifact.content.decode() for artifact in artifacts}
    shown = samples(name)
    assert shown
    for file, sample in shown:
        assert sample in files[file]


def test_the_table_of_faults_is_current() -> None:
    spec = importlib.util.spec_from_file_location("table_of_faults", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.current(PAGE) == PAGE, "run 'python tools/platform_faults.py'"

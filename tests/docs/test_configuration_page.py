from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomli

from amplify_modelgen.config import (
    FLAG_KEYS,
    VARIABLES,
    ConfigTable,
    OutputTable,
    TargetTable,
    load_settings,
    open_project,
)
from amplify_modelgen.input_validation import MAX_TIMEOUT
from amplify_modelgen.records import FeatureFlags, Settings
from amplify_modelgen_plugins.amplify_cli.front_ends import FRONT_ENDS, FURTHER_OUTPUTS
from amplify_modelgen_plugins.amplify_cli.project_search import (
    MAX_DIRECTORIES,
    SKIPPED_DIRECTORIES,
)
from amplify_modelgen_plugins.amplify_cli.project_settings import EXISTING_PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def rows(section: str) -> dict[str, list[str]]:
    """Return the first table of a section: the other cells of each row by its first cell."""
    text = re.split(rf"^#+ {section}$", PAGE, flags=re.MULTILINE)[1]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table is not None
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[0].splitlines()]
    return {row[0].strip("`"): row[1:] for row in cells[2:]}


def values(cells: Iterable[str]) -> list[object]:
    return [tomli.loads(f"x = {cell.strip('`')}")["x"] for cell in cells]


def test_every_setting_with_its_default() -> None:
    table = rows("Settings of a run")
    assert tuple(table) == ConfigTable.__struct_encode_fields__
    defaults = Settings(root=Path())
    given = {key: cells[0] for key, cells in table.items() if cells[0] != "none"}
    assert values(given.values()) == [
        list(value) if isinstance(value, tuple) else value
        for value in (getattr(defaults, key.replace("-", "_")) for key in given)
    ]
    assert defaults.environment is None
    assert f"up to {MAX_TIMEOUT:g}" in table["timeout"][1]


def test_every_variable_and_flag() -> None:
    found = re.findall(r"^\| `(\S+)` \| `(AMPLIFY_\w+)` \| `(--\S+)` \|$", PAGE, re.MULTILINE)
    assert found == [(key, name, f"--{key}") for key, name in VARIABLES.items()]


def test_every_key_of_a_target() -> None:
    assert set(rows("Targets")) == set(TargetTable.__struct_encode_fields__)


def test_every_key_of_an_output() -> None:
    assert tuple(rows("Outputs")) == OutputTable.__struct_encode_fields__


def test_every_feature_flag_with_its_two_defaults() -> None:
    table = rows("Feature flags")
    assert tuple(table) == tuple(FLAG_KEYS.values())
    for name, key in FLAG_KEYS.items():
        cells = table[key]
        assert values(cells) == [getattr(FeatureFlags(), name), getattr(EXISTING_PROJECT, name)]


def test_every_front_end_with_its_directory() -> None:
    table = rows("Without configuration")
    assert "feature flags" in table
    for name, place in FRONT_ENDS.items():
        [row] = re.findall(rf"^\| `{name}` \| (.*) \|$", PAGE, re.MULTILINE)
        assert row.startswith(f"`{place.emitter}` |")
        assert f"`{place.default}`" in row
        assert place.key in row
    assert all(f"`{file}`" in PAGE for file in FURTHER_OUTPUTS.values())


def test_every_directory_that_is_skipped() -> None:
    assert all(f"`{name}`" in PAGE for name in SKIPPED_DIRECTORIES)
    assert f"{MAX_DIRECTORIES:,} directories" in PAGE


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_example(tmp_path: Path, text: str) -> None:
    shared = "tool.amplify-modelgen" in text
    file = "pyproject.toml" if shared else "amplify-modelgen.toml"
    (tmp_path / file).write_text(text, encoding="utf-8")
    files, origin = open_project(None, tmp_path)
    with files:
        settings = load_settings(files, origin, {}, {})
    assert settings.config_file == file
    assert settings.targets or settings.default_outputs
    assert all(target.outputs for target in settings.targets)


def test_there_are_examples_of_both_files() -> None:
    assert len(EXAMPLES) == 4

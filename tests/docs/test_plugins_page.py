"""The reference in docs/plugins.md is generated from the code, and its sample plugin works."""

from __future__ import annotations

import importlib.util
import inspect
import os
import pydoc
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from amplify_modelgen import plugin
from support.entry_points import add_plugin

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
SCRIPT = ROOT / "tools" / "plugin_reference.py"


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("plugin_reference", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def run_command(directory: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "amplify_modelgen", *argv],
        cwd=directory / "project",
        env={**os.environ, "PYTHONPATH": str(directory / "site")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_reference_is_current() -> None:
    assert load_script().render(PAGE) == PAGE, "run 'python tools/plugin_reference.py'"


def test_script_rejects_a_page_without_markers() -> None:
    with pytest.raises(ValueError, match="marker"):
        load_script().render("# A page\n")


def test_script_checks_the_page() -> None:
    script = load_script()
    assert script.main(["--check"]) == 0


def test_script_writes_a_page_that_is_not_current(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = load_script()
    page = tmp_path / "plugins.md"
    page.write_text(f"# A page\n{script.BEGIN}old\n{script.END}", encoding="utf-8")
    vars(script)["PAGE"] = page
    assert script.main(["--check"]) == 1
    assert "not current" in capsys.readouterr().out
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0


def test_page_names_everything_public() -> None:
    titles = set(re.findall(r"^### `(\w+)", PAGE, re.MULTILINE))
    hooks = {name for name in vars(plugin) if name.startswith("modelgen_")}
    assert len(hooks) == 7
    assert titles == {*plugin.__all__, *hooks} - {"hookimpl"}


def test_page_names_every_field() -> None:
    for name in plugin.__all__:
        item = getattr(plugin, name)
        if inspect.isclass(item) and issubclass(item, Struct):
            section = PAGE.partition(f"\n### `{name}`\n")[2].partition("\n### ")[0]
            rows = re.findall(r"^\| `(\w+)` \| .* \| (?:required|`.*`) \|$", section, re.MULTILINE)
            assert tuple(rows) == item.__struct_fields__


def test_dir_holds_every_public_name() -> None:
    assert set(plugin.__all__) <= set(dir(plugin))
    assert list(plugin.__all__) == sorted(
        plugin.__all__, key=lambda name: (name[0].islower(), name)
    )


def test_every_public_name_is_documented() -> None:
    undocumented = [
        name
        for name in plugin.__all__
        if name != "hookimpl" and not inspect.getdoc(getattr(plugin, name))
    ]
    assert undocumented == []


def test_help_renders() -> None:
    text = pydoc.plain(pydoc.render_doc(plugin))
    assert all(f"class {name}(" in text for name in ("Emitter", "JobBackend", "Report"))


@pytest.mark.parametrize("name", [name for name in plugin.__all__ if name != "hookimpl"])
def test_help_renders_each_name(name: str) -> None:
    assert name in pydoc.plain(pydoc.render_doc(getattr(plugin, name)))


def test_sample_plugin_works(tmp_path: Path) -> None:
    [source] = blocks("python")
    add_plugin(tmp_path / "site", "names", source, module="modelgen_names")
    project = tmp_path / "project"
    project.mkdir()
    (project / "amplify-modelgen.toml").write_text(blocks("toml")[1], encoding="utf-8")
    schema = project / "schema.graphql"
    schema.write_text("type Post @model {\n  title: String\n}\n", encoding="utf-8")

    first = run_command(tmp_path, "generate")
    assert (first.returncode, first.stderr) == (1, "")
    assert "created    generated/models.txt" in first.stdout
    output = project / "generated" / "models.txt"
    assert output.read_text(encoding="utf-8") == "# Models\nPost\n"
    assert run_command(tmp_path, "check").returncode == 0

    schema.write_text("type Comment @model {\n  text: String\n}\n", encoding="utf-8")
    assert run_command(tmp_path, "generate").returncode == 1
    assert output.read_text(encoding="utf-8") == "# Models\nComment\n"

    output.write_text("mine\n", encoding="utf-8")
    refused = run_command(tmp_path, "generate")
    assert refused.returncode == 3
    assert "--overwrite" in refused.stdout + refused.stderr
    assert output.read_text(encoding="utf-8") == "mine\n"


def test_sample_plugin_is_listed(tmp_path: Path) -> None:
    [source] = blocks("python")
    add_plugin(tmp_path / "site", "names", source, module="modelgen_names")
    (tmp_path / "project").mkdir()
    lines = run_command(tmp_path, "plugins").stdout.splitlines()
    assert ["names", "modelgen_names", "1.0", "modelgen_emitters"] in [
        line.split() for line in lines
    ]

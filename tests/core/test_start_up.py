"""Modules that a command imports: a git hook pays for each of them on every commit."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import amplify_modelgen
import amplify_modelgen_plugins
from support.pipeline import CONFIGURATION, SCHEMA

PACKAGES = (amplify_modelgen, amplify_modelgen_plugins)
SOURCES = [str(Path(package.__path__[0]).parent) for package in PACKAGES]
CLIENTS = {"boto3", "botocore", "graphql", "rich"}
LIBRARIES = CLIENTS | {
    *("argparse", "dataclasses", "filelock", "hjson", "importlib.metadata", "json", "msgspec"),
    *("pathlib", "pluggy", "re", "subprocess", "tomli"),
}
STEERING = ("AWS_", "AMPLIFY", "CI", "GIT", "PRE_COMMIT", "XDG_")
RUN = "from amplify_modelgen.__main__ import main; code = main()"


def imported(program: str, *argv: str, cwd: Path, code: int = 0) -> set[str]:
    """Return the modules that a program has imported at its end."""
    # Without site, since .pth files may import anything before the program does.
    lines = (
        f"import sys; sys.path[:0] = {[*SOURCES, *sys.path]!r}; code = 0",
        f"sys.argv = {['amplify-modelgen', *argv]!r}",
        program,
        "print(); print(*sys.modules); sys.exit(code)",
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "\n".join(lines)],
        cwd=cwd,
        # The environment is a part of a cached result, and differs between fixtures.
        env={key: value for key, value in os.environ.items() if not key.startswith(STEERING)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def is_plugin(module: str) -> bool:
    return module.startswith("amplify_modelgen_plugins.")


def make_project(root: Path) -> Path:
    (root / ".git").mkdir(parents=True)
    (root / "amplify-modelgen.toml").write_text(CONFIGURATION)
    (root / "blog.graphql").write_text(SCHEMA)
    return root


@pytest.fixture(scope="module")
def up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose next run is a hit of the fast path."""
    root = make_project(tmp_path_factory.mktemp("start-up") / "project")
    imported(RUN, "generate", cwd=root, code=1)
    # The result of a run is stored only if all files are older than the clock's granularity.
    time.sleep(2.1)
    for command in ("generate", "check", "validate"):
        imported(RUN, command, cwd=root)
    return root


@pytest.mark.parametrize("argv", [("generate",), ("check",), ("validate",)])
def test_a_hit_of_the_fast_path_imports_no_library(up_to_date: Path, argv: tuple[str, ...]) -> None:
    modules = imported(RUN, *argv, cwd=up_to_date)
    assert not LIBRARIES & modules
    assert {module for module in modules if module.startswith("amplify_modelgen")} == {
        "amplify_modelgen",
        "amplify_modelgen.__main__",
        *({"amplify_modelgen._version"} & modules),  # if it was built
        "amplify_modelgen.fast_path",
    }


@pytest.mark.parametrize("command", ["generate", "check"])
def test_files_of_the_run_are_a_hit_as_well(up_to_date: Path, command: str) -> None:
    assert not LIBRARIES & imported(RUN, command, "blog.graphql", cwd=up_to_date)


@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_run_past_the_fast_path_imports_no_client_and_no_parser(
    tmp_path: Path, command: str
) -> None:
    modules = imported(RUN, command, cwd=make_project(tmp_path / "project"), code=1)
    assert "amplify_modelgen.pipeline.plan" in modules
    assert not CLIENTS & modules


@pytest.mark.parametrize("name", ["generate", "check", "validate", "preview", "diff", "targets"])
def test_help_of_a_built_in_command_imports_no_plugin(tmp_path: Path, name: str) -> None:
    modules = imported(RUN, name, "--help", cwd=tmp_path)
    assert "argparse" in modules
    assert not (CLIENTS | {"pluggy", "tomli"}) & modules
    assert not any(map(is_plugin, modules))


def test_help_imports_no_client_and_no_parser(tmp_path: Path) -> None:
    """Plugins are imported because the help lists their commands."""
    assert not (CLIENTS | {"tomli"}) & imported(RUN, "--help", cwd=tmp_path)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version_imports_no_plugin(tmp_path: Path, option: str) -> None:
    modules = imported(RUN, option, cwd=tmp_path)
    assert not (CLIENTS | {"pluggy", "tomli"}) & modules
    assert not any(map(is_plugin, modules))


@pytest.mark.parametrize("form", ["introspection", "datastore"])
def test_a_preview_of_a_document_imports_no_client_and_no_parser(tmp_path: Path, form: str) -> None:
    root = make_project(tmp_path / "project")
    modules = imported(RUN, "preview", "--format", form, "blog.graphql", cwd=root)
    assert "amplify_modelgen.modelgen.parser" in modules
    assert not CLIENTS & modules


def test_the_tox_plugin_imports_neither_the_core_nor_another_plugin(tmp_path: Path) -> None:
    # Only what the plugin adds to tox itself counts.
    before = imported("import tox.run, tox.session.state, tox.config.loader.memory", cwd=tmp_path)
    after = imported("import tox.run, amplify_modelgen_plugins.tox", cwd=tmp_path)
    assert not (CLIENTS | {"pluggy", "msgspec", "tomli"}) & (after - before)
    ours = {module for module in after if module.startswith("amplify_modelgen")}
    assert ours == {"amplify_modelgen_plugins", "amplify_modelgen_plugins.tox"}

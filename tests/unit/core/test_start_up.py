"""What a call loads: a git hook pays for every module, on every commit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import amplify_modelgen
import amplify_modelgen_plugins
from amplify_modelgen.unchanged import main

PACKAGES = (amplify_modelgen, amplify_modelgen_plugins)
SOURCES = [str(Path(each.__path__[0]).parent) for each in PACKAGES]
EXAMPLE = Path(__file__).parents[3] / "examples" / "blog"
CHEAP = {
    *("argparse", "dataclasses", "tomli", "boto3", "botocore", "graphql", "pluggy", "rich"),
    *("importlib.metadata", "msgspec"),
}
OFFLINE = {"boto3", "botocore", "graphql", "rich"}


@pytest.fixture
def settled(project: Path) -> Path:
    """A project whose only target is up to date, and known to be; two files are no target's."""
    for name in ("other.graphql", "a.py"):
        (project / name).touch()
    assert [main(["generate"]), main(["generate"]), main(["check"])] == [1, 0, 0]
    return project


def loaded(*words: str) -> set[str]:
    # Without site, whose .pth files may have loaded anything before us.
    program = (
        f"import sys; sys.path[:0] = {[*SOURCES, *sys.path]!r}; "
        "from amplify_modelgen.unchanged import main; "
        f"code = main({list(words)!r}); print(*sys.modules); sys.exit(code)"
    )
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, check=True, text=True, capture_output=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("verb", ["generate", "check"])
@pytest.mark.parametrize("files", [[], ["blog.graphql"], ["other.graphql", "a.py"]])
def test_a_run_that_changes_nothing_loads_nothing_that_costs(verb: str, files: list[str]) -> None:
    assert not CHEAP & loaded(verb, *files)


def test_a_project_that_comes_deep_down_is_seen(project: Path) -> None:
    web = project / "apps" / "web"
    web.mkdir(parents=True)
    assert [main(["generate"]), main(["generate"]), main(["check"])] == [1, 0, 0]
    shutil.copytree(EXAMPLE / "amplify", web / "amplify")
    assert main(["check"]) == 1


@pytest.mark.parametrize("verb", ["generate", "check"])
def test_nor_does_one_after_a_change_of_a_comment(settled: Path, verb: str) -> None:
    schema = settled / "blog.graphql"
    schema.write_text(f"# a new word\n{schema.read_text()}")
    assert not CHEAP & loaded(verb)


@pytest.mark.parametrize("verb", ["generate", "check"])
def test_a_run_past_the_early_exit_loads_no_client_and_no_parser(settled: Path, verb: str) -> None:
    with (settled / "amplify-modelgen.toml").open("a") as file:
        file.write("# a new word\n")
    modules = loaded(verb)
    assert "tomli" in modules
    assert not (OFFLINE | {"dataclasses", "importlib.metadata", "shutil"}) & modules


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("form", ["introspection", "datastore"])
def test_a_preview_of_a_document_loads_no_plugin_and_no_library(form: str) -> None:
    modules = loaded("preview", "--format", form, "blog.graphql")
    assert "amplify_modelgen.modelgen.reader" in modules
    assert not (OFFLINE | {"pluggy", "importlib.metadata", "tomli"}) & modules

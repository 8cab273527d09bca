"""What a release uploads: complete, installable, and honest about itself."""

from __future__ import annotations

import re
import tarfile
from importlib.metadata import Distribution, PathDistribution
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest

from hosts.running import copy_example
from hosts.venvs import QUICKLY, Venv, venv_with_our_dependencies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hosts.conftest import Distributions

ROOTS = ("pre_commit_hooks", "plugins")
VERSION = "0.1.0"
NEEDED = {"boto3", "graphql-core", "pluggy", "rich", "tomli"}


def _sources(folder: Path) -> set[str]:
    """Return every file that an installation has to have, as it is imported."""
    return {
        path.relative_to(folder / root).as_posix()
        for root in ROOTS
        for path in (folder / root).rglob("*")
        if path.suffix == ".py" or path.name == "py.typed"
    }


@pytest.fixture(scope="module")
def metadata(distributions: Distributions) -> Distribution:
    with ZipFile(distributions.wheel) as archive:
        [folder] = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    return PathDistribution(ZipPath(distributions.wheel, f"{folder}/"))


def test_the_wheel_holds_every_module_of_both_roots(
    distributions: Distributions, snapshot: Path
) -> None:
    with ZipFile(distributions.wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == _sources(snapshot), "packages are listed by hand in setup.cfg"
    assert {"amplify_modelgen/py.typed", "amplify_modelgen_plugins/py.typed"} <= names


def test_the_wheel_takes_no_foreign_name(distributions: Distributions) -> None:
    with ZipFile(distributions.wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    own = {"amplify_modelgen", "amplify_modelgen_plugins"}
    assert tops == {*own, f"amplify_modelgen-{VERSION}.dist-info"}


def test_the_sdist_holds_what_a_build_needs(distributions: Distributions, snapshot: Path) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()}
    files = {f"{root}/{name}" for root in ROOTS for name in _sources(snapshot)}
    assert {name for name in files if (snapshot / name).exists()} <= names
    assert {"LICENSE", "README.md", "setup.cfg", "pyproject.toml"} <= names


def test_the_metadata_are_those_of_the_project(metadata: Distribution) -> None:
    said = metadata.metadata
    assert (said["Name"], said["Version"]) == ("amplify-modelgen", VERSION)
    assert said["License-Expression"] == "Apache-2.0"
    assert said["Requires-Python"] == ">=3.11"
    assert said["Description-Content-Type"] == "text/markdown"


def test_it_needs_nothing_but_its_runtime_dependencies(metadata: Distribution) -> None:
    plain = [each for each in metadata.requires or [] if "extra ==" not in each]
    assert {re.split("[<>=!~ ]", each)[0] for each in plain} == NEEDED


def test_every_entry_point_leads_somewhere(installed: Venv) -> None:
    listed = installed.run("amplify-modelgen", "plugins")
    assert {"aws", "local", "introspection", "terminal"} <= set(listed.split())
    assert "could not be loaded" not in listed


def test_the_wheel_runs_where_pip_has_put_it(installed: Venv) -> None:
    assert installed.run("amplify-modelgen", "--version") == f"amplify-modelgen {VERSION}\n"
    assert installed.run("pip", "check") == "No broken requirements found.\n"


def test_the_wheel_generates(installed: Venv, tmp_path: Path) -> None:
    project = copy_example(tmp_path / "blog")
    said = installed.run("amplify-modelgen", "generate", "--backend=local", cwd=project, code=1)
    assert "blog@dev: generated" in said


@pytest.mark.parametrize("kind", ["sdist", "editable"])
def test_the_source_can_be_installed_as_well(
    kind: str,
    distributions: Distributions,
    snapshot: Path,
    host_env: Mapping[str, str],
    tmp_path: Path,
) -> None:
    venv = venv_with_our_dependencies(tmp_path / "venv", host_env)
    source = (distributions.sdist,) if kind == "sdist" else ("--editable", snapshot)
    venv.install(*QUICKLY, *source)
    assert venv.run("amplify-modelgen", "--version") == f"amplify-modelgen {VERSION}\n"
    project = copy_example(tmp_path / "blog")
    assert "generated" in venv.run(
        "amplify-modelgen", "generate", "--backend=local", cwd=project, code=1
    )
    where = venv.run("python", "-c", "import amplify_modelgen as it; print(it.__file__)")
    assert (str(snapshot) in where) == (kind == "editable")

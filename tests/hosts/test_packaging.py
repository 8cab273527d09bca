"""What a release uploads: complete, installable, and honest about itself."""

from __future__ import annotations

import re
import tarfile
from configparser import ConfigParser
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
NEEDED = {"boto3", "graphql-core", "msgspec", "pluggy", "rich", "tomli"}


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


def test_the_oldest_libraries_that_are_allowed_are_those_that_are_tested(snapshot: Path) -> None:
    allowed, tested = ConfigParser(), ConfigParser()
    allowed.read(snapshot / "setup.cfg")
    tested.read(snapshot / "tox.ini")
    needed = dict(re.findall(r"(\S+)>=([\d.]+)", allowed["options"]["install_requires"]))
    pinned = dict(re.findall(r"(\S+)==([\d.]+)", tested["testenv:lowest"]["deps"]))
    assert needed.keys() == pinned.keys() == NEEDED
    assert all(f"{pinned[name]}.".startswith(f"{oldest}.") for name, oldest in needed.items())


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


@pytest.fixture(scope="module", params=["wheel", "sdist", "editable"])
def installed(
    request: pytest.FixtureRequest,
    distributions: Distributions,
    snapshot: Path,
    host_env: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Venv:
    """An environment that pip has put us into; that of test_readme.py is lent nothing."""
    sources: dict[str, tuple[str | Path, ...]] = {
        "wheel": (distributions.wheel,),
        "sdist": (distributions.sdist,),
        "editable": ("--editable", snapshot),
    }
    folder = tmp_path_factory.mktemp(request.param)
    venv = venv_with_our_dependencies(folder / "venv", host_env)
    venv.install(*QUICKLY, *sources[request.param])
    return venv


def test_what_pip_installed_is_what_runs(installed: Venv, snapshot: Path, tmp_path: Path) -> None:
    assert installed.run("amplify-modelgen", "--version") == f"amplify-modelgen {VERSION}\n"
    code = "import amplify_modelgen as it; print(it.__file__)"
    where = installed.run("python", "-c", code, cwd=tmp_path)
    assert where.startswith((str(installed.path), str(snapshot)))


def test_every_entry_point_leads_somewhere(installed: Venv) -> None:
    listed = installed.run("amplify-modelgen", "plugins")
    assert {"aws", "local", "introspection", "terminal"} <= set(listed.split())


def test_it_generates(installed: Venv, tmp_path: Path) -> None:
    project = copy_example(tmp_path / "blog")
    said = installed.run("amplify-modelgen", "generate", "--backend=local", cwd=project, code=1)
    assert "blog@dev: generated" in said

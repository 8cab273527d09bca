"""The distributions of a release: complete, minimal, and installable."""

from __future__ import annotations

import re
import sys
import tarfile
from configparser import ConfigParser
from importlib.metadata import Distribution, PathDistribution
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest

from amplify_modelgen.plugin_manager import BUILT_IN
from hosts.running import SOURCE, copy_example, run
from hosts.venvs import QUICKLY, Venv, venv_with_our_dependencies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hosts.conftest import Distributions

ROOTS = ("pre_commit_hooks", "plugins")
NEEDED = {
    *("boto3", "filelock", "graphql-core", "hjson", "msgspec", "pluggy", "rich", "shtab", "tomli"),
}


def _sources(directory: Path) -> set[str]:
    """Return every file that an installation must have, relative to its source root."""
    return {
        path.relative_to(directory / root).as_posix()
        for root in ROOTS
        for path in (directory / root).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def _version(wheel: Path) -> str:
    return wheel.name.split("-")[1]


@pytest.fixture(scope="module")
def metadata(distributions: Distributions) -> Distribution:
    with ZipFile(distributions.wheel) as archive:
        [directory] = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    return PathDistribution(ZipPath(distributions.wheel, f"{directory}/"))


def test_every_package_has_an_init_module() -> None:
    sources = _sources(SOURCE)
    directories = {path.rpartition("/")[0] for path in sources if path.endswith(".py")}
    assert {path for path in directories if f"{path}/__init__.py" not in sources} == set()


def test_the_wheel_holds_every_file_of_both_roots_and_no_other(
    distributions: Distributions, snapshot: Path
) -> None:
    with ZipFile(distributions.wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {*_sources(snapshot), "amplify_modelgen/_version.py"}
    assert {"amplify_modelgen/py.typed", "amplify_modelgen_plugins/py.typed"} <= names


def test_the_oldest_libraries_that_are_allowed_are_those_that_are_tested(snapshot: Path) -> None:
    allowed, tested = ConfigParser(), ConfigParser()
    allowed.read(snapshot / "setup.cfg")
    tested.read(snapshot / "tox.ini")
    needed = dict(re.findall(r"(\S+)>=([\d.]+)", allowed["options"]["install_requires"]))
    pinned = dict(re.findall(r"(\S+)==([\d.]+)", tested["testenv:lowest"]["deps"]))
    assert needed.keys() == pinned.keys() == NEEDED
    assert all(f"{pinned[name]}.".startswith(f"{oldest}.") for name, oldest in needed.items())


def test_the_wheel_has_no_other_top_level_name(distributions: Distributions) -> None:
    with ZipFile(distributions.wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    own = {"amplify_modelgen", "amplify_modelgen_plugins"}
    assert tops == {*own, f"amplify_modelgen-{_version(distributions.wheel)}.dist-info"}


def test_the_sdist_holds_what_a_build_needs(distributions: Distributions, snapshot: Path) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()}
    files = {f"{root}/{name}" for root in ROOTS for name in _sources(snapshot)}
    assert {name for name in files if (snapshot / name).exists()} <= names
    assert {"LICENSE", "README.md", "setup.cfg", "pyproject.toml"} <= names


def test_the_metadata_are_those_of_the_project(metadata: Distribution) -> None:
    headers = metadata.metadata
    assert headers["Name"] == "amplify-modelgen"
    # The snapshot has no tag, so that it is a development version.
    assert re.match(r"0\.1(\.0)?\.dev\d+\+g", headers["Version"])
    assert headers["License-Expression"] == "Apache-2.0"
    assert headers["Requires-Python"] == ">=3.11"
    assert headers["Description-Content-Type"] == "text/markdown"


def test_it_needs_nothing_but_its_runtime_dependencies(metadata: Distribution) -> None:
    required = [line for line in metadata.requires or [] if "extra ==" not in line]
    assert {re.split("[<>=!~ ]", line)[0] for line in required} == NEEDED


@pytest.fixture(scope="module", params=["wheel", "sdist", "editable"])
def installed(
    request: pytest.FixtureRequest,
    distributions: Distributions,
    snapshot: Path,
    host_env: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Venv:
    """An environment that pip installed the project into, with the tests' dependencies."""
    sources: dict[str, tuple[str | Path, ...]] = {
        "wheel": (distributions.wheel,),
        "sdist": (distributions.sdist,),
        "editable": ("--editable", snapshot),
    }
    directory = tmp_path_factory.mktemp(request.param)
    venv = venv_with_our_dependencies(directory / "venv", host_env)
    venv.install(*QUICKLY, *sources[request.param])
    return venv


def test_what_pip_installed_is_what_runs(installed: Venv, snapshot: Path, tmp_path: Path) -> None:
    version = installed.run("pip", "show", "amplify-modelgen").split("Version: ")[1].split()[0]
    assert installed.run("amplify-modelgen", "--version") == f"amplify-modelgen {version}\n"
    code = "import amplify_modelgen as it; print(it.__file__)"
    where = installed.run("python", "-c", code, cwd=tmp_path)
    assert where.startswith((str(installed.path), str(snapshot)))


def test_every_built_in_plugin_is_listed(installed: Venv) -> None:
    lines = installed.run("amplify-modelgen", "plugins").splitlines()
    assert set(BUILT_IN) <= {line.split()[0] for line in lines}


def test_it_generates(installed: Venv, tmp_path: Path) -> None:
    project = copy_example(tmp_path / "blog")
    output = installed.run("amplify-modelgen", "generate", cwd=project, code=1)
    assert "blog@dev: generated" in output


def test_the_wheel_works_in_a_fresh_environment(
    distributions: Distributions, host_env: Mapping[str, str], tmp_path: Path
) -> None:
    maker = (sys.executable, "-m", "virtualenv", "--quiet", "--no-periodic-update")
    run(*maker, tmp_path / "venv", cwd=tmp_path, env=host_env)
    venv = Venv(path=tmp_path / "venv", env=host_env)
    venv.install(distributions.wheel)
    project = copy_example(tmp_path / "blog")
    output = venv.run("amplify-modelgen", "generate", cwd=project, code=1)
    assert "blog@dev: generated" in output
    assert "1 target up to date" in venv.run("amplify-modelgen", "check", cwd=project)
    venv.run("pip", "check")

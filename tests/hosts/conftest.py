"""Real hosts, and this project built, installed and cloned for them, once a session."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hosts.running import SCRIPTS, SOURCE, run

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOREIGN = ("AWS_", "BOTO_", "AMPLIFY_", "GIT_", "PRE_COMMIT", "PREK", "TOX", "VIRTUAL_ENV")


@pytest.fixture(scope="session")
def host_env(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Return the environment variables of a developer on a new machine."""
    home = tmp_path_factory.mktemp("hosts")
    (home / "template").mkdir()
    # A separate file: `git config --global` would replace `/dev/null` if root runs the tests.
    (home / "gitconfig").touch()
    own = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
    return {
        **own,
        "PATH": os.pathsep.join((str(SCRIPTS), own["PATH"])),
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@example.com",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@example.com",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TEMPLATE_DIR": str(home / "template"),
        "GIT_TERMINAL_PROMPT": "0",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PREK_HOME": str(home / "prek"),
        "TOX_USER_CONFIG_FILE": os.devnull,
        "VIRTUALENV_OVERRIDE_APP_DATA": str(home / "virtualenv"),
        # Compiling the whole of botocore takes longer than anything that the tests do with it.
        "PIP_NO_COMPILE": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NO_COLOR": "1",
    }


def _is_foreign(name: str) -> bool:
    return name.upper().startswith(_FOREIGN)


@pytest.fixture(scope="session")
def network(host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where pip cannot install anything."""
    directory = tmp_path_factory.mktemp("network")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "tomli"]
    done = subprocess.run(
        command, cwd=directory, env=dict(host_env), capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"pip cannot download anything: {done.stderr.strip().splitlines()[-1:]}")


@pytest.fixture(scope="session")
def snapshot(host_env: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with one commit: this one's working tree, less what git ignores."""
    if not (SOURCE / ".git").exists():
        pytest.skip("not a git checkout")
    directory = tmp_path_factory.mktemp("snapshot") / "amplify-modelgen"
    listing = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in run(*listing, cwd=SOURCE, env=host_env).split("\0"):
        if name and (SOURCE / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / name, directory / name)
    for words in ("init --quiet --initial-branch=main", "add --all", "commit --quiet -m All"):
        run("git", *words.split(), cwd=directory, env=host_env)
    return directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """What a release uploads."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def distributions(
    network: None,
    host_env: Mapping[str, str],
    snapshot: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Distributions:
    """Return this project, built the way a release builds it: the wheel from the sdist."""
    del network
    directory = tmp_path_factory.mktemp("dist")
    source = shutil.copytree(snapshot, directory / "source")
    run(sys.executable, "-m", "build", "--outdir", directory, cwd=source, env=host_env)
    [wheel], [sdist] = directory.glob("*.whl"), directory.glob("*.tar.gz")
    return Distributions(wheel=wheel, sdist=sdist)


@pytest.fixture(autouse=True)
def same_environment(environment: pytest.MonkeyPatch, host_env: Mapping[str, str]) -> None:
    """Let processes that a test starts itself see what its fixtures' saw."""
    for name, value in host_env.items():
        environment.setenv(name, value)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of hosts on one worker: what they share takes longest to make."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("hosts"))

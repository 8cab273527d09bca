"""This repository as pre-commit and prek install it: cloned at a commit, built in a venv."""

from __future__ import annotations

import re
import sysconfig
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from hosts.markdown import blocks
from hosts.repositories import Repository, new_repository, use_hooks
from hosts.running import MODELS, SCHEMA, SOURCE, run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", params=["pre-commit", "prek"])
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def original(
    host: str,
    network: None,
    snapshot: Path,
    host_env: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Repository:
    """A repository with the configuration of the README, which names this checkout."""
    del network
    commit = run("git", "rev-parse", "HEAD", cwd=snapshot, env=host_env).strip()
    [block] = blocks(SOURCE / "README.md", "yaml")
    block = re.sub(r"(?<=repo: )\S+", snapshot.as_uri(), block)
    config = import_module("yaml").safe_load(re.sub(r"(?<=rev: )\S+", commit, block))
    repository = new_repository(tmp_path_factory.mktemp(host) / "blog", host_env)
    use_hooks(repository, host, config)
    repository.run(tool(host), "install-hooks")
    return repository


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    return original.copy(tmp_path / "blog")


def test_the_copied_block_stops_a_stale_commit(repository: Repository) -> None:
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    assert f"git add {MODELS}" in repository.commit(code=1)
    repository.git("add", MODELS)
    repository.commit()
    assert '"Photo"' in repository.committed(MODELS)
    assert repository.git("status", "--porcelain") == ""


def test_the_host_tries_the_repository(repository: Repository, host: str, snapshot: Path) -> None:
    repository.write(MODELS, repository.read(MODELS).replace("Blog", "Log"))
    repository.git("add", MODELS)
    command = ("try-repo", str(snapshot), "amplify-modelgen-check")
    output = repository.run(tool(host), *command, code=1, more=SHARED)
    assert f"blog@dev: stale: {MODELS} differs" in output


# `try-repo` builds a new environment for each call; it uses the dependencies of the tests.
SHARED = {"PYTHONPATH": sysconfig.get_path("purelib")}

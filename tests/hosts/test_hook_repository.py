"""This repository as pre-commit and prek install it: cloned at a commit, built, in its own venv."""

from __future__ import annotations

import re
import sysconfig
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from hosts.markdown import blocks
from hosts.repositories import Repository, new_repository, use_hooks
from hosts.running import GENERATED, MODELS, SCHEMA, SOURCE, run, tool

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
    """A repository with the README's block, which names this checkout instead of its address."""
    del network
    commit = run("git", "rev-parse", "HEAD", cwd=snapshot, env=host_env).strip()
    [block] = blocks(SOURCE / "README.md", "yaml")
    block = re.sub(r"(?<=repo: )\S+", snapshot.as_uri(), block)
    config = import_module("yaml").safe_load(re.sub(r"(?<=rev: )\S+", commit, block))
    made = new_repository(tmp_path_factory.mktemp(host) / "blog", host_env)
    use_hooks(made, host, config)
    made.run(tool(host), "install-hooks")
    return made


@pytest.fixture
def repository(original: Repository, tmp_path: Path) -> Repository:
    return original.copy(tmp_path / "blog")


def test_the_copied_block_stops_a_stale_commit(repository: Repository) -> None:
    repository.add_type("Photo")
    repository.git("add", SCHEMA)
    assert f"git add {' '.join(GENERATED)}" in repository.commit(code=1)
    repository.git("add", *GENERATED)
    repository.commit()
    assert '"Photo"' in repository.committed(MODELS)
    assert repository.git("status", "--porcelain") == ""


def test_the_host_tries_the_repository(repository: Repository, host: str, snapshot: Path) -> None:
    repository.write(MODELS, "{}\n")
    repository.git("add", MODELS)
    words = ("try-repo", str(snapshot), "amplify-modelgen-check")
    said = repository.run(tool(host), *words, code=1, more=LENT)
    assert f"{MODELS} was edited" in said


# `try-repo` builds an environment of its own, for this one call: what we depend on is lent to it.
LENT = {"PIP_NO_DEPS": "1", "PYTHONPATH": sysconfig.get_path("purelib")}

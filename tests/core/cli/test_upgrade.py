"""A generator of another version: the next run says which models it writes otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import amplify_modelgen
import amplify_modelgen_plugins
from support.entry_points import add_plugin
from support.pipeline import CONFIGURATION, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACME = """
from amplify_modelgen.plugin import Artifact, Emitter, hookimpl
from acme_texts import version


def emit(models, options):
    return [Artifact(path="models.json", content=version.TEXT)]


@hookimpl
def modelgen_emitters():
    return [Emitter(name="acme", help="", emit=emit, recognizes=lambda *_: True)]
"""


class Installation:
    """Packages in a directory of `sys.path`, and a project whose models are up to date."""

    def __init__(self, directory: Path, emitter: str) -> None:
        self.packages = directory / "packages"
        self.root = directory / "project"
        (self.root / ".git").mkdir(parents=True)
        configuration = CONFIGURATION.replace('"introspection"', f'"{emitter}"')
        (self.root / "amplify-modelgen.toml").write_text(configuration)
        (self.root / "blog.graphql").write_text(SCHEMA)

    def run(self, command: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "amplify_modelgen", command],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.packages), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def check_upgrade(self, upgrade: Callable[[], object]) -> None:
        """Check that the command is cached until the upgrade, and finds stale models after it."""
        assert self.run("generate")[0] == 1
        time.sleep(2.1)
        assert self.run("check")[0] == 0
        state = self.root / ".git" / "amplify-modelgen" / "last-check"
        saved = state.stat().st_ino
        assert self.run("check")[0] == 0
        assert state.stat().st_ino == saved  # the second run was a hit
        upgrade()
        code, output = self.run("check")
        assert (code, "stale: models/blog.json differs" in output) == (1, True)
        assert self.run("generate")[0] == 1
        assert self.run("check")[0] == 0


def test_the_next_release_writes_another_text(tmp_path: Path) -> None:
    installation = Installation(tmp_path, "introspection")
    for package in (amplify_modelgen, amplify_modelgen_plugins):
        target = installation.packages / package.__name__
        shutil.copytree(package.__path__[0], target, ignore=shutil.ignore_patterns("__pycache__"))
    version = installation.packages / "amplify_modelgen" / "_version.py"
    version.write_text('version = "1.0"\n')
    emitter = installation.packages / "amplify_modelgen_plugins/emitters/json_documents.py"

    def upgrade() -> None:
        # The times of the directories stay, as if the clock of the file system were coarse.
        version.write_text('version = "1.1"\n')
        old = "json_bytes(document)"
        new = f"{old}.replace(b'Post', b'Mail')"
        assert old in emitter.read_text()
        emitter.write_text(emitter.read_text().replace(old, new))

    installation.check_upgrade(upgrade)


def test_a_plugin_that_is_edited_in_place_writes_another_text(tmp_path: Path) -> None:
    installation = Installation(tmp_path, "acme")
    add_plugin(installation.packages, "acme", ACME)
    texts = installation.packages / "acme_texts"
    texts.mkdir()
    (texts / "version.py").write_text('TEXT = b"one"\n')

    def upgrade() -> None:
        (texts / "version.py").write_text('TEXT = b"two"\n')

    installation.check_upgrade(upgrade)

"""Git repositories that a test may change as a developer would."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hosts.running import SCHEMA, copy_example, run, tool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG = ".pre-commit-config.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository, and the environment variables for all that runs in it."""

    path: Path
    env: Mapping[str, str]

    def run(self, *command: str, code: int = 0, more: Mapping[str, str] | None = None) -> str:
        """Run a command at the top of the working tree; return its output."""
        return run(*command, cwd=self.path, code=code, env=self.env, more=more)

    def git(self, *arguments: str, code: int = 0) -> str:
        """Run git."""
        return self.run("git", *arguments, code=code)

    def commit(self, *arguments: str, code: int = 0) -> str:
        """Commit what is staged, with every hook that is installed."""
        return self.git("commit", "--quiet", "-m", "Change", *arguments, code=code)

    def commit_all(self) -> None:
        """Commit the whole working tree without hooks."""
        self.git("add", "--all")
        self.commit("--no-verify")

    def generate(self, code: int = 1) -> str:
        """Regenerate by hand."""
        return self.run(tool("amplify-modelgen"), "generate", code=code)

    def read(self, name: str) -> str:
        """Return a file's text."""
        return (self.path / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def add_type(self, name: str, schema: str = SCHEMA) -> None:
        """Add a type with this name to a schema, and stage nothing."""
        self.write(schema, f"{self.read(schema)}\ntype {name} @model {{\n  id: ID!\n}}\n")

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self.git("rev-parse", "HEAD").strip()

    def committed(self, name: str) -> str:
        """Return a file's text as the last commit has it."""
        return self.git("show", f"HEAD:{name}")

    def copy(self, directory: Path) -> Repository:
        """Return a copy that shares nothing with this one."""
        return Repository(path=shutil.copytree(self.path, directory, symlinks=True), env=self.env)


def new_repository(path: Path, env: Mapping[str, str], *, configured: bool = True) -> Repository:
    """Return a repository of the example project, with generated models, all committed."""
    repository = Repository(path=copy_example(path, configured=configured), env=env)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.generate()
    repository.commit_all()
    return repository


def use_hooks(repository: Repository, host: str, config: Mapping[str, Any]) -> None:
    """Commit a hook configuration, and let `host` (pre-commit or prek) act on every commit."""
    # Every JSON text is YAML.
    repository.write(CONFIG, json.dumps(config, indent=2))
    repository.commit_all()
    repository.run(tool(host), "install")


def result_of(output: str, name: str) -> str:
    """Return what the host prints at the end of a hook's line."""
    [line] = [line for line in output.splitlines() if line.startswith(name)]
    return line.rpartition(".")[2].rpartition(")")[2].strip()

"""Running hosts as their users do: whole commands, in separate processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS = Path(sysconfig.get_path("scripts"))
SOURCE = Path(__file__).parents[2]
EXAMPLE = SOURCE / "examples" / "blog"
SCHEMA = "amplify/backend/api/blog/schema.graphql"
MODELS = "src/models/model-introspection.json"

_MAX_SECONDS = 300


def tool(name: str, directory: Path = SCRIPTS) -> str:
    """Return the path of an installed console script."""
    found = shutil.which(name, path=str(directory))
    assert found is not None, f"{name} is not installed in {directory}"
    return found


def run(
    *command: str | Path,
    cwd: Path,
    code: int = 0,
    env: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
) -> str:
    """Return the output of a command, which must end with `code`.

    `env` replaces the environment variables, `more` are added to them.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**(os.environ if env is None else env), **(more or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=_MAX_SECONDS,
        check=False,
    )
    assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def copy_example(directory: Path, *, configured: bool = True) -> Path:
    """Copy the example project into a new directory, without its models.

    The configuration asks for one document, so that a run writes a single file.
    """
    shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns("models"))
    if configured:
        output = f'{{ emitter = "introspection", path = "{MODELS}" }}'
        configuration = f"[defaults]\noutputs = [{output}]\n"
        (directory / "amplify-modelgen.toml").write_text(configuration, encoding="utf-8")
    return directory

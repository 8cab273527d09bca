"""Environments and projects that are measured, in a temporary directory."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from schemas import schema

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "tests" / "conformance" / "peer"
_SKIPPED = shutil.ignore_patterns("node_modules", "build", "*.egg-info", ".*", "__pycache__")
_EMITTERS = {
    "introspection": "model-introspection.json",
    "datastore": "schema.json",
    "javascript": "javascript",
    "typescript": "typescript",
}
_COMMENTS = 160 * f"# {'a comment about the models of a team ' * 3}\n"
DEPENDENCIES = (
    *("boto3", "filelock", "graphql-core", "hjson", "msgspec", "pluggy", "rich", "tomli"),
)
_CLOCK_GRANULARITY = 2.5
_numbers = count()


def call(*argv: str | Path, cwd: Path | None = None, codes: tuple[int, ...] = (0,)) -> None:
    """Run a program outside of any measurement; its failure ends the benchmark."""
    done = subprocess.run(
        [str(argument) for argument in argv], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode not in codes:
        raise SystemExit(f"{argv} ended with {done.returncode}: {done.stdout}{done.stderr}")


@dataclass(eq=False)
class Workbench:
    """A temporary directory with what the rows need, created on first use."""

    directory: Path

    @cached_property
    def sources(self) -> Path:
        """A copy of this repository, because a build leaves files behind."""
        shutil.copytree(ROOT, self.directory / "sources", ignore=_SKIPPED)
        return self.directory / "sources"

    @cached_property
    def venv(self) -> Path:
        """An environment with nothing but the project."""
        path = self.new_venv()
        call(path / "bin" / "pip", "install", "-q", self.sources)
        return path

    @cached_property
    def venv_with_tox(self) -> Path:
        """An environment with the project and tox."""
        path = self.new_venv()
        call(path / "bin" / "pip", "install", "-q", self.sources, "tox")
        return path

    def new_venv(self) -> Path:
        """Create an environment."""
        path = self.directory / f"venv{next(_numbers)}"
        # Older versions of pip write console scripts that import `re`.
        call(sys.executable, "-m", "venv", "--upgrade-deps", path)
        return path

    def script(self, name: str) -> Path:
        """Return the path of a program of the environment."""
        return self.venv / "bin" / name

    @property
    def command(self) -> Path:
        """The console script."""
        return self.script("amplify-modelgen")

    def schema_file(self, models: int) -> Path:
        """Create a schema with that many models."""
        path = self.directory / f"{models}.graphql"
        path.write_text(schema(models))
        return path

    def up_to_date_project(self, targets: int) -> Path:
        """Create a checkout without changes: schemas of 20 KB, outputs of 50 KB and more."""
        return self.bring_up_to_date(self.project(targets, 12, backend="local", comments=True))

    def project(
        self,
        targets: int,
        models: int,
        *,
        backend: str,
        emitters: int = len(_EMITTERS),
        comments: bool = False,
    ) -> Path:
        """Create a checkout with that many targets, each with its own schema and outputs."""
        root = self.directory / f"project{next(_numbers)}"
        tables = [f'[tool.amplify-modelgen]\nbackend = "{backend}"\n']
        for number in range(targets):
            name = f"api{number:03}"
            tables.append(_target(name, emitters))
            path = root / "schemas" / f"{name}.graphql"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(schema(models) + _COMMENTS * comments)
        (root / "pyproject.toml").write_text("\n".join(tables))
        call("git", "init", "-q", cwd=root)
        return root

    def bring_up_to_date(self, root: Path) -> Path:
        """Generate, then run `generate` and `check` so that the fast path has their results."""
        call(self.command, "generate", cwd=root, codes=(1,))
        # A result is stored only if its files are older than the granularity of file times.
        time.sleep(_CLOCK_GRANULARITY)
        for command in ("generate", "check"):
            call(self.command, command, cwd=root)
        return root


def _target(name: str, emitters: int) -> str:
    outputs = ", ".join(
        f'{{ emitter = "{emitter}", path = "models/{name}/{path}" }}'
        for emitter, path in list(_EMITTERS.items())[:emitters]
    )
    return (
        f'[[tool.amplify-modelgen.target]]\napp-id = "d2abcdefghij"\nenvironment = "dev"\n'
        f'resource = "{name}"\nregion = "us-east-1"\nschema = "schemas/{name}.graphql"\n'
        f"outputs = [{outputs}]\n"
    )

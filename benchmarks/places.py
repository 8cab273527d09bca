"""Where it is measured: fresh environments and projects in a temporary folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
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
_COMMENTS = 160 * f"# {'what a team writes about its models ' * 3}\n"
DEPENDENCIES = ("boto3", "graphql-core", "rich", "pluggy", "tomli")
_numbers = count()


def call(*words: str | Path, cwd: Path | None = None, codes: tuple[int, ...] = (0,)) -> None:
    """Run a program outside of any measurement; its failure ends the benchmark."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode not in codes:
        raise SystemExit(f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}")


@dataclass(eq=False)
class Place:
    """A temporary folder with what the rows need, made when it is first asked for."""

    folder: Path

    @cached_property
    def sources(self) -> Path:
        """A copy of the project, because building leaves files behind."""
        shutil.copytree(ROOT, self.folder / "sources", ignore=_SKIPPED)
        return self.folder / "sources"

    @cached_property
    def venv(self) -> Path:
        """An environment with the project and nothing that slows its interpreter down."""
        path = self.new_venv()
        call(path / "bin" / "pip", "install", "-q", self.sources)
        return path

    @cached_property
    def venv_with_tox(self) -> Path:
        """The same with tox."""
        path = self.new_venv()
        call(path / "bin" / "pip", "install", "-q", self.sources, "tox")
        return path

    def new_venv(self) -> Path:
        """A fresh environment."""
        path = self.folder / f"venv{next(_numbers)}"
        # With today's pip, as hooks get: older ones write console scripts that import `re`.
        call(sys.executable, "-m", "venv", "--upgrade-deps", path)
        return path

    def script(self, name: str) -> Path:
        """A program of the environment."""
        return self.venv / "bin" / name

    @property
    def ours(self) -> Path:
        """The console script."""
        return self.script("amplify-modelgen")

    def schema_file(self, models: int) -> Path:
        """A schema of that many models."""
        path = self.folder / f"{models}.graphql"
        path.write_text(schema(models))
        return path

    def hooked(self, targets: int) -> Path:
        """A checkout where nothing changed: schemas of 20 KB, outputs of 50 KB and more."""
        return self.settled(self.project(targets, 12, backend="local", comments=True))

    def project(
        self,
        targets: int,
        models: int,
        *,
        backend: str,
        emitters: int = len(_EMITTERS),
        comments: bool = False,
    ) -> Path:
        """A checkout with that many targets, each with its own schema and outputs."""
        root = self.folder / f"project{next(_numbers)}"
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

    def settled(self, root: Path) -> Path:
        """The same project after two good runs: generated, and found to be up to date."""
        call(self.ours, "generate", "--backend", "local", cwd=root, codes=(1,))
        for verb in ("generate", "check"):
            call(self.ours, verb, cwd=root)
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

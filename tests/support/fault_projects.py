"""Projects for the fault tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplify_modelgen.storage.checkout_state import StateDirectory

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "type Post @model {\n  id: ID!\n  title: String\n}\n"
CHANGED = SCHEMA.replace("title", "headline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A root with targets; `checkout` is the top directory, which contains `.git`."""

    root: Path
    checkout: Path

    def configure(self, *targets: str, outputs: int = 1, backend: str = "local") -> None:
        """Write a configuration with these targets, and the schemas that are missing."""
        lines = [f'backend = "{backend}"', *(_target(name, outputs) for name in targets)]
        (self.root / "amplify-modelgen.toml").write_text("\n".join(lines))
        for name in targets:
            if not (self.root / f"{name}.graphql").exists():
                (self.root / f"{name}.graphql").write_text(SCHEMA)

    def change(self, *targets: str) -> None:
        """Change the schemas of these targets."""
        for name in targets:
            (self.root / f"{name}.graphql").write_text(CHANGED)

    def files(self) -> dict[str, bytes]:
        """Return the files below the root, without those in `.git`."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.root).parts
        }

    @property
    def state(self) -> Path:
        """The state directory."""
        directory = StateDirectory(self.root).path
        assert directory is not None
        return directory

    def temporary_files(self) -> list[str]:
        """Return the paths of temporary files."""
        return [path for path in self.files() if path.endswith(".tmp")]

    def save(self, copy: Path) -> None:
        """Copy the checkout to `copy`."""
        shutil.copytree(self.checkout, copy)

    def restore(self, copy: Path) -> None:
        """Replace the checkout by its copy."""
        shutil.rmtree(self.checkout)
        shutil.copytree(copy, self.checkout)


def make_project(checkout: Path, root: str = ".", *, git: bool = True) -> Project:
    """Create an empty checkout with a root in it."""
    directory = checkout / root
    directory.mkdir(parents=True)
    if git:
        (checkout / ".git").mkdir()
    return Project(root=directory, checkout=checkout)


def _target(name: str, outputs: int) -> str:
    emitters = ("introspection", "datastore")[:outputs]
    listed = ", ".join(
        f'{{ emitter = "{emitter}", path = "models/{name}/{emitter}.json" }}'
        for emitter in emitters
    )
    return (
        f'[[target]]\napp-id = "d1"\nenvironment = "dev"\nresource = "{name}"\n'
        f'region = "us-east-1"\nschema = "{name}.graphql"\noutputs = [{listed}]\n'
    )

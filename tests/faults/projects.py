"""Checkouts to generate in, and what is in them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "type Post @model {\n  id: ID!\n  title: String\n}\n"
CHANGED = SCHEMA.replace("title", "headline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A root with targets; `checkout` is the folder that git's folder would be in."""

    root: Path
    checkout: Path

    def configure(self, *targets: str, outputs: int = 1, backend: str = "local") -> None:
        """Write a configuration with these targets, and schemas for those that have none."""
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
        """Return what is below the root, git's folder aside."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.root).parts
        }

    def keep(self, place: Path) -> None:
        """Put a copy of the checkout at `place`."""
        shutil.copytree(self.checkout, place)

    def restore(self, place: Path) -> None:
        """Make the checkout what it was when it was kept."""
        shutil.rmtree(self.checkout)
        shutil.copytree(place, self.checkout)


def make_project(checkout: Path, root: str = ".", *, git: bool = True) -> Project:
    """Make an empty checkout with a root in it."""
    folder = checkout / root
    folder.mkdir(parents=True)
    if git:
        (checkout / ".git").mkdir()
    return Project(root=folder, checkout=checkout)


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

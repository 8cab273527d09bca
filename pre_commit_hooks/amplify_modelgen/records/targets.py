"""What a run is about: settings, and targets with their schemas and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from amplify_modelgen.modelgen.flags import FeatureFlags

if TYPE_CHECKING:
    from pathlib import Path


class Output(Struct, frozen=True, kw_only=True):
    """One place that a target's models are written to.

    `path` is relative to the root, with forward slashes: a folder, or, for an emitter that makes
    a single file, that file. `options` are the emitter's own, sorted by name.
    """

    emitter: str
    path: str
    options: tuple[tuple[str, object], ...] = ()


class Source(Struct, frozen=True, kw_only=True):
    """Where a value of a target came from: a file relative to the root, or a flag or variable."""

    key: str
    value: str
    origin: str


class Target(Struct, frozen=True, kw_only=True):
    """An app's environment and API resource, its schema in the tree, and what is made of it.

    `name` is `resource@environment`, with `app/` before it where two would collide; it is given
    by the core once all targets are known. `environment` is empty where the tree does not say
    which one is meant: only a remote backend needs it, and `environments` lists the choices.

    `key` names the target in the lock file. It holds nothing that differs between machines, so
    a discovered target, whose environment is the one that somebody checked out, has the folder
    of its resource here. `inputs` are the files (and, ending in a slash, the folders) that the
    target was read from: while none of them changes, neither does the target.
    """

    app_id: str
    environment: str
    resource: str
    name: str = ""
    key: str = ""
    region: str | None = None
    profile: str | None = None
    schema: str | None = None
    outputs: tuple[Output, ...] = ()
    push_schema: bool = False
    flags: FeatureFlags = field(default_factory=FeatureFlags)
    environments: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    inputs: tuple[str, ...] = ()


class LookedAt(Struct, frozen=True, kw_only=True):
    """Where a plugin looked for targets: while none of these changes, it would find the same.

    `paths` are as `Target.inputs`: files and, ending in a slash, folders, there or not.
    """

    paths: tuple[str, ...]


class Settings(Struct, frozen=True, kw_only=True):
    """The configuration of a run, from the file, the environment and the command line.

    `timeout` is in seconds and bounds the wait for each job. `targets` are the configured ones.
    `config_file` is relative to `root`, and None where nothing is configured. A schema is never
    pushed to one of the `protected_environments`; `requests_per_second` bounds what a remote
    backend is asked per account and region, None leaves that to the backend. `inputs` are the
    files that were looked into for configuration, relative to the root, as far as they exist.
    """

    root: Path
    config_file: str | None = None
    backend: str = "aws"
    environment: str | None = None
    timeout: float = 600.0
    targets: tuple[Target, ...] = ()
    protected_environments: tuple[str, ...] = ("main", "master", "prod", "production")
    requests_per_second: float | None = None
    sources: tuple[Source, ...] = ()
    inputs: tuple[str, ...] = ()


class SchemaFile(Struct, frozen=True, kw_only=True):
    """One file of a schema: its path relative to the root and its text, line ends as line feeds."""

    path: str
    text: str


class Schema(Struct, frozen=True, kw_only=True):
    """A target's schema: one file, or the files of a `schema/` folder sorted by their paths."""

    files: tuple[SchemaFile, ...]

    @property
    def text(self) -> str:
        """The merged text, which is what Amplify CLI uploads."""
        return "\n".join(file.text for file in self.files)

    def locate(self, line: int) -> tuple[str, int]:
        """Return the file and the line in it for a line (from 1) of the merged text."""
        for file in self.files:
            lines = file.text.count("\n") + 1
            if line <= lines or file is self.files[-1]:
                return file.path, line
            line -= lines
        message = "a schema has at least one file"
        raise ValueError(message)

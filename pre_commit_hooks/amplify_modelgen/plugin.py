"""The public API for plugins: hooks, protocols, value types and errors.

A plugin imports `hookimpl` and what it needs from here, and registers itself as an entry point of
the group `amplify_modelgen`. A hook implementation may take any subset of its hook's arguments. A
hook that raises ends the run with an error that names the plugin, and nothing is written. An
emitter or a backend that raises fails its target only; `modelgen_job_event` never fails a target.
"""

from __future__ import annotations

# `help()` evaluates the annotations of structs, so their names must exist at run time.
from argparse import ArgumentParser, Namespace  # noqa: TC003
from collections.abc import Callable, Mapping, Sequence  # noqa: TC003
from typing import Protocol, TextIO

import pluggy
from msgspec import Struct

from .errors import (
    BackendError,
    ConfigError,
    ModelgenError,
    NotFoundError,
    SchemaError,
    TransientError,
    UsageError,
)
from .git import ignored_directories
from .input_validation import validate_document
from .records import (
    Artifact,
    Description,
    Diagnostic,
    FeatureFlags,
    FileChange,
    Job,
    JobEvent,
    JobRun,
    ModelChange,
    Models,
    Outcome,
    Output,
    Provenance,
    RemoteModels,
    Report,
    Schema,
    SchemaFile,
    Settings,
    Target,
)
from .storage.project_files import DirectoryEntry, ProjectFiles
from .text import add_secret, escape, redact

__all__ = [
    "Artifact",
    "BackendError",
    "Command",
    "ConfigError",
    "Description",
    "Diagnostic",
    "DirectoryEntry",
    "Emitter",
    "FeatureFlags",
    "FileChange",
    "Job",
    "JobBackend",
    "JobEvent",
    "JobRun",
    "ModelChange",
    "ModelgenError",
    "Models",
    "NotFoundError",
    "Outcome",
    "Output",
    "ProjectFiles",
    "Provenance",
    "RemoteModels",
    "Report",
    "Reporter",
    "Schema",
    "SchemaBackend",
    "SchemaError",
    "SchemaFile",
    "Settings",
    "Target",
    "TransientError",
    "UsageError",
    "add_secret",
    "escape",
    "hookimpl",
    "ignored_directories",
    "redact",
    "validate_document",
]

hookspec = pluggy.HookspecMarker("amplify_modelgen")
hookimpl = pluggy.HookimplMarker("amplify_modelgen")


class SchemaBackend(Protocol):
    """Generates models from the schema on disk, offline and deterministically.

    Methods may be called from several threads at once.
    """

    def generate(self, target: Target, sdl: str, needs: frozenset[str]) -> Models:
        """Return the models of `sdl`, the merged schema text.

        `needs` are the parts of `Models` that the target's outputs need: `introspection`,
        `datastore`, `schema`. The others may be None.

        Raises:
            SchemaError: one of these parts cannot be generated from it.
        """


class JobBackend(Protocol):
    """A remote service that stores schemas and generates models in jobs.

    Methods are called from several threads at once. They raise `BackendError`, or
    `TransientError` if the call may be sent again.
    """

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema text that is deployed, or None if the service does not say."""

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the deployed schema by `sdl`; return the job that deploys it."""

    def start_job(self, target: Target) -> Job:
        """Start generating models. The job may be finished already, and then may have no id."""

    def get_job(self, target: Target, job_id: str) -> Job:
        """Return the current state of the job."""

    def get_models(self, target: Target) -> RemoteModels:
        """Return the models that the service has, without starting anything.

        Raises:
            NotFoundError: none have been generated.
        """

    def close(self) -> None:
        """Close connections. Called once, at the end of the run."""


class Emitter(Struct, frozen=True, kw_only=True):
    """Renders models as files.

    `emit` takes the models and the options of the output, and returns artifacts with paths
    relative to the output's directory. It must be pure: equal models and options give equal
    bytes, and it does not change the models. `needs` names the parts of `Models` that it reads
    (`introspection`, `datastore`, `schema`); the others may be None. It raises `SchemaError` for
    a schema that it cannot render; the lines of its diagnostics are those of `models.schema`.

    `recognizes(path, content)` returns whether this emitter or Amplify's generator wrote a file,
    so that it may be replaced. An emitter with a file for each model sets `owns`: whether this
    project wrote a file of the output's directory. If it did, and the file is no longer among the
    artifacts, `generate` removes it.

    `describe(files)` returns what the files of an output, by path, say about the models that they
    were generated from, None if they say nothing. It is called with the files on disk and with
    the generated ones, so that a report says how the models changed, or that they did not.

    `options` maps each known option to a line of help. `check_options` raises `ConfigError` for
    an invalid value; it is called before any backend.
    """

    name: str
    help: str
    emit: Callable[[Models, Mapping[str, object]], Sequence[Artifact]]
    recognizes: Callable[[str, bytes], bool]
    needs: frozenset[str] = frozenset({"introspection"})
    owns: Callable[[str, bytes], bool] | None = None
    describe: Callable[[Mapping[str, bytes]], Description | None] | None = None
    options: Mapping[str, str] | None = None
    check_options: Callable[[Mapping[str, object]], object] | None = None


class Reporter(Struct, frozen=True, kw_only=True):
    """Writes the report of a run to a stream.

    `is_enabled` returns, from the environment variables, whether the report is written although
    no report was requested, as on a CI server. Such a report shares stdout with the
    terminal report; any other needs stdout for itself.
    """

    name: str
    help: str
    report: Callable[[Report, TextIO], None]
    is_enabled: Callable[[Mapping[str, str]], bool] | None = None


class Command(Struct, frozen=True, kw_only=True):
    """A subcommand of the command line.

    `add_arguments` adds to a parser that has `--root` and `--verbose`. `run` takes the parsed
    arguments, with the `Settings` of the run as their attribute `settings`, and the targets that
    have a schema on disk together with it. It returns the exit code.
    """

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Sequence[tuple[Target, Schema]]], int]


@hookspec
def modelgen_targets(settings: Settings, files: ProjectFiles) -> Sequence[Target]:  # type: ignore[empty-body]
    """Return targets in addition to the configured ones. Since 0.1.

    Called once in a run, and once more for each nested configuration that names an environment.

    Leave `name` empty. Read through `files` whatever the targets depend on: the result of a run is
    reused while nothing that was read has changed. A plugin that does not take `files` turns that
    off.
    """


@hookspec
def modelgen_validate(  # type: ignore[empty-body]
    target: Target, schema: Schema, needs: frozenset[str], files: ProjectFiles
) -> Sequence[Diagnostic]:
    """Return the problems of a schema. Since 0.1.

    An error stops the target; a warning is shown. `schema.locate` returns the file for a line of
    the merged text. `needs` are the parts of `Models` that the target's outputs need: what only
    another part does not allow is not a problem. Read other files of the project through `files`.
    """


@hookspec(firstresult=True)
def modelgen_backend(name: str, settings: Settings) -> SchemaBackend | JobBackend | None:
    """Return the backend called `name`, or None if it is not yours. Since 0.1.

    The first result that is not None wins. Called once in a run; connect when a method is called,
    not here. Register the plugin under the name of its backend.
    """


@hookspec
def modelgen_emitters() -> Sequence[Emitter]:  # type: ignore[empty-body]
    """Return emitters. A name that is already registered is an error. Since 0.1."""


@hookspec
def modelgen_reporters() -> Sequence[Reporter]:  # type: ignore[empty-body]
    """Return reporters. A name that is already registered is an error. Since 0.1."""


@hookspec
def modelgen_commands() -> Sequence[Command]:  # type: ignore[empty-body]
    """Return subcommands. Called only for an unknown subcommand and for `--help`. Since 0.1."""


@hookspec
def modelgen_job_event(event: JobEvent) -> None:
    """Observe a job. Calls are serialized and immediate. Since 0.1.

    A plugin that raises is named at the end of the run and disabled for the rest of it.
    """

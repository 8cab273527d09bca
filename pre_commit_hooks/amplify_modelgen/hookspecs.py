"""Everything that a plugin may implement. Plugins import from `amplify_modelgen` alone.

A hook implementation may take any subset of its hook's arguments. A hook that raises ends the
run with an error that names the plugin; nothing is written then. Where an emitter or a backend
raises, its target fails alone, and where `modelgen_job_event` does, none: the error is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pluggy
from msgspec import Struct

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

    from .records import (
        Artifact,
        Diagnostic,
        Job,
        JobEvent,
        LookedAt,
        Models,
        RunReport,
        Schema,
        Settings,
        Target,
    )

__all__ = [
    "Backend",
    "Command",
    "Emitter",
    "Reporter",
    "hookimpl",
    "modelgen_backend",
    "modelgen_commands",
    "modelgen_emitters",
    "modelgen_job_event",
    "modelgen_reporters",
    "modelgen_targets",
    "modelgen_validate",
]

hookspec = pluggy.HookspecMarker("amplify_modelgen")
hookimpl = pluggy.HookimplMarker("amplify_modelgen")


class Backend(Protocol):
    """Something that has schemas and makes models of them: AWS, or the embedded backend.

    Methods are called from several threads at once. They raise `BackendError` with a message
    for people, or `TransientError` where the same call may be sent again.
    """

    feeds_on_tree: bool
    """True where the backend has no schema of its own: every run pushes the working tree's."""

    def deployed_schema(self, target: Target) -> str | None:
        """Return the schema text that the backend has now, or None where it does not say."""

    def push_schema(self, target: Target, sdl: str) -> Job:
        """Replace the backend's schema by `sdl`, the merged text of the working tree."""

    def start(self, target: Target) -> Job:
        """Start generating models; the job may already have ended, and then may have no id."""

    def job(self, target: Target, job_id: str) -> Job:
        """Return the job as it is now."""

    def models(self, target: Target) -> Models:
        """Return the models that the backend has with their status, without starting anything.

        Raises `MissingError` where none have been made.
        """


class Emitter(Struct, frozen=True, kw_only=True):
    """Turns models into files.

    `emit` gets the models and the options written beside the output in the configuration; it
    returns artifacts whose paths are relative to the output's folder. It must be pure: equal
    models and options give equal bytes. It raises `ConfigError` for an option it cannot take.
    `options` names the options that it knows, each with a line of help, and `check` raises
    `ConfigError` for values that it cannot take: it is called before any backend is asked.
    `reads_only` promises that `emit` changes nothing in the models: any other emitter is given a
    copy of its own, because the next emitter gets the same ones.
    """

    name: str
    help: str
    emit: Callable[[Models, Mapping[str, object]], Sequence[Artifact]]
    options: Mapping[str, str] | None = None
    check: Callable[[Mapping[str, object]], object] | None = None
    reads_only: bool = False


class Reporter(Struct, frozen=True, kw_only=True):
    """Tells people or machines of a run: `report` writes the report to the stream.

    `automatic` says, from the environment variables, whether the reporter is wanted where no
    report was asked for: on a CI server that it was made for. Such a report is lines that stand on
    stdout among those for people; any other has stdout to itself.
    """

    name: str
    help: str
    report: Callable[[RunReport, TextIO], None]
    automatic: Callable[[Mapping[str, str]], bool] | None = None


class Command(Struct, frozen=True, kw_only=True):
    """A verb of the command line.

    `add_arguments` fills the verb's parser, which has `--root` and `--verbose` already. `run` gets
    what was typed, with the run's `Settings` as `settings` in it (unless the verb has an option
    of that name), and the targets that have a schema in the tree, with it. It returns the exit
    code. A schema that cannot be read is an error before.
    """

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Sequence[tuple[Target, Schema]]], int]


@hookspec
def modelgen_targets(settings: Settings) -> Sequence[Target | LookedAt]:  # type: ignore[empty-body]
    """Return more targets than the configured ones. Called once a run. Since 0.1.

    Leave `name` and `key` empty unless the key must not hold the environment. List in `inputs`
    what the targets were read from: a target without inputs is looked for anew at every run.
    Where there is none, a `LookedAt` among the answers says what may come to make one.
    """


@hookspec
def modelgen_validate(target: Target, schema: Schema) -> Sequence[Diagnostic]:  # type: ignore[empty-body]
    """Return what is wrong with a schema, before any backend is asked. Since 0.1.

    Called by `generate` for every stale target that has a schema, by `validate` for every one.
    An error stops the target, a warning is shown. `schema.locate` gives the file for a line of
    the merged text.
    """


@hookspec(firstresult=True)
def modelgen_backend(name: str, settings: Settings) -> Backend | None:
    """Return the backend called `name`, or None where it is not yours. Since 0.1.

    The first answer wins. Called once by `generate` and `check --remote`, also where no target
    is stale, because a wrong name is an error even then: connect when a method is called, not
    here. By custom the plugin is registered under the name of its backend.
    """


@hookspec
def modelgen_emitters() -> Sequence[Emitter]:  # type: ignore[empty-body]
    """Return the emitters that the plugin brings; a name that is taken is an error. Since 0.1."""


@hookspec
def modelgen_reporters() -> Sequence[Reporter]:  # type: ignore[empty-body]
    """Return the reporters that the plugin brings; a name that is taken is an error. Since 0.1."""


@hookspec
def modelgen_commands() -> Sequence[Command]:  # type: ignore[empty-body]
    """Return the verbs that the plugin adds to the command line. Since 0.1.

    Called only where the verb that was typed is none of the core's, and for `--help`.
    """


@hookspec
def modelgen_job_event(event: JobEvent) -> None:
    """Take note of a job's progress. Called from one thread at a time, never late. Since 0.1.

    A plugin that raises is named at the end of the run, and told no more of its jobs.
    """

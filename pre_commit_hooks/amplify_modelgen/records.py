"""Immutable value types that the stages of a run pass on.

They are msgspec structs: they read like frozen dataclasses and cost a fiftieth of one to define.
All paths are relative to the root of the project and have forward slashes, unless said otherwise.
"""

from __future__ import annotations

from bisect import bisect_left

# `help()` evaluates the annotations of structs, so their names must exist at run time.
from collections.abc import Iterable, Mapping  # noqa: TC003
from itertools import accumulate
from pathlib import Path  # noqa: TC003
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from .errors import Diagnostic
from .modelgen.documents import FeatureFlags, Models

# What other modules import from here too; the values of this one need no mention.
__all__ = ["Diagnostic", "FeatureFlags", "Models"]


class Provenance(Struct, frozen=True, kw_only=True):
    """Where a value came from: `origin` is a file, a flag, an environment variable or `default`."""

    key: str
    value: str
    origin: str


class Output(Struct, frozen=True, kw_only=True):
    """A place that a target's models are written to.

    `path` is a directory or, for an emitter that makes a single file, that file. `options` are
    the emitter's own, sorted by name.
    """

    emitter: str
    path: str
    options: tuple[tuple[str, object], ...] = ()


class Target(Struct, frozen=True, kw_only=True):
    """An API resource in an environment of an app, its schema on disk, and its outputs.

    `name` is `resource@environment`, made unique by the core once all targets are known.
    `environment` is empty if several are possible: only a remote backend needs it, and
    `environments` lists the choices. `schema` is a file or a directory of `*.graphql` files, None
    if only the backend has it. `project` is the directory that a discovered project is in (empty:
    the root).

    `candidates` are further outputs of a discovered project; the first is the one of its front
    end. What is there already is maintained; the first is created if DataStore is enabled.
    `auth_providers` are the providers of `@auth` that the API has, None if unknown.
    """

    app_id: str
    environment: str
    resource: str
    name: str = ""
    project: str = ""
    region: str | None = None
    profile: str | None = None
    schema: str | None = None
    outputs: tuple[Output, ...] = ()
    candidates: tuple[Output, ...] = ()
    push_schema: bool = False
    flags: FeatureFlags = field(default_factory=FeatureFlags)
    auth_providers: tuple[str, ...] | None = None
    environments: tuple[str, ...] = ()
    provenance: tuple[Provenance, ...] = ()


class Settings(Struct, frozen=True, kw_only=True):
    """The settings of a run, from the configuration file, the environment and the command line.

    `root` is absolute. `config_file` is None if no configuration exists. `timeout` is the longest
    wait for each job, in seconds. `targets` are the configured ones. A schema is never pushed to
    one of the `protected_environments`. `default_outputs` are those of discovered targets that
    have no configured ones, relative to their project. `accepted_changes` are those that `diff`
    ignores, each as `RULE:SUBJECT`, and `ignored_rules` are rules of the linter that are off.
    """

    root: Path
    config_file: str | None = None
    backend: str = "local"
    environment: str | None = None
    timeout: float = 600.0
    targets: tuple[Target, ...] = ()
    default_outputs: tuple[Output, ...] = ()
    protected_environments: tuple[str, ...] = ("main", "master", "prod", "production")
    accepted_changes: tuple[str, ...] = ()
    ignored_rules: tuple[str, ...] = ()
    provenance: tuple[Provenance, ...] = ()


class SchemaFile(Struct, frozen=True, kw_only=True):
    """A file of a schema: its path and its text, with line feeds as line endings."""

    path: str
    text: str


class Schema(Struct, frozen=True, kw_only=True):
    """The schema of a target: one file, or the files of a directory sorted by path."""

    files: tuple[SchemaFile, ...]

    @property
    def text(self) -> str:
        """The merged text, as Amplify CLI uploads it."""
        return "\n".join(file.text for file in self.files)

    def locate(self, line: int) -> tuple[str, int]:
        """Return the path of the file, and the line in it, for a line (from 1) of the text."""
        return _locate(self.files, self._starts(), line)

    def located(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics about the text as diagnostics about the files that it is made of."""
        starts = self._starts()
        found = ((item, *_locate(self.files, starts, item.line)) for item in diagnostics)
        return tuple(replace(item, path=path, line=line) for item, path, line in found)

    def _starts(self) -> list[int]:
        """Return the number of lines before each file."""
        counts = (file.text.count("\n") + 1 for file in self.files[:-1])
        return list(accumulate(counts, initial=0))


def _locate(files: tuple[SchemaFile, ...], starts: list[int], line: int) -> tuple[str, int]:
    index = bisect_left(starts, line) - 1
    return files[index].path, line - starts[index]


class Job(Struct, frozen=True, kw_only=True):
    """A backend job as the API describes it. Unknown statuses are kept.

    `id` is None if the backend finished the work without a job. Source: AmplifyBackend API
    reference, "Backend appId Job backendEnvironmentName jobId".
    """

    id: str | None
    operation: str
    status: str
    error: str | None = None

    @property
    def is_failed(self) -> bool:
        """Whether the job failed. The service may answer 200 with an `Error` in the body."""
        return self.status == "FAILED" or bool(self.error)

    @property
    def is_finished(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in ("COMPLETED", "FAILED") or self.is_failed


class JobRun(Struct, frozen=True, kw_only=True):
    """A job that a run started or continued: the last state seen, seconds waited, polls sent."""

    job: Job
    seconds: float = 0.0
    polls: int = 0


class JobEvent(Struct, frozen=True, kw_only=True):
    """A change in a job, for progress displays.

    `seconds` is the time since the target's work began, `polls` the number of status requests.
    """

    kind: Literal["started", "polled", "finished", "retried"]
    target: Target
    job: Job | None
    seconds: float
    polls: int = 0
    error: str | None = None


class RemoteModels(Struct, frozen=True, kw_only=True):
    """The models that a backend has.

    `status` is `LATEST` if they belong to the deployed schema and `STALE` if they belong to an
    older one; None if the backend does not say.
    """

    models: Models
    status: str | None = None


class Artifact(Struct, frozen=True, kw_only=True):
    """A generated file: `path` relative to its output's directory, and its bytes."""

    path: str
    content: bytes


class Description(Struct, frozen=True, kw_only=True):
    """What generated files say about the models that they were generated from.

    `document` is an introspection document or a DataStore schema. Without one, `version` is the
    version hash of the DataStore schema, and `models` are the names of the models.
    """

    document: dict[str, Any] | None = None
    version: str = ""
    models: frozenset[str] = frozenset()


class FileChange(Struct, frozen=True, kw_only=True):
    """What a run does to a file.

    `refused` is a file that no generator wrote, so that it is not overwritten; `ignored` a file
    that git ignores, so that `check` does not compare it. `detail` explains the action.
    `is_ignored` says that git ignores the file, so that there is nothing to commit. `diff` is the
    unified diff, if the command shows it.
    """

    path: str
    action: Literal["created", "changed", "removed", "unchanged", "refused", "ignored"]
    detail: str = ""
    is_ignored: bool = False
    diff: str = ""

    @property
    def is_change(self) -> bool:
        """Whether the file is created, changed or removed."""
        return self.action in ("created", "changed", "removed")


class ModelChange(Struct, frozen=True, kw_only=True):
    """A difference between two versions of the models: `subject` is `Post` or `Post.title`.

    `level` is the risk for clients that already hold data, and `reason` explains it. `rule` is the
    id of the rule in docs/model-changes.md.
    """

    level: Literal["breaking", "dangerous", "safe"]
    action: Literal["added", "removed", "changed"]
    subject: str
    message: str
    reason: str
    rule: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """The result of a run for one target, and its reason.

    `compared` and `rejected` are results of `diff`; rejected are changes that `--fail-on` forbids.

    `exit_code` counts if the target failed. `jobs` are all jobs of the target in order, the
    deployment included. `files` are, for `check`, what `generate` would do. `traceback` is the one
    of a plugin's exception, for --verbose.
    """

    target: Target
    status: Literal[
        "up-to-date",
        "valid",
        "generated",
        "stale",
        "drifted",
        "invalid",
        "failed",
        "skipped",
        "compared",
        "rejected",
    ]
    reason: str
    hint: str | None = None
    exit_code: int = 3
    jobs: tuple[JobRun, ...] = ()
    changes: tuple[ModelChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    traceback: str = ""


# The other statuses are shown as they are.
_PARTICIPLES = {"up-to-date": "up to date", "generated": "regenerated"}
_START = "'amplify-modelgen generate --create' or 'amplify codegen models' adds the first models"
_SPARSE = "; no models are created in a sparse checkout"


class Report(Struct, frozen=True, kw_only=True):
    """The result of a run, for reporters.

    `files` are changed files that belong to no single target, such as the lock file. `notes` are
    additional lines of text. `seconds` is the duration of the run. `root` is None if unknown;
    `prefix` is its path in the git repository (empty if it is the top, or without git). `git_add`
    are the written paths that `git add` accepts, relative to the working directory. `schemas` are
    those on disk, and `models` those of the new side of a comparison, by the name of the target.
    """

    command: str
    backend: str
    seconds: float
    outcomes: tuple[Outcome, ...]
    files: tuple[FileChange, ...] = ()
    notes: tuple[str, ...] = ()
    root: Path | None = None
    prefix: str = ""
    git_add: tuple[str, ...] = ()
    schemas: Mapping[str, Schema] = {}
    models: Mapping[str, Models] = {}

    def repository_path(self, path: str) -> str:
        """Return `path` relative to the git repository, as code hosts show it."""
        return f"{self.prefix}/{path}" if self.prefix else path

    @property
    def written(self) -> tuple[str, ...]:
        """The paths that the run created, changed or removed and git does not ignore, sorted."""
        done = [outcome for outcome in self.outcomes if outcome.status == "generated"]
        files = [*self.files, *(file for outcome in done for file in outcome.files)]
        changed = [file for file in files if file.is_change and not file.is_ignored]
        return tuple(sorted({file.path for file in changed}))

    @property
    def exit_code(self) -> int:
        """The exit code of the command: the largest of all outcomes.

        0 nothing to do; 1 files were changed, or a target is stale, drifted, invalid or rejected;
        2 and 3 as the failed targets say.
        """
        failed = [outcome.exit_code for outcome in self.outcomes if outcome.status == "failed"]
        problems = ("stale", "drifted", "invalid", "rejected")
        is_problem = any(outcome.status in problems for outcome in self.outcomes)
        return max([*failed, int(is_problem or bool(self.written))])

    @property
    def summary(self) -> str:
        """The run in one line: `amplify-modelgen: 2 targets up to date`."""
        counts: dict[str, int] = {}
        for outcome in self.outcomes:
            counts[outcome.status] = counts.get(outcome.status, 0) + 1
        parts = [
            f"{count} target{'s' * (count != 1)} {_PARTICIPLES.get(status, status)}"
            for status, count in counts.items()
        ]
        summary = f"amplify-modelgen: {', '.join(parts) or 'nothing to do'}"
        valid = [each.target for each in self.outcomes if each.status == "valid"]
        lacking = [each.flags for each in valid if each.candidates and self.command != "validate"]
        # Elsewhere models are created if DataStore is enabled.
        note = _SPARSE if any(each.is_data_store_enabled for each in lacking) else ""
        return f"{summary}{note}; {_START}" if lacking else summary

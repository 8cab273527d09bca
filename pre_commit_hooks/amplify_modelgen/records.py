"""The values that travel between the stages: plain, frozen, made of the field's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .modelgen.documents import Models
from .modelgen.flags import FeatureFlags

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Artifact",
    "Diagnostic",
    "FeatureFlags",
    "FileChange",
    "Job",
    "JobEvent",
    "LookedAt",
    "ModelChange",
    "Models",
    "Outcome",
    "Output",
    "RunReport",
    "Schema",
    "SchemaFile",
    "Settings",
    "Source",
    "Target",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One place that a target's models are written to.

    `path` is relative to the root, with forward slashes: a folder, or, for an emitter that makes
    a single file, that file. `options` are the emitter's own, sorted by name.
    """

    emitter: str
    path: str
    options: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value of a target came from: a file relative to the root, or a flag or variable."""

    key: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """Where a plugin looked for targets: while none of these changes, it would find the same.

    `paths` are as `Target.inputs`: files and, ending in a slash, folders, there or not.
    """

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFile:
    """One file of a schema: its path relative to the root and its text, line ends as line feeds."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A backend job as the API tells of it. Statuses nobody knows are kept as they are.

    `id` is None where the backend finished the work without a job. Source: AmplifyBackend API
    reference, "Backend appId Job backendEnvironmentName jobId".
    """

    id: str | None
    operation: str
    status: str
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the job ended badly. The service may answer 200 with an `Error` in it."""
        return self.status == "FAILED" or bool(self.error)

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self.status in ("COMPLETED", "FAILED") or self.failed

    @property
    def completed(self) -> bool:
        """Whether the job ended well."""
        return self.ended and not self.failed


JobEventKind = Literal["started", "polled", "finished", "retried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """A moment in the life of a job, for progress displays.

    `seconds` is the time since the target's work began, `polls` how often the job was asked for.
    """

    kind: JobEventKind
    target: Target
    job: Job | None
    seconds: float
    polls: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file to be: `path` relative to its output's folder, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Something to say about a place in a schema. Lines and columns count from 1."""

    severity: Literal["error", "warning"]
    message: str
    path: str
    line: int
    column: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """What was done to a file; `path` is relative to the root."""

    path: str
    action: Literal["created", "changed", "unchanged", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChange:
    """One difference between two models: `subject` is `Post` or `Post.title`.

    `level` judges it for clients that already hold data, and `reason` says why. `rule` is the
    name of the judgement in docs/model-changes.md.
    """

    level: Literal["breaking", "dangerous", "safe"]
    action: Literal["added", "removed", "changed"]
    subject: str
    message: str
    reason: str
    rule: str = ""


OutcomeStatus = Literal["up-to-date", "valid", "generated", "stale", "drifted", "invalid", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run did for one target, and why. `seconds` and `polls` tell of its job.

    `exit_code` counts where the target failed: 2 where its configuration is wrong, else 3. `fault`
    is the traceback of what a plugin raised, for --verbose.
    """

    target: Target
    status: OutcomeStatus
    reason: str
    hint: str | None = None
    exit_code: int = 3
    job: Job | None = None
    seconds: float = 0.0
    polls: int = 0
    changes: tuple[ModelChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A whole run, for reporters.

    `files` are those of no single target (the lock), `seconds` is the length of the run. All
    paths are relative to `root`, which is None where nobody said.
    """

    verb: str
    backend: str
    seconds: float
    outcomes: tuple[Outcome, ...]
    files: tuple[FileChange, ...] = ()
    root: Path | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """The paths that the run created, changed or removed, sorted: what to `git add`."""
        files = [*self.files, *(file for outcome in self.outcomes for file in outcome.files)]
        return tuple(sorted(file.path for file in files if file.action != "unchanged"))

    @property
    def exit_code(self) -> int:
        """What the command line answers: the gravest of all outcomes.

        0 nothing to do; 1 files were changed, or a target is stale, drifted or invalid; 2 and 3
        as the failed targets say.
        """
        failed = [each.exit_code for each in self.outcomes if each.status == "failed"]
        found = any(each.status in ("stale", "drifted", "invalid") for each in self.outcomes)
        return max([*failed, int(found or bool(self.written))])

    @property
    def headline(self) -> str:
        """The run in one line: `amplify-modelgen: 2 targets up to date`."""
        counts: dict[str, int] = {}
        for outcome in self.outcomes:
            counts[outcome.status] = counts.get(outcome.status, 0) + 1
        parts = [f"{_targets(count)} {_SAID[status]}" for status, count in counts.items()]
        return f"amplify-modelgen: {', '.join(parts) or 'nothing to do'}"


_SAID = {
    "up-to-date": "up to date",
    "valid": "valid",
    "generated": "regenerated",
    "stale": "stale",
    "drifted": "drifted",
    "invalid": "invalid",
    "failed": "failed",
}


def _targets(count: int) -> str:
    return "1 target" if count == 1 else f"{count} targets"

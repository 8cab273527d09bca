"""What came of a run: files, what is to be said of schemas and models, and how targets ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

    from .jobs import Job
    from .targets import Target


class Artifact(Struct, frozen=True, kw_only=True):
    """A file to be: `path` relative to its output's folder, and its bytes."""

    path: str
    content: bytes


class Diagnostic(Struct, frozen=True, kw_only=True):
    """Something to say about a place in a schema. Lines and columns count from 1."""

    severity: Literal["error", "warning"]
    message: str
    path: str
    line: int
    column: int
    hint: str | None = None


class FileChange(Struct, frozen=True, kw_only=True):
    """What was done to a file; `path` is relative to the root."""

    path: str
    action: Literal["created", "changed", "unchanged", "removed"]


class ModelChange(Struct, frozen=True, kw_only=True):
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


class Outcome(Struct, frozen=True, kw_only=True):
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


class RunReport(Struct, frozen=True, kw_only=True):
    """A whole run, for reporters.

    `files` are those of no single target: the lock, and what was removed with the targets that
    are gone. `gone` are the keys of these. `seconds` is the length of the run. All paths are
    relative to `root`, which is None where nobody said.
    """

    verb: str
    backend: str
    seconds: float
    outcomes: tuple[Outcome, ...]
    files: tuple[FileChange, ...] = ()
    root: Path | None = None
    gone: tuple[str, ...] = ()

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
    def why_gone(self) -> str:
        """Why each of `gone` is there, in words: a reporter's reason where a target has its own."""
        return "the lock named it, and there is no such target any more"

    @property
    def headline(self) -> str:
        """The run in one line: `amplify-modelgen: 2 targets up to date`."""
        counts: dict[str, int] = {}
        for outcome in self.outcomes:
            counts[outcome.status] = counts.get(outcome.status, 0) + 1
        parts = [f"{_targets(count)} {_SAID[status]}" for status, count in counts.items()]
        if self.gone:
            parts.append(f"{_targets(len(self.gone))} gone{self._removal}")
        return f"amplify-modelgen: {', '.join(parts) or 'nothing to do'}"

    @property
    def _removal(self) -> str:
        if not any(file.action == "removed" for file in self.files):
            return ""
        return f": {'its' if len(self.gone) == 1 else 'their'} models were removed"


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

"""Report the changes that `diff` finds: as text, and as a report of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.input_validation import suggest
from amplify_modelgen.records import Models, Outcome, Report, Target
from amplify_modelgen.text import escape

from .catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.records import ModelChange

    from .sources import Comparison

    FailOn = Literal["breaking", "dangerous", "any", "never"]

LEVELS = ("breaking", "dangerous", "safe")
_FAILING_LEVELS = {"breaking": LEVELS[:1], "dangerous": LEVELS[:2], "any": LEVELS, "never": ()}


def summarize(changes: Sequence[ModelChange]) -> str:
    """Return a line such as `3 changes: 1 breaking, 2 safe`, or `no changes`."""
    if not changes:
        return "no changes"
    levels = [change.level for change in changes]
    counts = [f"{levels.count(level)} {level}" for level in LEVELS if level in levels]
    noun = "change" if len(changes) == 1 else "changes"
    return f"{len(changes)} {noun}: {', '.join(counts)}"


def render_changes(changes: Iterable[ModelChange]) -> list[str]:
    """Return lines for a terminal without colour, grouped by model, type or operation.

    A group is a line with its name and two indented lines for each change: the level, the subject
    and the message; then the reason. Control characters are escaped.
    """
    groups: dict[str, list[str]] = {}
    for change in changes:
        parts = change.subject.split(".")
        depth = 2 if parts[0] in ("Query", "Mutation", "Subscription") else 1
        part = ".".join(parts[depth:])
        message = f"{part}: {change.message}" if part else change.message
        lines = groups.setdefault(".".join(parts[:depth]), [])
        lines += [f"  {change.level:<9}  {message}", f"             {change.reason}"]
    return [escape(line) for name, lines in groups.items() for line in (name, *lines)]


def accept_changes(
    comparisons: Sequence[Comparison], accepted: Sequence[str]
) -> tuple[tuple[Comparison, ...], int]:
    """Return the comparisons without the changes that are accepted, and the number of these.

    `accepted` are changes as `RULE:SUBJECT`.

    Raises:
        ConfigError: a rule is unknown.
    """
    for entry in accepted:
        rule, _, subject = entry.partition(":")
        if not subject:
            raise ConfigError(
                f"diff.ignore: {entry!r}: expected RULE:SUBJECT, as in field-removed:Post.title"
            )
        if rule not in RULES:
            raise ConfigError(
                f"diff.ignore: {entry!r}: unknown rule", hint=suggest(rule, RULES, "rules")
            )

    def is_kept(change: ModelChange) -> bool:
        return f"{change.rule}:{change.subject}" not in accepted

    kept = tuple(
        replace(comparison, changes=tuple(filter(is_kept, comparison.changes)))
        for comparison in comparisons
    )
    found, shown = (sum(len(each.changes) for each in side) for side in (comparisons, kept))
    return kept, found - shown


def comparison_report(
    comparisons: Sequence[Comparison], fail_on: FailOn, accepted: int, seconds: float
) -> Report:
    """Return the report of a comparison: one outcome for each resource.

    It is `rejected` if a change has the level `fail_on` or a worse one. `accepted` is the number of
    changes that the configuration accepts.
    """
    failing = _FAILING_LEVELS[fail_on]
    outcomes = tuple(
        Outcome(
            target=_target(comparison.name),
            status="rejected"
            if any(change.level in failing for change in comparison.changes)
            else "compared",
            reason=summarize(comparison.changes),
            changes=comparison.changes,
        )
        for comparison in comparisons
    )
    note = f"{accepted} accepted change{'s' * (accepted != 1)} not shown ([diff] ignore)"
    return Report(
        command="diff",
        backend="local",
        seconds=seconds,
        outcomes=outcomes,
        notes=(note,) if accepted else (),
        models={
            _target(comparison.name).name: Models(introspection=comparison.document)
            for comparison in comparisons
            if comparison.document
        },
    )


def _target(name: str) -> Target:
    resource = name or "schema"
    return Target(app_id="", environment="", resource=resource, name=resource)

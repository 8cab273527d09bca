"""Shows changes to people as plain lines and to machines as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from amplify_modelgen.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.records import ModelChange

    Level = Literal["breaking", "dangerous", "safe"]
    FailOn = Literal["breaking", "dangerous", "any", "never"]

LEVELS: tuple[Level, ...] = ("breaking", "dangerous", "safe")


def summarise(changes: Sequence[ModelChange]) -> str:
    """Return one line, as in `3 changes: 1 breaking, 2 safe`; `no changes` where there are none."""
    if not changes:
        return "no changes"
    found = [change.level for change in changes]
    counts = [f"{found.count(level)} {level}" for level in LEVELS if level in found]
    noun = "change" if len(changes) == 1 else "changes"
    return f"{len(changes)} {noun}: {', '.join(counts)}"


def worst_level(changes: Iterable[ModelChange]) -> Level | None:
    """Return the gravest level among `changes`; None where there are none."""
    return min((change.level for change in changes), key=LEVELS.index, default=None)


def fails(changes: Iterable[ModelChange], fail_on: FailOn) -> bool:
    """Whether one of `changes` is as grave as `fail_on` or graver; `any` counts safe ones too."""
    if fail_on == "never":
        return False
    worst = worst_level(changes)
    limit: Level = "safe" if fail_on == "any" else fail_on
    return worst is not None and LEVELS.index(worst) <= LEVELS.index(limit)


def render_changes(changes: Iterable[ModelChange]) -> list[str]:
    """Return lines for a terminal without colour, grouped by model, type or operation.

    A group is a line with its name and, indented, two lines for each of its changes: level,
    subject and message, then the reason. Characters that a terminal would act on are escaped.
    """
    groups: dict[str, list[ModelChange]] = {}
    for change in changes:
        groups.setdefault(_group(change.subject), []).append(change)
    lines = []
    for name, members in groups.items():
        lines.append(name)
        for change in members:
            lines += _lines(name, change)
    return [printable(line) for line in lines]


def change_rows(changes: Iterable[ModelChange]) -> list[dict[str, str]]:
    """Return the changes as JSON objects whose keys are sorted."""
    return [
        {
            "action": change.action,
            "level": change.level,
            "message": change.message,
            "reason": change.reason,
            "rule": change.rule,
            "subject": change.subject,
        }
        for change in changes
    ]


def _group(subject: str) -> str:
    parts = subject.split(".")
    return ".".join(parts[:2] if parts[0] in ("Query", "Mutation", "Subscription") else parts[:1])


def _lines(group: str, change: ModelChange) -> tuple[str, str]:
    part = change.subject[len(group) + 1 :]
    says = f"{part}: {change.message}" if part else change.message
    return f"  {change.level:<9}  {says}", f"             {change.reason}"

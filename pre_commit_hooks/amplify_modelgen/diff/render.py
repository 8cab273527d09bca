"""Render changes as lines of text and as rows of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import asdict

from amplify_modelgen.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amplify_modelgen.records import ModelChange

    Level = Literal["breaking", "dangerous", "safe"]
    FailOn = Literal["breaking", "dangerous", "any", "never"]

LEVELS: tuple[Level, ...] = ("breaking", "dangerous", "safe")


def summarize(changes: Sequence[ModelChange]) -> str:
    """Return a line such as `3 changes: 1 breaking, 2 safe`, or `no changes`."""
    if not changes:
        return "no changes"
    levels = [change.level for change in changes]
    counts = [f"{levels.count(level)} {level}" for level in LEVELS if level in levels]
    noun = "change" if len(changes) == 1 else "changes"
    return f"{len(changes)} {noun}: {', '.join(counts)}"


def worst_level(changes: Iterable[ModelChange]) -> Level | None:
    """Return the worst level among `changes`, None if there are none."""
    return min((change.level for change in changes), key=LEVELS.index, default=None)


def is_failing(changes: Iterable[ModelChange], fail_on: FailOn) -> bool:
    """Whether a change has the level `fail_on` or a worse one; `any` includes safe changes."""
    if fail_on == "never":
        return False
    worst = worst_level(changes)
    limit: Level = "safe" if fail_on == "any" else fail_on
    return worst is not None and LEVELS.index(worst) <= LEVELS.index(limit)


def render_changes(changes: Iterable[ModelChange]) -> list[str]:
    """Return lines for a terminal without colour, grouped by model, type or operation.

    A group is a line with its name and two indented lines for each change: the level, the subject
    and the message; then the reason. Control characters are escaped.
    """
    groups: dict[str, list[ModelChange]] = {}
    for change in changes:
        groups.setdefault(_group(change.subject), []).append(change)
    lines = []
    for name, group in groups.items():
        lines.append(name)
        for change in group:
            lines += _lines(name, change)
    return [escape(line) for line in lines]


def change_rows(changes: Iterable[ModelChange]) -> list[dict[str, str]]:
    """Return the changes as JSON objects with sorted keys."""
    return [dict(sorted(asdict(change).items())) for change in changes]


def _group(subject: str) -> str:
    parts = subject.split(".")
    return ".".join(parts[:2] if parts[0] in ("Query", "Mutation", "Subscription") else parts[:1])


def _lines(group: str, change: ModelChange) -> tuple[str, str]:
    part = change.subject[len(group) + 1 :]
    message = f"{part}: {change.message}" if part else change.message
    return f"  {change.level:<9}  {message}", f"             {change.reason}"

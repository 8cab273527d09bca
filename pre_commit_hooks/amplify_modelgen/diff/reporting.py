"""The result of `diff` as a report, so that every reporter can write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from amplify_modelgen.errors import ConfigError
from amplify_modelgen.input_validation import suggest
from amplify_modelgen.records import Models, Outcome, Report, Target

from .render import is_failing, summarize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .render import FailOn
    from .sources import Comparison


def accept_changes(
    comparisons: Sequence[Comparison], accepted: Sequence[str]
) -> tuple[tuple[Comparison, ...], int]:
    """Return the comparisons without the changes that are accepted, and the number of these.

    `accepted` are changes as `RULE:SUBJECT`.

    Raises:
        ConfigError: a rule is unknown.
    """
    if not accepted:
        return tuple(comparisons), 0
    _check_rules(accepted)
    kept = tuple(
        replace(
            comparison,
            changes=tuple(
                change
                for change in comparison.changes
                if f"{change.rule}:{change.subject}" not in accepted
            ),
        )
        for comparison in comparisons
    )
    return kept, _count(comparisons) - _count(kept)


def _count(comparisons: Sequence[Comparison]) -> int:
    return sum(len(comparison.changes) for comparison in comparisons)


def _check_rules(accepted: Sequence[str]) -> None:
    from .catalogue import CATALOGUE

    known = [rule.id for rules in CATALOGUE.values() for rule in rules]
    for entry in accepted:
        rule, _, subject = entry.partition(":")
        if not subject:
            raise ConfigError(
                f"diff.ignore: {entry!r}: expected RULE:SUBJECT, as in field-removed:Post.title"
            )
        if rule not in known:
            raise ConfigError(
                f"diff.ignore: {entry!r}: unknown rule", hint=suggest(rule, known, "rules")
            )


def comparison_report(
    comparisons: Sequence[Comparison], fail_on: FailOn, accepted: int, seconds: float
) -> Report:
    """Return the report of a comparison: one outcome for each resource.

    It is `rejected` if `fail_on` forbids one of its changes. `accepted` is the number of changes
    that the configuration accepts.
    """
    outcomes = tuple(
        Outcome(
            target=_target(comparison.name),
            status="rejected" if is_failing(comparison.changes, fail_on) else "compared",
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

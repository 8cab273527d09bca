"""Rules of the comparison, and their application to a pair of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

from msgspec import Struct

from amplify_modelgen.records import ModelChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class ChangeRule(Struct, Generic[T], frozen=True, kw_only=True):
    """A kind of change: how it is recognized, described and rated.

    `applies` takes the old and the new part; for additions and removals both arguments are the
    existing part. `message` is a template over `old` and `new`; `reason` explains the effect on
    clients that already hold data.
    """

    id: str
    level: Literal["breaking", "dangerous", "safe"]
    action: Literal["added", "removed", "changed"] = "changed"
    message: str
    reason: str
    applies: Callable[[T, T], bool] = lambda _old, _new: True


class Addition(ChangeRule[T], frozen=True, kw_only=True):
    """A kind of change that adds a part."""

    action: Literal["added", "removed", "changed"] = "added"


class Removal(ChangeRule[T], frozen=True, kw_only=True):
    """A kind of change that removes a part."""

    action: Literal["added", "removed", "changed"] = "removed"


def apply_rules(
    rules: tuple[ChangeRule[T], ...], subject: str, old: T | None, new: T | None
) -> Iterator[ModelChange]:
    """Yield a change for each rule that recognizes a difference between `old` and `new`."""
    before = new if old is None else old
    after = old if new is None else new
    if before is None or after is None or old == new:
        return
    action = "added" if old is None else "removed" if new is None else "changed"
    for rule in rules:
        if rule.action == action and rule.applies(before, after):
            yield ModelChange(
                level=rule.level,
                action=rule.action,
                subject=subject,
                message=rule.message.format(old=before, new=after),
                reason=rule.reason,
                rule=rule.id,
            )


class _HasUnknown(Protocol):
    @property
    def unknown(self) -> str:
        """The members that this version does not know, as text."""


U = TypeVar("U", bound=_HasUnknown)


def unknown_change(rule_id: str) -> ChangeRule[U]:
    """Return the rule for a change in members that this version does not know."""
    return ChangeRule(
        id=rule_id,
        level="dangerous",
        applies=lambda old, new: old.unknown != new.unknown,
        message="unrecognized detail changed from {old.unknown} to {new.unknown}",
        reason="the effect on existing clients is unknown",
    )

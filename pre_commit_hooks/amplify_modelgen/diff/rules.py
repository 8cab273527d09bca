"""What a rule of the comparison is, and how a table of rules judges a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

from msgspec import Struct

from amplify_modelgen.records import ModelChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class Rule(Struct, Generic[T], frozen=True, kw_only=True):
    """One kind of change: how it is recognised, what is said of it, and how it is judged.

    `when` gets the part as it was and as it is. A part that was added or removed stands on both
    sides, so that a rule need not ask which of them exists. `says` is a template over the same
    two, `old` and `new`; `reason` is about clients that already hold data.
    """

    id: str
    level: Literal["breaking", "dangerous", "safe"]
    action: Literal["added", "removed", "changed"]
    says: str
    reason: str
    when: Callable[[T, T], bool] = lambda _old, _new: True


def judge(
    table: tuple[Rule[T], ...], subject: str, old: T | None, new: T | None
) -> Iterator[ModelChange]:
    """Yield a change for every rule of `table` that recognises one between `old` and `new`."""
    before = new if old is None else old
    after = old if new is None else new
    if before is None or after is None or old == new:
        return
    action = "added" if old is None else "removed" if new is None else "changed"
    for rule in table:
        if rule.action == action and rule.when(before, after):
            yield ModelChange(
                level=rule.level,
                action=rule.action,
                subject=subject,
                message=rule.says.format(old=before, new=after),
                reason=rule.reason,
                rule=rule.id,
            )


class _Detailed(Protocol):
    @property
    def rest(self) -> str:
        """What nobody here knows, as text."""


D = TypeVar("D", bound=_Detailed)


def unknown_part(rule_id: str) -> Rule[D]:
    """Return the rule for what a part holds beside everything that this version knows."""
    return Rule(
        id=rule_id,
        level="dangerous",
        action="changed",
        when=lambda old, new: old.rest != new.rest,
        says="something that this version does not know changed: {old.rest} is now {new.rest}",
        reason="nobody here can say what it means to old clients",
    )

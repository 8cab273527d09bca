"""What a rule is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .schema_index import Problem, SchemaIndex

    Find = Callable[[SchemaIndex], Iterable[Problem]]

Stage = Literal["push", "models", "advice"]


class Rule(Struct, frozen=True, kw_only=True):
    """A requirement on schemas.

    `summary` is a sentence or two, `wrong` and `right` are schemas. `stage` says who refuses a
    schema that violates the rule: `push` is Amplify's transformer, `models` its model generator;
    `advice` is refused by neither. `versions` are the transformer versions that have the rule,
    `providers` the configured auth providers of the examples.
    """

    id: str
    summary: str
    wrong: str
    right: str
    find: Find
    stage: Stage
    versions: tuple[int, ...]
    providers: tuple[str, ...] | None = None

    @property
    def severity(self) -> Literal["error", "warning"]:
        """The severity of a problem."""
        return "warning" if self.stage == "advice" else "error"


def schema_rule(
    *versions: int, stage: Stage = "push", providers: tuple[str, ...] | None = None
) -> Callable[[Find], Rule]:
    """Make a function a rule of these transformer versions, by default of version 2.

    The name of the function is the id of the rule, and its docstring is the text.
    """

    def decorate(find: Find) -> Rule:
        rule_id, text = find.__name__.replace("_", "-"), find.__doc__ or ""
        return make_rule(rule_id, text, find, stage, versions or (2,), providers)

    return decorate


def make_rule(  # noqa: PLR0913, PLR0917 (the parts of a rule)
    rule_id: str,
    text: str,
    find: Find,
    stage: Stage,
    versions: tuple[int, ...],
    providers: tuple[str, ...] | None = None,
) -> Rule:
    """Return a rule. `text` is the summary, then the examples, after `Wrong:` and `Right:`."""
    text, _, right = text.partition("Right:")
    summary, _, wrong = text.partition("Wrong:")
    return Rule(
        id=rule_id,
        summary=" ".join(summary.split()),
        wrong=wrong.rstrip(),
        right=right.rstrip(),
        find=find,
        stage=stage,
        versions=versions,
        providers=providers,
    )

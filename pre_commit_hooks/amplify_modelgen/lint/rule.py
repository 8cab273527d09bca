"""What a rule is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .schema_index import Problem, SchemaIndex


class Rule(Struct, frozen=True, kw_only=True):
    """A requirement on schemas.

    `summary` is one sentence, `wrong` and `right` are schemas. `stage` says who refuses a schema
    that violates the rule: `push` is Amplify's transformer, `models` its model generator; `advice`
    is refused by neither. `versions` are the transformer versions that have the rule, `providers`
    the configured auth providers of the examples.
    """

    id: str
    summary: str
    wrong: str
    right: str
    find: Callable[[SchemaIndex], Iterable[Problem]]
    severity: Literal["error", "warning"] = "error"
    stage: Literal["push", "models", "advice"] = "push"
    versions: tuple[int, ...] = (2,)
    providers: tuple[str, ...] | None = None

"""Names for what is generated or imported beside the names of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .document import Document

HELPERS = (
    "initSchema",
    "schema",
    "models",
    "ModelInit",
    "MutableModel",
    "__modelMeta__",
    "ManagedIdentifier",
    "OptionallyManagedIdentifier",
    "CustomIdentifier",
    "CompositeIdentifier",
    "LazyLoading",
    "LazyLoadingDisabled",
    "AsyncCollection",
    "AsyncItem",
)


class Names(Struct, frozen=True, kw_only=True):
    """What each generated thing is called: eager and lazy types by model, helpers by own name."""

    eager: Mapping[str, str]
    lazy: Mapping[str, str]
    helpers: Mapping[str, str]

    def imported(self, helper: str) -> str:
        """Return the clause that imports a helper: with `as` where its name is taken."""
        name = self.helpers[helper]
        return helper if name == helper else f"{helper} as {name}"


def find_names(document: Document) -> Names:
    """Return names that clash with none of the schema, nor with each other.

    The schema's names come first: only where a model is called `AsyncItem` or `LazyPost` does
    what is generated get another name, with `$` before it, which no GraphQL name can have.
    """
    taken = set(document.names)
    types = [one.name for one in document.types]
    return Names(
        eager=_declare(types, "Eager", taken),
        lazy=_declare(types, "Lazy", taken),
        helpers=_declare(HELPERS, "", taken),
    )


def _declare(names: Iterable[str], prefix: str, taken: set[str]) -> dict[str, str]:
    """Return a free name for each, and take it."""
    found: dict[str, str] = {}
    for name in names:
        wanted = f"{prefix}{name}"
        while wanted in taken:
            wanted = f"${wanted}"
        found[name] = wanted
        taken.add(wanted)
    return found

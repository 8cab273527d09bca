"""Finds the models that `@mapsTo` renamed, whose records stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from .parts import Document, Model


def follow_renames(old: Document, new: Document) -> tuple[Document, Document, dict[str, str]]:
    """Give models that `@mapsTo` renamed their new names in `old`; return those names too."""
    gone = {model.table or name: name for name, model in old.models.items()}
    gone = {table: name for table, name in gone.items() if name not in new.models}
    renamed = {
        gone[model.table or name]: name
        for name, model in new.models.items()
        if name not in old.models and (model.table or name) in gone
    }
    before = {renamed.get(name, name): model for name, model in old.models.items()}
    names = {after: name for name, after in renamed.items()}
    return _unmapped(old, before, names), _unmapped(new, new.models, names), names


def _unmapped(document: Document, models: dict[str, Model], names: dict[str, str]) -> Document:
    bare = {name: _nameless(models[name]) for name in names}
    return replace(document, models=models | bare)


def _nameless(model: Model) -> Model:
    """Leave out `@mapsTo` and the plural, which say no more than the rename does."""
    attributes = tuple(found for found in model.attributes if found.name != "mapsTo")
    return replace(model, attributes=attributes, plural=None)

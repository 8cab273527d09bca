"""The keys of models, as the transformer sees them: fields that it adds do not count."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import lower_first, pluralize, upper_first

from .schema_index import ModelKey, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.modelgen.syntax import FieldDefinition, TypeReference

    from .schema_index import DirectiveUse, SchemaIndex

Path = tuple[str | int, ...]

NUMBERS = ("Int", "Float", "AWSTimestamp", "BigInt")
"""The scalars that are stored as numbers; the others are stored as texts."""

_LOOKED_UP = 2


def model_uses(index: SchemaIndex, *names: str) -> Iterator[tuple[DirectiveUse, FieldDefinition]]:
    """Yield the uses of directives on the fields of models, with the fields."""
    for name in names:
        for use in index.uses[name]:
            if use.field is not None and use.owner.name in index.models:
                yield use, use.field


def owner_problems(index: SchemaIndex, *names: str) -> Iterator[Problem]:
    """Yield the uses of directives, which belong to fields of models, on other fields."""
    for name in names:
        for use in index.uses[name]:
            if use.field is not None and use.owner.name not in index.models:
                message = f"{use.path} has @{name}, but {use.owner.name} is not a model"
                yield use.problem(message, f"remove @{name}, or add @model to {use.owner.name}")


def items(use: DirectiveUse, argument: str) -> list[tuple[str, Path]]:
    """Return the strings in an argument that is a list or a single string, and their places."""
    value = use.argument(argument)
    if isinstance(value, list):
        return [(str(name), (argument, position)) for position, name in enumerate(value)]
    return [(str(value), (argument,))] if value else []


def has_argument(use: DirectiveUse, name: str) -> bool:
    """Whether an argument has a value; null and an empty text are none."""
    return use.argument(name) not in (None, "")


def at_type(field: FieldDefinition, message: str, hint: str) -> Problem:
    """Return a problem at the type of a field."""
    return Problem(field.type.offset, message, hint)


def is_required(reference: TypeReference) -> bool:
    """Whether a value is never null."""
    return bool(reference.outer_required if reference.list_depth else reference.required)


def is_scalar(index: SchemaIndex, reference: TypeReference) -> bool:
    """Whether a type, apart from its lists, is an enum or a scalar of GraphQL or AWS."""
    return index.kind(reference.name) in ("scalar", "enum", "unknown")


def primary_key(index: SchemaIndex, model: str) -> ModelKey:
    """Return the primary key of a model."""
    return _keys(index)[model][""]


def index_key(index: SchemaIndex, model: str, name: str) -> ModelKey | None:
    """Return the key of the index that the schema names `name`, or None."""
    return _keys(index)[model].get(name)


def all_keys(index: SchemaIndex, model: str) -> Iterable[ModelKey]:
    """Return the primary key and the indexes of a model."""
    return _keys(index)[model].values()


@lru_cache(maxsize=1)
def _keys(index: SchemaIndex) -> dict[str, dict[str, ModelKey]]:
    """Return the primary key of each model, by an empty name, and its indexes by their names."""
    keys: dict[str, dict[str, ModelKey]] = {name: {} for name in index.models}
    for use in _legacy_keys(index):
        key = _key(index.fields[use.owner.name], key_names(use))
        keys[use.owner.name].setdefault(str(use.argument("name") or ""), key)
    for model, entries in keys.items():
        fields = index.fields[model]
        for field in fields.values():
            for directive in field.directives:
                name = str(directive.arguments.get("name") or "")
                if directive.name == "primaryKey" or (directive.name == "index" and name):
                    sort = directive.arguments.get("sortKeyFields") or []
                    names = (field.name, *map(str, sort if isinstance(sort, list) else [sort]))
                    entries.setdefault(
                        name if directive.name == "index" else "", _key(fields, names)
                    )
        declared = fields.get("id")
        default = ModelKey(("id",), (declared.type.name if declared else "ID",), declared=False)
        entries.setdefault("", default)
    return keys


def _key(fields: dict[str, FieldDefinition], names: Sequence[str]) -> ModelKey:
    types = tuple(fields[name].type.name if name in fields else "" for name in names)
    return ModelKey(tuple(names), types)


def key_names(use: DirectiveUse) -> list[str]:
    """Return the fields of a primary key or an index: the partition key and the sort keys."""
    field = [use.field.name] if use.field else [name for name, _ in items(use, "fields")]
    return [*field, *(name for name, _ in items(use, "sortKeyFields"))]


def primary_keys(index: SchemaIndex) -> Iterator[DirectiveUse]:
    """Yield each `@primaryKey`, and each `@key` without a name, of a model."""
    yield from (use for use, _ in model_uses(index, "primaryKey"))
    yield from (use for use in _legacy_keys(index) if not use.argument("name"))


def indexes(index: SchemaIndex) -> Iterator[DirectiveUse]:
    """Yield each `@index`, and each `@key` with a name, of a model."""
    yield from (use for use, _ in model_uses(index, "index"))
    yield from (use for use in _legacy_keys(index) if use.argument("name"))


def _legacy_keys(index: SchemaIndex) -> Iterator[DirectiveUse]:
    return (use for use in index.uses["key"] if use.owner.name in index.models)


def stored_names(names: Sequence[str]) -> Sequence[str]:
    """Return the fields of a key that are stored as they are: several sort keys are joined."""
    return names if len(names) <= _LOOKED_UP else names[:1]


def index_name(use: DirectiveUse) -> str:
    """Return the name of an index: the declared or the default one, which its query has, too."""
    return str(use.argument("name") or default_query_name(use))


def default_query_name(use: DirectiveUse) -> str:
    """Return the name of the query of an index that declares none: `postsByTitleAndDate`."""
    suffix = "And".join(map(upper_first, key_names(use)))
    return f"{lower_first(pluralize(upper_first(use.owner.name)))}By{suffix}"

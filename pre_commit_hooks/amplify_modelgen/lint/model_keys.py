"""The keys of models, as the transformer sees them: fields that it adds do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.naming import lower_first, pluralize, upper_first

from .schema_index import ModelKey, Problem, is_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amplify_modelgen.modelgen.syntax import Directive, FieldDefinition, TypeReference

    from .schema_index import DirectiveUse, SchemaIndex

Path = tuple[str | int, ...]

NUMBERS = ("Int", "Float", "AWSTimestamp", "BigInt")
"""The scalars that are stored as numbers; the others are stored as texts."""

_LOOKED_UP = 2


def model_uses(index: SchemaIndex, *names: str) -> Iterator[tuple[DirectiveUse, FieldDefinition]]:
    """Yield the uses of directives on the fields of models, with the fields."""
    for name in names:
        for use in index.uses[name]:
            if use.field is not None and is_model(index.types[use.owner.name]):
                yield use, use.field


def owner_problems(index: SchemaIndex, *names: str) -> Iterator[Problem]:
    """Yield the uses of directives, which belong to fields of models, on other fields."""
    for name in names:
        for use in index.uses[name]:
            if use.field is not None and not is_model(index.types[use.owner.name]):
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
    return _keys(index, model)[""]


def index_key(index: SchemaIndex, model: str, name: str) -> ModelKey | None:
    """Return the key of the index that the schema names `name`, or None."""
    return _keys(index, model).get(name)


def all_keys(index: SchemaIndex, model: str) -> Iterable[ModelKey]:
    """Return the primary key and the indexes of a model."""
    return _keys(index, model).values()


def _keys(index: SchemaIndex, model: str) -> dict[str, ModelKey]:
    """Return the primary key of a model, by an empty name, and its indexes by their names."""
    keys = index.keys.get(model)
    if keys is None:
        fields = index.fields[model]
        keys = index.keys[model] = {}
        for use in index.uses["key"]:
            if use.owner.name == model:
                names = tuple(key_names(use))
                types = tuple(fields[name].type.name if name in fields else "" for name in names)
                keys.setdefault(str(use.argument("name") or ""), ModelKey(names, types))
        for field in fields.values():
            for directive in field.directives:
                if directive.name == "primaryKey":
                    keys.setdefault("", _key(fields, field, directive))
                elif directive.name == "index" and directive.arguments.get("name"):
                    name = str(directive.arguments["name"])
                    keys.setdefault(name, _key(fields, field, directive))
        declared = fields.get("id")
        default = ModelKey(("id",), (declared.type.name if declared else "ID",), declared=False)
        keys.setdefault("", default)
    return keys


def _key(
    fields: dict[str, FieldDefinition], field: FieldDefinition, directive: Directive
) -> ModelKey:
    sort = directive.arguments.get("sortKeyFields") or []
    names = (field.name, *map(str, sort if isinstance(sort, list) else [sort]))
    types = (fields[name].type.name if name in fields else "" for name in names)
    return ModelKey(names, tuple(types))


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
    return (use for use in index.uses["key"] if is_model(index.types[use.owner.name]))


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

"""The other end of a relation: which model, which of its fields, and whether the two agree."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from .type_system import first_directive
from .values import truthy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Model
    from .model_graph import ModelGraph
    from .relation import Relation
    from .tree import Field, Value


def other_model(graph: ModelGraph, relation: Relation) -> Model:
    """Return the model at the other end of a relation."""
    name = relation.field.type.name
    if name in graph.models:
        return graph.models[name]
    message = f"@{relation.kind} needs a model, but {name} is none"
    raise relation.refusal(message, f"add @model to {name}, or remove @{relation.kind}")


def belonging(graph: ModelGraph, owner: Model, target: Model) -> Field | None:
    """Return the first field of `owner` that belongs to `target`."""
    for field in graph.links(owner.name, target.name):
        if first_directive(field.directives, "belongsTo"):
            return field
    return None


def check_single(graph: ModelGraph, relation: Relation, other: Model) -> None:
    """Refuse a hasOne that is a list, or whose counterpart is one."""
    if relation.field.type.lists:
        message = "@hasOne is a 1:1 relation, but the field is a list"
        raise relation.refusal(message, "use @hasMany, or remove the brackets")
    back = belonging(graph, other, relation.model)
    if back and back.type.lists:
        message = f"@hasOne is a 1:1 relation, but {other.name}.{back.name} is a list"
        raise relation.refusal(message, f"remove the brackets of {other.name}.{back.name}")


def belongs_to_partners(graph: ModelGraph, relation: Relation, other: Model) -> Iterator[Field]:
    """Yield the fields of the other model that a belongsTo may belong to."""
    for field in graph.links(other.name, relation.model.name):
        if first_directive(field.directives, "hasMany" if field.type.lists else "hasOne"):
            yield field


def first_partners(graph: ModelGraph, relation: Relation, other: Model) -> list[Field]:
    """Return the first partner of a belongsTo, and the second if there is one."""
    found = list(islice(belongs_to_partners(graph, relation, other), 2))
    if found:
        return found
    message = f"@belongsTo has no counterpart: no field of {other.name} leads back"
    name = relation.model.name
    hint = f"add a field of type [{name}] with @hasMany, or {name} with @hasOne, to {other.name}"
    raise relation.refusal(message, hint)


def check_references(
    relation: Relation, partners: Iterable[Field], needed: tuple[str, ...]
) -> None:
    """Refuse references beside fields, and those that no partner repeats.

    `needed` are the directives that may repeat them; where it is empty, any may.
    """
    if truthy(relation.argument("fields")):
        raise relation.refusal("`fields` and `references` exclude each other", "keep one of them")
    references = list(relation.references)
    for partner in partners:
        for directive in partner.directives:
            known = not needed or directive.name in needed
            if known and directive.arguments.get("references") == references:
                return
    message = f"no `references` in {relation.field.type.name} are equal to {references}"
    counterpart = " or ".join(f"@{name}" for name in needed) or "@belongsTo"
    raise relation.refusal(message, f"give them to its {counterpart} field as well")


def matching_field(
    graph: ModelGraph, relation: Relation, other: Model, key: str, kinds: tuple[str, ...]
) -> str:
    """Return the field that leads back to this model by `key`, else the field `key` itself."""
    for field in graph.links(other.name, relation.model.name):
        for directive in field.directives:
            if directive.name in kinds and _first_name(directive.arguments.get("fields")) == key:
                return field.name
    if key in other.fields:
        return key
    message = f"{other.name} has no key field {key}"
    raise relation.refusal(message, f"declare {key} in {other.name}, or correct `fields`")


def _first_name(names: Value) -> Value:
    return names[0] if isinstance(names, list | str) and names else None


def key_name(graph: ModelGraph, relation: Relation, other: Model) -> str:
    """Return the field of the other model that a relation is keyed by.

    It is that of the index named in the relation, else the declared primary key, else the field
    that belongs to this model, else the id.
    """
    index = relation.argument("indexName")
    if truthy(index):
        return _indexed_field(graph, relation, other, index)
    for field in other.fields.values():
        if first_directive(field.directives, "primaryKey"):
            return field.name
    back = belonging(graph, other, relation.model)
    return back.name if back else "id"


def _indexed_field(graph: ModelGraph, relation: Relation, other: Model, index: Value) -> str:
    name = None if isinstance(index, list | dict) else graph.indexes(other).get(index)
    if name is not None:
        return name
    message = f"{other.name} has no @index with the name {index}"
    raise relation.refusal(message, f'add @index(name: "{index}") to a field of {other.name}')


def needs_key(graph: ModelGraph, relation: Relation, other: Model) -> bool:
    """Tell whether a hasMany gives the other model a key, because nothing stands for one.

    Only the first field that leads back is looked at, whatever comes after it.
    """
    back = graph.links(other.name, relation.model.name)[:1]
    return not truthy(relation.argument("indexName")) and not any(
        first_directive(field.directives, "belongsTo") for field in back
    )

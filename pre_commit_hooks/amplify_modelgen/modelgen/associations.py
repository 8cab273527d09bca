"""What a relation means: which fields associate two models, and what they lack for it.

Each function takes the graph as it is at the relation's turn and returns the change to it. In
older projects (`rules.primary_keys` is off) a relation is keyed by an id alone, whatever the
primary key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Association, added_field
from .partners import (
    belongs_to_partners,
    check_references,
    check_single,
    first_partners,
    key_name,
    matching_field,
    needs_key,
    other_model,
)
from .relation import Change
from .rules import RELATIONS
from .values import truthy
from .words import lower_first, upper_first

if TYPE_CHECKING:
    from .model import Model
    from .model_graph import ModelGraph
    from .relation import Relation
    from .rules import Rules
    from .tree import Field, Value

_ID = (added_field("Id", "ID"),)


def change(graph: ModelGraph, relation: Relation, rules: Rules) -> Change:
    """Return what a relation does to the graph; raise RefusalError if it cannot be."""
    match relation.kind:
        case "hasOne":
            return _has_one(graph, relation, rules)
        case "hasMany":
            return _has_many(graph, relation, rules)
    return _belongs_to(graph, relation, rules)


def _has_one(graph: ModelGraph, relation: Relation, rules: Rules) -> Change:
    """This model holds the key of the other one."""
    model, other = relation.model, other_model(graph, relation)
    check_single(graph, relation, other)
    if relation.refers:
        associated = _referenced(relation, other, first_only=rules.forced_ids)
        return Change(Association("HAS_ONE", associated, None), model)
    associated = tuple(component.name for component in other.components)
    if not rules.primary_keys:
        key = key_name(graph, relation, other)
        associated = (matching_field(graph, relation, other, key, _kinds(rules)),)
    components = _components(other, rules)
    targets = relation.fields or _foreign_keys(relation.model, relation.field, components)
    added = _held(relation, targets, components, rules)
    return Change(Association("HAS_ONE", associated, targets), model, added)


def _belongs_to(graph: ModelGraph, relation: Relation, rules: Rules) -> Change:
    """This model holds the key of the other one, by the name that the other side gives it."""
    if relation.field.type.lists:
        message = "@belongsTo leads to one model, but the field is a list"
        raise relation.refusal(message, "remove the brackets, or use @hasMany")
    other = other_model(graph, relation)
    partners = first_partners(graph, relation, other)
    if relation.refers:
        everyone = belongs_to_partners(graph, relation, other)
        check_references(relation, everyone, ("hasOne", "hasMany"))
    components = _components(other, rules)
    targets = relation.fields + relation.references
    if not targets:
        ambiguous = not rules.primary_keys and len(partners) > 1
        from_partner = partners[0].type.lists and not ambiguous
        owner, field = (other, partners[0]) if from_partner else (relation.model, relation.field)
        targets = _foreign_keys(owner, field, components)
    added = _held(relation, targets, components, rules)
    return Change(Association("BELONGS_TO", None, targets), relation.model, added)


def _has_many(graph: ModelGraph, relation: Relation, rules: Rules) -> Change:
    """The other models hold the key of this one."""
    if not relation.field.type.lists:
        message = "@hasMany leads to many models, but the field is not a list"
        raise relation.refusal(message, f"write [{relation.field.type.name}]")
    other = other_model(graph, relation)
    added: tuple[Field, ...] = ()
    if relation.refers:
        first_only = rules.forced_ids and not needs_key(graph, relation, other)
        associated = _referenced(relation, other, first_only=first_only)
    elif truthy(relation.argument("fields")):
        name = key_name(graph, relation, other)
        associated = (matching_field(graph, relation, other, name, _kinds(rules)),)
    else:
        components = _components(relation.model, rules)
        associated = _foreign_keys(relation.model, relation.field, components)
        added = _key_fields(associated, components, required=False)
    key: dict[str, Value] = {"name": f"gsi-{relation.place}", "fields": list(associated)}
    keys = (key,) if needs_key(graph, relation, other) else ()
    return Change(Association("HAS_MANY", associated, None), other, added, keys)


def _referenced(relation: Relation, other: Model, *, first_only: bool) -> tuple[str, ...]:
    """Return the references of a hasOne or hasMany, which the other model must have.

    With forced ids only the first of them is written down, so the others are not looked for.
    """
    check_references(relation, other.fields.values(), ())
    for name in relation.references[: 1 if first_only else None]:
        if name not in other.fields:
            message = f"the reference {name} is no field of {other.name}"
            raise relation.refusal(message, f"declare {name} in {other.name}")
    return relation.references


def _kinds(rules: Rules) -> tuple[str, ...]:
    return ("belongsTo",) if rules.primary_keys else RELATIONS


def _components(model: Model, rules: Rules) -> tuple[Field, ...]:
    return model.components if rules.primary_keys else _ID


def _foreign_keys(model: Model, field: Field, components: tuple[Field, ...]) -> tuple[str, ...]:
    """Return the default names of foreign keys: `postCommentsId`."""
    prefix = lower_first(model.name) + upper_first(field.name)
    return tuple(prefix + upper_first(component.name) for component in components)


def _held(
    relation: Relation, targets: tuple[str, ...], components: tuple[Field, ...], rules: Rules
) -> tuple[Field, ...]:
    """Return the fields that hold the other model's key, as optional as the relation itself."""
    if len(targets) > len(components) and rules.primary_keys:
        names = ", ".join(component.name for component in components)
        other = relation.field.type.name
        message = f"has {len(targets)} key fields, but the primary key of {other} is {names}"
        raise relation.refusal(message, "give one field for each field of that key")
    # With a single id an empty name, which only a schema can give, adds nothing.
    named = targets if rules.primary_keys or any(targets[:1]) else ()
    return _key_fields(named, components, required=relation.field.type.required)


def _key_fields(
    names: tuple[str, ...], components: tuple[Field, ...], *, required: bool
) -> tuple[Field, ...]:
    pairs = zip(names, components, strict=False)
    return tuple(added_field(name, one.type.name, required=required) for name, one in pairs)

"""Connects the models: every relation in its turn, then the fields that lead nowhere are left out.

The order matters, because what one relation adds the next one finds: models in document order
(join models last), the fields of each in theirs. How a relation is understood is a function of
the graph as it is at that moment (`associations`); what it changes is
returned, and done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .associations import change
from .problems import Finding, RefusalError
from .relation import Relation, relation_of
from .type_system import first_directive
from .values import truthy

if TYPE_CHECKING:
    from .model import Model
    from .model_graph import ModelGraph
    from .relation import Change
    from .rules import Rules
    from .tree import Field


def connect(graph: ModelGraph, rules: Rules, findings: list[Finding]) -> frozenset[str]:
    """Work out all relations of the models in the graph, which changes them.

    Returns the models that some relation's key points at, for the version hash.
    """
    pointed_at: set[str] = set()
    for model in list(graph.models.values()):
        pointed_at.update(_connect_model(graph, model, rules, findings))
    if not rules.primary_keys:
        for model in graph.models.values():
            _drop_foreign_keys(graph, model, rules)
    return frozenset(pointed_at)


def _connect_model(
    graph: ModelGraph, model: Model, rules: Rules, findings: list[Finding]
) -> list[str]:
    relations = [
        relation
        for field in model.all_fields
        if field.directives
        and field.type.name in graph.roles
        and (relation := relation_of(model, field))
    ]
    for relation in relations:
        try:
            _apply(graph, relation, change(graph, relation, rules))
        except RefusalError as refusal:
            findings.append(refusal.finding)
    findings.extend(_drop_unconnected(graph, model, rules))
    return [one.field.type.name for one in relations if _points(one, rules)]


def _apply(graph: ModelGraph, relation: Relation, made: Change) -> None:
    for field in made.fields:
        graph.add_field(made.grows, field)
    for key in made.keys:
        graph.add_key(made.grows, key)
    graph.associate(relation.model, relation.field, made.association)


def _points(relation: Relation, rules: Rules) -> bool:
    """Tell whether a relation makes the directives of its model's partner name their fields."""
    match relation.kind:
        case "belongsTo":
            return True
        case "hasMany" if truthy(relation.argument("fields")):
            return True
        case "hasOne" if rules.forced_ids:
            return True
    return relation.refers


def _drop_unconnected(graph: ModelGraph, model: Model, rules: Rules) -> list[Finding]:
    """Remove the fields whose type is a model and that no relation connects."""
    loose = [
        field
        for field in model.fields.values()
        if field.type.name in graph.models and not relation_of(model, field)
    ]
    for field in loose:
        graph.remove_field(model, field.name)
    # What is wrong with a many-to-many relation has been said already.
    return [
        _unconnected(model, field, rules)
        for field in loose
        if not first_directive(field.directives, "manyToMany")
    ]


def _unconnected(model: Model, field: Field, rules: Rules) -> Finding:
    """Return the warning about a field that is left out; without its key no model can be."""
    place = f"{model.name}.{field.name}"
    if field.name == model.primary_key.field and not rules.forced_ids:
        message = f"{place} is the primary key, but its type {field.type.name} is a model"
        return Finding(at=field.at, message=message, hint="give it a scalar type, such as ID!")
    message = (
        f"{place} is left out: its type {field.type.name} is a model, but nothing connects the two"
    )
    directive = "hasMany" if field.type.lists else "hasOne"
    hint = f"add @{directive} or @belongsTo to the field"
    return Finding(at=field.at, message=message, hint=hint, severity="warning")


def _drop_foreign_keys(graph: ModelGraph, model: Model, rules: Rules) -> None:
    """Remove what only held the other model's id, unless it is the model's own key."""
    kept = {"id"} if rules.forced_ids else {"id", model.primary_key.field}
    for field in list(model.fields.values()):
        relation = relation_of(model, field)
        association = model.associations.get(field.name)
        if relation and association and relation.kind == "belongsTo" and not relation.refers:
            for name in (association.targets or ())[:1]:
                if name in model.fields and name not in kept:
                    graph.remove_field(model, name)

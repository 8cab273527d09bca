"""A schema made ready to be written down: its models connected, everything else sorted out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from .auth import access_rules
from .many_to_many import join_models
from .model import make_model, read_fields
from .model_graph import ModelGraph
from .relations import connect

if TYPE_CHECKING:
    from .model import Model
    from .problems import Finding
    from .rules import Rules
    from .tree import Directive, Field
    from .type_system import Role, TypeSystem


_BEFORE_MODELS = ("scalar", "enum", "nonModel")
"""What a name stands for although a join model may have it too."""


class NonModel(Struct, frozen=True, kw_only=True):
    """A custom type: an object that is no model."""

    name: str
    directives: tuple[Directive, ...]
    fields: dict[str, Field]


class Assembly(Struct, frozen=True, kw_only=True):
    """What both documents are written from.

    `roles` says of every type name what it is, join models included; `pointed_at` are the models
    that a relation's key points at.
    """

    types: TypeSystem
    models: dict[str, Model]
    non_models: tuple[NonModel, ...]
    roles: dict[str, Role]
    pointed_at: frozenset[str]
    rules: Rules


def assemble(types: TypeSystem, rules: Rules, findings: list[Finding]) -> Assembly:
    """Build the models of a schema, noting in `findings` all that is wrong with them."""
    models = {one.name: make_model(one, rules, findings) for one in types.models}
    join_models(models, rules, findings)
    roles = dict(types.roles)
    for name in models:
        if roles.get(name) not in _BEFORE_MODELS:
            roles[name] = "model"
    pointed_at = connect(ModelGraph(models, roles), rules, findings)
    _check_access_of_fields(models, findings)
    return Assembly(
        types=types,
        models=models,
        non_models=tuple(
            NonModel(name=one.name, directives=one.directives, fields=read_fields(one))
            for one in types.non_models
        ),
        roles=roles,
        pointed_at=pointed_at,
        rules=rules,
    )


def _check_access_of_fields(models: dict[str, Model], findings: list[Finding]) -> None:
    """Note what is wrong with the access rules of fields, which are written nowhere."""
    for model in models.values():
        for field in model.fields.values():
            if field.directives:
                access_rules(field.directives, findings)

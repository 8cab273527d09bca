"""The model introspection schema: what Amplify's newer libraries and code generators read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conversations import conversation
from .type_system import first_directive
from .written import ABSTRACT, written_enum, written_fields, written_model, written_shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .assembly import Assembly
    from .model import Association, Model
    from .tree import Definition, Field
    from .type_system import Role


def introspection_document(assembly: Assembly) -> dict[str, Any]:
    """Return the document of an assembly that has been checked."""
    types, roles = assembly.types, assembly.roles
    queries = _fields_of(types.roots.get("query"))
    mutations = _fields_of(types.roots.get("mutation"))
    sections = {
        "queries": _operations(_without(queries, "generation"), roles),
        "generations": _operations(_with(queries, "generation"), roles),
        "mutations": _operations(_without(mutations, "conversation"), roles),
        "conversations": _conversations(_with(mutations, "conversation"), roles),
        "subscriptions": _operations(_fields_of(types.roots.get("subscription")), roles),
        "inputs": {one.name: _input(one, roles) for one in types.inputs},
    }
    return {
        "version": 1,
        "models": {one.name: _model(one, roles) for one in assembly.models.values()},
        "enums": {one.name: written_enum(one) for one in types.enums},
        "nonModels": {
            one.name: {"name": one.name, "fields": written_fields(one.fields.values(), roles)}
            for one in assembly.non_models
        },
        **{name: section for name, section in sections.items() if section},
    }


def _fields_of(root: Definition | None) -> tuple[Field, ...]:
    return root.fields if root else ()


def _with(fields: tuple[Field, ...], directive: str) -> list[Field]:
    return [field for field in fields if first_directive(field.directives, directive)]


def _without(fields: tuple[Field, ...], directive: str) -> list[Field]:
    return [field for field in fields if not first_directive(field.directives, directive)]


def _model(model: Model, roles: dict[str, Role]) -> dict[str, Any]:
    key = model.primary_key
    return {
        **written_model(model, roles, _association),
        "primaryKeyInfo": {
            "isCustomPrimaryKey": key.custom,
            "primaryKeyFieldName": key.field,
            "sortKeyFieldNames": list(key.sort_fields),
        },
    }


def _association(association: Association) -> dict[str, Any]:
    written: dict[str, Any] = {"connectionType": association.kind}
    if association.associated is not None:
        written["associatedWith"] = list(association.associated)
    if association.kind != "HAS_MANY":
        written["targetNames"] = list(association.targets or ())
    return written


def _operations(fields: Iterable[Field], roles: dict[str, Role]) -> dict[str, Any]:
    return {
        one.name: _operation(one, roles) for one in fields if roles[one.type.name] not in ABSTRACT
    }


def _operation(field: Field, roles: dict[str, Role]) -> dict[str, Any]:
    written = _input_shape(field, roles)
    if field.arguments:
        written["arguments"] = {one.name: _input_shape(one, roles) for one in field.arguments}
    return written


def _input(definition: Definition, roles: dict[str, Role]) -> dict[str, Any]:
    fields = {one.name: _input_shape(one, roles) for one in definition.fields}
    return {"name": definition.name, "attributes": fields}


def _input_shape(field: Field, roles: dict[str, Role]) -> dict[str, Any]:
    written = written_shape(field, roles)
    if field.type.lists and field.type.outer_required is not None:
        written["isArrayNullable"] = not field.type.outer_required
    return written


def _conversations(fields: Iterable[Field], roles: dict[str, Role]) -> dict[str, Any]:
    return {one.name: conversation(one.name, _operation(one, roles)) for one in fields}

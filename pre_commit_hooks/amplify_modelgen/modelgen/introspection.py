"""The model introspection schema: what Amplify's newer libraries and code generators read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conversations import conversation
from .type_system import first_directive
from .written import ABSTRACT, with_associations, written_shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .assembly import Assembly
    from .model import Association, Model
    from .tree import Definition, Field
    from .type_system import Role
    from .written import Parts


def introspection_document(assembly: Assembly, parts: Parts) -> dict[str, Any]:
    """Return the document of an assembly that has been checked, and of its written parts."""
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
        "models": {
            name: _model(model, parts.models[name]) for name, model in assembly.models.items()
        },
        "enums": parts.enums,
        "nonModels": parts.non_models,
        **{name: section for name, section in sections.items() if section},
    }


def _fields_of(root: Definition | None) -> tuple[Field, ...]:
    return root.fields if root else ()


def _with(fields: tuple[Field, ...], directive: str) -> list[Field]:
    return [field for field in fields if first_directive(field.directives, directive)]


def _without(fields: tuple[Field, ...], directive: str) -> list[Field]:
    return [field for field in fields if not first_directive(field.directives, directive)]


def _model(model: Model, written: dict[str, Any]) -> dict[str, Any]:
    key = model.primary_key
    return {
        **written,
        "fields": with_associations(model, written, _association),
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

"""The type system: what is built in, and what each type of a schema is.

Sources of the built-in definitions: docs.amplify.aws/gen1, "GraphQL directives reference" and
"Scalar types"; the arguments of directives are those that Amplify prints if a schema defines one
of its directives differently.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from .syntax import find_directive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .diagnostics import Diagnostics
    from .syntax import Definition, DefinitionKind

TypeKind = Literal[
    "scalar",
    "enum",
    "nonModel",
    "model",
    "input",
    "union",
    "interface",
    "custom scalar",
    "root",
    "internal",
]

ABSTRACT_KINDS = frozenset({"union", "interface"})

GRAPHQL_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})

_AWS_SCALARS = """
AWSDate AWSTime AWSDateTime AWSTimestamp AWSEmail AWSJSON AWSURL AWSPhone AWSIPAddress
"""
SCALARS = GRAPHQL_SCALARS.union(_AWS_SCALARS.split())

_ENUMS = """
AuthStrategy AuthProvider ModelOperation HttpMethod ModelSubscriptionLevel PredictionsActions
"""
_INPUTS = """
AuthRule HttpHeader ModelMutationMap ModelQueryMap ModelSubscriptionMap TimestampConfiguration
SearchableQueryMap
"""
_RESERVED_TYPES: dict[str, DefinitionKind] = {
    **dict.fromkeys(_ENUMS.split(), "enum"),
    **dict.fromkeys(_INPUTS.split(), "input"),
}

_GLOBAL_AUTH_RULE = "AMPLIFY"
"""The input with the auth rules for a whole API. It is not part of the models either."""


class BuiltIns(Struct, frozen=True, kw_only=True):
    """What a version of Amplify's transformer defines.

    `directives` are its directives, in its order, with their arguments; those in `repeatable` may
    be repeated. `types` are the enums and inputs of their arguments: they resolve, but are not
    part of the models. `foreign` are the directives of the other version, which have no effect.
    """

    directives: dict[str, str]
    repeatable: frozenset[str]
    types: dict[str, DefinitionKind]
    foreign: frozenset[str]


_APPSYNC_DIRECTIVES = {
    "aws_api_key": "",
    "aws_auth": "cognito_groups: [String!]!",
    "aws_cognito_user_pools": "cognito_groups: [String!]",
    "aws_iam": "",
    "aws_lambda": "",
    "aws_oidc": "",
    "aws_subscribe": "mutations: [String!]!",
}
_AUTH = "rules: [AuthRule!]!"
_HTTP = "method: HttpMethod = GET, url: String!, headers: [HttpHeader] = []"
_MODEL = (
    "queries: ModelQueryMap, mutations: ModelMutationMap, "
    "subscriptions: ModelSubscriptionMap, timestamps: TimestampConfiguration"
)
_PREDICTIONS = "actions: [PredictionsActions!]!"
_SEARCHABLE = "queries: SearchableQueryMap"

BUILT_INS_2 = BuiltIns(
    directives={
        **_APPSYNC_DIRECTIVES,
        "auth": _AUTH,
        "belongsTo": "fields: [String!], references: [String!]",
        "default": "value: String!",
        "deprecated": "reason: String",
        "function": "name: String!, region: String, accountId: String",
        "hasMany": "indexName: String, fields: [String!], references: [String!], limit: Int = 100",
        "hasOne": "fields: [String!], references: [String!]",
        "http": _HTTP,
        "index": "name: String, sortKeyFields: [String], queryField: String",
        "manyToMany": "relationName: String!, limit: Int = 100",
        "mapsTo": "name: String!",
        "model": _MODEL,
        "predictions": _PREDICTIONS,
        "primaryKey": "sortKeyFields: [String]",
        "refersTo": "name: String!",
        "searchable": _SEARCHABLE,
        "sql": "statement: String, reference: String",
    },
    repeatable=frozenset({"function", "index"}),
    types=_RESERVED_TYPES,
    foreign=frozenset({"connection", "key"}),
)

BUILT_INS_1 = BuiltIns(
    directives={
        **_APPSYNC_DIRECTIVES,
        "auth": _AUTH,
        "connection": (
            "name: String, keyField: String, sortField: String, keyName: String, limit: Int, "
            "fields: [String!]"
        ),
        "function": "name: String!, region: String",
        "http": _HTTP,
        "key": "name: String, fields: [String!]!, queryField: String",
        "model": _MODEL,
        "predictions": _PREDICTIONS,
        "searchable": _SEARCHABLE,
        "versioned": 'versionField: String = "version", versionInput: String = "expectedVersion"',
    },
    repeatable=frozenset({"function", "key"}),
    types={**_RESERVED_TYPES, "ModelQuery": "enum", "ModelMutation": "enum"},
    foreign=frozenset(
        {"belongsTo", "default", "hasMany", "hasOne", "index", "manyToMany"}
        | {"mapsTo", "primaryKey", "refersTo", "sql"}
    ),
)

_ROOT_TYPES = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
"""The root operations, and the default names of their types."""


class TypeSystem(Struct, frozen=True, kw_only=True):
    """The definitions of a schema by their kind, in document order.

    `kinds` maps every name that a field may refer to to its kind. Types of Amplify's directives
    are `internal`: they are not part of the models.
    """

    models: list[Definition]
    non_models: list[Definition]
    enums: list[Definition]
    inputs: list[Definition]
    roots: dict[str, Definition]
    kinds: dict[str, TypeKind]


def build_type_system(
    definitions: tuple[Definition, ...], built_ins: BuiltIns, diagnostics: Diagnostics
) -> TypeSystem:
    """Classify merged definitions, and report references to undefined types."""
    types = [entry for entry in definitions if entry.kind not in {"schema", "directive"}]
    root_names = {**_ROOT_TYPES}
    for definition in definitions:
        if definition.kind == "schema":
            root_names.update((field.name, field.type.name) for field in definition.fields)
    kinds = {entry.name: _kind(entry, root_names) for entry in types}
    kinds.update(dict.fromkeys(built_ins.types, "internal"))
    kinds.update(dict.fromkeys(SCALARS, "scalar"))
    _check_references(definitions, kinds, diagnostics)
    _check_schema_blocks(definitions, root_names, diagnostics)
    by_kind: defaultdict[TypeKind, list[Definition]] = defaultdict(list)
    for entry in types:
        by_kind[kinds[entry.name]].append(_deduplicate_fields(entry))
    # A type of several operations has the first one.
    operations = {name: operation for operation, name in reversed(root_names.items())}
    return TypeSystem(
        models=by_kind["model"],
        non_models=by_kind["nonModel"],
        enums=by_kind["enum"],
        inputs=by_kind["input"],
        roots={operations[entry.name]: entry for entry in by_kind["root"]},
        kinds=kinds,
    )


def _deduplicate_fields(definition: Definition) -> Definition:
    """Keep the last of several fields with the same name, in the position of the first."""
    fields = {field.name: field for field in definition.fields}
    if len(fields) == len(definition.fields):
        return definition
    return replace(definition, fields=tuple(fields.values()))


def _kind(definition: Definition, root_names: dict[str, str]) -> TypeKind:
    is_introspection = definition.kind == "object" and definition.name.startswith("__")
    if definition.name == _GLOBAL_AUTH_RULE or is_introspection:
        return "internal"
    match definition.kind:
        case "enum" | "input" | "union" | "interface":
            return definition.kind
        case "scalar":
            return "custom scalar"
    if find_directive(definition.directives, "model"):
        return "model"
    return "root" if definition.name in root_names.values() else "nonModel"


def _check_schema_blocks(
    definitions: tuple[Definition, ...], root_names: dict[str, str], diagnostics: Diagnostics
) -> None:
    """Report a schema block without root types if no type has a default name either."""
    has_root = not {entry.name for entry in definitions}.isdisjoint(root_names.values())
    for definition in definitions:
        if definition.kind == "schema" and not definition.fields and not has_root:
            message = "the schema block names no root type"
            diagnostics.error(definition.offset, message, "remove it, or define the type Query")


def _check_references(
    definitions: tuple[Definition, ...], kinds: dict[str, TypeKind], diagnostics: Diagnostics
) -> None:
    for definition in definitions:
        for name, offset, path in _references(definition):
            if name not in kinds:
                message = f"{path} refers to the type {name}, which is not defined"
                diagnostics.error(offset, message, f"define {name}, or correct its spelling")


def _references(definition: Definition) -> Iterator[tuple[str, int, str]]:
    """Yield the name, offset and path of each type reference."""
    if definition.kind not in ("enum", "directive"):
        for name in definition.names:
            yield name.text, name.offset, definition.name
    for field in definition.fields:
        path = f"{definition.name}.{field.name}"
        yield field.type.name, field.type.offset, path
        for argument in field.arguments:
            yield argument.type.name, argument.type.offset, f"{path}({argument.name}:)"

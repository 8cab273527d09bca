"""The directives of both versions of Amplify's transformer, with the types of their arguments.

Sources: docs.amplify.aws/gen1, "GraphQL directives reference"; AWS AppSync developer guide,
"Using authorization"; and what the transformer accepts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.parser import parse_fast

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.syntax import Definition, FieldDefinition

_SHARED = """
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @deprecated(reason: String)
  on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE

directive @model(
  queries: ModelQueryMap
  mutations: ModelMutationMap
  subscriptions: ModelSubscriptionMap
  timestamps: TimestampConfiguration
) on OBJECT
input ModelQueryMap { get: String list: String }
input ModelMutationMap { create: String update: String delete: String }
input ModelSubscriptionMap {
  onCreate: [String] onUpdate: [String] onDelete: [String] level: ModelSubscriptionLevel
}
enum ModelSubscriptionLevel { off public on }
input TimestampConfiguration { createdAt: String updatedAt: String }

directive @searchable(queries: SearchableQueryMap) on OBJECT
input SearchableQueryMap { search: String }
directive @http(url: String!, method: HttpMethod, headers: [HttpHeader]) on FIELD_DEFINITION
enum HttpMethod { GET POST PUT DELETE PATCH }
input HttpHeader { key: String value: String }
directive @predictions(actions: [PredictionsActions!]!) on FIELD_DEFINITION
enum PredictionsActions { identifyText identifyLabels convertTextToSpeech translateText }
scalar BigInt
scalar Double
"""

_VERSION_2 = """
directive @primaryKey(sortKeyFields: [String]) on FIELD_DEFINITION
directive @index(name: String, sortKeyFields: [String], queryField: String)
  repeatable on FIELD_DEFINITION
directive @hasOne(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @hasMany(indexName: String, fields: [String!], references: [String!], limit: Int)
  on FIELD_DEFINITION
directive @belongsTo(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @manyToMany(relationName: String!, limit: Int) on FIELD_DEFINITION
directive @default(value: String!) on FIELD_DEFINITION
directive @mapsTo(name: String!) on OBJECT
directive @refersTo(name: String!) on OBJECT | FIELD_DEFINITION
directive @validate(type: ValidationType!, value: String!, errorMessage: String)
  repeatable on FIELD_DEFINITION
enum ValidationType { gt lt gte lte minLength maxLength startsWith endsWith matches }

directive @auth(rules: [AuthRule!]!) on FIELD_DEFINITION | OBJECT
input AuthRule {
  allow: AuthStrategy! provider: AuthProvider ownerField: String identityClaim: String
  groups: [String] groupsField: String groupClaim: String operations: [ModelOperation]
}
enum AuthStrategy { owner groups private public custom }
enum AuthProvider { apiKey iam identityPool oidc userPools function }
enum ModelOperation { create update delete read list get sync listen search }

directive @function(
  name: String! region: String accountId: String invocationType: InvocationType
) repeatable on FIELD_DEFINITION
enum InvocationType { RequestResponse Event }
directive @sql(statement: String, reference: String) on FIELD_DEFINITION
directive @generation(
  aiModel: String! systemPrompt: String! inferenceConfiguration: GenerationInferenceConfiguration
) on FIELD_DEFINITION
input GenerationInferenceConfiguration { maxTokens: Int temperature: Float topP: Float }
directive @conversation(
  aiModel: String! systemPrompt: String! auth: ConversationAuth! tools: [ToolMap]
  inferenceConfiguration: ConversationInferenceConfiguration functionName: String
  handler: ConversationHandlerFunctionConfiguration
) on FIELD_DEFINITION
input ConversationAuth { strategy: ConversationAuthStrategy! provider: ConversationAuthProvider! }
enum ConversationAuthProvider { userPools }
enum ConversationAuthStrategy { owner }
input ToolMap {
  name: String! description: String! modelName: String queryName: String
  modelOperation: ConversationToolModelOperation
}
enum ConversationToolModelOperation { list }
input ConversationInferenceConfiguration { maxTokens: Int temperature: Float topP: Float }
input ConversationHandlerFunctionConfiguration { functionName: String! eventVersion: String! }
"""

_VERSION_1 = """
directive @key(name: String, fields: [String!]!, queryField: String) repeatable on OBJECT
directive @connection(
  name: String keyField: String sortField: String keyName: String limit: Int fields: [String!]
) on FIELD_DEFINITION
directive @versioned(versionField: String, versionInput: String) on OBJECT
directive @auth(rules: [AuthRule!]!) on FIELD_DEFINITION | OBJECT
input AuthRule {
  allow: AuthStrategy! provider: AuthProvider ownerField: String identityClaim: String
  identityField: String groups: [String] groupsField: String groupClaim: String
  operations: [ModelOperation] queries: [ModelQuery] mutations: [ModelMutation]
}
enum AuthStrategy { owner groups private public }
enum AuthProvider { apiKey iam oidc userPools }
enum ModelOperation { create update delete read }
enum ModelQuery { get list }
enum ModelMutation { create update delete }
directive @function(name: String!, region: String) repeatable on FIELD_DEFINITION
"""


class DirectiveDefinition(Struct, frozen=True, kw_only=True):
    """A directive of Amplify: its arguments, where it may be, and whether it may be repeated."""

    arguments: dict[str, FieldDefinition]
    required: tuple[str, ...]
    locations: frozenset[str]
    repeatable: bool


class AmplifyDefinitions(Struct, frozen=True, kw_only=True):
    """Amplify's directives, enums with their values, and inputs with their fields, by name.

    `directive_names` are `@model` and so on. `newer` are the directives of version 2 that this
    version lacks.
    """

    directives: dict[str, DirectiveDefinition]
    directive_names: tuple[str, ...]
    newer: frozenset[str]
    version: int
    enums: dict[str, tuple[str, ...]]
    inputs: dict[str, dict[str, FieldDefinition]]
    scalars: frozenset[str]


@lru_cache(maxsize=2)
def amplify_definitions(version: int) -> AmplifyDefinitions:
    """Return the definitions of a transformer version, 1 or 2."""
    definitions = parse_fast(_SHARED + (_VERSION_1 if version == 1 else _VERSION_2)) or ()
    names = [entry.name for entry in definitions if entry.kind == "directive"]
    newer = amplify_definitions(2).directives.keys() if version == 1 else ()
    return AmplifyDefinitions(
        newer=frozenset(newer).difference(names),
        version=version,
        directives={
            entry.name: DirectiveDefinition(
                arguments=_by_name(entry),
                required=tuple(each.name for each in entry.fields if each.type.outer_required),
                locations=frozenset(location.text for location in entry.names),
                repeatable=entry.repeatable,
            )
            for entry in definitions
            if entry.kind == "directive"
        },
        directive_names=tuple(f"@{name}" for name in names),
        enums={
            entry.name: tuple(value.text for value in entry.names)
            for entry in definitions
            if entry.kind == "enum"
        },
        inputs={entry.name: _by_name(entry) for entry in definitions if entry.kind == "input"},
        scalars=frozenset(entry.name for entry in definitions if entry.kind == "scalar"),
    )


def _by_name(definition: Definition) -> dict[str, FieldDefinition]:
    return {field.name: field for field in definition.fields}

"""The directives of Amplify's transformer, with the types of their arguments.

Sources: docs.amplify.aws/gen1, "GraphQL directives reference"; AWS AppSync developer guide,
"Using authorization"; and what the transformer accepts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.fast_parser import parse_fast

if TYPE_CHECKING:
    from amplify_modelgen.modelgen.syntax import Definition, FieldDefinition

_SDL = """
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
directive @searchable(queries: SearchableQueryMap) on OBJECT
input SearchableQueryMap { search: String }
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
directive @http(url: String!, method: HttpMethod, headers: [HttpHeader]) on FIELD_DEFINITION
enum HttpMethod { GET POST PUT DELETE PATCH }
input HttpHeader { key: String value: String }
directive @predictions(actions: [PredictionsActions!]!) on FIELD_DEFINITION
enum PredictionsActions { identifyText identifyLabels convertTextToSpeech translateText }
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
scalar BigInt
scalar Double
"""


class DirectiveDefinition(Struct, frozen=True, kw_only=True):
    """A directive of Amplify: its arguments, where it may be, and whether it may be repeated."""

    arguments: dict[str, FieldDefinition]
    required: tuple[str, ...]
    locations: frozenset[str]
    repeatable: bool


class AmplifyDefinitions(Struct, frozen=True, kw_only=True):
    """Amplify's directives, enums with their values, and inputs with their fields, by name.

    `directive_names` are `@model` and so on.
    """

    directives: dict[str, DirectiveDefinition]
    directive_names: tuple[str, ...]
    enums: dict[str, tuple[str, ...]]
    inputs: dict[str, dict[str, FieldDefinition]]
    scalars: frozenset[str]


@lru_cache(maxsize=1)
def amplify_definitions() -> AmplifyDefinitions:
    """Return the definitions."""
    definitions = parse_fast(_SDL) or ()
    return AmplifyDefinitions(
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
        directive_names=tuple(
            f"@{entry.name}" for entry in definitions if entry.kind == "directive"
        ),
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

"""What every Amplify schema may use without defining it.

Source: docs.amplify.aws/gen1, "GraphQL directives reference" and "Scalar types"; the arguments
are those that Amplify names when a schema defines one of its directives differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tree import Kind

BUILT_IN = frozenset({"Int", "Float", "String", "Boolean", "ID"})
"""GraphQL's own scalars."""

_SCALARS = """
AWSDate AWSTime AWSDateTime AWSTimestamp AWSEmail AWSJSON AWSURL AWSPhone AWSIPAddress
"""
SCALARS = BUILT_IN.union(_SCALARS.split())

_ENUMS = """
AuthStrategy AuthProvider ModelOperation HttpMethod ModelSubscriptionLevel PredictionsActions
"""
_INPUTS = """
AuthRule HttpHeader ModelMutationMap ModelQueryMap ModelSubscriptionMap TimestampConfiguration
SearchableQueryMap
"""
RESERVED: dict[str, Kind] = {
    **dict.fromkeys(_ENUMS.split(), "enum"),
    **dict.fromkeys(_INPUTS.split(), "input"),
}
"""Enums and inputs of the directives themselves: they resolve, but never reach the models."""

GLOBAL_RULES = "AMPLIFY"
"""The input that carries rules for a whole API; it never reaches the models either."""

REPEATABLE = frozenset({"function", "index"})

DIRECTIVES = {
    "aws_api_key": "",
    "aws_auth": "cognito_groups: [String!]!",
    "aws_cognito_user_pools": "cognito_groups: [String!]",
    "aws_iam": "",
    "aws_lambda": "",
    "aws_oidc": "",
    "aws_subscribe": "mutations: [String!]!",
    "auth": "rules: [AuthRule!]!",
    "belongsTo": "fields: [String!], references: [String!]",
    "default": "value: String!",
    "deprecated": "reason: String",
    "function": "name: String!, region: String, accountId: String",
    "hasMany": "indexName: String, fields: [String!], references: [String!], limit: Int = 100",
    "hasOne": "fields: [String!], references: [String!]",
    "http": "method: HttpMethod = GET, url: String!, headers: [HttpHeader] = []",
    "index": "name: String, sortKeyFields: [String], queryField: String",
    "manyToMany": "relationName: String!, limit: Int = 100",
    "mapsTo": "name: String!",
    "model": (
        "queries: ModelQueryMap, mutations: ModelMutationMap, "
        "subscriptions: ModelSubscriptionMap, timestamps: TimestampConfiguration"
    ),
    "predictions": "actions: [PredictionsActions!]!",
    "primaryKey": "sortKeyFields: [String]",
    "refersTo": "name: String!",
    "searchable": "queries: SearchableQueryMap",
    "sql": "statement: String, reference: String",
}
"""The directives that Amplify defines, in its order, each with its arguments."""

UNLISTED_DIRECTIVES = frozenset(
    {"conversation", "generation", "include", "skip", "specifiedBy", "validate", "versioned"}
)
"""Directives that Amplify or GraphQL knows although no definition of them is given."""

OLD_DIRECTIVES = {"key": "`@primaryKey` or `@index`", "connection": "`@hasMany` or its like"}
"""Directives of transformer version 1 and what stands for them in version 2."""

ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
"""The root operations and the names that their types have by default."""

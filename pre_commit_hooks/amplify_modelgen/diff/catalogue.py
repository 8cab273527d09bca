"""All rules of the comparison, under the headings of docs/model-changes.md."""

from __future__ import annotations

from functools import partial
from typing import Literal

from msgspec import Struct


class ChangeRule(Struct, frozen=True):
    """A kind of change, how it is described and rated.

    `message` is a template over the `old` and the `new` part; `reason` explains the effect on
    clients that already hold data.
    """

    level: Literal["breaking", "dangerous", "safe"]
    message: str
    reason: str


# Texts of more than one rule.
_RETURNS = "returns {new.sdl} instead of {old.sdl}"
_TYPE_CHANGED = "type changed from {old.type} to {new.type}"
_OTHER_TYPE = "returns {new.type} instead of {old.type}"
_OTHER_TABLE = "the model reads another table, which does not have the stored records"
_UNKNOWN_DIRECTIVE = "the effect of the directive on existing clients is unknown"
_OTHER_INDEX = "index {new.name} is on {new.fields} instead of {old.fields}"
_OTHER_KEY = "primary key changed from {old.fields} to {new.fields}"
_NULL_ACCEPTED = "old clients accept null as well; make sure that the resolver never returns it"
_NEVER_REQUESTED = "old clients do not know it and never request it"

_breaking = partial(ChangeRule, "breaking")
_dangerous = partial(ChangeRule, "dangerous")
_safe = partial(ChangeRule, "safe")
_UNKNOWN = _dangerous(
    "unrecognized detail changed from {old.unknown} to {new.unknown}",
    "the effect on existing clients is unknown",
)
"""The rule for members of a document that this version does not know."""

CATALOGUE = {
    "Models": {
        "model-added": _safe("model added", _NEVER_REQUESTED),
        "model-removed": _breaking(
            "model removed",
            "its queries, mutations and subscriptions no longer exist for old clients, and Amplify"
            " deletes its table with all records",
        ),
        "plural-changed": _breaking(
            "plural changed from {old.plural} to {new.plural}",
            "the names of the list and sync queries contain it, and old clients use the old ones",
        ),
        "model-detail-changed": _UNKNOWN,
        "model-renamed": _breaking(
            "model {old} was renamed to {new}",
            "@mapsTo keeps the table and its records, but the operations that old clients use had"
            " the old name and no longer exist",
        ),
        "operations-switched-off": _breaking(
            "@model({new.name}) is disabled", "old clients use the operations that it creates"
        ),
        "operations-switched-on": _safe(
            "@model({new.name}) is enabled again", "old clients do not use it"
        ),
        "model-argument-changed": _breaking(
            "@model({new.name}) changed",
            "operations, subscriptions or timestamps change their names or scope, and old clients"
            " use the previous ones",
        ),
    },
    "Primary keys": {
        "primary-key-changed": _breaking(
            _OTHER_KEY,
            "Amplify replaces the table, all its records are lost, and old clients query by the"
            " old key",
        ),
        "sort-keys-changed": _breaking(
            _OTHER_KEY,
            "sort keys are part of the primary key: Amplify replaces the table and all its records"
            " are lost",
        ),
        "primary-key-spelling-changed": _safe(
            "primary key {new.fields} is declared in one schema and implied in the other",
            "the key is the same",
        ),
        "primary-key-detail-changed": _UNKNOWN,
    },
    "Indexes": {
        "index-added": _safe(
            "index {new.name} on {new.fields} added",
            "old clients do not query it, and DynamoDB fills it from the stored records",
        ),
        "index-with-query-removed": _breaking(
            "index {old.name} on {old.fields} and its query {old.query} removed",
            "old clients use the query",
        ),
        "index-removed": _dangerous(
            "index {old.name} on {old.fields} removed",
            "relations that use it, and a query that Amplify generated and named, no longer work"
            " for old clients",
        ),
        "index-query-added": _safe(
            "index {new.name} now has the query {new.query}", "old clients do not use it"
        ),
        "index-query-changed": _breaking(
            "query of index {new.name} changed from {old.query} to {new.query}",
            "old clients use the query under its old name",
        ),
        "index-with-query-rebuilt": _breaking(
            _OTHER_INDEX, "the arguments of its query change, and old clients send the old ones"
        ),
        "index-rebuilt": _dangerous(
            _OTHER_INDEX,
            "relations that use it find nothing while it is rebuilt, and never find records that"
            " lack the new fields",
        ),
        "implicit-index-added": _safe(
            "index {new.name} of a has-many relation added",
            "Amplify keeps it for the relation, whether it is listed or not",
        ),
        "implicit-index-removed": _safe(
            "index {old.name} of a has-many relation is no longer listed",
            "Amplify keeps it for the relation; if that is removed too, its change is listed",
        ),
        "implicit-index-changed": _safe(
            "index {new.name} of a has-many relation is on {new.fields} instead of {old.fields}",
            "it follows the keys of the relation, whose own change is listed",
        ),
        "index-detail-changed": _UNKNOWN,
    },
    "Other directives on models": {
        "search-added": _safe("@searchable added", "old clients do not use the search query"),
        "search-removed": _breaking("@searchable removed", "old clients use the search query"),
        "search-changed": _breaking(
            "arguments of @searchable changed",
            "they contain the name of the search query, and old clients use the old name",
        ),
        "table-mapping-added": _breaking("@{new.name} added: {new.arguments}", _OTHER_TABLE),
        "table-mapping-removed": _breaking("@{old.name} removed: {old.arguments}", _OTHER_TABLE),
        "table-mapping-changed": _breaking(
            "@{new.name} changed from {old.arguments} to {new.arguments}", _OTHER_TABLE
        ),
        "api-access-added": _dangerous(
            "@{new.name} added",
            "existing records become visible to clients of another authorization mode",
        ),
        "api-access-removed": _breaking(
            "@{old.name} removed", "old clients of that authorization mode are rejected"
        ),
        "api-access-changed": _breaking(
            "arguments of @{new.name} changed", "old clients that it allowed may be rejected"
        ),
        "directive-added": _dangerous("@{new.name} added", _UNKNOWN_DIRECTIVE),
        "directive-removed": _dangerous("@{old.name} removed", _UNKNOWN_DIRECTIVE),
        "directive-changed": _dangerous("arguments of @{new.name} changed", _UNKNOWN_DIRECTIVE),
    },
    "Auth rules": {
        "access-granted": _dangerous(
            "{new.grantee} may now {new.operations}",
            "existing records become visible or writable to new clients",
        ),
        "access-widened": _dangerous(
            "{new.grantee} may now also {new.operations}",
            "existing records become visible or writable to more clients",
        ),
        "access-withdrawn": _breaking(
            "{old.grantee} may no longer {old.operations}",
            "old clients that rely on the rule are rejected",
        ),
        "access-narrowed": _breaking(
            "{old.grantee} may no longer {old.operations}",
            "old clients that rely on it are rejected",
        ),
        "auth-introduced": _breaking(
            "auth rules introduced: {new}",
            "until now the default of the API applied; clients that it allowed and that no rule"
            " names are rejected",
        ),
        "auth-dropped": _breaking(
            "all auth rules removed: {old}",
            "now the default of the API applies: it rejects all clients, or allows all of them if"
            " a global rule says so",
        ),
    },
    "Fields of models and custom types": {
        "optional-field-added": _safe(
            "optional field of type {new.sdl} added",
            "old clients neither request nor send it, and stored records may lack it",
        ),
        "required-field-added": _breaking(
            "required field of type {new.sdl} added",
            "writes of old clients lack it and are rejected, and stored records lack it",
        ),
        "relation-added": _safe(
            "{new.link_kind} relation of type {new.sdl} added",
            "old clients do not request it, and stored records may have no link",
        ),
        "required-relation-added": _breaking(
            "required {new.link_kind} relation of type {new.sdl} added",
            "stored records and those of old clients have no link, and null is an error",
        ),
        "field-removed": _breaking(
            "field of type {old.sdl} removed",
            "old clients still request and send it, and the API rejects unknown names; its values"
            " in stored records become inaccessible",
        ),
        "relation-removed": _breaking(
            "{old.link_kind} relation of type {old.sdl} removed",
            "old clients still request it, and the API rejects unknown names",
        ),
        "type-changed": _breaking(
            _TYPE_CHANGED, "old clients and stored records contain values of the old type"
        ),
        "id-and-string-swapped": _dangerous(
            _TYPE_CHANGED,
            "both are stored and sent as text, but clients with their own types or filters"
            " distinguish them",
        ),
        "key-type-changed": _breaking(
            "type of a key field changed from {old.type} to {new.type}",
            "queries of old clients declare the old type for the key and are rejected",
        ),
        "became-list": _breaking(
            "{old.sdl} became the list {new.sdl}",
            "old clients and stored records have a single value",
        ),
        "list-became-single": _breaking(
            "the list {old.sdl} became {new.sdl}", "old clients and stored records have lists"
        ),
        "became-required": _breaking(
            "became required: {old.sdl} is now {new.sdl}",
            "writes of old clients may lack it and are rejected; stored records that lack it"
            " cannot be read",
        ),
        "became-optional": _dangerous(
            "became optional: {old.sdl} is now {new.sdl}",
            "old clients expect that it is never null, and fail on records that lack it",
        ),
        "items-became-required": _breaking(
            "items became required: {old.sdl} is now {new.sdl}",
            "old clients and stored records may have null in the list",
        ),
        "items-became-optional": _dangerous(
            "items became optional: {old.sdl} is now {new.sdl}",
            "old clients expect that items are never null, and fail on lists that contain null",
        ),
        "to-many-nullability-changed": _safe(
            "{old.sdl} is now {new.sdl}",
            "the list is looked up in the other model; it is neither stored in this one nor sent",
        ),
    },
    "Relations and read-only fields": {
        "relation-kind-changed": _breaking(
            "relation changed from {old.link_kind} to {new.link_kind}",
            "stored records have their links elsewhere, and old clients look for them there",
        ),
        "relation-keys-changed": _breaking(
            "relation is stored in {new.link.stored} instead of {old.link.stored}",
            "stored records and old clients have their links in the old fields, which are no"
            " longer read",
        ),
        "relation-renamed": _safe(
            "relation names another field, which is stored in the same {new.link.stored}",
            "the links are stored in the same fields as before",
        ),
        "became-read-only": _breaking(
            "became read-only",
            "old clients still send it, and the API rejects writes that contain it",
        ),
        "became-writable": _safe("became writable", "old clients only read it"),
        "field-detail-changed": _UNKNOWN,
    },
    "Custom types, enums and inputs": {
        "kind-changed": _breaking(
            "{old} became {new}", "records and old clients use a form of it that no longer exists"
        ),
        "custom-type-added": _safe("custom type added", _NEVER_REQUESTED),
        "custom-type-removed": _breaking(
            "custom type removed", "stored records and old clients may contain values of it"
        ),
        "custom-type-detail-changed": _UNKNOWN,
        "enum-added": _safe("enum added", _NEVER_REQUESTED),
        "enum-removed": _breaking(
            "enum removed", "stored records and old clients may contain its values"
        ),
        "enum-detail-changed": _UNKNOWN,
        "enum-value-added": _dangerous(
            "value added", "old clients receive an unknown value as soon as a record contains it"
        ),
        "enum-value-removed": _breaking(
            "value removed",
            "stored records that contain it cannot be read, and old clients that send it are"
            " rejected",
        ),
        "input-added": _safe("input added", "old clients do not know it and never send it"),
        "input-removed": _breaking(
            "input removed", "old clients declare variables of it, which the API rejects"
        ),
        "input-detail-changed": _UNKNOWN,
    },
    "Queries, mutations and subscriptions": {
        "operation-added": _safe("added, returns {new.result.sdl}", "old clients do not use it"),
        "operation-removed": _breaking("removed", "old clients use it"),
        "operation-kind-changed": _dangerous(
            "moved from {old.section} to {new.section}",
            "old clients can still call it, but another resolver returns the result",
        ),
        "operation-detail-changed": _UNKNOWN,
        "answer-type-changed": _breaking(_OTHER_TYPE, "old clients read the old type"),
        "answer-id-and-string-swapped": _dangerous(
            _OTHER_TYPE, "both are sent as text, but clients with their own types distinguish them"
        ),
        "answer-list-changed": _breaking(
            _RETURNS, "old clients expect a list and receive a single value, or the reverse"
        ),
        "answer-became-optional": _dangerous(_RETURNS, "old clients expect that it is never null"),
        "answer-became-required": _safe(_RETURNS, _NULL_ACCEPTED),
        "answer-items-became-optional": _dangerous(
            _RETURNS, "old clients expect that items are never null"
        ),
        "answer-items-became-required": _safe(_RETURNS, _NULL_ACCEPTED),
        "answer-detail-changed": _UNKNOWN,
    },
    "Arguments and fields of inputs": {
        "optional-argument-added": _safe(
            "optional argument of type {new.sdl} added", "old clients do not send it"
        ),
        "required-argument-added": _breaking(
            "required argument of type {new.sdl} added",
            "old clients do not send it and are rejected",
        ),
        "argument-removed": _breaking(
            "argument of type {old.sdl} removed",
            "old clients send it, and the API rejects unknown names",
        ),
        "argument-type-changed": _breaking(
            _TYPE_CHANGED, "old clients send, and declare in their queries, the old type"
        ),
        "input-id-and-string-swapped": _dangerous(
            _TYPE_CHANGED,
            "old clients send text, which is still accepted, but clients with their own types"
            " distinguish them",
        ),
        "argument-list-changed": _breaking(
            "{old.sdl} became {new.sdl}",
            "old clients send a list instead of a single value, or the reverse",
        ),
        "argument-became-required": _breaking(
            "became required: {old.sdl} is now {new.sdl}",
            "old clients may omit it and are rejected",
        ),
        "argument-became-optional": _safe(
            "became optional: {old.sdl} is now {new.sdl}", "old clients continue to send it"
        ),
        "argument-items-became-required": _breaking(
            "items became required: {old.sdl} is now {new.sdl}",
            "old clients may send null in the list, or declare that they may, and are rejected",
        ),
        "argument-items-became-optional": _safe(
            "items became optional: {old.sdl} is now {new.sdl}", "old clients never send null in it"
        ),
        "argument-detail-changed": _UNKNOWN,
    },
    "The document": {"document-detail-changed": _UNKNOWN},
}

RULES = {rule_id: rule for rules in CATALOGUE.values() for rule_id, rule in rules.items()}

"""Rules for models: keys, indexes, `@model` arguments, auth rules and other directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Addition, ChangeRule, Removal, unknown_change

if TYPE_CHECKING:
    from .directives import (
        AccessGrant,
        ModelArgument,
        OtherDirective,
        PrimaryKeyInfo,
        SecondaryIndex,
    )
    from .document import ModelEntry

MODEL_RULES: tuple[ChangeRule[ModelEntry], ...] = (
    Addition(
        id="model-added",
        level="safe",
        message="model added",
        reason="old clients do not know it and never request it",
    ),
    Removal(
        id="model-removed",
        level="breaking",
        message="model removed",
        reason="its queries, mutations and subscriptions no longer exist for old clients, and"
        " Amplify deletes its table with all records",
    ),
    ChangeRule(
        id="plural-changed",
        level="breaking",
        applies=lambda old, new: None not in (old.plural, new.plural) and old.plural != new.plural,
        message="plural changed from {old.plural} to {new.plural}",
        reason="the names of the list and sync queries contain it, and old clients use the old"
        " ones",
    ),
    unknown_change("model-detail-changed"),
)

RENAME_RULES: tuple[ChangeRule[str], ...] = (
    ChangeRule(
        id="model-renamed",
        level="breaking",
        message="model {old} was renamed to {new}",
        reason="@mapsTo keeps the table and its records, but the operations that old clients use"
        " had the old name and no longer exist",
    ),
)

KEY_RULES: tuple[ChangeRule[PrimaryKeyInfo], ...] = (
    ChangeRule(
        id="primary-key-changed",
        level="breaking",
        applies=lambda old, new: old.field != new.field,
        message="primary key changed from {old.joined} to {new.joined}",
        reason="Amplify replaces the table, all its records are lost, and old clients query by the"
        " old key",
    ),
    ChangeRule(
        id="sort-keys-changed",
        level="breaking",
        applies=lambda old, new: old.field == new.field and old.sort_fields != new.sort_fields,
        message="primary key changed from {old.joined} to {new.joined}",
        reason="sort keys are part of the primary key: Amplify replaces the table and all its"
        " records are lost",
    ),
    ChangeRule(
        id="primary-key-spelling-changed",
        level="safe",
        applies=lambda old, new: (
            (old.field, old.sort_fields) == (new.field, new.sort_fields)
            and old.is_declared != new.is_declared
        ),
        message="primary key {new.joined} is declared in one schema and implied in the other",
        reason="the key is the same",
    ),
    unknown_change("primary-key-detail-changed"),
)

ARGUMENT_RULES: tuple[ChangeRule[ModelArgument], ...] = (
    ChangeRule(
        id="operations-switched-off",
        level="breaking",
        applies=lambda old, new: new.is_off and not old.is_off,
        message="@model({new.name}) is disabled",
        reason="old clients use the operations that it creates",
    ),
    ChangeRule(
        id="operations-switched-on",
        level="safe",
        applies=lambda old, new: old.is_off and new.value is None,
        message="@model({new.name}) is enabled again",
        reason="old clients do not use it",
    ),
    ChangeRule(
        id="model-argument-changed",
        level="breaking",
        applies=lambda old, new: not new.is_off and not (old.is_off and new.value is None),
        message="@model({new.name}) changed",
        reason="operations, subscriptions or timestamps change their names or scope, and old"
        " clients use the previous ones",
    ),
)

ACCESS_RULES: tuple[ChangeRule[AccessGrant], ...] = (
    Addition(
        id="access-granted",
        level="dangerous",
        message="{new.grantee} may now {new.operations}",
        reason="existing records become visible or writable to new clients",
    ),
    ChangeRule(
        id="access-widened",
        level="dangerous",
        applies=lambda _, new: bool(new.only_here),
        message="{new.grantee} may now also {new.only_here}",
        reason="existing records become visible or writable to more clients",
    ),
    Removal(
        id="access-withdrawn",
        level="breaking",
        message="{old.grantee} may no longer {old.operations}",
        reason="old clients that rely on the rule are rejected",
    ),
    ChangeRule(
        id="access-narrowed",
        level="breaking",
        applies=lambda old, _: bool(old.only_here),
        message="{old.grantee} may no longer {old.only_here}",
        reason="old clients that rely on it are rejected",
    ),
)

AUTH_RULES: tuple[ChangeRule[AccessGrant], ...] = (
    Addition(
        id="auth-introduced",
        level="breaking",
        message="auth rules introduced: {new.grantee}",
        reason="until now the default of the API applied; clients that it allowed and that no rule"
        " names are rejected",
    ),
    Removal(
        id="auth-dropped",
        level="breaking",
        message="all auth rules removed: {old.grantee}",
        reason="now the default of the API applies: it rejects all clients, or allows all of them"
        " if a global rule says so",
    ),
)


def _is_implicit_index(index: SecondaryIndex, _: SecondaryIndex) -> bool:
    return index.is_implicit


def _is_search(directive: OtherDirective, _: OtherDirective) -> bool:
    return directive.name == "searchable"


def _is_table_mapping(directive: OtherDirective, _: OtherDirective) -> bool:
    return directive.name in ("mapsTo", "refersTo")


def _is_api_access(directive: OtherDirective, _: OtherDirective) -> bool:
    return directive.name.startswith("aws_")


def _is_unknown(directive: OtherDirective, _: OtherDirective) -> bool:
    known = (_is_search, _is_table_mapping, _is_api_access)
    return not any(is_known(directive, directive) for is_known in known)


INDEX_RULES: tuple[ChangeRule[SecondaryIndex], ...] = (
    Addition(
        id="index-added",
        level="safe",
        applies=lambda _, new: not new.is_implicit,
        message="index {new.name} on {new.joined} added",
        reason="old clients do not query it, and DynamoDB fills it from the stored records",
    ),
    Removal(
        id="index-with-query-removed",
        level="breaking",
        applies=lambda old, _: not old.is_implicit and old.query is not None,
        message="index {old.name} on {old.joined} and its query {old.query} removed",
        reason="old clients use the query",
    ),
    Removal(
        id="index-removed",
        level="dangerous",
        applies=lambda old, _: not old.is_implicit and old.query is None,
        message="index {old.name} on {old.joined} removed",
        reason="relations that use it, and a query that Amplify generated and named, no longer"
        " work for old clients",
    ),
    ChangeRule(
        id="index-query-added",
        level="safe",
        applies=lambda old, new: old.query is None and new.query is not None,
        message="index {new.name} now has the query {new.query}",
        reason="old clients do not use it",
    ),
    ChangeRule(
        id="index-query-changed",
        level="breaking",
        applies=lambda old, new: old.query is not None and old.query != new.query,
        message="query of index {new.name} changed from {old.query} to {new.query}",
        reason="old clients use the query under its old name",
    ),
    ChangeRule(
        id="index-with-query-rebuilt",
        level="breaking",
        applies=lambda old, new: old.fields != new.fields and old.query is not None,
        message="index {new.name} is on {new.joined} instead of {old.joined}",
        reason="the arguments of its query change, and old clients send the old ones",
    ),
    ChangeRule(
        id="index-rebuilt",
        level="dangerous",
        applies=lambda old, new: (
            not old.is_implicit and old.fields != new.fields and old.query is None
        ),
        message="index {new.name} is on {new.joined} instead of {old.joined}",
        reason="relations that use it find nothing while it is rebuilt, and never find records"
        " that lack the new fields",
    ),
    Addition(
        id="implicit-index-added",
        level="safe",
        applies=_is_implicit_index,
        message="index {new.name} of a has-many relation added",
        reason="Amplify keeps it for the relation, whether it is listed or not",
    ),
    Removal(
        id="implicit-index-removed",
        level="safe",
        applies=_is_implicit_index,
        message="index {old.name} of a has-many relation is no longer listed",
        reason="Amplify keeps it for the relation; if that is removed too, its change is listed",
    ),
    ChangeRule(
        id="implicit-index-changed",
        level="safe",
        applies=lambda old, new: old.is_implicit and old.fields != new.fields and old.query is None,
        message="index {new.name} of a has-many relation is on {new.joined} instead of"
        " {old.joined}",
        reason="it follows the keys of the relation, whose own change is listed",
    ),
    unknown_change("index-detail-changed"),
)

DIRECTIVE_RULES: tuple[ChangeRule[OtherDirective], ...] = (
    Addition(
        id="search-added",
        level="safe",
        applies=_is_search,
        message="@searchable added",
        reason="old clients do not use the search query",
    ),
    Removal(
        id="search-removed",
        level="breaking",
        applies=_is_search,
        message="@searchable removed",
        reason="old clients use the search query",
    ),
    ChangeRule(
        id="search-changed",
        level="breaking",
        applies=_is_search,
        message="arguments of @searchable changed",
        reason="they contain the name of the search query, and old clients use the old name",
    ),
    Addition(
        id="table-mapping-added",
        level="breaking",
        applies=_is_table_mapping,
        message="@{new.name} added: {new.arguments}",
        reason="the model reads another table, which does not have the stored records",
    ),
    Removal(
        id="table-mapping-removed",
        level="breaking",
        applies=_is_table_mapping,
        message="@{old.name} removed: {old.arguments}",
        reason="the model reads another table, which does not have the stored records",
    ),
    ChangeRule(
        id="table-mapping-changed",
        level="breaking",
        applies=_is_table_mapping,
        message="@{new.name} changed from {old.arguments} to {new.arguments}",
        reason="the model reads another table, which does not have the stored records",
    ),
    Addition(
        id="api-access-added",
        level="dangerous",
        applies=_is_api_access,
        message="@{new.name} added",
        reason="existing records become visible to clients of another authorization mode",
    ),
    Removal(
        id="api-access-removed",
        level="breaking",
        applies=_is_api_access,
        message="@{old.name} removed",
        reason="old clients of that authorization mode are rejected",
    ),
    ChangeRule(
        id="api-access-changed",
        level="breaking",
        applies=_is_api_access,
        message="arguments of @{new.name} changed",
        reason="old clients that it allowed may be rejected",
    ),
    Addition(
        id="directive-added",
        level="dangerous",
        applies=_is_unknown,
        message="@{new.name} added",
        reason="the effect of the directive on existing clients is unknown",
    ),
    Removal(
        id="directive-removed",
        level="dangerous",
        applies=_is_unknown,
        message="@{old.name} removed",
        reason="the effect of the directive on existing clients is unknown",
    ),
    ChangeRule(
        id="directive-changed",
        level="dangerous",
        applies=_is_unknown,
        message="arguments of @{new.name} changed",
        reason="the effect of the directive on existing clients is unknown",
    ),
)

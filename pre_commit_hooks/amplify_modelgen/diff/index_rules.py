"""The rules for secondary indexes, and for the other directives on models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Rule, unknown_part

if TYPE_CHECKING:
    from .parts import Attribute, Index


def _by_hand(index: Index, _: Index) -> bool:
    return not index.implicit


def _implicit(index: Index, _: Index) -> bool:
    return index.implicit


def _searches(attribute: Attribute, _: Attribute) -> bool:
    return attribute.name == "searchable"


def _moves_table(attribute: Attribute, _: Attribute) -> bool:
    return attribute.name in ("mapsTo", "refersTo")


def _opens_api(attribute: Attribute, _: Attribute) -> bool:
    return attribute.name.startswith("aws_")


def _unknown(attribute: Attribute, _: Attribute) -> bool:
    known = (_searches, _moves_table, _opens_api)
    return not any(knows(attribute, attribute) for knows in known)


INDEX_RULES: tuple[Rule[Index], ...] = (
    Rule(
        id="index-added",
        level="safe",
        action="added",
        when=_by_hand,
        says="index {new.name} on {new.listed} added",
        reason="old clients do not ask by it, and DynamoDB fills it from the stored records",
    ),
    Rule(
        id="index-with-query-removed",
        level="breaking",
        action="removed",
        when=lambda old, _: not old.implicit and old.query is not None,
        says="index {old.name} on {old.listed} and its query {old.query} removed",
        reason="old clients use the query",
    ),
    Rule(
        id="index-removed",
        level="dangerous",
        action="removed",
        when=lambda old, _: not old.implicit and old.query is None,
        says="index {old.name} on {old.listed} removed",
        reason="relations that are looked up by it, and a query that Amplify made and named by"
        " itself, are gone for old clients",
    ),
    Rule(
        id="index-query-added",
        level="safe",
        action="changed",
        when=lambda old, new: old.query is None and new.query is not None,
        says="index {new.name} got the query {new.query}",
        reason="old clients do not use it",
    ),
    Rule(
        id="index-query-changed",
        level="breaking",
        action="changed",
        when=lambda old, new: old.query is not None and old.query != new.query,
        says="query {old.query} of index {old.name} became {new.query}",
        reason="old clients use the query under its old name",
    ),
    Rule(
        id="index-with-query-rebuilt",
        level="breaking",
        action="changed",
        when=lambda old, new: old.fields != new.fields and old.query is not None,
        says="index {new.name} is on {new.listed} instead of {old.listed}",
        reason="the arguments of its query are other ones, and old clients send the old ones",
    ),
    Rule(
        id="index-rebuilt",
        level="dangerous",
        action="changed",
        when=lambda old, new: not old.implicit and old.fields != new.fields and old.query is None,
        says="index {new.name} is on {new.listed} instead of {old.listed}",
        reason="relations that are looked up by it find nothing while it is built anew, nor,"
        " afterwards, records that lack the new fields",
    ),
    Rule(
        id="implicit-index-added",
        level="safe",
        action="added",
        when=_implicit,
        says="index {new.name} of a has-many relation added",
        reason="Amplify keeps it for the relation, whether it is listed or not",
    ),
    Rule(
        id="implicit-index-removed",
        level="safe",
        action="removed",
        when=_implicit,
        says="index {old.name} of a has-many relation is no longer listed",
        reason="Amplify keeps it for the relation; where that is gone too, that change is listed",
    ),
    Rule(
        id="implicit-index-changed",
        level="safe",
        action="changed",
        when=lambda old, new: old.implicit and old.fields != new.fields and old.query is None,
        says="index {new.name} of a has-many relation is on {new.listed} instead of {old.listed}",
        reason="it follows the keys of the relation, whose own change is listed",
    ),
    unknown_part("index-detail-changed"),
)

ATTRIBUTE_RULES: tuple[Rule[Attribute], ...] = (
    Rule(
        id="search-added",
        level="safe",
        action="added",
        when=_searches,
        says="@searchable added",
        reason="old clients do not use the search query",
    ),
    Rule(
        id="search-removed",
        level="breaking",
        action="removed",
        when=_searches,
        says="@searchable removed",
        reason="old clients use the search query",
    ),
    Rule(
        id="search-changed",
        level="breaking",
        action="changed",
        when=_searches,
        says="arguments of @searchable changed",
        reason="they name the search query, and old clients use the old name",
    ),
    Rule(
        id="table-mapping-added",
        level="breaking",
        action="added",
        when=_moves_table,
        says="@{new.name} added: {new.text}",
        reason="the model reads another table, where the stored records are not",
    ),
    Rule(
        id="table-mapping-removed",
        level="breaking",
        action="removed",
        when=_moves_table,
        says="@{old.name} removed: {old.text}",
        reason="the model reads another table, where the stored records are not",
    ),
    Rule(
        id="table-mapping-changed",
        level="breaking",
        action="changed",
        when=_moves_table,
        says="@{new.name} changed from {old.text} to {new.text}",
        reason="the model reads another table, where the stored records are not",
    ),
    Rule(
        id="api-access-added",
        level="dangerous",
        action="added",
        when=_opens_api,
        says="@{new.name} added",
        reason="records stored before become visible to clients of another authorization mode",
    ),
    Rule(
        id="api-access-removed",
        level="breaking",
        action="removed",
        when=_opens_api,
        says="@{old.name} removed",
        reason="old clients of that authorization mode are refused",
    ),
    Rule(
        id="api-access-changed",
        level="breaking",
        action="changed",
        when=_opens_api,
        says="arguments of @{new.name} changed",
        reason="old clients that it let in may be refused",
    ),
    Rule(
        id="directive-added",
        level="dangerous",
        action="added",
        when=_unknown,
        says="@{new.name} added",
        reason="nobody here can say what the directive means to old clients",
    ),
    Rule(
        id="directive-removed",
        level="dangerous",
        action="removed",
        when=_unknown,
        says="@{old.name} removed",
        reason="nobody here can say what the directive means to old clients",
    ),
    Rule(
        id="directive-changed",
        level="dangerous",
        action="changed",
        when=_unknown,
        says="arguments of @{new.name} changed",
        reason="nobody here can say what the directive means to old clients",
    ),
)

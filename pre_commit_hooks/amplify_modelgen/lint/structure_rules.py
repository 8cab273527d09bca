"""Rules of GraphQL itself: names, directives and their arguments."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .rule import Rule
from .schema_index import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .schema_index import SchemaIndex


def _rule(
    rule_id: str, summary: str, wrong: str, right: str, versions: tuple[int, ...] = (1, 2)
) -> Rule:
    return Rule(
        id=rule_id,
        summary=summary,
        wrong=wrong,
        right=right,
        find=_found(rule_id),
        versions=versions,
    )


def _found(rule_id: str) -> Callable[[SchemaIndex], Iterable[Problem]]:
    return lambda index: index.structure.get(rule_id, ())


# In version 1 these take a single string for the list of its letters, or fail.
_LIST_READERS = ("auth", "connection", "key", "predictions")


def _refused_texts(index: SchemaIndex) -> Iterable[Problem]:
    # An empty text counts as absent.
    uses = (use for name in _LIST_READERS for use in index.uses[name])
    offsets = {use.directive.offset for use in uses if use.argument("fields") != ""}
    return (entry for entry in index.structure.get("argument-list", ()) if entry.offset in offsets)


def _newer_directives(index: SchemaIndex) -> Iterable[Problem]:
    found = index.structure.get("newer-directive", ())
    if found:
        counts = Counter(problem.name for problem in found)
        names = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
        message = f"`amplify push` uses transformer version 1, but the schema has {names}"
        hint = "use @key and @connection, or set useexperimentalpipelinedtransformer to true"
        yield Problem(found[0].offset, message, hint)


STRUCTURE_RULES = (
    _rule(
        "unknown-type",
        "Every type that is referred to is defined in the schema, by GraphQL or by Amplify.",
        "type Post @model { id: ID! date: Date }",
        "type Post @model { id: ID! date: AWSDate }",
    ),
    _rule(
        "duplicate-type",
        "A type is defined once, and has no name of Amplify's own scalars and inputs.",
        "type Post @model { id: ID! } enum Post { DRAFT }",
        "type Post @model { id: ID! status: Status } enum Status { DRAFT }",
    ),
    _rule(
        "duplicate-field",
        "A type has each of its fields once.",
        "type Post @model { id: ID! title: String title: String }",
        "type Post @model { id: ID! title: String subtitle: String }",
    ),
    _rule(
        "duplicate-enum-value",
        "An enum has each of its values once; an extension repeats no member or interface.",
        "type Post @model { id: ID! status: Status } enum Status { DRAFT DRAFT }",
        "type Post @model { id: ID! status: Status } enum Status { DRAFT PUBLISHED }",
    ),
    _rule(
        "duplicate-directive",
        "A directive is defined once, and Amplify's own directives are not defined.",
        "directive @searchable on OBJECT type Post @model { id: ID! }",
        "type Post @model @searchable { id: ID! }",
    ),
    _rule(
        "schema-block",
        "The schema has one schema block at most, with each operation once.",
        "schema { query: Query query: Query } type Query { a: Int } type Post @model { id: ID! }",
        "schema { query: Query } type Query { a: Int } type Post @model { id: ID! }",
    ),
    _rule(
        "extension",
        "An extension adds new fields to a type that is defined. Only transformer version 1 accepts"
        " directives of Amplify there, and ignores them.",
        "type Post @model { id: ID! } extend type Posts { title: String }",
        "type Post @model { id: ID! } extend type Post { title: String }",
    ),
    _rule(
        "unknown-directive",
        "A schema uses Amplify's directives, `@deprecated` and AppSync's own only.",
        "type Post @modl { id: ID! }",
        "type Post @model { id: ID! }",
    ),
    _rule(
        "legacy-directive",
        "The directives of transformer version 1 have replacements in version 2.",
        'type Post @model @key(name: "byTitle", fields: ["title"]) { id: ID! title: Int! }',
        'type Post @model { id: ID! title: Int! @index(name: "byTitle") }',
        versions=(2,),
    ),
    Rule(
        id="newer-directive",
        summary="Transformer version 1 has none of the directives that came with version 2.",
        wrong='type Post @model { id: ID! title: Int! @index(name: "byTitle") }',
        right='type Post @model @key(name: "byTitle", fields: ["title"]) { id: ID! title: Int! }',
        find=_newer_directives,
        versions=(1,),
    ),
    _rule(
        "directive-location",
        "A directive is used in a location that its definition allows.",
        "type Post @model { id: ID! title: String @searchable }",
        "type Post @model @searchable { id: ID! title: String }",
    ),
    _rule(
        "repeated-directive",
        "A directive is used once in a place, except `@index`, `@key`, `@function`, `@validate`.",
        "type Post @model @auth(rules: [{ allow: public }]) @auth(rules: [{ allow: owner }])"
        " { id: ID! }",
        "type Post @model @auth(rules: [{ allow: public }, { allow: owner }]) { id: ID! }",
    ),
    _rule(
        "unknown-argument",
        "A directive has only the arguments, and they only the fields, that Amplify defines.",
        "type Post @model(subscription: null) { id: ID! }",
        "type Post @model(subscriptions: null) { id: ID! }",
    ),
    _rule(
        "repeated-argument",
        "A directive has each argument once.",
        "type Post @model(queries: null, queries: null) { id: ID! }",
        "type Post @model(queries: null) { id: ID! }",
    ),
    _rule(
        "missing-argument",
        "A directive has all arguments that it requires.",
        "type Post @model @mapsTo { id: ID! }",
        'type Post @model @mapsTo(name: "Article") { id: ID! }',
    ),
    _rule(
        "argument-value",
        "The argument of a directive is a value of its type.",
        "type Post @model @auth(rules: [{ allow: everyone }]) { id: ID! }",
        "type Post @model @auth(rules: [{ allow: public }]) { id: ID! }",
    ),
    Rule(
        id="argument-brackets",
        summary="Lists of `@key`, `@connection`, `@auth` and `@predictions` are written in"
        " brackets, also if they have one value.",
        wrong='type Post @model @key(name: "byTitle", fields: "title") { id: ID! title: ID! }',
        right='type Post @model @key(name: "byTitle", fields: ["title"]) { id: ID! title: ID! }',
        find=_refused_texts,
        versions=(1,),
    ),
    Rule(
        id="argument-list",
        summary="An argument that is a list is written in brackets, also if it has one value:"
        " Amplify takes a single string for the list of its letters in some places.",
        wrong="type Post @model { id: ID! slug: ID!"
        ' @index(name: "bySlug", sortKeyFields: "year") year: Int! }',
        right="type Post @model { id: ID! slug: ID!"
        ' @index(name: "bySlug", sortKeyFields: ["year"]) year: Int! }',
        find=_found("argument-list"),
        severity="warning",
        stage="advice",
        versions=(1, 2),
    ),
)

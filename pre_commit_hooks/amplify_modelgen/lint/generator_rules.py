"""What the engine finds: the limits of Amplify's model generator. The engine itself checks them."""

from __future__ import annotations

from msgspec.structs import replace

from .rule import Rule


def _rule(rule_id: str, summary: str, wrong: str = "", right: str = "") -> Rule:
    return Rule(
        id=rule_id,
        summary=summary,
        wrong=wrong,
        right=right,
        find=lambda _index: (),
        stage="models",
        versions=(1, 2),
    )


GENERATOR_RULES = (
    replace(
        _rule(
            "syntax",
            "The text is GraphQL.",
            "type Post @model { id: ID!",
            "type Post @model { id: ID! }",
        ),
        stage="push",
    ),
    _rule(
        "transformer-version",
        "The directives belong to the transformer version that the feature flags select.",
    ),
    _rule("generator-directive", "The arguments of `@deprecated` and `@specifiedBy` are strings."),
    _rule("generator-merge", "Several definitions of a type have the same kind, and equal fields."),
    _rule(
        "generator-type",
        "Every type that is referred to is known to the model generator.",
        "type Post @model { id: ID! size: BigInt }",
        "type Post @model { id: ID! size: Float }",
    ),
    _rule(
        "generator-default-literal",
        "The default value of an argument can be written as JSON.",
        "scalar Any type Query { posts(filter: Any = { draft: true }): String }",
        "type Query { posts(draft: Boolean = true): String }",
    ),
    _rule(
        "generator-field-type",
        "The type of a field can be represented in each document that is generated.",
        "type Post @model { id: ID! media: Media } type Photo { url: AWSURL } union Media = Photo",
        "type Post @model { id: ID! media: Photo } type Photo { url: AWSURL }",
    ),
    _rule("generator-model", "A model has a primary key and indexes that models can have."),
    _rule("generator-relation", "A relation leads to a model that can be found by it."),
    _rule("generator-auth", "The rules of `@auth` on fields can be read."),
    _rule(
        "javascript-name",
        "The names of types, enums and fields can be used in JavaScript modules.",
    ),
)

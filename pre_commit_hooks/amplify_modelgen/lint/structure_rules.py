"""Rules of GraphQL itself, and those of Amplify's model generator, which the engine checks."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from amplify_modelgen.modelgen.schema import GRAPHQL_SCALARS, SCALARS

from .rule import make_rule, schema_rule
from .schema_index import ROOTS, Problem
from .wording import did_you_mean, with_article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amplify_modelgen.modelgen.syntax import Definition

    from .directive_checks import Finding
    from .directive_definitions import AmplifyDefinitions
    from .rule import Find, Rule, Stage
    from .schema_index import SchemaIndex

# Paragraphs that begin with the id of a rule.
_GRAPHQL_RULES = """
syntax: The text is GraphQL.
Wrong: type Post @model { id: ID!
Right: type Post @model { id: ID! }

unknown-type: Every type that is referred to is defined in the schema, by GraphQL or by Amplify.
Wrong: type Post @model { id: ID! date: Date }
Right: type Post @model { id: ID! date: AWSDate }

duplicate-type: A type is defined once, and has no name of Amplify's own scalars and inputs.
Wrong: type Post @model { id: ID! } enum Post { DRAFT }
Right: type Post @model { id: ID! status: Status } enum Status { DRAFT }

duplicate-field: A type has each of its fields once.
Wrong: type Post @model { id: ID! title: String title: String }
Right: type Post @model { id: ID! title: String subtitle: String }

duplicate-enum-value: An enum has each value once; an extension repeats no member or interface.
Wrong: type Post @model { id: ID! status: Status } enum Status { DRAFT DRAFT }
Right: type Post @model { id: ID! status: Status } enum Status { DRAFT PUBLISHED }

duplicate-directive: A directive is defined once, and Amplify's own directives are not defined.
Wrong: directive @searchable on OBJECT type Post @model { id: ID! }
Right: type Post @model @searchable { id: ID! }

schema-block: The schema has one schema block at most, with each operation once.
Wrong: schema { query: Query query: Query } type Query { a: Int } type Post @model { id: ID! }
Right: schema { query: Query } type Query { a: Int } type Post @model { id: ID! }

extension: An extension adds new fields to a type that is defined. Only transformer version 1
accepts directives of Amplify there, and ignores them.
Wrong: type Post @model { id: ID! } extend type Posts { title: String }
Right: type Post @model { id: ID! } extend type Post { title: String }

unknown-directive: A schema uses Amplify's directives, `@deprecated` and AppSync's own only.
Wrong: type Post @modl { id: ID! }
Right: type Post @model { id: ID! }

directive-location: A directive is used in a location that its definition allows.
Wrong: type Post @model { id: ID! title: String @searchable }
Right: type Post @model @searchable { id: ID! title: String }

repeated-directive: Only `@index`, `@key`, `@function` and `@validate` are used twice in a place.
Wrong: type Post @model @searchable @searchable { id: ID! }
Right: type Post @model @searchable { id: ID! }

unknown-argument: A directive has only arguments, and they only fields, that Amplify defines.
Wrong: type Post @model(subscription: null) { id: ID! }
Right: type Post @model(subscriptions: null) { id: ID! }

repeated-argument: A directive has each argument once.
Wrong: type Post @model(queries: null, queries: null) { id: ID! }
Right: type Post @model(queries: null) { id: ID! }

missing-argument: A directive has all arguments that it requires.
Wrong: type Post @model @mapsTo { id: ID! }
Right: type Post @model @mapsTo(name: "Article") { id: ID! }

argument-value: The argument of a directive is a value of its type.
Wrong: type Post @model @auth(rules: [{ allow: everyone }]) { id: ID! }
Right: type Post @model @auth(rules: [{ allow: public }]) { id: ID! }
"""

_GENERATOR_RULES = """
transformer-version: The directives belong to the transformer version that the feature flags select.

generator-directive: The arguments of `@deprecated` and `@specifiedBy` are strings.

generator-merge: Several definitions of a type have the same kind, and equal fields.

generator-type: Every type that is referred to is known to the model generator.
Wrong: type Post @model { id: ID! size: BigInt }
Right: type Post @model { id: ID! size: Float }

generator-default-literal: The default value of an argument can be written as JSON.
Wrong: scalar Any type Query { posts(filter: Any = { draft: true }): String }
Right: type Query { posts(draft: Boolean = true): String }

generator-field-type: The type of a field can be represented in each document that is generated.
Wrong: type Post @model { id: ID! media: Media } type Photo { url: AWSURL } union Media = Photo
Right: type Post @model { id: ID! media: Photo } type Photo { url: AWSURL }

generator-model: A model has a primary key and indexes that models can have.

generator-relation: A relation leads to a model that can be found by it.

generator-auth: The rules of `@auth` on fields can be read.

javascript-name: The names of types, enums and fields can be used in JavaScript modules.
"""

# Those that AppSync evaluates, or GraphQL itself: no transformer needs to support them.
_PLAIN_DIRECTIVES = ("aws_", "deprecated")
_MAX_SUGGESTIONS = 20
# In version 1 these take a single string for the list of its letters, or fail.
_LIST_READERS = ("auth", "connection", "key", "predictions")


def check_definitions(
    definitions: tuple[Definition, ...], amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    """Yield the problems of the names in a schema."""
    types: dict[str, Definition] = {}
    members: dict[str, set[str]] = defaultdict(set)
    directives = set(amplify.directives)
    for definition in definitions:
        name, kind = definition.name, definition.kind
        if definition.extends:
            continue
        if kind == "directive":
            if name in directives:
                hint = "remove the definition: Amplify adds those of its directives"
                problem = Problem(definition.offset, f"@{name} is defined already", hint)
                yield "duplicate-directive", problem
            directives.add(name)
            continue
        if kind != "schema":
            yield from _check_type_name(definition, types, amplify)
            types.setdefault(name, definition)
        yield from _check_members(definition, members[name])
    for definition in definitions:
        if definition.extends and definition.kind != "schema":
            yield from _check_extension(definition, types, members, amplify)
    blocks = [entry for entry in definitions if entry.kind == "schema" and not entry.extends]
    for block in blocks[1:]:
        message = "the schema has several schema blocks"
        yield "schema-block", Problem(block.offset, message, "keep one of them")
    yield from _check_references(definitions, types, amplify)


def _check_type_name(
    definition: Definition, types: dict[str, Definition], amplify: AmplifyDefinitions
) -> Iterator[Finding]:
    name = definition.name
    first = types.get(name)
    if first is not None:
        message = f"{name} is defined already, as {with_article(first.kind)}"
        hint = "rename one of them, or move its fields into the other one"
        yield "duplicate-type", Problem(definition.offset, message, hint)
    elif name in (SCALARS - GRAPHQL_SCALARS).union(amplify.scalars, amplify.enums, amplify.inputs):
        message = f"{name} is a type of Amplify, and cannot be defined"
        hint = "remove the definition, or give the type another name"
        yield "duplicate-type", Problem(definition.offset, message, hint)


def _check_members(
    definition: Definition, names: set[str], *, is_extension: bool = False
) -> Iterator[Finding]:
    """Yield the fields and enum values with names that occurred before; add them to `names`."""
    path = definition.name
    for field in definition.fields:
        if field.name in names:
            message = f"{path}.{field.name} is defined twice"
            problem = Problem(field.offset, message, "remove one of them, or rename it")
            yield ("duplicate-field" if path != "schema" else "schema-block"), problem
        names.add(field.name)
    is_checked = definition.kind == "enum" or (
        is_extension and definition.kind in ("union", "object")
    )
    for member in definition.names:
        # A field may have the name of an interface.
        name = f"&{member.text}"
        if is_checked and name in names:
            message = f"{path} has {member.text} twice"
            yield "duplicate-enum-value", Problem(member.offset, message, "remove one of them")
        names.add(name)


def _check_extension(
    definition: Definition,
    types: dict[str, Definition],
    members: dict[str, set[str]],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    name, kind = definition.name, definition.kind
    extended = types.get(name)
    if extended is None:
        message = f"{name} is extended, but not defined"
        hint = did_you_mean(name, types, f"write `type {name}` without `extend`")
        yield "extension", Problem(definition.offset, message, hint)
        return
    if extended.kind != kind:
        message = f"{name} is extended as {with_article(kind)}"
        hint = f"{name} is {with_article(extended.kind)}: extend it as that"
        yield "extension", Problem(definition.offset, message, hint)
        return
    yield from _check_members(definition, members[name], is_extension=True)
    if kind not in ("object", "interface") or amplify.version == 1:
        return
    fields = () if name in ROOTS.values() else definition.fields
    for directives in (definition.directives, *(field.directives for field in fields)):
        for directive in directives:
            if not directive.name.startswith(_PLAIN_DIRECTIVES):
                message = f"@{directive.name} has no effect on an extension"
                hint = f"move it to the definition of {name}"
                yield "extension", Problem(directive.offset, message, hint)


def _check_references(
    definitions: tuple[Definition, ...],
    types: dict[str, Definition],
    amplify: AmplifyDefinitions,
) -> Iterator[Finding]:
    known = SCALARS.union(types, amplify.enums, amplify.inputs, amplify.scalars, {"Query"})
    count = 0
    for definition in definitions:
        for name, offset in _references(definition):
            if name not in known and not name.startswith("__"):
                count += 1
                hint = f"define {name}, or correct its name"
                if count <= _MAX_SUGGESTIONS:  # comparing names is slow
                    hint = did_you_mean(name, known, hint)
                yield "unknown-type", Problem(offset, f"the type {name} is not defined", hint)


def _references(definition: Definition) -> Iterator[tuple[str, int]]:
    if definition.kind not in ("enum", "directive"):
        for member in definition.names:
            yield member.text, member.offset
    for field in definition.fields:
        yield field.type.name, field.type.offset
        for argument in field.arguments:
            yield argument.type.name, argument.type.offset


def _rules(texts: str, stage: Stage) -> Iterator[Rule]:
    """Yield rules whose problems are found before the schema is indexed, or by the engine."""
    for paragraph in texts.strip().split("\n\n"):
        rule_id, _, text = paragraph.partition(": ")
        yield make_rule(rule_id, text, _found(rule_id), stage, (1, 2))


def _found(rule_id: str) -> Find:
    return lambda index: index.structure[rule_id]


@schema_rule(1)
def argument_brackets(index: SchemaIndex) -> Iterable[Problem]:
    """A list of `@key`, `@connection`, `@auth` or `@predictions` is written in brackets.

    So is a list that has one value.

    Wrong: type Post @model @key(name: "byTitle", fields: "title") { id: ID! title: ID! }
    Right: type Post @model @key(name: "byTitle", fields: ["title"]) { id: ID! title: ID! }
    """
    # An empty text counts as absent.
    uses = (use for name in _LIST_READERS for use in index.uses[name])
    offsets = {use.directive.offset for use in uses if use.argument("fields") != ""}
    return (entry for entry in index.structure["argument-list"] if entry.offset in offsets)


@schema_rule(1)
def newer_directive(index: SchemaIndex) -> Iterable[Problem]:
    """Transformer version 1 has none of the directives that came with version 2.

    Wrong: type Post @model { id: ID! title: Int! @index(name: "byTitle") }
    Right: type Post @model @key(name: "byTitle", fields: ["title"]) { id: ID! title: Int! }
    """
    found = index.structure["newer-directive"]
    if found:
        counts = Counter(problem.name for problem in found)
        names = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
        message = f"`amplify push` uses transformer version 1, but the schema has {names}"
        hint = "use @key and @connection, or set useexperimentalpipelinedtransformer to true"
        yield Problem(found[0].offset, message, hint)


@schema_rule()
def legacy_directive(index: SchemaIndex) -> Iterable[Problem]:
    """The directives of transformer version 1 have replacements in version 2.

    Wrong: type Post @model @key(name: "byTitle", fields: ["title"]) { id: ID! title: Int! }
    Right: type Post @model { id: ID! title: Int! @index(name: "byTitle") }
    """
    return index.structure["legacy-directive"]


@schema_rule(1, 2, stage="advice")
def argument_list(index: SchemaIndex) -> Iterable[Problem]:
    """An argument that is a list is written in brackets, also if it has one value.

    Amplify takes a single string for the list of its letters in some places.

    Wrong: type Post @model { a: ID! @index(name: "byAb", sortKeyFields: "b") b: Int! }
    Right: type Post @model { a: ID! @index(name: "byAb", sortKeyFields: ["b"]) b: Int! }
    """
    return index.structure["argument-list"]


STRUCTURE_RULES = (
    *_rules(_GRAPHQL_RULES, "push"),
    legacy_directive,
    newer_directive,
    argument_brackets,
    argument_list,
)
GENERATOR_RULES = tuple(_rules(_GENERATOR_RULES, "models"))

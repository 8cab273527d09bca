"""Rules of `@hasOne`, `@hasMany` and `@belongsTo`, and of the types of all relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model_keys import at_type, has_argument, items, model_uses, owner_problems
from .rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import FieldDefinition

    from .schema_index import DirectiveUse, Problem, SchemaIndex

# A schema has no @connection unless transformer version 1 compiles it.
RELATIONS = ("hasOne", "hasMany", "belongsTo", "connection")
ALL_RELATIONS = (*RELATIONS, "manyToMany")
_LISTS = ("hasMany", "manyToMany")
_INVERSES = {
    "hasOne": ("belongsTo",),
    "hasMany": ("belongsTo",),
    "belongsTo": ("hasOne", "hasMany"),
}


def relations(index: SchemaIndex) -> Iterator[tuple[DirectiveUse, FieldDefinition]]:
    """Yield the relations between models, other than many-to-many ones."""
    for use, field in model_uses(index, *RELATIONS):
        if field.type.name in index.models:
            yield use, field


def _owners(index: SchemaIndex) -> Iterator[Problem]:
    yield from owner_problems(index, *ALL_RELATIONS)


def _types(index: SchemaIndex) -> Iterator[Problem]:
    for use, field in model_uses(index, *ALL_RELATIONS):
        name = field.type.name
        kind = index.kind(name)
        if kind not in ("model", "unknown"):
            message = f"{use.path} has @{use.directive.name}, but {name} is not a model"
            hint = f"remove @{use.directive.name}, or use a model as type"
            if kind == "object":
                hint = f"add @model to {name}, or remove @{use.directive.name}"
            yield at_type(field, message, hint)


def _lists(index: SchemaIndex) -> Iterator[Problem]:
    for use, field in model_uses(index, *ALL_RELATIONS):
        name, type_name = use.directive.name, field.type.name
        if name in _LISTS and not field.type.list_depth:
            message = f"@{name} of {use.path} refers to many models, but the field is not a list"
            yield at_type(field, message, f"write [{type_name}], or use @hasOne or @belongsTo")
        elif name not in _LISTS and field.type.list_depth:
            message = f"@{name} of {use.path} refers to one model, but the field is a list"
            yield at_type(field, message, f"write {type_name} without brackets, or use @hasMany")


def _repeated(index: SchemaIndex) -> Iterator[Problem]:
    first_of: dict[str, DirectiveUse] = {}
    for use, _ in model_uses(index, *ALL_RELATIONS):
        first = first_of.setdefault(use.path, use)
        if first.directive.name != use.directive.name:
            names = first.directive.name, use.directive.name
            message = f"{use.path} has both @{names[0]} and @{names[1]}"
            yield use.problem(message, "keep one relation directive on the field")


def _inverses(index: SchemaIndex) -> Iterator[Problem]:
    """Find relations whose other model has no matching field."""
    present = {
        (use.directive.name == "belongsTo", use.owner.name, field.type.name, references)
        for use, field in model_uses(index, *RELATIONS)
        for references in ((), _references(use))
    }
    for use, field in relations(index):
        is_inverse, references = use.directive.name == "belongsTo", _references(use)
        key = (not is_inverse, field.type.name, use.owner.name, references)
        is_needed = is_inverse or has_argument(use, "references")
        if is_needed and key not in present:
            yield _missing_inverse(use, field, references)


def _missing_inverse(
    use: DirectiveUse, field: FieldDefinition, references: tuple[str, ...]
) -> Problem:
    name, other, owner = use.directive.name, field.type.name, use.owner.name
    arguments = "(references: [" + ", ".join(f'"{entry}"' for entry in references) + "])"
    arguments = arguments if references else ""
    if name == "belongsTo":
        message = f"{use.path} belongs to {other}, but no field of {other} has or refers to {owner}"
        hint = f"add a field of type [{owner}] with @hasMany{arguments} to {other}"
    else:
        message = f"{use.path} has `references`, but no field of {other} has the same ones"
        hint = f"add a field of type {owner} with @belongsTo{arguments} to {other}"
    return use.problem(message, hint)


def _references(use: DirectiveUse) -> tuple[str, ...]:
    return tuple(name for name, _ in items(use, "references"))


def _mixed(index: SchemaIndex) -> Iterator[Problem]:
    """Find relations without `references` between models that have a relation with them."""
    with_references = {
        (use.owner.name, field.type.name, inverse)
        for use, field in relations(index)
        if has_argument(use, "references")
        for inverse in _INVERSES[use.directive.name]
    }
    for use, field in relations(index):
        key = (field.type.name, use.owner.name, use.directive.name)
        if key in with_references and "references" not in use.directive.arguments:
            message = f"{use.path} has no `references`, but another relation with {key[0]} has"
            yield use.problem(message, "use `references` for all relations of the two models")


RELATION_RULES = (
    Rule(
        id="relation-owner",
        summary="Relations belong to fields of models.",
        wrong="type Post { comments: [Comment] @hasMany } type Comment @model { id: ID! }",
        right="type Post @model { comments: [Comment] @hasMany } type Comment @model { id: ID! }",
        find=_owners,
        versions=(1, 2),
    ),
    Rule(
        id="relation-type",
        summary="A relation refers to a model.",
        wrong="type Post @model { comments: [Comment] @hasMany } type Comment { text: String }",
        right="type Post @model { comments: [Comment] } type Comment { text: String }",
        find=_types,
        versions=(1, 2),
    ),
    Rule(
        id="relation-list",
        summary=(
            "The fields of `@hasMany` and `@manyToMany` are lists, those of `@hasOne` and"
            " `@belongsTo` are not."
        ),
        wrong="type Post @model { comments: Comment @hasMany } type Comment @model { id: ID! }",
        right="type Post @model { comments: [Comment] @hasMany } type Comment @model { id: ID! }",
        find=_lists,
    ),
    Rule(
        id="relation-repeated",
        summary="A field has one relation directive.",
        wrong="type Post @model { cover: Image @hasOne @belongsTo }"
        " type Image @model { post: Post @hasOne }",
        right="type Post @model { cover: Image @belongsTo }"
        " type Image @model { post: Post @hasOne }",
        find=_repeated,
    ),
    Rule(
        id="relation-inverse",
        summary=(
            "The other model of a `@belongsTo`, and of any relation with `references`, has the"
            " opposite relation."
        ),
        wrong="type Post @model { id: ID! } type Comment @model { post: Post @belongsTo }",
        right="type Post @model { comments: [Comment] @hasMany }"
        " type Comment @model { post: Post @belongsTo }",
        find=_inverses,
    ),
    Rule(
        id="relation-mixed",
        summary="Either all relations between two models have `references`, or none.",
        wrong="""
            type Post @model { comments: [Comment] @hasMany(references: ["postId"]) }
            type Comment @model {
              postId: ID
              post: Post @belongsTo(references: ["postId"])
              answered: Post @belongsTo
            }
        """,
        right='type Post @model { comments: [Comment] @hasMany(references: ["postId"]) }'
        ' type Comment @model { postId: ID post: Post @belongsTo(references: ["postId"]) }',
        find=_mixed,
    ),
)

"""Rules of `@manyToMany`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from amplify_modelgen.modelgen.naming import camel_case, lower_first, upper_first

from .rule import schema_rule
from .schema_index import stored_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen.modelgen.syntax import FieldDefinition

    from .schema_index import DirectiveUse, Problem, SchemaIndex

_INVALID_IN_NAMES = re.compile(r"^[^_A-Za-z]+|[^_0-9A-Za-z]")
PAIR = 2
"""The number of fields of a many-to-many relation."""


class Member(Struct, frozen=True):
    """One of the fields with the same `relationName`."""

    use: DirectiveUse
    field: FieldDefinition

    @property
    def relation(self) -> str:
        """The name of the relation as written."""
        return str(self.use.argument("relationName"))


def join_models(index: SchemaIndex) -> dict[str, list[Member]]:
    """Return the fields of the many-to-many relations by the names of their join models.

    Fields whose type is not a model are left out.
    """
    members: dict[str, list[Member]] = {}
    for use, field in index.model_uses("manyToMany"):
        if index.kind(field.type.name) == "model":
            name = upper_first(str(use.argument("relationName")))
            members.setdefault(_INVALID_IN_NAMES.sub("", name), []).append(Member(use, field))
    return members


def join_query_name(index: SchemaIndex, prefix: str, model: str) -> str:
    """Return the name of the query that finds join objects by the key of a model."""
    key = index.keys[model][""]
    first = lower_first(model) + upper_first(key.names[0])
    if not index.flags.respect_primary_key_attributes_on_connection_field:
        first = f"{camel_case(model)}ID"
    names = [first, *(lower_first(model) + name for name in key.names[1:])]
    return f"{prefix}By{'And'.join(map(upper_first, names))}"


@schema_rule()
def many_to_many_pair(index: SchemaIndex) -> Iterator[Problem]:
    """A `relationName` is used for exactly two fields.

    Wrong:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTag") }
        type Tag @model { posts: [Post] @manyToMany(relationName: "PostTags") }
    Right:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTags") }
        type Tag @model { posts: [Post] @manyToMany(relationName: "PostTags") }
    """
    for members in join_models(index).values():
        if len(members) != PAIR:
            paths = " and ".join(member.use.path for member in members)
            for member in members:
                message = f"the relation {member.relation} has the fields {paths}"
                hint = "use its name for exactly two fields, one in each of its models"
                yield member.use.problem(message, hint, "relationName")


def _pairs(index: SchemaIndex) -> Iterator[tuple[Member, Member]]:
    for members in join_models(index).values():
        if len(members) == PAIR:
            yield members[0], members[1]


@schema_rule()
def many_to_many_type(index: SchemaIndex) -> Iterator[Problem]:
    """The two fields of a many-to-many relation refer to the model of the other one.

    Wrong:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTags") }
        type Tag @model { posts: [Tag] @manyToMany(relationName: "PostTags") }
    Right:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTags") }
        type Tag @model { posts: [Post] @manyToMany(relationName: "PostTags") }
    """
    for first, second in _pairs(index):
        for one, other in ((first, second), (second, first)):
            name, model = one.field.type.name, other.use.owner.name
            if name != model:
                message = f"{one.use.path} refers to {name}, but {other.use.path} is in {model}"
                hint = f"write [{model}], or give the relations different names"
                yield one.use.problem(message, hint)


@schema_rule()
def many_to_many_self(index: SchemaIndex) -> Iterator[Problem]:
    """A many-to-many relation does not connect a model with itself.

    Wrong:
        type User @model {
          friends: [User] @manyToMany(relationName: "Friends")
          friendOf: [User] @manyToMany(relationName: "Friends")
        }
    Right:
        type User @model { friends: [Friendship] @hasMany friendOf: [Friendship] @hasMany }
        type Friendship @model { user: User @belongsTo friend: User @belongsTo }
    """
    for first, second in _pairs(index):
        owners = first.use.owner.name, second.use.owner.name
        if lower_first(owners[0]) == lower_first(owners[1]):
            message = f"the join model would have the same fields for {' and '.join(owners)}"
            hint = "define the join model, with two fields with @belongsTo"
            yield second.use.problem(message, hint, "relationName")


@schema_rule()
def many_to_many_name(index: SchemaIndex) -> Iterator[Problem]:
    """The name of a relation, which names its join model, has a letter and is unused.

    Wrong:
        type Post @model { tags: [Tag] @manyToMany(relationName: "tag") }
        type Tag @model { posts: [Post] @manyToMany(relationName: "tag") }
    Right:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTags") }
        type Tag @model { posts: [Post] @manyToMany(relationName: "PostTags") }
    """
    for name, members in join_models(index).items():
        for member in members if not name or name in index.types else ():
            message = f'"{member.relation}" cannot be the name of a join model'
            hint = "choose a name with a letter that is not that of another type"
            yield member.use.problem(message, hint, "relationName")


@schema_rule()
def many_to_many_key(index: SchemaIndex) -> Iterator[Problem]:
    """The primary keys of the models of a many-to-many relation have scalars only.

    Wrong:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTags") }
        type Tag @model { k: Kind! @primaryKey posts: [Post] @manyToMany(relationName: "PostTags") }
        enum Kind { NEWS SPORT }
    Right:
        type Post @model { tags: [Tag] @manyToMany(relationName: "PostTags") }
        type Tag @model { k: ID! @primaryKey posts: [Post] @manyToMany(relationName: "PostTags") }
    """
    for pair in _pairs(index):
        for member in pair:
            model = member.use.owner.name
            for name in stored_names(index.keys[model][""].names):
                field = index.field(model, name)
                if field and index.kind(field.type.name) not in ("scalar", "unknown"):
                    message = f"the join model copies {model}.{name}, a key that is not a scalar"
                    yield member.use.problem(message, f"use a scalar for {model}.{name}")
                    break

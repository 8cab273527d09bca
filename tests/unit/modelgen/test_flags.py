from __future__ import annotations

from typing import Any

from amplify_modelgen.modelgen import FeatureFlags, generate_models
from amplify_modelgen.modelgen.flags import SHAPING

SDL = """
type Blog @model @auth(rules: [{ allow: owner }]) {
  id: ID! @primaryKey
  name: [String!] @index(name: "byName", queryField: "blogs")
  posts: [Post!] @hasMany
  tags: [Tag] @manyToMany(relationName: "BlogTags")
}
type Post @model { id: ID! blog: Blog @belongsTo }
type Tag @model { id: ID! blogs: [Blog] @manyToMany(relationName: "BlogTags") }
"""


class Watched:
    """Flags that note which of them is read."""

    def __init__(self, **flags: Any) -> None:
        self.flags = FeatureFlags(**flags)
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self.flags, name)


def read_for(**flags: Any) -> set[str]:
    watched: Any = Watched(**flags)
    generate_models(SDL, watched)
    return set(watched.read)


def test_the_flags_that_the_engine_reads_are_those_that_shape_models() -> None:
    assert read_for() | read_for(transformer_version=1) == set(SHAPING)

from __future__ import annotations

from typing import Any

from amplify_modelgen.modelgen import FeatureFlags, generate_models

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


class RecordedFlags:
    """Flags that record which of them are read."""

    uses_transformer_2 = FeatureFlags.uses_transformer_2

    def __init__(self, **flags: Any) -> None:
        self.flags = FeatureFlags(**flags)
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self.flags, name)


def flags_read(**flags: Any) -> set[str]:
    recorded: Any = RecordedFlags(**flags)
    generate_models(SDL, recorded)
    return set(recorded.read)


def test_the_engine_reads_exactly_the_flags_that_affect_models() -> None:
    version_1 = {"transformer_version": 1, "use_experimental_pipelined_transformer": False}
    assert flags_read() | flags_read(**version_1) == {
        "transformer_version",
        "use_experimental_pipelined_transformer",
        "respect_primary_key_attributes_on_connection_field",
        "add_timestamp_fields",
        "is_data_store_enabled",
    }

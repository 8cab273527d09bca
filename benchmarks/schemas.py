"""Schemas of any size, with 400 bytes for each model."""

from __future__ import annotations

_ENUM = "enum Status {\n  DRAFT\n  PUBLISHED\n}\n"
_PAIR = """
"A blog of the team {n}"
type Blog{n} @model @auth(rules: [{{allow: owner}}, {{allow: groups, groups: ["Admin"]}}]) {{
  id: ID!
  title: String! @index(name: "byTitle{n}", sortKeyFields: ["rating"])
  rating: Int
  tags: [String!]
  status: Status
  startedAt: AWSDateTime
  posts: [Post{n}] @hasMany(indexName: "byBlog{n}", fields: ["id"])
}}

type Post{n} @model @auth(rules: [{{allow: public, provider: iam, operations: [read]}}]) {{
  id: ID! @primaryKey(sortKeyFields: ["written"])
  written: AWSDateTime!
  blogId: ID @index(name: "byBlog{n}")
  blog: Blog{n} @belongsTo(fields: ["blogId"])
  text: String
  likes: Float
  hidden: Boolean
}}
"""


def schema(models: int) -> str:
    """Return a schema with that many models, an even number."""
    return _ENUM + "".join(_PAIR.format(n=number) for number in range(models // 2))

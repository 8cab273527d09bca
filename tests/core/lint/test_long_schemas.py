from __future__ import annotations

import time

import pytest

from amplify_modelgen.lint import lint_schema


def numbered(template: str, count: int, joint: str = " ") -> str:
    return joint.join(template.format(number=number) for number in range(count))


GROUPS = numbered('"g{number}"', 3_000, ",")
MEMBERS = numbered('x{number}: Int! @auth(rules: [{{allow: groups, groups: ["g{number}"]}}])', 200)
SCHEMAS = {
    "unknown directives": f"type A @model {{ {numbered('f{number}: Int @d{number}', 10_000)} }}",
    "rules": f"type A @model @auth(rules: [{'{allow: owner},' * 10_000}]) {{ id: ID! }}",
    "groups": f"type A @model @auth(rules: [{{allow: groups, groups: [{GROUPS}]}}]) {{{MEMBERS}}}",
    "models": numbered(
        "type M{number} @model {{ x: Int @auth(rules: [{{allow: owner}}]) }}", 4_000
    ),
    "types of one name": "type A { f: Int } " * 60_000,
    "arguments": f"type A @model({numbered('a{number}: 1', 10_000)}) {{ id: ID! }}",
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_long_schema_is_linted_in_seconds(name: str) -> None:
    start = time.process_time()
    found = lint_schema(SCHEMAS[name])
    assert time.process_time() - start < 10
    assert len(found) <= 202

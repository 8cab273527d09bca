from __future__ import annotations

import pytest

from amplify_modelgen.modelgen import FeatureFlags
from support.model_parts import version

POST = "type Post @model(timestamps: null) { comments: [Comment!] @hasMany(limit: 50) }"
COMMENT = "type Comment @model(timestamps: null) { text: String }"


@pytest.mark.parametrize(
    ("sdl", "digest"),
    [
        ("enum E { a }", "d751713988987e9331980363e24189ce"),
        (
            f"{POST} {COMMENT}",
            "a3a86bcfbddc197e00581f3c93362d82",
        ),
        (
            f"{POST} {COMMENT[:-1]} post: Post @belongsTo }}",
            "5d4f2130737e34968a94b246353ac868",
        ),
    ],
)
def test_known_versions(sdl: str, digest: str) -> None:
    assert version(sdl) == digest


def test_keys_auth_rules_and_enums_do_not_change_the_version() -> None:
    plain = version("type A @model { x: E } enum E { a }")
    assert plain == version('type A @model @auth { x: E @index(name: "i") } enum E { b }')


@pytest.mark.parametrize(
    "other",
    [
        "type A @model { x: Int! n: N } type N { y: [Int] }",
        "type A @model { x: Int n: N } type N { y: [Int]! }",
        "type A @model { x: Int n: N } type N { y: [Int] @hasOne }",
        'type A @model @index(name: "q") { x: Int n: N } type N { y: [Int] }',
        "type A @model { x: ID! @primaryKey n: N } type N { y: [Int] }",
    ],
)
def test_fields_relations_and_misplaced_indexes_change_the_version(other: str) -> None:
    assert version("type A @model { x: Int n: N } type N { y: [Int] }") != version(other)


def test_relations_are_not_hashed_without_the_pipelined_transformer() -> None:
    flags = FeatureFlags(use_experimental_pipelined_transformer=False)
    limited = version(f"{POST} {COMMENT}", flags)
    assert limited == version(f"{POST.replace('(limit: 50)', '')} {COMMENT}", flags)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import FeatureFlags, Models, native_schema
from amplify_modelgen_plugins.emitters import dart, java, swift
from amplify_modelgen_plugins.emitters.platform_faults import FAULTS

if TYPE_CHECKING:
    from types import ModuleType

_SCHEMA = "enum Kind { A } type Place { city: String } type Post @model { kind: Kind at: Place }"
_BOTH = pytest.mark.parametrize("module", [java, dart])

# The schema, the rule that refuses it, the line and column, and the emitters that do.
_REFUSED = [
    ("type A @model {\n  class: Int }", "platform-name", (2, 3), [java, dart]),
    ("type A @model {\n  _x: Int }", "platform-name", (2, 3), [dart]),
    ("type A @model { x: Int }\ntype List {\n  x: Int }", "platform-name-clash", (2, 6), None),
    ("type A @model { name: Int\n  NAME: Int }", "platform-name-clash", (1, 17), None),
    ("type A @model {\n  id: Int! }", "platform-id-type", (2, 3), None),
    (
        "type A @model @auth(rules: [{allow: owner, operations: [fly]}]) { x: Int }",
        "platform-auth",
        (1, 6),
        None,
    ),
    (
        'type A @model @auth(rules: [{allow: groups, groups: ["a\\"b"]}]) { x: Int }',
        "platform-string",
        (1, 6),
        None,
    ),
    ("type A @model { x: Int }\ntype N", "platform-empty-type", (2, 6), None),
    (
        "type A @model { x: Int }\nextend type B @model { x: Int }",
        "platform-extension",
        (2, 13),
        None,
    ),
    (
        (
            'type U @model { a: [U] @manyToMany(relationName: "F") '
            'b: [U] @manyToMany(relationName: "F") }'
        ),
        "platform-self-relation",
        (1, 24),
        None,
    ),
    ('type A @model @key(name: "k") { x: Int }', "platform-key", (1, 6), None),
    (
        "type A @model @auth(rules: [{allow: owner, provider: {a: 1}}]) { x: Int }",
        "platform-value",
        (1, 6),
        None,
    ),
    (
        "type A @model @auth(rules: [{allow: owner, ownerField: [1]}]) { x: Int }",
        "platform-value",
        (1, 6),
        None,
    ),
    (
        'type A @model { b: B @hasOne(fields: ["a\\uD83Db"]) } type B @model { x: Int }',
        "platform-name",
        (1, 6),
        None,
    ),
    (
        (
            'type A @model { bs: [B] @manyToMany(relationName: "!?") } '
            'type B @model { as: [A] @manyToMany(relationName: "") }'
        ),
        "platform-name",
        (1, 25),
        None,
    ),
    (
        "type A @model {\n  k: [Int!]! @primaryKey }",
        "platform-key-type",
        (2, 3),
        [java],
    ),
    ("enum E { A }", "platform-no-models", (1, 1), [dart]),
    ("type A @model { x: Int } enum E", "platform-empty-enum", (1, 31), [dart]),
    (
        "type A @model { x: Int } type N @auth(rules: [{allow: owner}]) { x: Int }",
        "platform-type-directive",
        (1, 31),
        [dart],
    ),
]


@pytest.mark.parametrize(("schema", "rule", "position", "modules"), _REFUSED)
@_BOTH
def test_what_would_not_compile_is_refused_at_its_position(
    module: ModuleType,
    schema: str,
    rule: str,
    position: tuple[int, int],
    modules: list[ModuleType] | None,
) -> None:
    models = Models(schema=schema)
    if module not in (modules or [java, dart]):
        assert module.emit(models, {})
        return
    with pytest.raises(SchemaError) as caught:
        module.emit(models, {})
    found = [(entry.rule, (entry.line, entry.column)) for entry in caught.value.diagnostics]
    assert (rule, position) in found
    assert caught.value.diagnostics[0].hint == FAULTS[found[0][0]].fix


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("operations: create", "operations of an auth rule of A is not a list of names"),
        ("operations: [1]", "operations of an auth rule of A is not a list of names"),
        ("ownerField: 1", "ownerField of an auth rule of A is not a string"),
        ('provider: {a: "\\""}', "provider of an auth rule of A is not a string"),
    ],
)
@pytest.mark.parametrize("module", [swift, java, dart])
def test_a_value_of_a_wrong_type_is_refused_with_its_own_message(
    module: ModuleType, value: str, message: str
) -> None:
    schema = f"type A @model @auth(rules: [{{allow: owner, {value}}}]) {{ x: Int }}"
    with pytest.raises(SchemaError) as caught:
        module.emit(Models(schema=schema), {})
    assert [entry.message for entry in caught.value.diagnostics] == [message]


@pytest.mark.parametrize("module", [swift, java, dart])
def test_an_apostrophe_does_not_end_a_string_in_double_quotes(module: ModuleType) -> None:
    schema = """type A @model @auth(rules: [{allow: groups, groups: ["Editor's"]}]) { x: Int }"""
    artifacts = module.emit(Models(schema=schema), {})
    assert any(b'"Editor\'s"' in artifact.content for artifact in artifacts)


def test_a_list_of_nullable_items_is_refused_in_dart_without_timestamps() -> None:
    schema = "type A @model { xs: [Int]! }"
    with pytest.raises(SchemaError) as caught:
        dart.emit(Models(schema=schema, flags=FeatureFlags(add_timestamp_fields=False)), {})
    assert [entry.rule for entry in caught.value.diagnostics] == ["platform-list"]
    assert dart.emit(Models(schema=schema), {})


@_BOTH
def test_files_are_recognized_and_described(module: ModuleType) -> None:
    artifacts = module.emit(Models(schema=_SCHEMA), {})
    files = {artifact.path: artifact.content for artifact in artifacts}
    assert all(module.owns(path, content) for path, content in files.items())
    assert all(module.recognizes(path, content) for path, content in files.items())

    described = module.describe(files)
    assert described.version == native_schema(_SCHEMA).version
    assert described.models == {"Post"}
    assert module.describe({}) is None


@pytest.mark.parametrize(
    ("module", "path", "text"),
    [
        (
            java,
            "Post.java",
            (
                "package com.amplifyframework.datastore.generated.model;\n"
                "/** This is an auto generated class representing the Post type. */\n"
            ),
        ),
        (
            java,
            "Kind.java",
            (
                "package com.amplifyframework.datastore.generated.model;\n"
                "/** Auto generated enum from GraphQL schema. */\n"
            ),
        ),
        (
            dart,
            "Post.dart",
            "// NOTE: This file is generated and may not follow lint rules defined in your app\n",
        ),
        (
            dart,
            "Post.dart",
            (
                "* Copyright 2021 Amazon.com, Inc. or its affiliates. All Rights Reserved.\n"
                "// ignore_for_file: public_member_api_docs\n"
            ),
        ),
        (
            dart,
            "Post.dart",
            (
                "* Copyright 2020 Amazon.com, Inc. or its affiliates. All Rights Reserved.\n"
                "// ignore_for_file: public_member_api_docs\n"
            ),
        ),
    ],
)
def test_files_of_amplify_are_recognized_but_not_owned(
    module: ModuleType, path: str, text: str
) -> None:
    assert module.recognizes(path, text.encode())
    assert not module.owns(path, text.encode())


@_BOTH
def test_files_of_others_are_not_recognized(module: ModuleType) -> None:
    suffix = module.__name__.rpartition(".")[2]
    for name in ("post", "Post"):
        assert not module.recognizes(f"{name}.{suffix}", b"class Post {}\n")

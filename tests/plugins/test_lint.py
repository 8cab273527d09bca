from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import FeatureFlags
from amplify_modelgen.records import Provenance, Schema, SchemaFile
from amplify_modelgen_plugins import local
from support.core_values import target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplify_modelgen.records import Diagnostic

UNION = "type A @model { u: U }\ntype B { x: Int }\nunion U = B\n"
OUTPUT_ARGUMENT = "type A @model { id: ID! } type Query { q(a: A): Int }\n"


def validate(schema: Schema, *needs: str, respect: bool = True) -> Sequence[Diagnostic]:
    flags = FeatureFlags(respect_primary_key_attributes_on_connection_field=respect)
    return local.modelgen_validate(target(flags=flags), schema, frozenset(needs))


def schema(*texts: str) -> Schema:
    return Schema(
        files=tuple(
            SchemaFile(path=f"{number}.graphql", text=text) for number, text in enumerate(texts)
        )
    )


def test_a_sound_schema_has_no_problem() -> None:
    assert validate(schema("type A @model { id: ID! }\n"), "introspection", "datastore") == ()


def test_a_problem_is_named_in_the_file_that_it_is_in() -> None:
    sound, broken = "type A @model {\n  id: ID!\n}\n", "type B @model {\n  id: ID!\n  c: Nope\n}\n"
    (found,) = validate(schema(sound, broken), "introspection")
    assert (found.path, found.line, found.severity) == ("1.graphql", 3, "error")
    assert "Nope" in found.message


def test_text_that_is_no_graphql_is_a_problem() -> None:
    (found,) = validate(schema("type A @model {"), "datastore")
    assert (found.path, found.line, found.severity) == ("0.graphql", 1, "error")


def test_a_document_that_no_output_needs_refuses_nothing() -> None:
    assert validate(schema(UNION), "introspection") == ()
    assert len(validate(schema(UNION), "introspection", "datastore")) == 1
    assert validate(schema(OUTPUT_ARGUMENT), "datastore") == ()
    assert len(validate(schema(OUTPUT_ARGUMENT), "introspection")) == 1


def test_the_text_is_validated_without_any_document() -> None:
    assert validate(schema(UNION), "schema") == ()
    (found,) = validate(schema("type A @model { b: Nope }"), "schema")
    assert "Nope" in found.message


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ((), "or rewrite them for version 2"),
        (("default",), "(shop/amplify/cli.json does not set these flags, and Amplify CLI then"),
        (("shop/amplify/cli.json", "AMPLIFYCLI_X"), "in shop/amplify/cli.json and AMPLIFYCLI_X)"),
    ],
)
def test_the_origin_of_the_transformer_version_is_named(
    origins: tuple[str, ...], expected: str
) -> None:
    keys = ("flags.transformer-version", "flags.use-experimental-pipelined-transformer")
    provenance = tuple(
        Provenance(key=key, value="", origin=origin)
        for key, origin in zip(keys, origins, strict=False)
    )
    text = schema('type A @model @key(fields: ["id"]) { id: ID! }\n')
    project = target(project="shop", provenance=provenance)
    (found,) = local.modelgen_validate(project, text, frozenset())
    assert (found.rule, found.severity, found.stage) == ("legacy-directive", "error", "push")
    assert expected in str(found.hint)
    assert "`amplify push` refuses them" in str(found.hint)


def test_directives_of_version_1_are_ignored_if_amplify_push_uses_version_1() -> None:
    keys = '@key(fields: ["id", "x"]) @key(name: "byX", fields: ["x"])'
    text = schema(f"type A @model {keys} {{ id: ID! x: ID! }}\n")
    flags = FeatureFlags(use_experimental_pipelined_transformer=False)
    (found,) = local.modelgen_validate(target(flags=flags), text, frozenset())
    assert (found.rule, found.severity) == ("transformer-version", "warning")

from __future__ import annotations

import subprocess
import sys

import pytest
from msgspec.structs import replace

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters import mermaid
from amplify_modelgen_plugins.emitters.schema_model import HEADER
from support.emitted import BLOG, mermaid_text
from support.model_parts import VERSION_1


def lines(sdl: str) -> list[str]:
    return [line.strip() for line in mermaid_text(generate_models(sdl)).splitlines()]


def relations(sdl: str) -> list[str]:
    return [line for line in lines(sdl) if " : " in line]


def test_the_page_begins_with_the_header_and_has_one_diagram() -> None:
    page = lines("type A @model { x: Int }")
    assert page[:6] == [f"<!-- {HEADER} -->", "", "# Models", "", "```mermaid", "erDiagram"]
    assert page.count("```") == 1


def test_fields_have_their_types_and_modifiers() -> None:
    page = lines("type A @model { a: Int! b: [E!] c: [Float]! } enum E { V }")
    assert page[page.index('"A" {') :][:7] == [
        '"A" {',
        'ID id PK "ID!"',
        'Int a "Int!"',
        'E[] b "[E!]"',
        'Float[] c "[Float]!"',
        'AWSDateTime createdAt "read-only"',
        'AWSDateTime updatedAt "read-only"',
    ]


def test_all_fields_of_a_primary_key_are_marked() -> None:
    page = lines('type A @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! x: Int }')
    assert {'ID k PK "ID!"', 'Int n PK "Int!"', "Int x"} <= set(page)


def test_a_foreign_key_is_marked_and_that_of_one_to_one_is_unique() -> None:
    page = lines(
        "type A @model { bs: [B] @hasMany c: C @hasOne }"
        "type B @model { x: Int } type C @model { a: A @belongsTo }"
    )
    assert {"ID aBsId FK", "ID aCId FK, UK", "ID cAId FK, UK"} <= set(page)


def test_a_field_of_both_keys_has_both_markers() -> None:
    page = lines(
        'type A @model { bs: [B] @hasMany(fields: ["id"], indexName: "byA") }'
        'type B @model { a: A @belongsTo(fields: ["aID"]) '
        'aID: ID! @primaryKey @index(name: "byA") }'
    )
    assert 'ID aID PK, FK "ID!"' in page


@pytest.mark.parametrize(
    ("sdl", "drawn"),
    [
        (
            "type A @model { bs: [B] @hasMany } type B @model { x: Int }",
            ['"A" |o--o{ "B" : "bs"'],
        ),
        (
            "type A @model { bs: [B] @hasMany } type B @model { a: A! @belongsTo }",
            ['"A" ||--o{ "B" : "bs / a"'],
        ),
        (
            "type B @model { a: A @belongsTo } type A @model { bs: [B] @hasMany }",
            ['"A" |o--o{ "B" : "bs / a"'],
        ),
        (
            "type A @model { b: B! @hasOne } type B @model { x: Int }",
            ['"A" |o--|| "B" : "b"'],
        ),
        (
            "type A @model { b: B @hasOne } type B @model { a: A! @belongsTo }",
            ['"A" ||--o| "B" : "b / a"'],
        ),
        (
            "type A @model { kids: [A] @hasMany up: A @belongsTo }",
            ['"A" |o--o{ "A" : "kids / up"'],
        ),
        (
            (
                'type A @model { bs: [B] @hasMany(references: ["aID"]) }'
                'type B @model { aID: ID! a: A @belongsTo(references: ["aID"]) }'
            ),
            ['"A" ||--o{ "B" : "bs / a"'],
        ),
        (
            (
                'type A @model { b: B @hasOne(references: ["aID"]) }'
                'type B @model { aID: ID a: A @belongsTo(references: ["aID"]) }'
            ),
            ['"A" |o--o| "B" : "b / a"'],
        ),
        (
            (
                "type A @model { bs: [B] @hasMany b: B @hasOne }"
                "type B @model { a: A @belongsTo one: A @belongsTo }"
            ),
            ['"A" |o--o{ "B" : "bs / a"', '"A" |o--o| "B" : "b / one"'],
        ),
        (
            (
                'type A @model { bs: [B] @manyToMany(relationName: "AB") }'
                'type B @model { as: [A] @manyToMany(relationName: "AB") }'
            ),
            ['"A" ||--o{ "AB" : "bs / a"', '"B" ||--o{ "AB" : "as / b"'],
        ),
    ],
)
def test_a_relation_is_drawn_once_with_both_its_fields(sdl: str, drawn: list[str]) -> None:
    assert relations(sdl) == drawn


def test_a_belongs_to_field_without_an_inverse_is_drawn_separately() -> None:
    drawn = relations(
        "type A @model { bs: [B] @hasMany } type B @model { a: A @belongsTo b: A! @belongsTo }"
    )
    assert drawn == ['"A" |o--o{ "B" : "bs / a"', '"A" ||--o{ "B" : "b"']


def test_custom_types_are_connected_by_dotted_lines() -> None:
    drawn = relations("type A @model { n: N! ns: [N] } type N { x: Int n: N }")
    assert drawn == [
        '"A" |o..|| "N" : "n"',
        '"A" |o..o{ "N" : "ns"',
        '"N" |o..o| "N" : "n"',
    ]


def test_enums_are_a_table() -> None:
    page = lines("type A @model { e: E } enum E { V_1 W } enum F { X }")
    start = page.index("## Enums")
    assert page[start:] == [
        "## Enums",
        "",
        "| enum | values |",
        "| --- | --- |",
        "| `E` | `V_1`, `W` |",
        "| `F` | `X` |",
    ]


def test_a_schema_without_enums_has_no_table() -> None:
    assert lines("type A @model { x: Int }")[-1] == "```"


def test_the_markers_of_keys_are_not_used_as_names() -> None:
    page = lines("type A @model { pk: Int FK: PK! } enum PK { V }")
    assert {'Int pk_ "named pk"', 'PK_ FK_ "PK!, named PK, named FK"'} <= set(page)


def test_equal_models_give_equal_pages_that_end_with_one_newline() -> None:
    models = generate_models(BLOG.read_text(encoding="utf-8"))
    assert mermaid_text(models) == mermaid_text(models)
    assert mermaid_text(models).endswith("|\n")


def test_the_plugin_registers_one_emitter_without_options() -> None:
    (emitter,) = mermaid.modelgen_emitters()
    assert (emitter.name, emitter.options) == ("mermaid", None)


def test_preview_prints_the_diagram() -> None:
    arguments = ["preview", "--format", "mermaid", str(BLOG)]
    command = [sys.executable, "-m", "amplify_modelgen", *arguments]
    output = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert output.startswith(mermaid_text(generate_models(BLOG.read_text(encoding="utf-8"))))


PAIRS = """
type Post @model {
  comments: [Remark] @connection(name: "all") pinned: [Remark] @connection(name: "pinned")
}
type Remark @model {
  pinnedTo: Post @connection(name: "pinned") post: Post @connection(name: "all") x: Int
}
"""


def test_relations_of_transformer_1_are_those_of_the_datastore_schema() -> None:
    both = generate_models(PAIRS, VERSION_1)
    first = generate_models(PAIRS, VERSION_1, ("introspection",))
    expected = [
        '"Post" |o--o{ "Remark" : "comments / post"',
        '"Post" |o--o{ "Remark" : "pinned / pinnedTo"',
    ]
    for models in (both, first, replace(both, schema=None)):
        found = [line.strip() for line in mermaid_text(models).splitlines() if " : " in line]
        assert found == expected


def test_relations_of_transformer_1_without_a_datastore_schema() -> None:
    sdl = "type A @model { bs: [B] @connection u: U } type B @model { x: Int } union U = B"
    models = generate_models(sdl, VERSION_1, ("introspection",))
    assert '"A" |o--o{ "B" : "bs"' in mermaid_text(models)
    assert '"A" |o--o{ "B" : "bs"' in mermaid_text(replace(models, schema=None))

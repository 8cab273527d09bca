from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import (
    Diagnostics,
    FeatureFlags,
    NativeModel,
    NativeSchema,
    constant_case,
    native_schema,
)

_BY_ID = FeatureFlags(respect_primary_key_attributes_on_connection_field=False)
_TWO_WAY = """
type Post @model { title: String comments: [Remark] @hasMany }
type Remark @model { body: String post: Post @belongsTo }
"""


def model(schema: NativeSchema, name: str) -> NativeModel:
    return next(entry for entry in schema.models if entry.name == name)


def names(entry: NativeModel) -> list[str]:
    return [field.name for field in entry.fields]


def associated(entry: NativeModel, field: str) -> tuple[str, ...] | None:
    association = next(item for item in entry.fields if item.name == field).association
    assert association
    return association.associated


def test_a_has_many_names_its_inverse_and_the_foreign_key_is_left_out() -> None:
    schema = native_schema(_TWO_WAY)

    assert associated(model(schema, "Post"), "comments") == ("post",)
    assert names(model(schema, "Remark")) == ["id", "body", "post", "createdAt", "updatedAt"]


def test_the_version_is_that_of_the_loaders_of_amplify() -> None:
    assert native_schema(_TWO_WAY).version == "c65d8fc87fe9008cb8b341ec53d66803"


def test_without_an_inverse_the_foreign_keys_stay_and_there_is_no_index() -> None:
    schema = native_schema("type P @model { ts: [T] @hasMany t: T @hasOne } type T @model")

    assert names(model(schema, "P"))[-1] == "pTId"
    assert names(model(schema, "T"))[-1] == "pTsId"
    assert associated(model(schema, "P"), "ts") == ("pTsId",)
    assert associated(model(schema, "P"), "t") == ("id",)
    assert model(schema, "T").indexes == ()


def test_a_has_one_names_the_field_that_belongs_to_it() -> None:
    schema = native_schema("type P @model { t: T @hasOne } type T @model { p: P @belongsTo }")

    assert associated(model(schema, "P"), "t") == ("p",)


@pytest.mark.parametrize("flags", [FeatureFlags(), _BY_ID])
def test_references_are_associated_with_the_field_that_repeats_them(flags: FeatureFlags) -> None:
    schema = native_schema(
        'type P @model { ts: [T] @hasMany(references: ["pid"]) }'
        'type T @model { pid: ID p: P @belongsTo(references: ["pid"]) }',
        flags,
    )

    assert associated(model(schema, "P"), "ts") == ("p",)
    # The reference itself is a foreign key: it is left out unless relations are by id.
    assert ("pid" in names(model(schema, "T"))) is (flags is _BY_ID)


def test_by_id_a_relation_to_the_same_model_names_itself() -> None:
    sdl = "type N @model { children: [N] @hasMany parent: N @belongsTo }"

    assert associated(native_schema(sdl).models[0], "children") == ("parent",)
    assert associated(native_schema(sdl, _BY_ID).models[0], "children") == ("children",)


@pytest.mark.parametrize(
    ("targets", "kept"), [('["id", "n"]', True), ('["n", "id"]', False), ('["k", "s"]', True)]
)
def test_foreign_keys_that_are_part_of_the_own_key_are_kept(targets: str, *, kept: bool) -> None:
    schema = native_schema(
        'type P @model { id: ID! @primaryKey(sortKeyFields: ["n"]) n: ID! t: T @hasOne }'
        'type T @model { k: ID! @primaryKey(sortKeyFields: ["s"]) s: ID! id: ID n: ID '
        f"p: P @belongsTo(fields: {targets}) }}"
    )

    found = names(model(schema, "T"))
    assert ("n" in found) is (kept or '"n"' not in targets)
    assert {"k", "s"} < set(found)


def test_fields_keys_and_rules_of_a_model() -> None:
    schema = native_schema(
        "type A @model @auth(rules: [{allow: owner}, {allow: public}]) {"
        ' code: Int! @primaryKey(sortKeyFields: ["at"]) at: AWSDate! '
        ' tags: [String!] @index(name: "byTag") secret: String @auth(rules: [{allow: private}]) }'
    )
    (entry,) = schema.models

    assert entry.key == ("code", "at")
    assert [(index.name, index.fields) for index in entry.indexes] == [
        (None, ("code", "at")),
        ("byTag", ("tags",)),
    ]
    assert [rule["allow"] for rule in entry.auth] == ["owner", "public"]
    tags = entry.fields[2]
    assert (tags.is_list, tags.required, tags.list_required) == (True, True, False)
    assert [rule["allow"] for rule in entry.fields[3].auth] == ["private"]
    assert [field.read_only for field in entry.fields] == [False] * 4 + [True] * 2
    assert all(field.offset == entry.offset for field in entry.fields if field.read_only)


def test_enum_values_with_the_same_constant_collapse() -> None:
    (entry,) = native_schema("enum E { fooBar foo_bar _1 b_2 _0 FooBar }").enums

    assert list(entry.cases(constant_case).values()) == ["_0", "_1", "FooBar", "b_2"]


def test_declarations_are_what_amplify_writes_files_for() -> None:
    schema = native_schema(
        'type P @model { ts: [T] @manyToMany(relationName: "pt") } schema { query: Root }'
        'type Root { x: Int } type T @model { ps: [P] @manyToMany(relationName: "pt") }'
        "enum AuthStrategy { a } enum __E { a } type Mutation { x: Int } input I { x: Int }"
        "extend type Only @model { x: Int }"
    )

    found = [(entry.name, entry.is_model) for entry in schema.declarations]
    assert found == [
        ("P", True),
        ("Root", False),
        ("T", True),
        ("AuthStrategy", False),
        ("Pt", True),
    ]
    assert "Only" in [entry.name for entry in schema.models]


def test_repeated_definitions_are_merged_once_for_each_file() -> None:
    sdl = "type A @model @auth(rules: [{allow: owner}]) { x: Int }"
    extension = "extend type A @auth(rules: [{allow: public}]) { y: Int }"

    (extended,) = native_schema(sdl + extension, FeatureFlags(), lambda _: 3).models
    assert len(extended.auth) == 4
    (plain,) = native_schema(sdl, FeatureFlags(), lambda _: 3).models
    assert len(plain.auth) == 1


@pytest.mark.parametrize("kind", ["union F = A", "scalar F", "input F { x: Int }"])
def test_types_without_a_class_are_refused(kind: str) -> None:
    with pytest.raises(SchemaError) as caught:
        native_schema(f"type A @model {{\n  f: F }} {kind}")

    assert [(entry.line, entry.column) for entry in caught.value.diagnostics] == [(2, 6)]


def test_an_emitter_refuses_a_schema_at_the_position_of_a_field() -> None:
    schema = native_schema("type A @model {\n  class: Int }")
    diagnostics = Diagnostics()
    schema.raise_for(diagnostics)
    diagnostics.error(schema.models[0].fields[1].offset, "no", "rename it")

    with pytest.raises(SchemaError) as caught:
        schema.raise_for(diagnostics)
    assert (caught.value.diagnostics[0].line, caught.value.diagnostics[0].column) == (2, 3)

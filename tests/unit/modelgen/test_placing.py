from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import (
    generate_datastore,
    generate_introspection,
    generate_models,
)
from unit.modelgen.shown import field, model, problems

FOUR_KINDS = """
union U = N | A
type A @model { u: U n: N }
type N { x: String u: U i: I }
interface I { x: Int }
"""


def test_a_type_with_model_is_a_model_even_as_a_root() -> None:
    document = generate_introspection("type Query @model { x: Int }")
    assert (list(document["models"]), "queries" in document) == (["Query"], False)


def test_a_root_by_declaration_makes_the_usual_name_a_non_model() -> None:
    sdl = "schema { query: Q } type Q { a: Int } type Query { b: Int }"
    document = generate_introspection(sdl)
    assert (list(document["queries"]), list(document["nonModels"])) == (["a"], ["Query"])


def test_a_type_in_two_roles_plays_the_first() -> None:
    document = generate_introspection("schema { query: Q mutation: Q } type Q { a: Int }")
    assert "mutations" not in document


def test_a_schema_block_without_roots_is_refused() -> None:
    assert problems("schema @aws_iam { query: Q } type Q { a: Int }") == []
    assert problems("extend schema @aws_iam enum E { a }") == [
        "1:1 error: the schema block names no root type (remove it, or define the type Query)"
    ]


def test_reserved_names_vanish() -> None:
    sdl = "input AMPLIFY { globalAuthRule: AuthRule = {allow: public} } enum HttpMethod { A }"
    assert "inputs" not in generate_introspection(sdl)


def test_a_type_with_a_scalars_name_vanishes() -> None:
    sdl = "enum AWSDate { a } type N { x: AWSDate }"
    document = generate_introspection(sdl)
    assert (document["enums"], document["nonModels"]["N"]["fields"]["x"]["type"]) == (
        {},
        "AWSDate",
    )


def test_unions_and_interfaces_are_left_out_of_the_introspection() -> None:
    document = generate_introspection(FOUR_KINDS)
    assert list(document["models"]["A"]["fields"]) == ["id", "n", "createdAt", "updatedAt"]
    assert list(document["nonModels"]["N"]["fields"]) == ["x"]


def test_unions_have_no_place_in_a_datastore_schema() -> None:
    with pytest.raises(SchemaError, match=r"3:20: A\.u has the type U, which is a union"):
        generate_datastore(FOUR_KINDS)


def test_models_are_refused_when_one_document_is() -> None:
    with pytest.raises(SchemaError) as raised:
        generate_models(FOUR_KINDS)
    assert [problem.line for problem in raised.value.problems] == [3, 4, 4]


@pytest.mark.parametrize(
    ("sdl", "said"),
    [
        ("scalar S type N { x: S }", "N.x has the type S, which is a custom scalar"),
        ("type Query { q: Query }", "Query.q has the type Query, which is a root of the API"),
        ("type Query { q: AuthRule }", "Query.q has the type AuthRule, which belongs to Amplify's"),
        ("input I { x: Int } type N { x: I }", "N.x has the type I, which is an input"),
        ("type N { x: Int } type Query { q(n: N): Int }", "Query.q.n takes the type N, which is a"),
        ("type N { x: Int } input I { n: N }", "I.n takes the type N, which is a nonModel"),
    ],
)
def test_types_out_of_place_are_refused(sdl: str, said: str) -> None:
    (found,) = problems(sdl)
    assert said in found


@pytest.mark.parametrize(
    ("sdl", "place"),
    [
        ("type A { x: Bee }", "A.x"),
        ("type A { x(y: Bee): Int }", "A.x(y:)"),
        ("union A = Bee", "A"),
        ("type A implements Bee { x: Int }", "A"),
        ("schema { query: Bee }", "schema.query"),
        ("directive @d(x: Bee) on OBJECT enum E { a }", "d.x"),
        ("input A { x: Bee }", "A.x"),
        ("type Query { x: Bee y(z: Bee): Int }", "Query.x"),
        ("type A @model { x: Bee @hasOne }", "A.x"),
    ],
)
def test_every_reference_must_resolve(sdl: str, place: str) -> None:
    assert f"error: {place} refers to the type Bee, which is not defined" in problems(sdl)[0]


def test_an_unknown_type_is_named_once_with_what_may_be_meant() -> None:
    assert problems("type Comment { x: Int } type A { x: Coment }") == [
        (
            "1:37 error: A.x refers to the type Coment, which is not defined "
            "(define Coment, or correct its spelling (did you mean Comment?))"
        )
    ]


def test_only_the_first_unknown_types_are_compared_with_known_ones() -> None:
    found = problems(f"type Comment {{ {' '.join(f'x{i}: Commen' for i in range(30))} }}")
    assert sum("did you mean Comment?" in one for one in found) == 20


def test_unknown_types_inside_an_overridden_scalar_do_not_matter() -> None:
    assert problems("type AWSDate { x: Bee } enum E { a }") == []


@pytest.mark.parametrize(
    "sdl",
    [
        "input I { a: AWSJSON = {x: 1} }",
        "type Query { q(a: [AWSDate] = [[1]]): Int }",
        "directive @d(a: AWSDate = {a: 1}) on OBJECT enum E { a }",
        "input I { a: [AWSDate] b: Int! = 1 } type Query { q(b: [I!]! = {a: {b: 1}}): Int }",
    ],
)
def test_defaults_that_amplify_cannot_write_are_refused(sdl: str) -> None:
    assert "has an object or list where a scalar is" in problems(sdl)[0]


@pytest.mark.parametrize("kind", ["Float", "AWSTimestamp"])
def test_a_default_that_is_too_large_is_called_so(kind: str) -> None:
    found = problems(f"type N {{ x(a: {kind} = -1e400): Int }}")
    assert "has a number that is too large" in found[0]


def test_a_default_of_an_output_type_is_refused() -> None:
    assert "its type N is no input" in problems("type N { x(a: N = {x: 1}): Int }")[0]


@pytest.mark.parametrize(
    "default",
    ["v: Int = {a: 1}", "x: E = [1]", "x: I = {a: {b: 1}}", "x: I = 3", "x: I = {a: null, b: 1}"],
)
def test_defaults_that_do_not_fit_are_dropped(default: str) -> None:
    types = "enum E { A } input I { a: AWSDate b: Int! }"
    assert problems(f"{types} type Query {{ a({default}): Int }}") == []


def test_directives_that_nobody_knows_are_warned_of() -> None:
    assert problems("type A @modl { x(a: Int @zzz): Int @connection }") == [
        "1:8 warning: nobody knows the directive @modl (did you mean @model?)",
        "1:25 warning: nobody knows the directive @zzz (define it, or remove it)",
        (
            "1:36 warning: @connection is of transformer version 1 and does nothing here "
            "(use `@hasMany` or its like)"
        ),
    ]


def test_custom_types_keep_models_and_gain_nothing() -> None:
    sdl = "type N { a: A b: A @hasOne } type A @model { n: N }"
    document = generate_introspection(sdl)
    assert list(document["nonModels"]["N"]["fields"]) == ["a", "b"]
    assert field(sdl, "A.n")["type"] == {"nonModel": "N"}
    assert model(sdl, "A")["syncable"] is True

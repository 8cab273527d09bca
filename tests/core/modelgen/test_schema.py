from __future__ import annotations

import pytest

from amplify_modelgen.errors import SchemaError
from amplify_modelgen.modelgen import (
    generate_datastore,
    generate_introspection,
    generate_models,
)
from support.model_parts import field, model, problems

FOUR_KINDS = """
union U = N | A
type A @model { u: U n: N }
type N { x: String u: U i: I }
interface I { x: Int }
"""


def test_a_root_type_with_the_model_directive_is_a_model() -> None:
    document = generate_introspection("type Query @model { x: Int }")
    assert (list(document["models"]), "queries" in document) == (["Query"], False)


def test_a_declared_root_makes_the_default_root_a_non_model() -> None:
    sdl = "schema { query: Q } type Q { a: Int } type Query { b: Int }"
    document = generate_introspection(sdl)
    assert (list(document["queries"]), list(document["nonModels"])) == (["a"], ["Query"])


def test_a_root_type_of_two_operations_has_the_first() -> None:
    document = generate_introspection("schema { query: Q mutation: Q } type Q { a: Int }")
    assert "mutations" not in document


def test_a_schema_block_without_roots_is_rejected() -> None:
    assert problems("schema @aws_iam { query: Q } type Q { a: Int }") == []
    assert problems("extend schema @aws_iam enum E { a }") == [
        "1:1 error: the schema block names no root type (remove it, or define the type Query)"
    ]


def test_types_with_reserved_names_are_omitted() -> None:
    sdl = "input AMPLIFY { globalAuthRule: AuthRule = {allow: public} } enum HttpMethod { A }"
    assert "inputs" not in generate_introspection(sdl)


def test_types_with_the_name_of_a_scalar_are_omitted() -> None:
    sdl = "enum AWSDate { a } type N { x: AWSDate }"
    document = generate_introspection(sdl)
    assert (document["enums"], document["nonModels"]["N"]["fields"]["x"]["type"]) == (
        {},
        "AWSDate",
    )


def test_unions_and_interfaces_are_omitted_from_the_introspection_schema() -> None:
    document = generate_introspection(FOUR_KINDS)
    assert list(document["models"]["A"]["fields"]) == ["id", "n", "createdAt", "updatedAt"]
    assert list(document["nonModels"]["N"]["fields"]) == ["x"]


def test_unions_are_rejected_in_a_datastore_schema() -> None:
    with pytest.raises(SchemaError, match=r"3:20: A\.u has the type U, which is a union"):
        generate_datastore(FOUR_KINDS)


def test_models_are_rejected_if_one_document_is() -> None:
    with pytest.raises(SchemaError) as raised:
        generate_models(FOUR_KINDS)
    assert [diagnostic.line for diagnostic in raised.value.diagnostics] == [3, 4, 4]


@pytest.mark.parametrize(
    ("sdl", "message"),
    [
        ("scalar S type N { x: S }", "N.x has the type S, which is a custom scalar"),
        ("type Query { q: Query }", "Query.q has the type Query, which is a root type of the API"),
        ("type Query { q: AuthRule }", "Query.q has the type AuthRule, which belongs to Amplify's"),
        ("input I { x: Int } type N { x: I }", "N.x has the type I, which is an input"),
        (
            "type N { x: Int } type Query { q(n: N): Int }",
            "Query.q.n has argument type N, which is a",
        ),
        ("type N { x: Int } input I { n: N }", "I.n has argument type N, which is a nonModel"),
    ],
)
def test_unsupported_types_are_rejected(sdl: str, message: str) -> None:
    (problem,) = problems(sdl)
    assert message in problem


@pytest.mark.parametrize(
    ("sdl", "path"),
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
def test_every_reference_must_resolve(sdl: str, path: str) -> None:
    assert f"error: {path} refers to the type Bee, which is not defined" in problems(sdl)[0]


def test_an_unknown_type_is_reported_once() -> None:
    assert problems("type Comment { x: Int } type A { x: Coment }") == [
        (
            "1:37 error: A.x refers to the type Coment, which is not defined "
            "(define Coment, or correct its spelling)"
        )
    ]


def test_unknown_types_in_an_overridden_type_are_ignored() -> None:
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
def test_defaults_that_amplify_cannot_serialize_are_rejected(sdl: str) -> None:
    assert "has an object or list where a scalar is expected" in problems(sdl)[0]


@pytest.mark.parametrize("kind", ["Float", "AWSTimestamp"])
def test_infinite_defaults_are_rejected(kind: str) -> None:
    found = problems(f"type N {{ x(a: {kind} = -1e400): Int }}")
    assert "has a number that is too large" in found[0]


def test_defaults_of_output_types_are_rejected() -> None:
    assert "has a part of the output type N" in problems("type N { x(a: N = {x: 1}): Int }")[0]


@pytest.mark.parametrize(
    "default",
    ["v: Int = {a: 1}", "x: E = [1]", "x: I = {a: {b: 1}}", "x: I = 3", "x: I = {a: null, b: 1}"],
)
def test_defaults_that_do_not_match_their_type_are_ignored(default: str) -> None:
    types = "enum E { A } input I { a: AWSDate b: Int! }"
    assert problems(f"{types} type Query {{ a({default}): Int }}") == []


def test_fields_of_custom_types_may_be_models() -> None:
    sdl = "type N { a: A b: A @hasOne } type A @model { n: N }"
    document = generate_introspection(sdl)
    assert list(document["nonModels"]["N"]["fields"]) == ["a", "b"]
    assert field(sdl, "A.n")["type"] == {"nonModel": "N"}
    assert model(sdl, "A")["syncable"] is True


@pytest.mark.parametrize(
    ("sdl", "message"),
    [
        ("scalar S @specifiedBy", "`url` of @specifiedBy must be a string"),
        ("type N { x: Int @deprecated(reason: 3) }", "`reason` of @deprecated must be a string"),
        ("type N { x(a: Int @deprecated(reason: E)): Int }", "`reason` of @deprecated must be"),
    ],
)
def test_arguments_of_graphql_directives_must_be_strings(sdl: str, message: str) -> None:
    (problem,) = problems(f"{sdl} enum E {{ a }}")
    assert message in problem


def test_defaults_that_contain_an_output_type_are_rejected() -> None:
    sdl = "type N { x: Int } input I { a: N } type Query { q(i: I = {a: {x: 1}}): Int }"
    message = "the default value of i has a part of the output type N"
    assert any(message in problem for problem in problems(sdl))


@pytest.mark.parametrize("default", ["q(a: [Int!] = [null]): Int", "q(a: [Int] = [null]): Int"])
def test_null_items_of_defaults_are_ignored(default: str) -> None:
    assert problems(f"type Query {{ {default} }}") == []


def test_defaults_of_amplifys_inputs_are_ignored() -> None:
    assert problems("input AMPLIFY { a: AuthRule = {allow: public} } enum E { a }") == []

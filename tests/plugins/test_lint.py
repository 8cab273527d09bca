from __future__ import annotations

from amplify_modelgen.records import Schema, SchemaFile
from amplify_modelgen_plugins.lint import modelgen_validate
from support.core_values import target


def schema(*texts: str) -> Schema:
    return Schema(
        files=tuple(
            SchemaFile(path=f"{number}.graphql", text=text) for number, text in enumerate(texts)
        )
    )


def test_a_sound_schema_has_no_problem() -> None:
    assert modelgen_validate(target(), schema("type A @model { id: ID! }\n")) == []


def test_a_problem_is_named_in_the_file_that_it_is_in() -> None:
    sound, broken = "type A @model {\n  id: ID!\n}\n", "type B @model {\n  id: ID!\n  c: Nope\n}\n"
    (found,) = modelgen_validate(target(), schema(sound, broken))
    assert (found.path, found.line, found.severity) == ("1.graphql", 3, "error")
    assert "Nope" in found.message


def test_text_that_is_no_graphql_is_a_problem() -> None:
    (found,) = modelgen_validate(target(), schema("type A @model {"))
    assert (found.path, found.line, found.severity) == ("0.graphql", 1, "error")

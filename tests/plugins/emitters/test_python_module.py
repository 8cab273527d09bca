from __future__ import annotations

import datetime as dt
from types import GenericAlias
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest

from amplify_modelgen.modelgen import Models, generate_models
from amplify_modelgen.plugin import ConfigError
from amplify_modelgen_plugins.emitters import python
from amplify_modelgen_plugins.emitters.python import STYLES
from amplify_modelgen_plugins.emitters.schema_model import HEADER
from support.emitted import BLOG, introspection_only, load, module_of, python_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def hint(tmp_path: Path, kind: str, more: str = "") -> Any:
    module = module_of(f"type A @model {{ x: {kind} }} {more}", tmp_path)
    return get_type_hints(module.A)["x"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Int", int | None),
        ("Int!", int),
        ("[Int]", list[int | None] | None),
        ("[Int!]", list[int] | None),
        ("[Int]!", list[int | None]),
        ("[Int!]!", list[int]),
    ],
)
def test_none_is_allowed_if_graphql_allows_null(tmp_path: Path, kind: str, expected: Any) -> None:
    assert hint(tmp_path, kind) == expected


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        ("ID", str),
        ("String", str),
        ("Float", float),
        ("Boolean", bool),
        ("AWSDate", dt.date),
        ("AWSTime", dt.time),
        ("AWSDateTime", dt.datetime),
        ("AWSTimestamp", int),
        ("AWSEmail", str),
        ("AWSPhone", str),
        ("AWSURL", str),
        ("AWSIPAddress", str),
    ],
)
def test_a_scalar_becomes_a_python_type(tmp_path: Path, scalar: str, expected: type) -> None:
    assert hint(tmp_path, f"{scalar}!") is expected


def test_the_type_of_json_is_any_json_value(tmp_path: Path) -> None:
    module = module_of("type A @model { x: AWSJSON! }", tmp_path)
    assert module.AWSJSON.startswith("dict[str, AWSJSON]")


@pytest.mark.parametrize("style", STYLES)
def test_only_used_scalars_have_aliases(style: str) -> None:
    text = python_text(generate_models("type A @model { x: AWSEmail y: AWSJSON }"), style)
    assert "AWSEmail: _typing.TypeAlias = str" in text
    assert "AWSURL" not in text


def test_a_relation_may_always_be_none(tmp_path: Path) -> None:
    sdl = "type A @model { bs: [B!]! @hasMany } type B @model { a: A! @belongsTo }"
    module = module_of(sdl, tmp_path)
    assert get_type_hints(module.A)["bs"] == GenericAlias(list, module.B) | None
    assert get_type_hints(module.B)["a"] == module.A | None
    assert module.B(id="1").a is None


def test_the_docstring_of_a_class_lists_special_fields(tmp_path: Path) -> None:
    sdl = (
        'type A @model { k: ID! @primaryKey(sortKeyFields: ["n"]) n: Int! b: [B] @hasMany }'
        "type B @model { x: Int } type C { x: Int }"
    )
    module = module_of(sdl, tmp_path)
    assert module.A.__doc__.splitlines()[0] == "A model, identified by `k`, `n`."
    assert "Read-only: `createdAt`, `updatedAt`." in module.A.__doc__
    assert "not loaded: `b`." in module.A.__doc__
    assert module.C.__doc__ == "A custom type, contained in models."


def test_types_may_contain_each_other_and_themselves(tmp_path: Path) -> None:
    module = module_of("type A @model { n: N } type N { n: N ns: [N!] }", tmp_path)
    inner = module.N(ns=[module.N()])
    assert module.A(id="1", n=module.N(n=inner)).n.n.ns == [module.N()]


@pytest.mark.parametrize("style", STYLES)
def test_a_schema_without_types_is_a_module(style: str) -> None:
    text = python_text(generate_models("enum E { A }"), style)
    compile(text, "models.py", "exec")
    key = "object" if style == "typeddict" else "type[_Model]"
    assert text.endswith(f"_FIELDS: dict[{key}, list[_Field]] = {{\n}}\n")


def test_an_enum_and_a_model_without_members_are_classes(tmp_path: Path) -> None:
    empty: Mapping[str, Any] = {
        "models": {},
        "enums": {"E": {"name": "E", "values": []}},
        "nonModels": {"N": {"name": "N", "fields": {}}},
    }
    module: Any = load(python_text(introspection_only(dict(empty))), tmp_path)
    assert list(module.E) == []
    assert module.N.from_dict({}) == module.N()


@pytest.mark.parametrize("style", STYLES)
def test_the_module_begins_with_the_header_and_is_not_linted(style: str) -> None:
    models = generate_models(BLOG.read_text(encoding="utf-8"))
    text = python_text(models, style)
    assert text.splitlines()[:3] == [f"# {HEADER}", "# fmt: off", "# ruff: noqa"]
    assert text == python_text(models, style)


def test_a_backend_without_introspection_gives_the_same_module() -> None:
    models = generate_models(BLOG.read_text(encoding="utf-8"))
    old = Models(datastore=models.datastore)
    assert python_text(old) == python_text(models)


@pytest.mark.parametrize("style", ["attrs", "", 3, None, True])
def test_an_unknown_style_is_an_error(style: object) -> None:
    with pytest.raises(ConfigError, match=r"invalid 'style' .* for the emitter 'python'") as caught:
        python.emit(generate_models("enum E { A }"), {"style": style})
    assert caught.value.hint == "use one of: dataclass, pydantic, typeddict"


def test_the_plugin_registers_one_emitter_with_one_option() -> None:
    (emitter,) = python.modelgen_emitters()
    assert emitter.name == "python"
    assert list(emitter.options or {}) == ["style"]


@pytest.mark.parametrize("style", STYLES)
def test_each_attribute_and_statement_of_a_class_is_one_line(style: str) -> None:
    long = "x" * 150
    sdl = f"type A @model {{ {long}: [B!]! class: B }} type B {{ {long}: Int! def: Int }}"
    text = python_text(generate_models(sdl), style)
    (line,) = [line for line in text.splitlines() if line.startswith(f"    {long}: list")] or [""]
    if style != "typeddict":
        assert line == f"    {long}: list[B]"
    compile(text, "models.py", "exec")

from __future__ import annotations

import ast
import builtins
import enum
import keyword
from typing import TYPE_CHECKING, Any, TypeGuard

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.emitters.python import STYLES
from amplify_modelgen_plugins.emitters.python import python_names as names
from support.emitted import check_builtin_names, module_of, python_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL_SCALARS = """
type A @model { a: AWSEmail b: AWSIPAddress c: AWSJSON d: AWSPhone e: AWSTimestamp f: AWSURL
  g: AWSDate h: [E!] i: Boolean j: Float k: Int class: String }
enum E { V }
"""


def test_every_keyword_is_reserved() -> None:
    assert frozenset(keyword.kwlist) == names.KEYWORDS


def test_every_public_attribute_of_a_string_enum_is_reserved() -> None:
    public = {name for name in dir(str) if not name.startswith("_")}
    assert public | {"name", "value", "mro"} == names.STRING
    assert issubclass(enum.StrEnum, str)


def test_every_builtin_is_reserved_for_classes() -> None:
    public = {name for name in dir(builtins) if not name.startswith("_")}
    assert public - set(keyword.kwlist) <= names.BUILTINS


@pytest.mark.parametrize("style", STYLES)
def test_no_class_can_hide_a_name_that_a_module_uses(style: str) -> None:
    used = set(_names(ast.parse(python_text(generate_models(ALL_SCALARS), style))))
    public = {name for name in used if not name.startswith("_")} - {"A", "E"}
    # Nothing uses the name that the import from __future__ binds.
    assert public - {"annotations"} <= (names.BUILTINS | names.CONVERTERS | names.ANNOTATION_NAMES)


def _local_names(tree: ast.Module) -> set[str]:
    local = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.ExceptHandler, ast.MatchAs)) and node.name:
            local.add(node.name)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            local |= {node.id for node in ast.walk(function) if _is_name(node, ast.Store)}
    return local


def _names(tree: ast.Module) -> Iterator[str]:
    """The global names that a module reads, imports and defines."""
    local = _local_names(tree)
    for node in ast.walk(tree):
        if _is_name(node, ast.Load) and node.id not in local:
            yield node.id
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
    for statement in tree.body:
        if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
            yield statement.name
        if isinstance(statement, ast.AnnAssign):
            yield ast.unparse(statement.target)


def _is_name(node: ast.AST, context: type[ast.expr_context]) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, context)


@pytest.mark.parametrize("style", ["dataclass", "typeddict"])
def test_builtins_may_be_names_of_the_schema(tmp_path: Path, style: str) -> None:
    check_builtin_names(tmp_path, style)


@pytest.mark.parametrize(
    ("schema_names", "expected"),
    [
        (["class"], ["class_"]),
        (["class", "class_"], ["class__", "class_"]),
        (["class_", "class"], ["class_", "class__"]),
        (["id", "ID", "Id"], ["id", "ID", "Id"]),
        (["self", "l", "match"], ["self_", "l", "match"]),
        (["_id", "__x", "_"], ["field_id", "field__x", "field_"]),
        (["field_id", "_id"], ["field_id", "field_id_"]),
        (["list", "Post", "to_dict"], ["list_", "Post_", "to_dict_"]),
    ],
)
def test_an_attribute_has_the_fields_name_or_a_similar_one(
    schema_names: list[str], expected: list[str]
) -> None:
    attributes = names.PythonNames(["Post"], "dataclass").attributes(schema_names)
    assert list(attributes.values()) == expected


def test_the_keys_of_a_typed_dict_are_the_fields_names() -> None:
    keys = ["class", "_id", "str"]
    attributes = names.PythonNames(["Post"], "typeddict").attributes(keys)
    assert attributes == dict(zip(keys, keys, strict=True))


@pytest.mark.parametrize(
    ("schema_names", "expected"),
    [
        (["None", "I", "list"], ["None_", "I", "list_"]),
        (["filter", "Warning", "complex"], ["filter_", "Warning_", "complex_"]),
        (["_A", "_Model", "from_dict"], ["Type_A", "Type_Model", "from_dict_"]),
        (["apple", "Apple", "AWSEmail"], ["apple", "Apple", "AWSEmail_"]),
    ],
)
def test_a_class_has_the_types_name_or_a_similar_one(
    schema_names: list[str], expected: list[str]
) -> None:
    classes = names.PythonNames(schema_names, "dataclass").classes
    assert list(classes.values()) == expected


def test_members_of_an_enum_keep_their_values(tmp_path: Path) -> None:
    sdl = "enum E { None title name mro _0 _A_ __x I OK ok }"
    members = module_of(sdl, tmp_path).E.__members__
    assert list(members) == [
        "value_0",
        "None_",
        "title_",
        "name_",
        "mro_",
        "value_A_",
        "value__x",
        "I",
        "ok",
    ]
    assert members["None_"] == "None"
    assert members["value_A_"].value == "_A_"


AWKWARD = """
type Post @model { Post: String str: Int list: [Int] dt: AWSDate self: Int __x: Int _id: Int
  from_dict: Int to_dict: [Post] @hasMany schema: Int copy: AWSJSON typing: dict }
type list { int: Int float: Float }
type dict { class: list }
type Any { Any: Any }
"""


@pytest.mark.parametrize("style", ["dataclass", "typeddict"])
def test_names_that_python_uses_itself_work(tmp_path: Path, style: str) -> None:
    module: Any = module_of(AWKWARD, tmp_path, style)
    data = {"id": "1", "Post": "a", "str": 1, "list": [2], "dt": "2024-02-29", "self": 3, "_id": 4}
    data |= {"typing": {"class": {"int": 5}}, "__x": 6, "from_dict": 7}
    if style == "typeddict":
        assert module.to_dict(module.Post, module.from_dict(module.Post, data)) == data
    else:
        written = module.Post.from_dict(data).to_dict()
        assert data == {name: written[name] for name in data} | {"typing": data["typing"]}
        assert written["typing"]["class"]["int"] == 5

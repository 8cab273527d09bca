from __future__ import annotations

import ast
import builtins
import enum
import keyword
from typing import TYPE_CHECKING, Any

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.python_models import names
from emitted import module_of, python_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STYLES = ("dataclass", "pydantic", "typeddict")
WHOLE = """
type A @model { a: AWSEmail b: AWSIPAddress c: AWSJSON d: AWSPhone e: AWSTimestamp f: AWSURL
  g: AWSDate h: [E!] i: Boolean j: Float k: Int class: String }
enum E { V }
"""


def test_every_keyword_is_known() -> None:
    assert frozenset(keyword.kwlist) == names.KEYWORDS


def test_every_public_attribute_of_a_string_enum_is_known() -> None:
    public = {name for name in dir(str) if not name.startswith("_")}
    assert public | {"name", "value", "mro"} == names.STRING
    assert issubclass(enum.StrEnum, str)


@pytest.mark.parametrize("style", STYLES)
def test_no_class_can_hide_a_name_that_a_module_uses(style: str) -> None:
    used = set(_names(ast.parse(python_text(generate_models(WHOLE), style))))
    public = {name for name in used if not name.startswith("_")} - {"A", "E"}
    assert public <= (
        names.BUILTINS | names.IMPORTED | names.CONVERTERS | set(names.SCALAR_ALIASES)
    )


def _names(tree: ast.AST) -> Iterator[str]:
    """The builtins, and what the module itself defines, as far as the module says it."""
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound:
            known = hasattr(builtins, node.id) or node.id in names.IMPORTED
            yield from [node.id] if known else []
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
    for top in getattr(tree, "body", []):
        yield from [top.name] if isinstance(top, (ast.ClassDef, ast.FunctionDef)) else []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["class"], ["class_"]),
        (["class", "class_"], ["class__", "class_"]),
        (["class_", "class"], ["class_", "class__"]),
        (["id", "ID", "Id"], ["id", "ID", "Id"]),
        (["self", "l", "match"], ["self_", "l_", "match"]),
        (["_id", "__x", "_"], ["field_id", "field__x", "field_"]),
        (["field_id", "_id"], ["field_id", "field_id_"]),
        (["list", "Post", "to_dict"], ["list_", "Post_", "to_dict_"]),
    ],
)
def test_an_attribute_has_the_fields_name_or_nearly(given: list[str], expected: list[str]) -> None:
    taken = names.spoken_of(["Post"]) | names.CONVERTERS
    assert list(names.attribute_names(given, taken).values()) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["None", "I", "list"], ["None_", "I_", "list_"]),
        (["_A", "_Model", "from_dict"], ["Type_A", "Type_Model", "from_dict_"]),
        (["apple", "Apple", "AWSEmail"], ["apple", "Apple", "AWSEmail_"]),
    ],
)
def test_a_class_has_the_types_name_or_nearly(given: list[str], expected: list[str]) -> None:
    assert list(names.class_names(given).values()) == expected


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
        "I_",
        "ok",
    ]
    assert members["None_"] == "None"
    assert members["value_A_"].value == "_A_"


TROUBLE = """
type Post @model { Post: String str: Int list: [Int] dt: AWSDate self: Int __x: Int _id: Int
  from_dict: Int to_dict: [Post] @hasMany schema: Int copy: AWSJSON typing: dict }
type list { int: Int float: Float }
type dict { class: list }
type Any { Any: Any }
"""


@pytest.mark.parametrize("style", ["dataclass", "typeddict"])
def test_names_that_python_needs_itself_do_no_harm(tmp_path: Path, style: str) -> None:
    module: Any = module_of(TROUBLE, tmp_path, style)
    data = {"id": "1", "Post": "a", "str": 1, "list": [2], "dt": "2024-02-29", "self": 3, "_id": 4}
    data |= {"typing": {"class": {"int": 5}}, "__x": 6, "from_dict": 7}
    if style == "typeddict":
        assert module.to_dict(module.Post, module.from_dict(module.Post, data)) == data
    else:
        written = module.Post.from_dict(data).to_dict()
        assert data == {name: written[name] for name in data} | {"typing": data["typing"]}
        assert written["typing"]["class"]["int"] == 5

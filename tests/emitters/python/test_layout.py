"""Names of any length, laid out as ruff lays them out."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from amplify_modelgen_plugins.python_models.layout import Name, Of, Optional, declaration
from emitted import python_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from amplify_modelgen_plugins.python_models.layout import Annotation

CALL = ("pydantic.Field(", "    default=None,", ")")
NOTHING: tuple[str, ...] = ()
WIDTHS = (3, 30, 60, 64, 70, 75, 78, 82, 85, 100)


def kinds(name: str) -> Iterator[tuple[Annotation, Sequence[Sequence[str]]]]:
    """Each form that a type can have, with the defaults that it can have."""
    bare = Name(name)
    lists = (Of("list", bare), Of("list", Optional(bare)))
    for needed in (bare, *lists):
        yield needed, (NOTHING, CALL)
    for absent in (Optional(bare), *map(Optional, lists)):
        yield absent, (("None",), CALL)
        yield Of("typing.NotRequired", absent), (NOTHING,)


def declared() -> Iterator[str]:
    for number, (width, length) in enumerate(itertools.product(WIDTHS, range(1, 100))):
        for form, (kind, defaults) in enumerate(kinds("T" * length)):
            for count, default in enumerate(defaults):
                name = f"f{number}_{form}{count}_".ljust(width, "x")
                yield from declaration(name, kind, default)


def formatted(path: Path) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(path)]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8").stdout


def test_declarations_break_where_ruff_breaks_them(
    tmp_path: Path, judge: Callable[[str], None]
) -> None:
    judge("ruff")
    path = tmp_path / "declared.py"
    path.write_text("\n".join(["class A:", *declared(), ""]))
    assert formatted(path)[:3000] == ""


@pytest.mark.parametrize("style", ["dataclass", "pydantic", "typeddict"])
@pytest.mark.parametrize("length", [20, 50, 72, 74, 76, 80, 88, 120])
def test_modules_with_long_names_are_formatted(
    tmp_path: Path, judge: Callable[[str], None], style: str, length: int
) -> None:
    judge("ruff")
    model, field = "M" * length, "f" * length
    sdl = f"""
    type {model} @model {{ {field}: E{model}! many: [{model}!] @hasMany class: C{model} }}
    type _{model} {{ {field}: [C{model}] _{field}: [C{model}!]! class: String! }}
    type C{model} {{ __{field}: AWSJSON }}
    enum E{model} {{ {field} _{field} }}
    """
    path = tmp_path / "models.py"
    path.write_text(python_text(generate_models(sdl), style))
    assert formatted(path)[:3000] == ""

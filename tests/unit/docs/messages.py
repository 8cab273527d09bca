"""The messages that the code can print about AWS, read from its tables and its source.

What is filled in at run time is an ellipsis here, as in docs/troubleshooting.md.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import amplify_modelgen
import amplify_modelgen_plugins
from amplify_modelgen_plugins.aws import faults, refusals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amplify_modelgen_plugins.aws.rule import Rule

CORE = Path(amplify_modelgen.__file__).parent
PLUGINS = Path(amplify_modelgen_plugins.__file__).parent
# What says something of a backend; rules and redaction have no messages of their own.
SOURCES = [
    *sorted((PLUGINS / "aws").glob("*.py")),
    PLUGINS / "emit_introspection.py",
    CORE / "jobs" / "following.py",
    CORE / "jobs" / "life.py",
    *(CORE / "run" / f"{name}.py" for name in ("inspection", "regenerate", "outcomes")),
]
# Where a call of this name has its message: an index, or a keyword.
_SPEAKERS: dict[str, int | str] = {
    "BackendError": 0,
    "ConfigError": 0,
    "DocumentError": 0,
    "TransientError": 0,
    "UsageError": 0,
    "malformed": 0,
    "_no_models": 0,
    "_unfindable": 2,
}


def rules() -> list[Rule]:
    """Return every rule for a failure of a call."""
    return [
        *refusals.BY_CODE.values(),
        *refusals.BY_STATUS.values(),
        *faults.BY_CAUSE.values(),
        *faults.BY_CLASS.values(),
        refusals.NOT_UNDERSTOOD,
        refusals.SAID_ERROR,
        refusals.NO_MODELS,
    ]


def of_rules() -> set[str]:
    """Return the messages of all rules."""
    return {_tidied(re.sub(r"\{[^}]*\}", "…", rule.message)) for rule in rules()}


def of_source() -> set[str]:
    """Return the messages that are written where they are raised."""
    found = {_tidied(text) for path in SOURCES for text in _spoken(path)}
    return {text for text in found if re.search(r"[a-z]{3}", text)}


def _tidied(text: str) -> str:
    return re.sub(r"…+", "…", text)


def _spoken(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = _assigned(function)
            for node in ast.walk(function):
                yield from _said(node, names)


def _assigned(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return what a function's plain variables stand for."""
    return {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _said(node: ast.AST, names: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Yield) and node.value is not None:
        yield from _texts(node.value, names)
    if isinstance(node, ast.Call):
        place = _SPEAKERS.get(_name(node.func))
        if isinstance(place, int) and len(node.args) > place:
            yield from _texts(node.args[place], names)
        yield from (
            text
            for keyword in node.keywords
            if keyword.arg == "reason" and isinstance(keyword.value, ast.JoinedStr)
            for text in _texts(keyword.value, names)
        )


def _name(function: ast.expr) -> str:
    return str(getattr(function, "id", getattr(function, "attr", "")))


def _texts(node: ast.expr, names: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(
                str(each.value) if isinstance(each, ast.Constant) else "…" for each in values
            )
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, names)
            yield from _texts(orelse, names)
        case ast.Name(id=name) if name in names:
            yield from _texts(names[name], {})
        case _:
            pass

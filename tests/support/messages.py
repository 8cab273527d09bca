"""The messages about AWS and about files, read from the tables and the source.

A value that is filled in at run time is an ellipsis here, as in docs/troubleshooting.md.
"""

from __future__ import annotations

import ast
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import botocore.exceptions

import amplify_modelgen
import amplify_modelgen_plugins
from amplify_modelgen_plugins.aws.service_errors import BY_CLASS, BY_RESPONSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CORE = Path(amplify_modelgen.__file__).parent
PLUGINS = Path(amplify_modelgen_plugins.__file__).parent
SOURCES = [
    *sorted((PLUGINS / "aws").glob("*.py")),
    PLUGINS / "emitters" / "json_documents.py",
    CORE / "jobs" / "run_target.py",
    CORE / "jobs" / "runner.py",
    CORE / "workspace.py",
    *(CORE / "pipeline" / f"{name}.py" for name in ("remote", "evaluate", "plan")),
]
# The position of the message in a call of this name.
_CALLS = {
    "BackendError": 0,
    "ConfigError": 0,
    "LeftOutError": 0,
    "NotFoundError": 0,
    "ResponseFormatError": 0,
    "TransientError": 0,
    "UsageError": 0,
    "ValueError": 0,
    "_no_job": 2,
    "api_error": 2,
    "kind": 0,
}
# Keyword arguments, and functions whose return values are messages.
_KEYWORDS = {"detail", "error_msg", "reason"}
_FUNCTIONS = {"_text_of", "_remote_difference"}


def codes() -> set[str]:
    """Return the codes of error responses that have a separate hint."""
    return {code for code in BY_RESPONSE if not code.isdigit()}


def botocore_messages() -> dict[str, set[str]]:
    """Return the texts of the exceptions of botocore that have a separate hint.

    The keys are the names of the classes; a class has the texts of its subclasses, too.
    """
    exceptions = [value for value in vars(botocore.exceptions).values() if isinstance(value, type)]
    return {
        name: {_format(kind) for kind in exceptions if issubclass(kind, parent)}
        for name in BY_CLASS
        if isinstance(parent := getattr(botocore.exceptions, name, None), type)
    }


def _format(exception: type) -> str:
    text: str = getattr(exception, "fmt", "")
    return _tidy(re.sub(r"\{[^}]*\}", "…", text).replace("`", "'")).rstrip(".")


def source_messages() -> set[str]:
    """Return the messages that are written where they are raised or returned."""
    found = {_tidy(text) for path in SOURCES for text in _messages(path)}
    return {text for text in found if re.search(r"[a-z]{3}", text)}


def _tidy(text: str) -> str:
    return re.sub(r"…+", "…", text)


def _messages(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from _function_messages(node)
        elif isinstance(node, ast.ClassDef):
            yield from _format_of_exception(node)


def _function_messages(function: ast.FunctionDef) -> Iterator[str]:
    names = _assigned(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and function.name in _FUNCTIONS and node.value:
            yield from _texts(node.value, names)
        if isinstance(node, ast.Call):
            position = _CALLS.get(_name(node.func))
            if position is not None and len(node.args) > position:
                yield from _texts(node.args[position], names)
            for keyword in node.keywords:
                if keyword.arg in _KEYWORDS and _is_problem(keyword):
                    yield from _texts(keyword.value, names)


def _is_problem(keyword: ast.keyword) -> bool:
    """Whether it is not the constant reason of an outcome that needs no explanation."""
    return keyword.arg != "reason" or isinstance(keyword.value, ast.JoinedStr)


def _format_of_exception(definition: ast.ClassDef) -> Iterator[str]:
    """Yield the `fmt` of an exception of botocore's kind."""
    for node in definition.body:
        if isinstance(node, ast.Assign) and [_name(name) for name in node.targets] == ["fmt"]:
            for text in _texts(node.value, {}):
                yield re.sub(r"\{[^}]*\}", "…", text)


def _assigned(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return the values of a function's plain variables."""
    return {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _name(expression: ast.expr) -> str:
    return str(getattr(expression, "id", getattr(expression, "attr", "")))


def _texts(node: ast.expr, names: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            parts: Iterable[list[str]] = ([*_texts(each, names)] or ["…"] for each in values)
            yield from map("".join, product(*parts))
        case ast.FormattedValue(value=ast.Name(id=name)) if name in names:
            yield from _texts(names[name], {})
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body, names)
            yield from _texts(orelse, names)
        case ast.Name(id=name) if name in names:
            yield from _texts(names[name], {})
        case _:
            pass

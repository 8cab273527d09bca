"""The layout of Java source code as Amplify's generator writes it.

Code is a list of lines. Nested code is indented by two spaces, empty lines included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from amplify_modelgen_plugins.emitters.schema_model import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Lines: TypeAlias = list[str]

DIRECTORY = "com/amplifyframework/datastore/generated/model"
PACKAGE = f"package {DIRECTORY.replace('/', '.')};"
ANNOTATIONS = "com.amplifyframework.core.model.annotations."


def source(lines: Iterable[str]) -> bytes:
    """Return a file: the header, the package and its lines."""
    return "\n".join([f"// {HEADER}", PACKAGE, *lines, ""]).encode()


def imports(*names: str) -> Lines:
    """Return an import of each class."""
    return [f"import {name};" for name in names]


def indent(lines: Iterable[str], width: int = 2) -> Lines:
    """Return the lines with more indentation."""
    return [" " * width + line for line in lines]


def method(signature: str, *body: str, width: int = 2, annotation: str = "") -> Lines:
    """Return a method, constructor or interface; an annotated one stands a column to the right."""
    if annotation:
        return [annotation, f" {signature} {{", *indent(body, width), "}"]
    return [f"{signature} {{", *indent(body, width), "}"]


def declaration(
    head: str, members: Iterable[str], methods: Sequence[Lines], nested: Sequence[Lines] = ()
) -> Lines:
    """Return a class: its members, its methods with a line between them, and nested types."""
    lines = [f"{head} {{", *indent(members)]
    for index, body in enumerate(methods):
        lines += indent([""] if index else []) + indent(body)
    for index, body in enumerate(nested):
        lines += [*([""] if index else []), *indent([*body, ""])]
    return [*lines, "}"]


def arguments(values: Sequence[str], opening: str, closing: str, width: int) -> Lines:
    """Return a call with one argument in each line; the first is in the line of the call."""
    if not values:
        return [opening + closing]
    first, *others = values
    lines = [opening + first, *indent(others, width)]
    return [f"{line}," for line in lines[:-1]] + [lines[-1] + closing]

"""The parts of modules that do not depend on models, and how lines are broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import Artifact
from amplify_modelgen_plugins._names import GENERATED

if TYPE_CHECKING:
    from collections.abc import Iterable

DATASTORE = "@aws-amplify/datastore"
_WIDTH = 80


def module(path: str, *parts: str | bytes) -> Artifact:
    """Return the file of a module: the line that it is generated, then its parts."""
    lines = [f"// {GENERATED}".encode()]
    for part in parts:
        lines += [b"", part if isinstance(part, bytes) else part.encode()]
    return Artifact(path=path, content=b"\n".join([*lines, b""]))


def import_from(module: str, *names: str, types: bool = False) -> str:
    """Return an import of names."""
    start = "import type" if types else "import"
    end = f'from "{module}";'
    return fit(f"{start} {{ {', '.join(names)} }} {end}", f"{start} {listed(names)} {end}")


def fit(*choices: str) -> str:
    """Return the first of the texts that has no line too long for people, or else the last.

    The width, and the breaks that callers choose between, are Prettier's, as far as names of
    usual length go.
    """
    for text in choices[:-1]:
        if len(text) <= _WIDTH or max(map(len, text.split("\n"))) <= _WIDTH:
            return text
    return choices[-1]


def block(lines: Iterable[str], indent: str = "") -> str:
    """Return lines in braces, two spaces deeper than `indent`."""
    body = f"\n{indent}  ".join(lines)
    return f"{{\n{indent}  {body}\n{indent}}}" if body else "{}"


def listed(names: Iterable[str]) -> str:
    """Return names in braces, each on a line with a comma."""
    return block(f"{name}," for name in names)

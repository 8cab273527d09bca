"""Recognize the four modules that `amplify codegen models` writes, also reformatted.

A module is recognized only if nothing was added to it by hand: it is compared token by token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# The content of a file is not trusted, so all patterns match in linear time: no text can be split
# into the parts of a repetition in two ways, and an unterminated string ends with its line.
_TOKEN = re.compile(
    r"""//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|["'].*"""
    r"""|`[^`]*`|[\w$]+|\S"""
)
_DATASTORE = '"@aws-amplify/datastore"'
_NAME = r"[\w$]+ "
_NAMES = rf"(?:{_NAME}(?:as {_NAME})?(?:, |(?=}})))*"
_STRINGS = rf'(?:(?:"[^"]*" |{_NAME}): "[^"]*" (?:, |(?=}})))*'

_INDEX = re.compile(
    rf"import {{ initSchema }} from {_DATASTORE} (?:; )?"
    rf'import {{ schema }} from "\./schema(?:\.js)?" (?:; )?'
    rf"(?:(?:export )?const {_NAME}= {{ {_STRINGS}}} (?:; )?)*"
    rf"(?:(?:(?:export )?const {{ {_NAMES}}} = )?initSchema \( schema \) (?:; )?)?"
    rf"(?:export {{ {_NAMES}}} (?:; )?)?"
)
_SCHEMA_TYPES = re.compile(
    rf"import (?:type )?{{ Schema }} from {_DATASTORE} (?:; )?"
    r"export declare const schema : Schema (?:; )?"
)
_SCHEMA_START = re.compile(r"^export const schema(?:: Schema)? =", re.MULTILINE)
# The first versions had no `nonModels`.
_SCHEMA_KEYS = ("models", "enums")
_VERSION = re.compile(r'"?version"? : "[0-9a-f]{32}" ')
# What is left of `index.d.ts` once the content of all brackets is removed.
_INDEX_TYPES = re.compile(
    rf"(?:(?:import {{ }} from {_DATASTORE} "
    rf"|(?:export )?(?:declare )?(?:(?:enum|class) {_NAME}{{ }} "
    rf"|type {_NAME}= (?:{{ }} |{_NAME}(?:extends {_NAME}\? {_NAME}: {_NAME})?)"
    rf"|const {_NAME}: (?:\( \) (?:& {{ }} )?|new \( \) = > {_NAME}))"
    r")(?:; )?)+"
)


def is_amplify_module(path: str, content: bytes) -> bool:
    """Return whether Amplify CLI wrote a file, judged by its name and its tokens."""
    checks: dict[str, Callable[[str], object]] = {
        "index.js": _INDEX.fullmatch,
        "index.d.ts": _is_index_types,
        "schema.js": _is_schema,
        "schema.d.ts": _SCHEMA_TYPES.fullmatch,
    }
    check = checks.get(path.rpartition("/")[2])
    return check is not None and bool(check(_tokens(content.decode("utf-8", "replace"))))


def schema_document(content: bytes) -> dict[str, Any] | None:
    """Return the object in `schema.js` or `schema.ts`, None if it is not written as JSON."""
    import json

    parts = _SCHEMA_START.split(content.decode("utf-8", "replace"), maxsplit=1)
    try:
        # Amplify CLI writes a semicolon, formatters may remove it.
        document: Any = json.loads("".join(parts[1:]).strip().removesuffix(";"))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _tokens(text: str) -> str:
    """Return the tokens of a module with a space after each, without comments."""
    tokens = _TOKEN.findall(text.lstrip("\ufeff"))
    return "".join(f"{_quoted(token)} " for token in tokens if token[:2] not in ("//", "/*"))


def _quoted(token: str) -> str:
    return f'"{token[1:-1]}"' if token[0] == "'" and '"' not in token else token


def _is_schema(tokens: str) -> bool:
    return (
        tokens.startswith("export const schema = { ")
        and _without_brackets(tokens).rstrip("; ") == "export const schema = { }"
        and _VERSION.search(tokens) is not None
        and all(f'"{key}" : ' in tokens or f" {key} : " in tokens for key in _SCHEMA_KEYS)
    )


def _is_index_types(tokens: str) -> bool:
    imports = "import { ModelInit , MutableModel "
    return imports in tokens and _INDEX_TYPES.fullmatch(_without_brackets(tokens)) is not None


def _without_brackets(tokens: str) -> str:
    outer: list[str] = []
    depth = 0
    for token in tokens.split(" "):
        if token in ("}", ")", "]"):
            depth -= 1
        if depth == 0:
            outer.append(token)
        if token in ("{", "(", "["):
            depth += 1
    return " ".join(outer)

"""Names that GraphQL allows and JavaScript or TypeScript does not."""

from __future__ import annotations

from typing import Any

from amplify_modelgen import ConfigError

# Found by asking the TypeScript compiler and Node to declare a type and a constant of each name.
_KEYWORDS = """
break case catch class const continue debugger default delete do else enum export extends false
finally for function if import in instanceof new null return super switch this throw true try
typeof var void while with
arguments await eval implements interface let package private protected public static yield
any as bigint boolean infer keyof never number object readonly string symbol undefined unique
unknown
"""
# Modules treat these exports in ways of their own: `import()` calls `then`, and CommonJS has the
# other three for itself.
_EXPORTS = "then __esModule exports require"
_RESERVED = frozenset([*_KEYWORDS.split(), *_EXPORTS.split()])

_SECTIONS = {"models": "type", "nonModels": "type", "enums": "enum"}
_PROTOTYPE = "__proto__"


def check_names(datastore: dict[str, Any]) -> None:
    """Refuse a DataStore schema whose names cannot be exported from a JavaScript module.

    Fields may be called by any word: they are properties. Only `__proto__` is none, anywhere: in
    an object it would set what the object inherits.

    Raises:
        ConfigError: the first such name.
    """
    if _holds_prototype(datastore):
        raise ConfigError(
            f"the schema uses the name {_PROTOTYPE!r}, which JavaScript has for itself",
            hint="give it another name in the schema",
        )
    for section, kind in _SECTIONS.items():
        for name in datastore[section]:
            if name in _RESERVED:
                raise ConfigError(
                    f"the {kind} {name!r} cannot be exported from JavaScript, which reserves "
                    "that word",
                    hint=f"give the {kind} another name in the schema; "
                    "'@mapsTo' lets a model keep its data",
                )


def _holds_prototype(document: dict[str, Any]) -> bool:
    rest: list[Any] = [document]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            if _PROTOTYPE in value:
                return True
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)
    return False

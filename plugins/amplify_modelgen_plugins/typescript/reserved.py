"""Names that GraphQL allows and JavaScript or TypeScript does not."""

from __future__ import annotations

from typing import Any, NoReturn

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

# What every object has. Amplify's own generator stumbles over them, and so does TypeScript.
_INHERITED = """
__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor
hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
"""
_EVERY_OBJECTS = frozenset(_INHERITED.split())


def check_names(datastore: dict[str, Any]) -> None:
    """Refuse a DataStore schema whose names cannot be written as JavaScript.

    Types and enums become exports, which no reserved word can be. Fields are properties, which
    may be called by any word but those that every object has.

    Raises:
        ConfigError: the first such name.
    """
    for section, kind in (("models", "model"), ("nonModels", "type"), ("enums", "enum")):
        for name, entry in datastore[section].items():
            _check_export(name, f"the {kind} {name!r}")
            for field in entry.get("fields", ()):
                _check_property(field, f"the field '{name}.{field}'")
    if _holds(datastore, "__proto__"):
        _check_property("__proto__", "the name '__proto__'")


def _check_export(name: str, what: str) -> None:
    if name in _RESERVED:
        _refuse(f"{what} cannot be exported from JavaScript, which reserves that word")
    _check_property(name, what)


def _check_property(name: str, what: str) -> None:
    if name in _EVERY_OBJECTS:
        _refuse(f"{what} cannot be used in JavaScript, where every object has that name")


def _refuse(message: str) -> NoReturn:
    raise ConfigError(
        message,
        hint="give it another name in the schema; for a model, '@mapsTo' keeps its data",
    )


def _holds(document: dict[str, Any], key: str) -> bool:
    """Whether any object in the document has the key."""
    rest: list[Any] = [document]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            if key in value:
                return True
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)
    return False

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
            if name in _RESERVED:
                _refuse_export(f"the {kind} {name!r}")
            if name in _EVERY_OBJECTS:
                _refuse_property(f"the {kind} {name!r}")
            for field in entry.get("fields", ()):
                if field in _EVERY_OBJECTS:
                    _refuse_property(f"the field '{name}.{field}'")


def check_text(written: bytes) -> None:
    """Refuse a DataStore schema that is written with `__proto__` as the key of any object.

    Raises:
        ConfigError: there is one.
    """
    # A quotation mark after a space begins or ends a text: those inside have a backslash.
    if b' "__proto__": ' in written:
        _refuse_property("the name '__proto__'")


def _refuse_export(what: str) -> NoReturn:
    _refuse(f"{what} cannot be exported from JavaScript, which reserves that word")


def _refuse_property(what: str) -> NoReturn:
    _refuse(f"{what} cannot be used in JavaScript, where every object has that name")


def _refuse(message: str) -> NoReturn:
    raise ConfigError(
        message,
        hint="give it another name in the schema; for a model, '@mapsTo' keeps its data",
    )

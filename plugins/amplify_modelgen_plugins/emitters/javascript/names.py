"""Names of a schema that have another meaning in JavaScript or in the generated modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from amplify_modelgen.plugin import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .datastore_schema import DataStoreSchema, DataStoreType

# Found by declaring a type and a constant of each name with the TypeScript compiler and Node.
_KEYWORDS = """
break case catch class const continue debugger default delete do else enum export extends false
finally for function if import in instanceof new null return super switch this throw true try
typeof var void while with
arguments await eval implements interface let package private protected public static yield
any as bigint boolean infer keyof never number object readonly string symbol undefined unique
unknown
"""
# Exports that modules treat specially: `import()` calls `then`, and CommonJS uses the other three.
_EXPORTS = "then __esModule exports require"
_RESERVED = frozenset([*_KEYWORDS.split(), *_EXPORTS.split()])

# Properties of every object; Amplify's own generator and TypeScript fail on them.
_PROPERTIES = """
__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor
hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
"""
_INHERITED = frozenset(_PROPERTIES.split())


def check_names(schema: DataStoreSchema, used: frozenset[str]) -> None:
    """Check that modules can export the types and enums of a schema.

    `used` are names that the modules use themselves, apart from the generated ones.

    Raises:
        ConfigError: a type or enum has one of these names or a reserved one, or a type, enum or
            field one that every object has.
    """
    generated = {declared.name: _generated_names(declared) for declared in schema.types}
    taken = {*used, *(name for names in generated.values() for name in names)}
    for subject, name in _exported_names(schema):
        if name in _RESERVED:
            _fail(f"{subject} cannot be exported from JavaScript")
        # `Loading` is not free either: its type `LazyLoading` would be one of DataStore's.
        if name in taken or not used.isdisjoint(generated.get(name, ())):
            _fail(f"{subject} has a name that its module uses itself")
        if name in _INHERITED:
            _fail_inherited(subject)
    for declared in schema.types:
        for field in declared.fields:
            if field.name in _INHERITED:
                _fail_inherited(f"the field '{declared.name}.{field.name}'")


def _exported_names(schema: DataStoreSchema) -> Iterator[tuple[str, str]]:
    for declared in schema.types:
        yield f"the {'model' if declared.key else 'type'} {declared.name!r}", declared.name
    for enum in schema.enums:
        yield f"the enum {enum.name!r}", enum.name


def _generated_names(declared: DataStoreType) -> list[str]:
    names = [f"Eager{declared.name}", f"Lazy{declared.name}"]
    return [*names, declared.metadata] if declared.metadata else names


def check_keys(schema: bytes) -> None:
    """Raise an error if a formatted DataStore schema has `__proto__` as the key of any object.

    Raises:
        ConfigError: it has.
    """
    # A quotation mark after a space begins or ends a string: those inside are escaped.
    if b' "__proto__": ' in schema:
        _fail_inherited("the name '__proto__'")


def _fail_inherited(subject: str) -> NoReturn:
    _fail(f"{subject} cannot be used in JavaScript: every object has a property of that name")


def _fail(message: str) -> NoReturn:
    hint = "rename it in the schema; for a model, '@mapsTo' keeps its data"
    raise ConfigError(message, hint=hint)

"""Names of a schema that have another meaning in JavaScript or in the generated modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import ConfigError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amplify_modelgen_plugins.emitters.schema_model import EnumType, ObjectType

    from .datastore_schema import DataStoreEnum, DataStoreSchema, DataStoreType

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


_EVERY_OBJECT = "cannot be used in JavaScript: every object has a property of that name"
_HINT = "rename it in the schema; for a model, '@mapsTo' keeps its data"


def check_names(
    schema: DataStoreSchema, used: frozenset[str], document: bytes, sdl: str | None
) -> None:
    """Check that modules can export the types and enums of a schema, whose text is `sdl`.

    `used` are names that the modules use themselves, apart from the generated ones. `document` is
    the DataStore schema as JSON.

    Raises:
        SchemaError: a type or enum has one of these names or a reserved one, or a type, enum or
            field one that every object has.
        ConfigError: the same without the text, to which the places refer; or any object of the
            document has the key `__proto__`.
    """
    problems = list(_reserved_names(schema.types, schema.enums))
    generated = {declared.name: _generated_names(declared) for declared in schema.types}
    taken = {*used, *(name for names in generated.values() for name in names)}
    for subject, name in _exported_names(schema.types, schema.enums):
        # `Loading` is not free either: its type `LazyLoading` would be one of DataStore's.
        if name in taken or not used.isdisjoint(generated.get(name, ())):
            problems.append((name, "", f"{subject} has a name that its module uses itself"))
        if name in _INHERITED:
            problems.append((name, "", f"{subject} {_EVERY_OBJECT}"))
    for declared in schema.types:
        for field in declared.fields:
            if field.name in _INHERITED:
                message = f"the field '{declared.name}.{field.name}' {_EVERY_OBJECT}"
                problems.append((declared.name, field.name, message))
    _raise_for(problems, sdl)
    # A quotation mark after a space begins or ends a string: those inside are escaped.
    if b' "__proto__": ' in document:
        raise ConfigError(f"the name '__proto__' {_EVERY_OBJECT}", hint=_HINT)


def check_exports(
    types: Iterable[DataStoreType | ObjectType],
    enums: Iterable[DataStoreEnum | EnumType],
    sdl: str | None,
) -> None:
    """Check that a module which declares nothing else can export types and enums.

    Raises:
        SchemaError: one of them has a reserved name.
        ConfigError: the same without the text, to which the places refer.
    """
    _raise_for(list(_reserved_names(types, enums)), sdl)


def _raise_for(problems: list[tuple[str, str, str]], sdl: str | None) -> None:
    if not problems:
        return
    if sdl is None:
        raise ConfigError(problems[0][2], hint=_HINT)
    offsets = modelgen.name_offsets(sdl)
    diagnostics = modelgen.Diagnostics(rule="javascript-name")
    for type_name, field_name, message in problems:
        diagnostics.error(offsets.get((type_name, field_name), 0), message, _HINT)
    raise SchemaError(diagnostics.locate(sdl))


def _reserved_names(
    types: Iterable[DataStoreType | ObjectType], enums: Iterable[DataStoreEnum | EnumType]
) -> Iterator[tuple[str, str, str]]:
    for subject, name in _exported_names(types, enums):
        if name in _RESERVED:
            yield name, "", f"{subject} cannot be exported from JavaScript"


def _exported_names(
    types: Iterable[DataStoreType | ObjectType], enums: Iterable[DataStoreEnum | EnumType]
) -> Iterator[tuple[str, str]]:
    for declared in types:
        yield f"the {'model' if declared.key else 'type'} {declared.name!r}", declared.name
    for enum in enums:
        yield f"the enum {enum.name!r}", enum.name


def _generated_names(declared: DataStoreType) -> list[str]:
    names = [f"Eager{declared.name}", f"Lazy{declared.name}"]
    return [*names, declared.metadata] if declared.metadata else names

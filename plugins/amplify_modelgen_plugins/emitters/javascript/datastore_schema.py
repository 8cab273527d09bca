"""The DataStore schema as values, and checks that its names can be used in JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import BackendError, ConfigError, SchemaError
from amplify_modelgen_plugins.emitters.schema_model import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amplify_modelgen.plugin import Models
    from amplify_modelgen_plugins.emitters.schema_model import (
        EnumType,
        Field,
        NestedLists,
        ObjectType,
    )

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


class DataStoreType(Struct, frozen=True, kw_only=True):
    """A model, or a custom type, which has no key. Fields are in the schema's order.

    `identifier` is how DataStore identifies the instances of the model; None if its types say so
    in the old way, as those of projects that do not respect primary keys do.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    identifier: str | None = None

    @property
    def read_only(self) -> tuple[str, ...]:
        """The fields that only the backend sets."""
        return tuple(field.name for field in self.fields if field.read_only)

    @property
    def metadata(self) -> str | None:
        """The type that lists the fields that only the backend sets; None if `identifier` does."""
        return f"{self.name}MetaData" if self.read_only and not self.identifier else None


class DataStoreSchema(Struct, frozen=True, kw_only=True):
    """The declared types, each kind in the schema's order."""

    models: tuple[DataStoreType, ...]
    custom_types: tuple[DataStoreType, ...]
    enums: tuple[EnumType, ...]
    has_identifiers: bool

    @property
    def types(self) -> tuple[DataStoreType, ...]:
        """The classes that DataStore creates: models, then custom types."""
        return self.models + self.custom_types


def read_datastore(models: Models, nested: NestedLists | None = None) -> DataStoreSchema:
    """Return the DataStore schema as values; `nested` are the lists of lists.

    Raises:
        BackendError: it has the wrong shape, or a name that is not a GraphQL name.
    """
    schema = read_document(models.datastore, "the DataStore schema", nested or {})
    document: dict[str, Any] = models.datastore or {}
    has_identifiers = models.flags.uses_full_primary_keys
    return DataStoreSchema(
        models=tuple(
            _model(model, document["models"][model.name], has_identifiers=has_identifiers)
            for model in schema.models
        ),
        custom_types=tuple(
            DataStoreType(name=custom_type.name, fields=custom_type.fields)
            for custom_type in schema.custom_types
        ),
        enums=schema.enums,
        has_identifiers=has_identifiers,
    )


def enum_members(enum: EnumType) -> list[tuple[str, str]]:
    """Return for each value of an enum its name in code and the value, which is stored.

    The name of `inReview` is `IN_REVIEW`, that of `_1` is `1`, and that of `_` is empty.
    """
    return [(modelgen.constant_case(value), value) for value in enum.values]


def _model(model: ObjectType, entry: dict[str, Any], *, has_identifiers: bool) -> DataStoreType:
    key = declared_key(entry)
    if not key and "id" not in entry["fields"]:
        raise BackendError(
            f"cannot generate code: the DataStore schema: {model.name} has neither a primary key "
            "nor an 'id'",
            hint="declare its key with '@primaryKey', without a '@key' beside it, and generate "
            "the models again",
        )
    return DataStoreType(
        name=model.name,
        fields=model.fields,
        key=key or ("id",),
        identifier=identifier_kind(key) if has_identifiers else None,
    )


def declared_key(model: dict[str, Any]) -> tuple[str, ...]:
    """Return the fields of the declared key of a model of the DataStore schema.

    It is the nameless `key` among the attributes, which DataStore itself reads, so that types and
    run time agree. The result is empty without one: DataStore sets the `id` then.
    """
    for attribute in model["attributes"]:
        properties = attribute["properties"]
        if attribute["type"] == "key" and "name" not in properties:
            names = properties.get("fields")
            # What is inside attributes was not validated.
            if isinstance(names, list) and all(
                isinstance(name, str) and name in model["fields"] for name in names
            ):
                return tuple(names)
    return ()


def identifier_kind(key: tuple[str, ...]) -> str:
    """Return the type of DataStore for a declared key."""
    if not key:
        return "ManagedIdentifier"
    if key == ("id",):
        return "OptionallyManagedIdentifier"
    return "CustomIdentifier" if len(key) == 1 else "CompositeIdentifier"


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
    enums: Iterable[EnumType],
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
    types: Iterable[DataStoreType | ObjectType], enums: Iterable[EnumType]
) -> Iterator[tuple[str, str, str]]:
    for subject, name in _exported_names(types, enums):
        if name in _RESERVED:
            yield name, "", f"{subject} cannot be exported from JavaScript"


def _exported_names(
    types: Iterable[DataStoreType | ObjectType], enums: Iterable[EnumType]
) -> Iterator[tuple[str, str]]:
    for declared in types:
        yield f"the {'model' if declared.key else 'type'} {declared.name!r}", declared.name
    for enum in enums:
        yield f"the enum {enum.name!r}", enum.name


def _generated_names(declared: DataStoreType) -> list[str]:
    names = [f"Eager{declared.name}", f"Lazy{declared.name}"]
    return [*names, declared.metadata] if declared.metadata else names

"""The DataStore schema as its users see it: identifiers of models, and names in code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NoReturn

from msgspec import Struct

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import BackendError, ConfigError
from amplify_modelgen_plugins.emitters.schema_model import check_document, read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amplify_modelgen.plugin import Models
    from amplify_modelgen_plugins.emitters.schema_model import Field

IdentifierKind = Literal[
    "ManagedIdentifier", "OptionallyManagedIdentifier", "CustomIdentifier", "CompositeIdentifier"
]

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

_HELPERS = (
    "initSchema",
    "schema",
    "models",
    "ModelInit",
    "MutableModel",
    "__modelMeta__",
    "ManagedIdentifier",
    "OptionallyManagedIdentifier",
    "CustomIdentifier",
    "CompositeIdentifier",
    "LazyLoading",
    "LazyLoadingDisabled",
    "AsyncCollection",
    "AsyncItem",
)


class DataStoreType(Struct, frozen=True, kw_only=True):
    """A model, or a custom type, which has no identifier. Fields are in the schema's order.

    `identifier` is the name of its type in DataStore, `key` the fields that it consists of.
    """

    name: str
    fields: tuple[Field, ...]
    identifier: IdentifierKind | None = None
    key: tuple[str, ...] = ()


class DataStoreEnum(Struct, frozen=True, kw_only=True):
    """An enum; `members` are pairs of the name in code and the value that is stored."""

    name: str
    members: tuple[tuple[str, str], ...]


class DataStoreSchema(Struct, frozen=True, kw_only=True):
    """The declared types, each kind in the schema's order."""

    models: tuple[DataStoreType, ...]
    custom_types: tuple[DataStoreType, ...]
    enums: tuple[DataStoreEnum, ...]

    @property
    def types(self) -> tuple[DataStoreType, ...]:
        """The classes that DataStore creates: models, then custom types."""
        return self.models + self.custom_types


def read_datastore(models: Models) -> DataStoreSchema:
    """Return the DataStore schema as values.

    Raises:
        BackendError: a document has the wrong shape, or a name that is not a GraphQL name.
        ConfigError: a name cannot be used in JavaScript.
    """
    schema = read_document(models.datastore, "the DataStore schema")
    document: dict[str, Any] = models.datastore or {}
    _check_names(document)
    infos = _primary_keys(models.introspection)
    keys = {name: model_key(model, infos.get(name)) for name, model in document["models"].items()}
    return DataStoreSchema(
        models=tuple(
            DataStoreType(
                name=model.name,
                fields=model.fields,
                identifier=identifier_kind(keys[model.name]),
                key=keys[model.name] or ("id",),
            )
            for model in schema.models
        ),
        custom_types=tuple(
            DataStoreType(name=custom_type.name, fields=custom_type.fields)
            for custom_type in schema.custom_types
        ),
        enums=tuple(
            DataStoreEnum(name=enum.name, members=_members(enum.values)) for enum in schema.enums
        ),
    )


def _primary_keys(introspection: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    if introspection is None:
        return {}
    models = check_document(introspection, "the model introspection schema")["models"]
    return {
        name: model["primaryKeyInfo"] for name, model in models.items() if "primaryKeyInfo" in model
    }


def _members(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    # Of two values with one name the last is used, as in Amplify's own modules.
    return tuple({_member(value): value for value in values}.items())


def _member(value: str) -> str:
    """Return the name of a value in Amplify's modules: `inReview` is `IN_REVIEW`.

    If that would be empty or begin with a digit, which is invalid, the value itself is used.
    """
    name = modelgen.constant_case(value)
    return name if name[:1].isalpha() else value


def model_key(model: dict[str, Any], info: dict[str, Any] | None) -> tuple[str, ...]:
    """Return the fields of the declared key of a model of the DataStore schema.

    They are read from the nameless `key` among the attributes, as DataStore itself does, so that
    types and run time agree. `info`, the `primaryKeyInfo` of the introspection schema if there is
    one, is used if no such key is valid. The result is empty if DataStore sets the `id` itself.

    Raises:
        BackendError: the model has neither a key nor an `id`.
    """
    keys = (_attribute_key(model, attribute) for attribute in model["attributes"])
    fields = next((key for key in keys if key), ())
    if not fields and info is not None and info["isCustomPrimaryKey"]:
        names = [info["primaryKeyFieldName"], *info["sortKeyFieldNames"]]
        fields = _existing_fields(model, names)
    if not fields and "id" not in model["fields"]:
        raise BackendError(
            f"cannot generate code: the DataStore schema: {model['name']} has neither a primary "
            "key nor an 'id'",
            hint="declare its key with '@primaryKey' and generate the models again",
        )
    return fields


def _attribute_key(model: dict[str, Any], attribute: dict[str, Any]) -> tuple[str, ...]:
    properties = attribute["properties"]
    if attribute["type"] != "key" or "name" in properties:
        return ()
    return _existing_fields(model, properties.get("fields"))


def _existing_fields(model: dict[str, Any], names: object) -> tuple[str, ...]:
    """Return the names if they are a list of fields of the model, which is not validated."""
    if not isinstance(names, list):
        return ()
    exist = all(isinstance(name, str) and name in model["fields"] for name in names)
    return tuple(names) if exist else ()


def identifier_kind(key: tuple[str, ...]) -> IdentifierKind:
    """Return the type of DataStore for a declared key."""
    if not key:
        return "ManagedIdentifier"
    if key == ("id",):
        return "OptionallyManagedIdentifier"
    return "CustomIdentifier" if len(key) == 1 else "CompositeIdentifier"


class ModuleNames(Struct, frozen=True, kw_only=True):
    """Names in a generated module: eager and lazy types by model, helpers by their own name."""

    eager: Mapping[str, str]
    lazy: Mapping[str, str]
    helpers: Mapping[str, str]

    def imported(self, helper: str) -> str:
        """Return the clause that imports a helper: with `as` if its name is taken."""
        name = self.helpers[helper]
        return helper if name == helper else f"{helper} as {name}"


def module_names(schema: DataStoreSchema) -> ModuleNames:
    """Return names that clash neither with the schema's names nor with each other.

    The schema's names have priority: if a model is called `AsyncItem` or `LazyPost`, the
    generated name gets a `$`, which no GraphQL name contains.
    """
    types = [declared.name for declared in schema.types]
    taken = {*types, *(enum.name for enum in schema.enums)}
    return ModuleNames(
        eager=_unused_names(types, "Eager", taken),
        lazy=_unused_names(types, "Lazy", taken),
        helpers=_unused_names(_HELPERS, "", taken),
    )


def _unused_names(names: Iterable[str], prefix: str, taken: set[str]) -> dict[str, str]:
    """Return an unused name for each, and add it to `taken`."""
    unused: dict[str, str] = {}
    for name in names:
        unused[name] = f"{prefix}{name}"
        while unused[name] in taken:
            unused[name] = f"${unused[name]}"
        taken.add(unused[name])
    return unused


def _check_names(datastore: dict[str, Any]) -> None:
    """Raise an error for the first name that cannot be used in JavaScript.

    Types and enums become exports, which cannot be reserved words. Fields are properties, which
    may have any name but those that every object has.
    """
    for section, kind in (("models", "model"), ("nonModels", "type"), ("enums", "enum")):
        for name, entry in datastore[section].items():
            if name in _RESERVED:
                _fail(f"the {kind} {name!r} cannot be exported from JavaScript: it is reserved")
            for field in entry.get("fields", ()):
                if field in _INHERITED:
                    _fail_inherited(f"the field '{name}.{field}'")
            if name in _INHERITED:
                _fail_inherited(f"the {kind} {name!r}")


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
    raise ConfigError(
        message,
        hint="rename it in the schema; for a model, '@mapsTo' keeps its data",
    )

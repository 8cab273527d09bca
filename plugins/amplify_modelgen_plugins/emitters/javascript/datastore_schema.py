"""The DataStore schema as values, with what only the types of its modules need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from amplify_modelgen import modelgen
from amplify_modelgen.plugin import BackendError
from amplify_modelgen_plugins.emitters.schema_model import read_document

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Models
    from amplify_modelgen_plugins.emitters.schema_model import (
        Field,
        NestedLists,
        ObjectType,
    )

IdentifierKind = Literal[
    "ManagedIdentifier", "OptionallyManagedIdentifier", "CustomIdentifier", "CompositeIdentifier"
]


class DataStoreType(Struct, frozen=True, kw_only=True):
    """A model, or a custom type, which has no key. Fields are in the schema's order.

    `identifier` is how DataStore identifies the instances of the model; None if its types say so
    in the old way, as those of projects that do not respect primary keys do.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    identifier: IdentifierKind | None = None

    @property
    def read_only(self) -> tuple[str, ...]:
        """The fields that only the backend sets."""
        return tuple(field.name for field in self.fields if field.read_only)

    @property
    def metadata(self) -> str | None:
        """The type that lists the fields that only the backend sets; None if `identifier` does."""
        return f"{self.name}MetaData" if self.read_only and not self.identifier else None


class DataStoreEnum(Struct, frozen=True, kw_only=True):
    """An enum; `members` are pairs of the name in code and the value that is stored.

    The name of `inReview` is `IN_REVIEW`, that of `_1` is `1`, and that of `_` is empty.
    """

    name: str
    members: tuple[tuple[str, str], ...]


class DataStoreSchema(Struct, frozen=True, kw_only=True):
    """The declared types, each kind in the schema's order."""

    models: tuple[DataStoreType, ...]
    custom_types: tuple[DataStoreType, ...]
    enums: tuple[DataStoreEnum, ...]
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
        enums=tuple(
            DataStoreEnum(
                name=enum.name,
                members=tuple((modelgen.constant_case(value), value) for value in enum.values),
            )
            for enum in schema.enums
        ),
        has_identifiers=has_identifiers,
    )


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


def identifier_kind(key: tuple[str, ...]) -> IdentifierKind:
    """Return the type of DataStore for a declared key."""
    if not key:
        return "ManagedIdentifier"
    if key == ("id",):
        return "OptionallyManagedIdentifier"
    return "CustomIdentifier" if len(key) == 1 else "CompositeIdentifier"

"""What identifies the instances of a model, as DataStore tells its kinds apart."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from amplify_modelgen import BackendError

IdentifierKind = Literal[
    "ManagedIdentifier", "OptionallyManagedIdentifier", "CustomIdentifier", "CompositeIdentifier"
]


class Identifier(Struct, frozen=True, kw_only=True):
    """The kind of an identifier, by the name of its type in DataStore, and its fields in order."""

    kind: IdentifierKind
    fields: tuple[str, ...]


def identifier(model: dict[str, Any], info: dict[str, Any] | None) -> Identifier:
    """Return what identifies a model of the DataStore schema.

    It is read from the nameless `key` among the attributes, because that is where DataStore
    itself looks: so types and run time agree. `info`, the `primaryKeyInfo` of the introspection
    schema where there is one, decides where no such key can be used. Without either, DataStore
    makes the `id` by itself.

    Raises:
        BackendError: the model has no `id` then.
    """
    keys = (_key(model, attribute) for attribute in model["attributes"])
    fields = next((key for key in keys if key), ()) or _custom_key(model, info)
    if not fields and "id" not in model["fields"]:
        raise BackendError(
            f"the DataStore schema: {model['name']} has neither a primary key nor an 'id', so no "
            "code can be made of it",
            hint="declare its key with '@primaryKey' and generate the models again",
        )
    return Identifier(kind=_kind(fields), fields=fields or ("id",))


def _key(model: dict[str, Any], attribute: dict[str, Any]) -> tuple[str, ...]:
    properties = attribute["properties"]
    if attribute["type"] != "key" or "name" in properties:
        return ()
    return _known(model, properties.get("fields"))


def _custom_key(model: dict[str, Any], info: dict[str, Any] | None) -> tuple[str, ...]:
    if info is None or not info["isCustomPrimaryKey"]:
        return ()
    return _known(model, [info["primaryKeyFieldName"], *info["sortKeyFieldNames"]])


def _known(model: dict[str, Any], names: object) -> tuple[str, ...]:
    """Return the names if they are a list of the model's fields, which a schema can fail to say."""
    if not isinstance(names, list):
        return ()
    known = all(isinstance(name, str) and name in model["fields"] for name in names)
    return tuple(names) if known else ()


def _kind(fields: tuple[str, ...]) -> IdentifierKind:
    if not fields:
        return "ManagedIdentifier"
    if fields == ("id",):
        return "OptionallyManagedIdentifier"
    return "CustomIdentifier" if len(fields) == 1 else "CompositeIdentifier"

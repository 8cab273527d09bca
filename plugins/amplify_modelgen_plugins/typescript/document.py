"""The DataStore schema as values: what is to be declared, and of which type each field is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from amplify_modelgen import Models

    from .identifiers import Identifier

__all__ = ["Document", "Enum", "Field", "Kind", "Type", "read_document"]

Kind = Literal["scalar", "enum", "nonModel", "model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `type` names a scalar, or what `kind` says; lists are of one dimension.

    `required` is about the value, or about the items of a list; a list itself may be missing
    where it is a `nullable_list`. `related` fields are relations, which DataStore loads lazily.
    """

    name: str
    type: str
    kind: Kind
    required: bool
    listed: bool = False
    nullable_list: bool = False
    read_only: bool = False
    related: bool = False

    @property
    def optional(self) -> bool:
        """Whether the whole value may be missing."""
        return self.nullable_list if self.listed else not self.required


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A model, or a custom type, which has no identifier. Fields are in the schema's order."""

    name: str
    fields: tuple[Field, ...]
    identifier: Identifier | None = None

    @property
    def read_only(self) -> tuple[str, ...]:
        """The names of the fields that only the backend sets."""
        return tuple(field.name for field in self.fields if field.read_only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An enum; `members` are pairs of the name in code and the value that is stored."""

    name: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All that is declared, each part in the schema's order."""

    models: tuple[Type, ...]
    custom_types: tuple[Type, ...]
    enums: tuple[Enum, ...]

    @property
    def types(self) -> tuple[Type, ...]:
        """The classes that DataStore makes: models, then custom types."""
        return (*self.models, *self.custom_types)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the generated module exports under the name it has in the schema."""
        return tuple([one.name for one in self.types] + [one.name for one in self.enums])


def read_document(models: Models) -> Document:
    """Return the DataStore schema as values.

    Raises:
        BackendError: the documents have the wrong shape, or names that are none of GraphQL.
        ConfigError: a name that JavaScript cannot have.
    """
    from amplify_modelgen_plugins._names import check_documents

    from .identifiers import identifier
    from .reserved import check_names

    check_documents(models)
    check_names(models.datastore)
    document, keys = models.datastore, _primary_keys(models.introspection)
    return Document(
        models=tuple(
            Type(name=name, fields=_fields(model), identifier=identifier(model, keys.get(name)))
            for name, model in document["models"].items()
        ),
        custom_types=tuple(
            Type(name=name, fields=_fields(custom))
            for name, custom in document["nonModels"].items()
        ),
        enums=tuple(
            Enum(name=name, members=_members(enum["values"]))
            for name, enum in document["enums"].items()
        ),
    )


def _primary_keys(introspection: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    models = introspection["models"] if introspection else {}
    return {
        name: model["primaryKeyInfo"] for name, model in models.items() if "primaryKeyInfo" in model
    }


def _fields(entry: dict[str, Any]) -> tuple[Field, ...]:
    return tuple(_field(field) for field in entry["fields"].values())


def _field(field: dict[str, Any]) -> Field:
    kind, name = _type(field["type"])
    return Field(
        name=field["name"],
        type=name,
        kind=kind,
        required=field["isRequired"],
        listed=field["isArray"],
        nullable_list=field.get("isArrayNullable", False),
        read_only=field.get("isReadOnly", False),
        related=kind == "model" and "association" in field,
    )


def _type(value: str | dict[Kind, str]) -> tuple[Kind, str]:
    return ("scalar", value) if isinstance(value, str) else next(iter(value.items()))


def _members(values: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple({_member(value): value for value in values}.items())


def _member(value: str) -> str:
    """Return the name that Amplify's users know a value by: `inReview` is `IN_REVIEW`.

    Where that would be empty or begin with a digit, which no member may, it is the value itself.
    """
    from amplify_modelgen.modelgen.words import constant_case

    name = constant_case(value)
    return name if name[:1].isalpha() else value

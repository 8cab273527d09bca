"""The DataStore schema as DataStore's users see it: what identifies models, and names of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from amplify_modelgen import Models
    from amplify_modelgen_plugins._shapes import Field

    from .identifiers import Identifier


class Type(Struct, frozen=True, kw_only=True):
    """A model, or a custom type, which has no identifier. Fields are in the schema's order."""

    name: str
    fields: tuple[Field, ...]
    identifier: Identifier | None = None

    @property
    def read_only(self) -> tuple[str, ...]:
        """The names of the fields that only the backend sets."""
        return tuple(field.name for field in self.fields if field.read_only)


class Enum(Struct, frozen=True, kw_only=True):
    """An enum; `members` are pairs of the name in code and the value that is stored."""

    name: str
    members: tuple[tuple[str, str], ...]


class Document(Struct, frozen=True, kw_only=True):
    """All that is declared, each part in the schema's order."""

    models: tuple[Type, ...]
    custom_types: tuple[Type, ...]
    enums: tuple[Enum, ...]

    @property
    def types(self) -> tuple[Type, ...]:
        """The classes that DataStore makes: models, then custom types."""
        return self.models + self.custom_types

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
    from amplify_modelgen_plugins._shapes import shapes_of

    from .identifiers import identifier
    from .reserved import check_names

    check_documents(models)
    check_names(models.datastore)
    shapes, written = shapes_of(models.datastore), models.datastore["models"]
    keys = _primary_keys(models.introspection)
    return Document(
        models=tuple(
            Type(
                name=model.name,
                fields=model.fields,
                identifier=identifier(written[model.name], keys.get(model.name)),
            )
            for model in shapes.models
        ),
        custom_types=tuple(Type(name=one.name, fields=one.fields) for one in shapes.custom_types),
        enums=tuple(Enum(name=enum.name, members=_members(enum.values)) for enum in shapes.enums),
    )


def _primary_keys(introspection: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    models = introspection["models"] if introspection else {}
    return {
        name: model["primaryKeyInfo"] for name, model in models.items() if "primaryKeyInfo" in model
    }


def _members(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    # Of two values with one name the last counts, as in Amplify's own modules.
    return tuple({_member(value): value for value in values}.items())


def _member(value: str) -> str:
    """Return the name that Amplify's users know a value by: `inReview` is `IN_REVIEW`.

    Where that would be empty or begin with a digit, which no member may, it is the value itself.
    """
    from amplify_modelgen.modelgen.words import constant_case

    name = constant_case(value)
    return name if name[:1].isalpha() else value

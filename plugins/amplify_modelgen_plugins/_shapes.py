"""The documents of a backend as values: what emitters of code work from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from ._names import check_documents

if TYPE_CHECKING:
    from amplify_modelgen import Models

Kind = Literal["scalar", "enum", "nonModel", "model"]
"""What the type of a field is; all but scalars are entries of the same document."""


class Relation(Struct, frozen=True, kw_only=True):
    """How a field of a model reaches other objects.

    `associated` are fields of the other model, `targets` fields of the field's own model.
    """

    kind: str
    associated: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


class Field(Struct, frozen=True, kw_only=True):
    """A field of a model or custom type.

    `item_required` is about the innermost type, `required` about the value as a whole: of
    `[Int!]` the items are required and the list is not. Without `many` the two are the same.
    """

    name: str
    kind: Kind
    type: str
    many: bool
    required: bool
    item_required: bool
    read_only: bool = False
    relation: Relation | None = None

    @property
    def sdl(self) -> str:
        """The type as GraphQL writes it; of lists of lists the documents keep one level."""
        inner = f"{self.type}!" if self.item_required else self.type
        if not self.many:
            return inner
        return f"[{inner}]!" if self.required else f"[{inner}]"


class Entry(Struct, frozen=True, kw_only=True):
    """A model or a custom type; `key` names the fields of a model's primary key, in order."""

    kind: Literal["model", "nonModel"]
    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()


class Enumeration(Struct, frozen=True, kw_only=True):
    """An enum and its values, in the order of the document."""

    name: str
    values: tuple[str, ...]


class Shapes(Struct, frozen=True, kw_only=True):
    """All that a schema's applications have in common, in the order of the document."""

    models: tuple[Entry, ...]
    custom_types: tuple[Entry, ...]
    enums: tuple[Enumeration, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Models, then custom types."""
        return self.models + self.custom_types


def read_shapes(models: Models) -> Shapes:
    """Return what the introspection schema says; where a backend gave none, the DataStore schema.

    Raises:
        BackendError: the documents are no models, or hold what is no GraphQL name.
    """
    check_documents(models)
    return shapes_of(models.datastore if models.introspection is None else models.introspection)


def shapes_of(document: dict[str, Any]) -> Shapes:
    """Return what one document says, after `check_documents` found nothing wrong with it."""
    return Shapes(
        models=tuple(
            Entry(kind="model", name=name, fields=_fields(model), key=_key(model))
            for name, model in document["models"].items()
        ),
        custom_types=tuple(
            Entry(kind="nonModel", name=name, fields=_fields(entry))
            for name, entry in document["nonModels"].items()
        ),
        enums=tuple(
            Enumeration(name=name, values=tuple(enum["values"]))
            for name, enum in document["enums"].items()
        ),
    )


def _fields(entry: dict[str, Any]) -> tuple[Field, ...]:
    return tuple(_field(field) for field in entry["fields"].values())


def _field(field: dict[str, Any]) -> Field:
    kind, name = _type(field["type"])
    many = field["isArray"]
    return Field(
        name=field["name"],
        kind=kind,
        type=name,
        many=many,
        # Lists of conversations have no such flag, and are nullable.
        required=not field.get("isArrayNullable", True) if many else field["isRequired"],
        item_required=field["isRequired"],
        read_only=field.get("isReadOnly", False),
        relation=_relation(field["association"]) if "association" in field else None,
    )


def _type(value: Any) -> tuple[Kind, str]:  # noqa: ANN401 (JSON)
    if isinstance(value, str):
        return "scalar", value
    ((kind, name),) = value.items()
    return kind, name


def _relation(value: object) -> Relation | None:
    if not isinstance(value, dict):
        return None
    # Before primary keys were respected, the DataStore schema had single names here.
    targets = value.get("targetNames", value.get("targetName"))
    return Relation(
        kind=str(value.get("connectionType")),
        associated=_names(value.get("associatedWith")),
        targets=_names(targets),
    )


def _names(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(name for name in names if isinstance(name, str))


def _key(model: dict[str, Any]) -> tuple[str, ...]:
    info = model.get("primaryKeyInfo")
    if info is not None:
        return (info["primaryKeyFieldName"], *info["sortKeyFieldNames"])
    for attribute in model["attributes"]:
        if attribute["type"] == "key" and not attribute["properties"].get("name"):
            names = _names(attribute["properties"].get("fields"))
            # Nobody has checked them yet, and they are written into the models.
            return tuple(name for name in names if name in model["fields"])
    return ("id",)
